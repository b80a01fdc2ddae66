//! Confirming the mailbox and choosing the password: whoever owns the mailbox chooses it, so nobody can plant one.

use entity::{
    account, email_address, organisation, organisation_domain, profile, registration, status::Status,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, Set,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    account::{UNDECIDED_FOR, lapses_at, lock, mailbox},
    audit,
    confirmation::{self, Token},
    credentials::{self, ChooseError},
    database::Transaction,
    hold,
    mail::{
        self, Draft,
        letter::{Letter, LinkPurpose},
    },
    portal::Portal,
    settings::Approval,
    values::EmailAddress,
};

#[derive(Debug, thiserror::Error)]
pub enum ConfirmError {
    #[error("the link is not good, or not any more")]
    LinkInvalid,
    #[error(transparent)]
    Password(#[from] ChooseError),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Uses the link up, unless the password is refused, and returns whether the person is in or waits.
pub async fn confirm(portal: &Portal, token: &Token, password: &str) -> Result<Status, ConfirmError> {
    let account = confirmation::look_up(&portal.database, token, LinkPurpose::Confirm, portal.now())
        .await?
        .ok_or(ConfirmError::LinkInvalid)?;
    let hash = credentials::choose(portal, account, password).await?;

    let transaction = portal.database.begin().await?;
    let locked = lock(&transaction, account)
        .await?
        .filter(|account| account.status == Status::Unconfirmed);
    let Some(locked) = locked else {
        return Err(ConfirmError::LinkInvalid);
    };
    confirmation::redeem(&transaction, token, LinkPurpose::Confirm, portal.now())
        .await?
        .ok_or(ConfirmError::LinkInvalid)?;
    credentials::set(&transaction, portal, account, &hash).await?;
    let status = decide(portal, &transaction, locked).await?;
    transaction.commit().await?;
    portal.post.notify_one();
    Ok(status)
}

/// Lets the person in by the rule that applies to them, or has them wait.
async fn decide(
    portal: &Portal,
    transaction: &Transaction,
    account: account::Model,
) -> Result<Status, DbErr> {
    let id = account.id;
    let now = portal.database_clock.now(transaction).await?;
    let organisation = organisation_of(transaction, id).await?;
    let rule = match (portal.settings.registration.approval, &organisation) {
        (Approval::Never, _) => Some("no_approval"),
        (Approval::ByDomain, Some(_)) => Some("mail_domain"),
        (Approval::ByDomain, None) | (Approval::Always, _) => None,
    };
    let status = if rule.is_some() {
        Status::Active
    } else {
        Status::Pending
    };
    let due_at = hold::due_after_change(transaction, id, lapses_at(status, now), now).await?;
    account::ActiveModel {
        status: Set(status),
        due_at: Set(due_at),
        ..account.into_active_model()
    }
    .update(transaction)
    .await?;
    registration::ActiveModel {
        account_id: Set(id),
        confirmed_at: Set(Some(now)),
        decided_at: Set(rule.map(|_| now)),
        decided_rule: Set(rule.map(str::to_owned)),
        ..Default::default()
    }
    .update(transaction)
    .await?;
    if let Some(organisation) = organisation {
        adopt_organisation(transaction, id, &organisation).await?;
    }
    let code = if status == Status::Active {
        "registration.activated"
    } else {
        "registration.confirmed"
    };
    audit::record_at(transaction, portal, audit::Event::by_portal(code).on(id), now).await?;
    if status == Status::Pending {
        let confirmation = confirmation::open(
            transaction,
            portal,
            id,
            LinkPurpose::Withdraw,
            now + UNDECIDED_FOR,
        )
        .await?;
        if let Some(mailbox) = mailbox(transaction, id).await? {
            let draft = Draft::to(&mailbox, Letter::RegistrationPending).with_link(confirmation);
            mail::queue(transaction, portal, draft).await?;
        }
    }
    Ok(status)
}

/// The organisation that lists the account's mail domain.
async fn organisation_of(
    transaction: &Transaction,
    account: Uuid,
) -> Result<Option<organisation::Model>, DbErr> {
    let address = email_address::Entity::find()
        .filter(email_address::Column::AccountId.eq(account))
        .filter(email_address::Column::SupersededAt.is_null())
        .one(transaction)
        .await?;
    let Some(address) = address.and_then(|row| EmailAddress::parse(&row.address).ok()) else {
        return Ok(None);
    };
    let found = organisation_domain::Entity::find_by_id(address.domain().as_str().to_owned())
        .find_also_related(organisation::Entity)
        .one(transaction)
        .await?;
    Ok(found.and_then(|(_, organisation)| organisation))
}

/// The organisation's own name replaces what was typed, and is read-only from then on.
async fn adopt_organisation(
    transaction: &Transaction,
    account: Uuid,
    organisation: &organisation::Model,
) -> Result<(), DbErr> {
    profile::Entity::update_many()
        .set(profile::ActiveModel {
            organisation: Set(organisation.name.clone()),
            organisation_decided: Set(true),
            ..Default::default()
        })
        .col_expr(
            profile::Column::Version,
            Expr::col(profile::Column::Version).add(1),
        )
        .filter(profile::Column::AccountId.eq(account))
        .exec(transaction)
        .await?;
    Ok(())
}
