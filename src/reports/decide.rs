//! Removing the message, suspending its author, or dismissing the report. Authors are told why, as far as it concerns
//! them (Art. 17 of regulation (EU) 2022/2065).

use entity::{account, administrative_note, report, status::Role};
use sea_orm::{ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, Set};
use uuid::Uuid;

use super::{Report, ReportError, State};
use crate::{
    account::{Caller, mailbox},
    acting::still_may_about,
    administration::status::suspend_within,
    audit,
    database::{Transaction, sql},
    mail::{self, Draft, letter::Letter},
    messaging::withdraw,
    permissions::Permission,
    portal::Portal,
    values::{Invalid, Prose, REASON_LIMIT, optional_prose, prose},
};

/// Removes the message for everyone, by the rule by which its author would (R18). All open reports of it are decided.
pub async fn remove(portal: &Portal, caller: Caller, id: Uuid, reason: &str) -> Result<(), ReportError> {
    let reason = prose(reason, REASON_LIMIT).map_err(|fault| Invalid::one("reason", fault))?;
    let transaction = portal.database.begin().await?;
    let case = Case::open(portal, &transaction, caller, id).await?;
    if case.author.deleted_at.is_some() {
        return Err(ReportError::Gone);
    }
    let message = withdraw::lock(&transaction, case.report.message_id).await?;
    let message = message.ok_or(ReportError::Gone)?;
    withdraw::erase(portal, &transaction, &message).await?;
    let letter = Letter::MessageRemoved {
        sent_at: message.sent_at,
        reason: reason.as_str().to_owned(),
    };
    case.tell(letter).await?;
    case.close(State::Removed, "report.removed", Some(reason)).await?;
    transaction.commit().await?;
    portal.post.notify_one();
    Ok(())
}

/// Suspends the author. The message stays. Somebody with a role is suspended by those alone who give roles: a moderator
/// shuts no administrator out.
pub async fn suspend(portal: &Portal, caller: Caller, id: Uuid, reason: &str) -> Result<(), ReportError> {
    let reason = prose(reason, REASON_LIMIT).map_err(|fault| Invalid::one("reason", fault))?;
    let transaction = portal.database.begin().await?;
    let case = Case::open(portal, &transaction, caller, id).await?;
    if case.author.role != Role::Member && !case.caller.may(Permission::ManageAccounts) {
        return Err(ReportError::HasRole);
    }
    suspend_within(portal, &transaction, caller, case.author.id).await?;
    // Only now: suspending takes back what was queued before.
    let letter = Letter::AccountSuspended {
        reason: reason.as_str().to_owned(),
    };
    case.tell(letter).await?;
    case.close(State::Suspended, "report.suspended", Some(reason))
        .await?;
    transaction.commit().await?;
    portal.post.notify_one();
    Ok(())
}

/// Leaves the message and its author alone.
pub async fn dismiss(
    portal: &Portal,
    caller: Caller,
    id: Uuid,
    reason: Option<&str>,
) -> Result<(), ReportError> {
    let reason = optional_prose(reason, REASON_LIMIT).map_err(|fault| Invalid::one("reason", fault))?;
    let transaction = portal.database.begin().await?;
    let case = Case::open(portal, &transaction, caller, id).await?;
    case.close(State::Dismissed, "report.dismissed", reason).await?;
    transaction.commit().await?;
    Ok(())
}

/// Why a report was decided as it was. None: it was not, or no reason was given.
pub async fn reason(portal: &Portal, report: &Report) -> Result<Option<String>, DbErr> {
    let found = administrative_note::Entity::find()
        .filter(administrative_note::Column::AccountId.eq(report.reported_id))
        .filter(administrative_note::Column::SubjectId.eq(report.id))
        .one(&portal.database)
        .await?;
    Ok(found.map(|note| note.body))
}

/// An open report under decision.
struct Case<'a> {
    portal: &'a Portal,
    transaction: &'a Transaction,
    /// With the role they have now.
    caller: Caller,
    /// Locked.
    author: account::Model,
    report: report::Model,
}

#[derive(FromQueryResult)]
struct Closed {
    id: Uuid,
}

impl<'a> Case<'a> {
    /// Under the author's lock nobody else decides about them, and nobody reports them. Removing changes reports of
    /// several people, so their accounts are locked with it, all in order of id (R7): a sweep that clears what some of
    /// them wrote has done so by then, or waits.
    async fn open(
        portal: &'a Portal,
        transaction: &'a Transaction,
        caller: Caller,
        id: Uuid,
    ) -> Result<Self, ReportError> {
        let found = report::Entity::find_by_id(id).one(transaction).await?;
        let found = found.ok_or(ReportError::NotFound)?;
        if found.reported_id == caller.account {
            return Err(ReportError::OwnMessage);
        }
        let reports = report::Entity::find()
            .filter(report::Column::MessageId.eq(found.message_id))
            .all(transaction)
            .await?;
        let reporters = reports.iter().filter_map(|report| report.reporter_id);
        let about = reporters.chain([found.reported_id]);
        let acting = still_may_about(transaction, caller, Permission::DecideReports, about).await??;
        let author = acting
            .about
            .into_iter()
            .find(|account| account.id == found.reported_id)
            .ok_or(ReportError::NotFound)?;
        // It may have been decided, or have ended, while this one waited.
        let report = report::Entity::find_by_id(id).one(transaction).await?;
        let report = report.ok_or(ReportError::NotFound)?;
        if report.state != State::Open.word() {
            return Err(ReportError::Decided);
        }
        Ok(Self {
            portal,
            transaction,
            caller: acting.caller,
            author,
            report,
        })
    }

    async fn tell(&self, letter: Letter) -> Result<(), DbErr> {
        if let Some(mailbox) = mailbox(self.transaction, self.author.id).await? {
            mail::queue(self.transaction, self.portal, Draft::to(&mailbox, letter)).await?;
        }
        Ok(())
    }

    /// Decides the report; where its message is gone, all open ones of it, because nothing is left to decide. What was
    /// typed is kept with the account it speaks of (R3).
    async fn close(&self, state: State, code: &'static str, reason: Option<Prose>) -> Result<(), DbErr> {
        let Self {
            portal,
            transaction,
            caller,
            author,
            report,
        } = self;
        if let Some(reason) = reason {
            administrative_note::ActiveModel {
                id: Set(portal.new_id()),
                account_id: Set(author.id),
                subject: Set(format!("report_{}", state.word())),
                subject_id: Set(Some(report.id)),
                body: Set(reason.into_string()),
                written_by: Set(caller.account),
                written_at: Set(portal.now()),
            }
            .insert(*transaction)
            .await?;
        }
        let closed = Closed::find_by_statement(sql(
            "UPDATE report SET state = $1, decided_by = $2, decided_at = $3
             WHERE state = 'open' AND (id = $4 OR $1 = 'removed' AND message_id = $5) RETURNING id",
            [
                state.word().into(),
                caller.account.into(),
                portal.now().into(),
                report.id.into(),
                report.message_id.into(),
            ],
        ))
        .all(*transaction)
        .await?;
        for Closed { id } in closed {
            let event = audit::Event::by(caller.account, code).on(author.id).about(id);
            audit::record(*transaction, portal, event).await?;
        }
        Ok(())
    }
}
