//! Indexes keep words that are gone from their tables (R3, R4): a GIN index never gives up a word, and a B-tree keeps
//! some between its pages. Those over people's words are built anew, beside their use; only VACUUM would not do.

use chrono::{DateTime, TimeDelta, Utc};
use entity::sweep_state;
use sea_orm::{ActiveModelTrait, DbErr, FromQueryResult, Set};
use sqlx::PgConnection;

use super::{VacuumError, run_one};
use crate::{database::sql, inventory::Inventory, portal::Portal};

/// Building them anew costs as much as there are people, so it is not done oftener than this.
///
/// Within the promise: by the settings grace and two gaps between sweeps end at hour 19 (an hour is left for the work;
/// see [`crate::settings::Settings`]), and who is erased then waits for this pause and at most one gap more, because
/// every sweep asks. Where gaps are an hour at most that is hour 23. Where they are longer there is no pause: every
/// sweep that erased is followed by it. What was replaced waits for pause and gap alone.
const PAUSE: TimeDelta = TimeDelta::hours(3);
const LONGEST_GAP_WITH_PAUSE: TimeDelta = TimeDelta::hours(1);

/// An index with people's words in it.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct WordIndex {
    /// As SQL names them.
    pub index: String,
    pub table: String,
}

#[derive(FromQueryResult)]
struct State {
    gone: i64,
    rebuilt_at: Option<DateTime<Utc>>,
    rebuilt_through: Option<i64>,
}

/// How much had gone or been replaced until now, if there is something to do. It is counted under the table's lock,
/// which every rebuild begins with waiting for: what is not counted here is counted behind it.
pub(super) async fn due(portal: &Portal, now: DateTime<Utc>) -> Result<Option<i64>, DbErr> {
    let state = State::find_by_statement(sql(
        "SELECT (SELECT last_value FROM words_gone) AS gone, rebuilt_at, rebuilt_through FROM sweep_state",
        [],
    ))
    .one(&portal.database)
    .await?
    .ok_or_else(|| DbErr::RecordNotFound("sweep_state".to_owned()))?;
    let pause = if portal.settings.longest_gap() <= LONGEST_GAP_WITH_PAUSE {
        PAUSE
    } else {
        TimeDelta::zero()
    };
    let is_time = state.rebuilt_at.is_none_or(|at| at + pause <= now);
    Ok((is_time && state.rebuilt_through != Some(state.gone)).then_some(state.gone))
}

pub(super) async fn remember(portal: &Portal, at: DateTime<Utc>, through: i64) -> Result<(), DbErr> {
    sweep_state::ActiveModel {
        id: Set(1),
        rebuilt_at: Set(Some(at)),
        rebuilt_through: Set(Some(through)),
        ..Default::default()
    }
    .update(&portal.database)
    .await?;
    Ok(())
}

/// Builds them all anew, one after the other. It waits for transactions that began before, and holds nobody up.
pub(super) async fn all(portal: &Portal, connection: &mut PgConnection) -> Result<(), VacuumError> {
    for left_over in broken(portal).await? {
        run_one(
            connection,
            format!("DROP INDEX CONCURRENTLY IF EXISTS {left_over}"),
        )
        .await?;
    }
    for WordIndex { index, .. } in word_indexes(portal).await? {
        run_one(connection, format!("REINDEX INDEX CONCURRENTLY {index}")).await?;
        // The first releases of PostgreSQL 13 forget on the way that no values are to be sampled.
        for column in sampled(portal, &index).await? {
            run_one(
                connection,
                format!("ALTER INDEX {index} ALTER COLUMN {column} SET STATISTICS 0"),
            )
            .await?;
        }
    }
    Ok(())
}

/// The indexes that hold words of personal columns, or what is made of them, by the catalogue and the inventory.
pub async fn word_indexes(portal: &Portal) -> Result<Vec<WordIndex>, DbErr> {
    let (tables, columns) = personal(portal.inventory);
    WordIndex::find_by_statement(sql(
        r#"SELECT format('%I.%I', n.nspname, x.relname) AS index, format('%I.%I', n.nspname, t.relname) AS "table"
           FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
           JOIN pg_namespace n ON n.oid = x.relnamespace
           WHERE n.nspname = 'public' AND i.indisvalid AND EXISTS (
               SELECT 1 FROM pg_attribute k JOIN pg_type kept ON kept.oid = k.atttypid
               LEFT JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum = i.indkey[k.attnum - 1]
               WHERE k.attrelid = x.oid
                 AND (kept.typcategory = 'S' OR 'tsvector'::regtype IN (k.atttypid, c.atttypid))
                 AND CASE WHEN i.indkey[k.attnum - 1] = 0 THEN t.relname::text = ANY ($1)
                          ELSE (t.relname::text, c.attname::text) IN (SELECT * FROM unnest($1::text[], $2::text[])) END)
           ORDER BY 1"#,
        [tables.into(), columns.into()],
    ))
    .all(&portal.database)
    .await
}

/// Every personal column, and its table.
fn personal(inventory: &Inventory) -> (Vec<String>, Vec<String>) {
    let tables = inventory.tables.iter();
    tables
        .flat_map(|table| {
            table
                .personal
                .iter()
                .map(|column| (table.name.clone(), column.clone()))
        })
        .unzip()
}

#[derive(FromQueryResult)]
struct Named {
    name: String,
}

/// What rebuilds that were cut short left behind: nobody reads it, and it keeps words as well.
async fn broken(portal: &Portal) -> Result<Vec<String>, DbErr> {
    let (tables, _) = personal(portal.inventory);
    let rows = Named::find_by_statement(sql(
        "SELECT format('%I.%I', n.nspname, x.relname) AS name
         FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
         JOIN pg_namespace n ON n.oid = x.relnamespace
         WHERE n.nspname = 'public' AND t.relname::text = ANY ($1) AND NOT i.indisvalid
           AND x.relname ~ '_cc(new|old)[0-9]*$'",
        [tables.into()],
    ))
    .all(&portal.database)
    .await?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

#[derive(FromQueryResult)]
struct Column {
    number: i16,
}

/// The expressions of an index of which values may be sampled.
async fn sampled(portal: &Portal, index: &str) -> Result<Vec<i16>, DbErr> {
    let rows = Column::find_by_statement(sql(
        "SELECT k.attnum AS number FROM pg_index i JOIN pg_attribute k ON k.attrelid = i.indexrelid
         WHERE i.indexrelid = $1::text::regclass AND i.indkey[k.attnum - 1] = 0 AND coalesce(k.attstattarget, -1) <> 0",
        [index.into()],
    ))
    .all(&portal.database)
    .await?;
    Ok(rows.into_iter().map(|row| row.number).collect())
}
