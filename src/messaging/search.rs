//! Searching the messages that one can read, newest first. It costs as much as one has messages oneself, however many
//! others have: one's own conversations are gone through, each from its end and only as far as a page needs.

use std::{sync::LazyLock, time::Duration};

use chrono::{DateTime, Utc};
use sea_orm::{DbErr, FromQueryResult};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{BY_SOMEBODY_PRESENT, SEEN, conversations::subject};
use crate::{
    account::Caller,
    database::sql,
    portal::Portal,
    values::{Fault, Invalid, Listed, Page},
};

mod excerpt;
mod words;

pub use excerpt::Excerpt;
use words::Words;

/// How long a search waits for a place.
const PATIENCE: Duration = Duration::from_secs(1);

/// A message that was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Hit {
    pub id: Uuid,
    pub conversation_id: Uuid,
    /// The conversation's.
    pub subject: Option<String>,
    pub author_id: Uuid,
    pub author_name: String,
    /// The place of the message, in one line.
    #[schema(value_type = String)]
    pub excerpt: Excerpt,
    pub sent_at: DateTime<Utc>,
}

#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error("there is no such conversation for the caller")]
    NotFound,
    #[error("as many search as may at once, or the caller does already")]
    Busy,
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Without a message: nothing was found, and whether anything could be.
#[derive(FromQueryResult)]
struct Row {
    has_words: bool,
    is_in: bool,
    id: Option<Uuid>,
    conversation_id: Option<Uuid>,
    subject: Option<String>,
    author_id: Option<Uuid>,
    author_name: Option<String>,
    body: Option<String>,
    marked: Option<Vec<String>>,
    sent_at: Option<DateTime<Utc>>,
}

/// `$1` asks for `$2` without `$3`, in conversation `$4` or in all, before message `$5`, for so many as `$6`. Only those
/// are looked at closely: which of their words have a stem that was asked for, other than the words that one of the
/// languages passes over.
static FIND: LazyLock<String> = LazyLock::new(|| {
    format!(
        r"WITH asked AS MATERIALIZED (
             SELECT message_query($2) && !!message_query($3) AS query, numnode(message_query($2)) > 0 AS has_words,
                    $4::uuid IS NULL OR EXISTS (SELECT 1 FROM participation p
                        WHERE p.conversation_id = $4 AND p.account_id = $1 AND p.left_at IS NULL) AS is_in),
         stems AS MATERIALIZED (
             SELECT coalesce(array_agg(w.stem) FILTER (WHERE w.tells), array_agg(w.stem)) AS stems FROM (
                 SELECT unnest(tsvector_to_array(message_words(w.word))) AS stem,
                        numnode(plainto_tsquery('german', w.word)) > 0 AND numnode(plainto_tsquery('english', w.word)) > 0 AS tells
                 FROM regexp_split_to_table(bare_words($2), '\s+') w (word)) w),
         found AS MATERIALIZED (
             SELECT m.id FROM asked CROSS JOIN participation p CROSS JOIN LATERAL (
                 SELECT m.id FROM message m
                 WHERE m.conversation_id = p.conversation_id AND m.id < $5 AND m.searched @@ asked.query
                     AND {SEEN} AND {BY_SOMEBODY_PRESENT}
                 ORDER BY m.id DESC LIMIT $6) m
             WHERE asked.has_words AND p.account_id = $1 AND p.left_at IS NULL
                 AND ($4::uuid IS NULL OR p.conversation_id = $4)
             ORDER BY m.id DESC LIMIT $6)
         SELECT asked.has_words, asked.is_in, m.id, m.conversation_id, {} AS subject, m.author_id, m.body, m.sent_at,
                coalesce(o.display_name, o.first_name || ' ' || o.last_name) AS author_name,
                (SELECT array_agg(DISTINCT w.word)
                 FROM regexp_split_to_table(m.body, '[\s\u00a0\u2000-\u200a\u202f\u3000]+') w (word), stems
                 WHERE tsvector_to_array(message_words(w.word)) && stems.stems) AS marked
         FROM asked LEFT JOIN (found
             JOIN message m ON m.id = found.id JOIN conversation c ON c.id = m.conversation_id
             JOIN profile o ON o.account_id = m.author_id) ON true
         ORDER BY m.id DESC",
        subject("$1")
    )
});

/// The messages that hold what is asked for: words in any form, "phrases", -exclusions, and alternatives joined by or.
/// With a conversation, only those in it.
pub async fn find(
    portal: &Portal,
    caller: Caller,
    query: &str,
    conversation: Option<Uuid>,
    page: &Page<Uuid>,
) -> Result<Listed<Hit>, SearchError> {
    let Words { wanted, unwanted } = Words::parse(query).map_err(|fault| Invalid::one("query", fault))?;
    let find = Row::find_by_statement(sql(
        &FIND,
        [
            caller.account.into(),
            wanted.into(),
            unwanted.into(),
            conversation.into(),
            page.after.unwrap_or(Uuid::max()).into(),
            page.rows().into(),
        ],
    ));
    let entered = portal.searches.enter(caller.account, PATIENCE).await;
    let place = entered.ok_or(SearchError::Busy)?;
    let database = portal.database.clone();
    // A search whose reader has gone away keeps its place for as long as the database works on it.
    let search = tokio::spawn(async move {
        let found = find.all(&database).await;
        drop(place);
        found
    });
    let rows = search
        .await
        .map_err(|_| DbErr::Custom("a search broke off".to_owned()))??;
    if rows.iter().any(|row| !row.is_in) {
        return Err(SearchError::NotFound);
    }
    if rows.iter().any(|row| !row.has_words) {
        return Err(Invalid::one("query", Fault::new("no_search_word")).into());
    }
    let hits = rows.into_iter().filter_map(hit).collect();
    Ok(Listed::cut(hits, page, |hit: &Hit| hit.id))
}

fn hit(row: Row) -> Option<Hit> {
    Some(Hit {
        id: row.id?,
        conversation_id: row.conversation_id?,
        subject: row.subject,
        author_id: row.author_id?,
        author_name: row.author_name?,
        excerpt: Excerpt::of(&row.body?, &row.marked.unwrap_or_default()),
        sent_at: row.sent_at?,
    })
}
