//! Deletions as the desk sees them: what is pending and what is held, the most urgent first.

use chrono::{DateTime, Utc};
use sea_orm::{DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::request::DEADLINE;
use crate::{
    database::sql,
    hold,
    inventory::Inventory,
    portal::Portal,
    values::{Listed, Page},
};

/// The year 9999, in seconds: the same at every call, so that cursors keep their place.
const FAR_AHEAD: i64 = 253_370_764_800;

#[derive(Debug, Clone, FromQueryResult, Serialize, ToSchema)]
pub struct Deletion {
    pub account_id: Uuid,
    /// `pending`, `erasing`, or `held`: nothing is left but what is held.
    pub state: String,
    pub deleted_at: DateTime<Utc>,
    pub undo_until: DateTime<Utc>,
    /// The latest instant at which what is not held must be gone; for what stays held, the last such instant.
    pub erase_by: DateTime<Utc>,
    /// Whether that has passed and something is still due.
    pub overdue: bool,
    /// What is held now.
    pub held_categories: Vec<String>,
    #[serde(skip)]
    sort_at: DateTime<Utc>,
}

/// Where a page of the list ends: deadline and account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Position(DateTime<Utc>, Uuid);

/// Deletions that are not finished.
pub async fn list(portal: &Portal, page: &Page<Position>) -> Result<Listed<Deletion>, DbErr> {
    let (at, id) = page
        .after
        .clone()
        .map_or((DateTime::UNIX_EPOCH, Uuid::nil()), |Position(at, id)| (at, id));
    let now = portal.now();
    // What is held without anything due comes last.
    let never = DateTime::from_timestamp(FAR_AHEAD, 0).unwrap_or(now);
    let active = hold::ACTIVE;
    let only_held = only_held(portal.inventory);
    let rows = Deletion::find_by_statement(sql(
        &format!(
            "SELECT * FROM (
                 SELECT a.id AS account_id, a.deleted_at, a.undo_until,
                        coalesce({DEADLINE}, a.erase_by) AS erase_by, coalesce({DEADLINE}, $5) AS sort_at,
                        coalesce(a.due_at <= $1 AND {DEADLINE} < $1, false) AS overdue,
                        CASE WHEN a.status = 'erasing' THEN 'erasing'
                             WHEN {only_held} THEN 'held'
                             ELSE 'pending' END AS state,
                        h.categories AS held_categories
                 FROM account a
                 CROSS JOIN LATERAL (
                     SELECT coalesce(array_agg(DISTINCT category ORDER BY category), '{{}}') AS categories
                     FROM hold h, unnest(h.categories) category WHERE h.account_id = a.id AND {active}) h
                 WHERE a.status IN ('deleted', 'erasing')) d
             WHERE (sort_at, account_id) > ($2, $3) ORDER BY sort_at, account_id LIMIT $4"
        ),
        [now.into(), at.into(), id.into(), page.rows().into(), never.into()],
    ))
    .all(&portal.database)
    .await?;
    Ok(Listed::cut(rows, page, |row| {
        Position(row.sort_at, row.account_id)
    }))
}

/// Whether of an account that is leaving (as `a`) nothing is left but what is held (`h.categories`), at the instant
/// `$1`: what the last sweep erased and what is held are all that there was.
pub(super) fn only_held(inventory: &Inventory) -> String {
    let clusters: Vec<String> = inventory
        .before_account()
        .map(|cluster| format!("'{cluster}'"))
        .collect();
    format!(
        "a.undo_until <= $1 AND cardinality(h.categories) > 0 AND ARRAY[{}] <@ (a.erased || h.categories)",
        clusters.join(", ")
    )
}
