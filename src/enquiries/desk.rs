//! Enquiries as the desk sees them: of people who are still here, newest first, or those that wait the longest.

use chrono::{DateTime, Utc};
use entity::enquiry::State;
use sea_orm::{DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Entry, TEXTS,
    thread::{self, Writers},
};
use crate::{
    database::sql,
    portal::Portal,
    values::{Listed, Page},
};

/// An enquiry as the desk sees it.
#[derive(Debug, Clone, FromQueryResult, Serialize, ToSchema)]
pub struct AtDesk {
    pub id: Uuid,
    pub account_id: Uuid,
    pub display_name: String,
    pub organisation: String,
    pub subject: String,
    /// What was asked first.
    pub body: String,
    pub asked_at: DateTime<Utc>,
    /// The latest answer.
    pub answer: Option<String>,
    pub answered_at: Option<DateTime<Utc>>,
    pub answered_by: Option<Uuid>,
    #[schema(value_type = String, pattern = "^(open|answered|closed)$")]
    pub state: State,
    /// Since when an answer is waited for, if one is.
    pub waiting_since: Option<DateTime<Utc>>,
    /// When somebody last wrote in it.
    pub last_activity_at: DateTime<Utc>,
    /// Which administrator deals with it.
    pub assigned_to: Option<Uuid>,
}

/// An enquiry at the desk with what was written in it, newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = EnquiryThreadAtDesk)]
pub struct Thread {
    #[serde(flatten)]
    pub enquiry: AtDesk,
    pub entries: Listed<Entry>,
}

#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    enquiry: AtDesk,
    entries: serde_json::Value,
}

/// Whose enquiries are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assigned {
    To(Uuid),
    Nobody,
}

/// Which enquiries are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    pub state: Option<State>,
    pub assigned: Option<Assigned>,
}

/// Where a page of those that wait ends: instant and enquiry.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Position(DateTime<Utc>, Uuid);

const COLUMNS: &str =
    "e.id, e.account_id, coalesce(p.display_name, p.first_name || ' ' || p.last_name) AS display_name,
     p.organisation, e.subject, question.body, e.asked_at, answer.body AS answer, answer.written_at AS answered_at,
     answer.written_by AS answered_by, e.state, e.waiting_since, e.last_activity_at, e.assigned_to";

/// Of people who are still here.
const PRESENT: &str =
    "FROM enquiry e JOIN account a ON a.id = e.account_id AND a.status NOT IN ('deleted', 'erasing')
     JOIN profile p ON p.account_id = e.account_id";

impl Filter {
    /// The condition. Each has words of its own, so that each is planned by itself; `$3` is whom it is assigned to.
    fn condition(self) -> String {
        let state = match self.state {
            None => "true",
            Some(State::Open) => "e.state = 'open'",
            Some(State::Answered) => "e.state = 'answered'",
            Some(State::Closed) => "e.state = 'closed'",
        };
        let assigned = match self.assigned {
            None => "$3::uuid IS NULL",
            Some(Assigned::Nobody) => "e.assigned_to IS NULL AND $3::uuid IS NULL",
            Some(Assigned::To(_)) => "e.assigned_to = $3",
        };
        format!("{state} AND {assigned}")
    }

    fn assignee(self) -> Option<Uuid> {
        match self.assigned {
            Some(Assigned::To(id)) => Some(id),
            Some(Assigned::Nobody) | None => None,
        }
    }
}

/// Enquiries, newest first.
pub async fn list(portal: &Portal, filter: Filter, page: &Page<Uuid>) -> Result<Listed<AtDesk>, DbErr> {
    let text = format!(
        "SELECT {COLUMNS} {PRESENT} {TEXTS} WHERE e.id < $1 AND {} ORDER BY e.id DESC LIMIT $2",
        filter.condition()
    );
    let before = page.after.unwrap_or(Uuid::max());
    let values = [before.into(), page.rows().into(), filter.assignee().into()];
    let rows = AtDesk::find_by_statement(sql(&text, values))
        .all(&portal.database)
        .await?;
    Ok(Listed::cut(rows, page, |row| row.id))
}

/// Those that wait for an answer, the longest first; of everybody, of one administrator, or of nobody.
pub async fn waiting(
    portal: &Portal,
    assigned: Option<Assigned>,
    page: &Page<Position>,
) -> Result<Listed<AtDesk>, DbErr> {
    let filter = Filter {
        state: Some(State::Open),
        assigned,
    };
    let text = format!(
        "SELECT {COLUMNS} {PRESENT} {TEXTS} WHERE (e.waiting_since, e.id) > ($1, $4) AND {}
         ORDER BY e.waiting_since, e.id LIMIT $2",
        filter.condition()
    );
    let Position(since, id) = page
        .after
        .clone()
        .unwrap_or(Position(DateTime::UNIX_EPOCH, Uuid::nil()));
    let values = [
        since.into(),
        page.rows().into(),
        filter.assignee().into(),
        id.into(),
    ];
    let rows = AtDesk::find_by_statement(sql(&text, values))
        .all(&portal.database)
        .await?;
    Ok(Listed::cut(rows, page, |row| {
        Position(row.waiting_since.unwrap_or(row.asked_at), row.id)
    }))
}

/// One enquiry of someone who is still here, with a page of its thread.
pub async fn thread(portal: &Portal, id: Uuid, page: &Page<Uuid>) -> Result<Option<Thread>, DbErr> {
    let entries = thread::entries(Writers::Shown);
    let text = format!("SELECT {COLUMNS}, {entries} {PRESENT} {TEXTS} WHERE e.id = $1");
    let before = page.after.unwrap_or(Uuid::max());
    let row = Row::find_by_statement(sql(&text, [id.into(), before.into(), page.rows().into()]))
        .one(&portal.database)
        .await?;
    row.map(|row| {
        Ok(Thread {
            enquiry: row.enquiry,
            entries: thread::listed(row.entries, page)?,
        })
    })
    .transpose()
}
