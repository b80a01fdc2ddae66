//! Writes to the trail who was refused. While somebody signs in, only the answer may tell whether an address is known,
//! and not how long it takes: so nothing is written on its way. It is noted in memory, at no cost, and a worker writes it
//! a moment later; a process that is killed loses the last second of it. How often it was stands in the metrics, by
//! route and status; so do tries of unknown addresses, of which nothing is kept.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::INSERT;
use crate::{
    database::sql,
    portal::Portal,
    refusals::{Noted, ONE_IN},
};

/// Writes what was noted, and returns how much that was. What could not be written is left for the next time.
pub async fn write_refused(portal: &Portal) -> Result<usize, DbErr> {
    let noted = portal.refusals.take(portal.now());
    if noted.is_empty() {
        return Ok(0);
    }
    match write(portal, &noted).await {
        Ok(()) => Ok(noted.len()),
        Err(error) => {
            portal.refusals.put_back(noted);
            Err(error)
        }
    }
}

/// Of accounts that are gone, or deleted, nothing is written any more: their rows are locked, so that no entry follows
/// an erasure (R7). Another process may have written the same within the hour.
async fn write(portal: &Portal, noted: &[Noted]) -> Result<(), DbErr> {
    let ids = noted.iter().map(|noted| portal.random.uuid_v7(noted.at));
    let accounts = noted.iter().map(|noted| noted.account);
    let actors = noted.iter().map(|noted| {
        let actor = noted.refused.has_actor().then_some(noted.account);
        actor.map(|id| id.to_string()).unwrap_or_default()
    });
    let codes = noted.iter().map(|noted| noted.refused.code().to_owned());
    let at = noted.iter().map(|noted| noted.at);
    let text = format!(
        "WITH present AS (
             SELECT id FROM account WHERE id = ANY ($3) AND status NOT IN ('deleted', 'erasing')
             ORDER BY id FOR KEY SHARE)
         {INSERT}
         SELECT n.id, n.at, n.code, nullif(n.actor_id, '')::uuid, p.id, NULL
         FROM unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::text[], $5::text[])
             AS n (id, at, account_id, code, actor_id)
         JOIN present p ON p.id = n.account_id
         WHERE NOT EXISTS (SELECT 1 FROM audit_event e
             WHERE e.account_id = n.account_id AND e.code = n.code AND e.at > n.at - $6 * interval '1 second')"
    );
    portal
        .database
        .execute_raw(sql(
            &text,
            [
                ids.collect::<Vec<Uuid>>().into(),
                at.collect::<Vec<DateTime<Utc>>>().into(),
                accounts.collect::<Vec<Uuid>>().into(),
                codes.collect::<Vec<String>>().into(),
                actors.collect::<Vec<String>>().into(),
                ONE_IN.num_seconds().into(),
            ],
        ))
        .await?;
    Ok(())
}
