//! What would be erased, what is held and why, before anyone decides. The categories are the inventory's.

use chrono::{DateTime, Utc};
use sea_orm::{DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{account::Caller, database::sql, hold, portal::Portal};

/// One category of data.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Category {
    pub category: String,
    /// How many entries there are.
    pub count: i64,
    /// Whether something keeps it from being erased.
    pub held: bool,
    pub holds: Vec<Reason>,
}

/// Why a category is held, as far as the person may know.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Reason {
    /// None: it is kept by law, and more may not be said; the preview leaves such a reason out.
    pub basis: Option<String>,
    /// None: until it is released.
    pub until: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Preview {
    pub categories: Vec<Category>,
    /// Whether anything at all would stay.
    pub held: bool,
    /// Whether something is kept by law of which no more may be said (R16): it is not among the categories.
    pub kept_by_law: bool,
    /// How long a deletion can be undone, in seconds.
    pub undo_seconds: u64,
    /// After how long everything that is not held is erased, in seconds.
    pub erase_seconds: i64,
}

#[derive(FromQueryResult)]
struct Row {
    cluster: String,
    count: i64,
    holds: serde_json::Value,
}

/// What would be erased of the caller's own account.
pub async fn preview(portal: &Portal, caller: Caller) -> Result<Preview, DbErr> {
    let mut categories = categories(portal, caller.account).await?;
    let held = categories.iter().any(|category| category.held);
    let is_told = |reason: &Reason| reason.basis.is_some();
    let kept_by_law = categories
        .iter()
        .any(|category| !category.holds.iter().all(is_told));
    for category in &mut categories {
        category.holds.retain(is_told);
    }
    categories.retain(|category| !category.held || !category.holds.is_empty());
    Ok(Preview {
        held,
        kept_by_law,
        categories,
        undo_seconds: portal.settings.erasure.grace.as_secs(),
        erase_seconds: crate::leaving::ERASED_WITHIN.num_seconds(),
    })
}

/// Counts, by category, what is stored about an account: one statement, made from the inventory. Why something is held
/// is told as its person may know it.
pub async fn categories(portal: &Portal, account: Uuid) -> Result<Vec<Category>, DbErr> {
    let counts = portal
        .inventory
        .owned()
        .filter(|(table, _)| table.counted)
        .map(|(table, column)| {
            format!(
                "SELECT '{}' AS cluster, count(*) AS count FROM {} WHERE {column} = $1",
                table.cluster, table.name
            )
        });
    let counts: Vec<String> = counts.collect();
    let active = hold::ACTIVE;
    let statement = format!(
        "SELECT counted.cluster, sum(counted.count)::bigint AS count, coalesce((
             SELECT jsonb_agg(jsonb_build_object('basis', CASE WHEN h.disclose THEN h.basis END,
                                                 'until', CASE WHEN h.disclose THEN h.expires_at END) ORDER BY h.id)
             FROM hold h WHERE h.account_id = $1 AND counted.cluster = ANY (h.categories) AND {active}), '[]') AS holds
         FROM ({}) counted GROUP BY counted.cluster ORDER BY counted.cluster",
        counts.join(" UNION ALL ")
    );
    let rows = Row::find_by_statement(sql(&statement, [account.into()]))
        .all(&portal.database)
        .await?;
    let categories = rows
        .into_iter()
        .map(|row| {
            let holds: Vec<Reason> = serde_json::from_value(row.holds).unwrap_or_default();
            Category {
                category: row.cluster,
                count: row.count,
                held: !holds.is_empty(),
                holds,
            }
        })
        .collect();
    Ok(categories)
}
