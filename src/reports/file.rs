//! Reporting somebody else's message, once. Its author is not told by whom. What of the conversation the desk may see
//! with it is settled here: nothing that the reporter does not see, and nobody can take it away by removing them.

use chrono::{DateTime, Utc};
use entity::{message, report, status::Status};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, Set, sea_query::OnConflict};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{AROUND, REASON_LIMIT, ReportError, State};
use crate::{
    account::{Caller, NotActive, share},
    audit,
    database::{Transaction, sql},
    limits::{self, Limited},
    messaging::{BY_SOMEBODY_PRESENT, SEEN, messages::seen},
    portal::Portal,
    values::{Invalid, prose},
};

/// A report as its reporter made it. What becomes of it is the desk's and the author's.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Filed {
    pub id: Uuid,
    pub message_id: Uuid,
    pub reason: String,
    pub reported_at: DateTime<Utc>,
    /// Whether the same person had reported the message before: then that report stands as it was.
    #[serde(skip)]
    pub is_known: bool,
}

/// Reports a message that the caller can see.
pub async fn file(
    portal: &Portal,
    caller: Caller,
    message: Uuid,
    reason: &str,
) -> Result<Filed, ReportError> {
    let reason = prose(reason, REASON_LIMIT).map_err(|fault| Invalid::one("reason", fault))?;
    let transaction = portal.database.begin().await?;
    // Who wrote a message never changes, so it may be asked before the locks that it names (R7).
    let found = message::Entity::find_by_id(message).one(&transaction).await?;
    let message = found.ok_or(ReportError::NotFound)?;
    let locked = share(&transaction, &[caller.account, message.author_id]).await?;
    let reporter = locked
        .iter()
        .find(|account| account.id == caller.account && account.status == Status::Active)
        .ok_or(NotActive)?;
    let seen = Seen::by(&transaction, caller, message.id).await?;
    let Seen { around } = seen.ok_or(ReportError::NotFound)?;
    if message.author_id == caller.account {
        return Err(ReportError::OwnMessage);
    }
    if let Some(filed) = already_filed(&transaction, caller, message.id).await? {
        return Ok(filed);
    }
    let row = report::Model {
        id: portal.new_id(),
        message_id: message.id,
        conversation_id: message.conversation_id,
        reported_id: message.author_id,
        reporter_id: Some(caller.account),
        reason: Some(reason.into_string()),
        reported_at: portal.now(),
        state: State::Open.word().to_owned(),
        decided_by: None,
        decided_at: None,
        around,
    };
    let once = OnConflict::columns([report::Column::MessageId, report::Column::ReporterId])
        .do_nothing()
        .to_owned();
    let inserted = report::Entity::insert(active(row.clone()))
        .on_conflict(once)
        .exec_without_returning(&transaction)
        .await?;
    if inserted == 0 {
        // The same was sent at the same moment, and that one was first.
        let filed = already_filed(&transaction, caller, message.id).await?;
        return filed.ok_or(ReportError::NotFound);
    }
    // After that wait: only a report that is filed uses something up.
    limits::take(&transaction, portal, reporter, Limited::Reports).await??;
    // Without the reporter: the trail of an account is read by administrators, of whom its owner may be one.
    let event = audit::Event::by_portal("report.filed")
        .on(row.reported_id)
        .about(row.id);
    audit::record(&transaction, portal, event).await?;
    transaction.commit().await?;
    Ok(Filed {
        is_known: false,
        ..filed(row)
    })
}

/// What the caller sees of a message that they can see.
#[derive(FromQueryResult)]
struct Seen {
    /// The messages nearest to it, nearest first, up to [`AROUND`] on either side: some of them may be gone when they
    /// are looked at.
    around: Vec<Uuid>,
}

impl Seen {
    async fn by(transaction: &Transaction, caller: Caller, message: Uuid) -> Result<Option<Self>, DbErr> {
        let nearest = |than: &str, order: &str| {
            format!(
                "SELECT x.id, row_number() OVER (ORDER BY x.id {order}) AS distance FROM (
                     SELECT m.id FROM message m WHERE m.conversation_id = p.conversation_id
                         AND m.id {than} p.message_id AND {SEEN} AND {BY_SOMEBODY_PRESENT}
                     ORDER BY m.id {order} LIMIT {AROUND}) x"
            )
        };
        let text = format!(
            "WITH told AS ({})
             SELECT ARRAY(SELECT n.id FROM ({} UNION ALL {}) n ORDER BY n.distance, n.id) AS around FROM told p",
            seen("m.id AS message_id, p.conversation_id, p.account_id, p.sees_after, p.last_message_id"),
            nearest("<", "DESC"),
            nearest(">", "ASC"),
        );
        Self::find_by_statement(sql(&text, [message.into(), caller.account.into()]))
            .one(transaction)
            .await
    }
}

async fn already_filed(
    transaction: &Transaction,
    caller: Caller,
    message: Uuid,
) -> Result<Option<Filed>, DbErr> {
    let found = report::Entity::find()
        .filter(report::Column::MessageId.eq(message))
        .filter(report::Column::ReporterId.eq(caller.account))
        .one(transaction)
        .await?;
    Ok(found.map(filed))
}

fn active(row: report::Model) -> report::ActiveModel {
    report::ActiveModel {
        id: Set(row.id),
        message_id: Set(row.message_id),
        conversation_id: Set(row.conversation_id),
        reported_id: Set(row.reported_id),
        reporter_id: Set(row.reporter_id),
        reason: Set(row.reason),
        reported_at: Set(row.reported_at),
        state: Set(row.state),
        decided_by: Set(row.decided_by),
        decided_at: Set(row.decided_at),
        around: Set(row.around),
    }
}

fn filed(row: report::Model) -> Filed {
    Filed {
        id: row.id,
        message_id: row.message_id,
        reason: row.reason.unwrap_or_default(),
        reported_at: row.reported_at,
        is_known: true,
    }
}
