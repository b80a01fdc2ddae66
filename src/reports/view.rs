//! One report with its message and the five nearest around it that its reporter could see when they reported, as far as
//! they are still there, whatever became of the reporter; nothing else of the conversation. Reading it and logging that
//! it was read are one statement.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{AROUND, Report, ReportError};
use crate::{account::Caller, audit, database::sql, messaging::PRESENT, portal::Portal};

/// How the log names it.
const VIEWED: &str = "report.viewed";

/// A message as the desk is shown it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Shown {
    pub id: Uuid,
    pub author_id: Uuid,
    pub author: String,
    pub body: String,
    pub sent_at: DateTime<Utc>,
    /// Whether this is the one that was reported.
    pub is_reported: bool,
}

/// A report with what it is about.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InContext {
    #[serde(flatten)]
    pub report: Report,
    /// In the order of writing. Empty: nobody sees the reported message any more.
    pub messages: Vec<Shown>,
    /// Whether the reported message is still there, so that a hold can keep it; it may be out of everybody's sight.
    pub is_stored: bool,
}

#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    report: Report,
    messages: serde_json::Value,
    is_stored: bool,
}

/// Shows a report to whoever decides about it, which is logged.
pub async fn view(portal: &Portal, caller: Caller, id: Uuid) -> Result<InContext, ReportError> {
    let now = portal.now();
    let row = Row::find_by_statement(sql(
        &statement(),
        [
            id.into(),
            caller.account.into(),
            portal.random.uuid_v7(now).into(),
            now.into(),
        ],
    ))
    .one(&portal.database)
    .await?
    .ok_or(ReportError::NotFound)?;
    if row.report.reported_id == caller.account {
        return Err(ReportError::OwnMessage);
    }
    Ok(InContext {
        report: row.report,
        messages: serde_json::from_value(row.messages).unwrap_or_default(),
        is_stored: row.is_stored,
    })
}

/// `$1` is the report, `$2` who looks at it, `$3` and `$4` id and instant of the log's entry.
fn statement() -> String {
    format!(
        "WITH shown AS (
             SELECT r.*, a.id AS present_reporter FROM report r
             LEFT JOIN account a ON a.id = r.reporter_id AND {PRESENT} WHERE r.id = $1),
         logged AS (
             {} SELECT $3::uuid, $4::timestamptz, '{VIEWED}', $2::uuid, s.reported_id, s.id FROM shown s WHERE s.reported_id <> $2),
         told AS (
             SELECT m.id, m.author_id, m.body, m.sent_at FROM shown s
             JOIN message m ON m.id = s.message_id JOIN account a ON a.id = m.author_id
             WHERE s.reported_id <> $2 AND m.withdrawn_at IS NULL AND {PRESENT}),
         around AS (
             SELECT m.id, m.author_id, m.body, m.sent_at FROM told t CROSS JOIN shown s
             JOIN message m ON m.id = ANY (s.around) JOIN account a ON a.id = m.author_id
             WHERE m.withdrawn_at IS NULL AND {PRESENT}
             ORDER BY array_position(s.around, m.id) LIMIT {AROUND})
         SELECT s.id, s.message_id, s.reported_at, s.state, s.reported_id, s.decided_by, s.decided_at,
                s.present_reporter AS reporter_id, CASE WHEN s.present_reporter IS NOT NULL THEN s.reason END AS reason,
                (SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'author_id', m.author_id,
                     'author', coalesce(o.display_name, o.first_name || ' ' || o.last_name), 'body', m.body,
                     'sent_at', m.sent_at, 'is_reported', m.id = s.message_id) ORDER BY m.id), '[]')
                 FROM (SELECT * FROM told UNION ALL SELECT * FROM around) m
                 JOIN profile o ON o.account_id = m.author_id) AS messages,
                EXISTS (SELECT 1 FROM message m WHERE m.id = s.message_id) AS is_stored
         FROM shown s",
        audit::INSERT,
    )
}
