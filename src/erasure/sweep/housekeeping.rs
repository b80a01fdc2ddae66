//! What ends by its own age, whoever it belongs to: sessions, links, notes of requests and pauses, invitations,
//! given-up mails, receipts, audit events; none of it can be held. Decided reports end so, too, unless a hold keeps
//! them.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Builder;

use super::reports;
use crate::{
    audit, database::sql, mail::worker::GIVEN_UP_FOR, messaging::groups::INVITED_FOR, noted, portal::Portal,
    receipt,
};

/// Rows one statement removes at most: the next sweep goes on.
const ROWS: i64 = 20_000;

/// Table, which of its rows are over at the instant `$1`, and in which order they are looked for. Without samples of the
/// values (R4) PostgreSQL takes a third of all rows for over, and would read them all: in order it takes the index.
const OVER: [(&str, &str, &str, TimeDelta); 13] = [
    ("session", "expires_at <= $1", "expires_at", TimeDelta::zero()),
    ("ceremony", "expires_at <= $1", "expires_at", TimeDelta::zero()),
    // Before their confirmations: a mail that is being sent is left to its worker, which locks mail first.
    (
        "mail",
        "confirmation_id IN (SELECT id FROM confirmation WHERE expires_at <= $1)",
        "confirmation_id",
        TimeDelta::zero(),
    ),
    (
        "confirmation",
        "expires_at <= $1 AND NOT EXISTS (SELECT 1 FROM mail m WHERE m.confirmation_id = confirmation.id)",
        "expires_at",
        TimeDelta::zero(),
    ),
    (
        "email_change",
        "requested_at <= $1",
        "requested_at",
        noted::KEPT_FOR,
    ),
    ("noted_request", "noted_at <= $1", "noted_at", noted::KEPT_FOR),
    ("attempt", "tried_at <= $1", "tried_at", noted::KEPT_FOR),
    ("attempt_key", "ends_at <= $1", "ends_at", TimeDelta::zero()),
    (
        "mail_allowance",
        "day_began_at <= $1",
        "day_began_at",
        noted::KEPT_FOR,
    ),
    ("allowance", "used_until <= $1", "used_until", TimeDelta::zero()),
    ("group_invitation", "invited_at <= $1", "invited_at", INVITED_FOR),
    ("mail", "given_up_at <= $1", "given_up_at", GIVEN_UP_FOR),
    ("receipt", "erased_at <= $1", "erased_at", receipt::KEPT_FOR),
];

/// Removes what is over.
pub async fn run(portal: &Portal) -> Result<(), DbErr> {
    let now = portal.now();
    for (table, over, order, age) in OVER {
        let text = format!(
            "DELETE FROM {table} WHERE ctid = ANY (ARRAY(
                 SELECT ctid FROM {table} WHERE {over} ORDER BY {order} LIMIT $2 FOR UPDATE SKIP LOCKED))"
        );
        portal
            .database
            .execute_raw(sql(&text, [(now - age).into(), ROWS.into()]))
            .await?;
    }
    reports::end_decided(portal, now, ROWS).await?;
    // Their ids begin with the instant, so the primary key finds the old ones.
    let oldest = Builder::from_unix_timestamp_millis(millis(now - audit::KEPT_FOR), &[0; 10]).into_uuid();
    // By the function of their owner, who need not be the application.
    let text = "SELECT end_audit_events($1, $2)";
    portal
        .database
        .execute_raw(sql(text, [oldest.into(), ROWS.into()]))
        .await?;
    if portal
        .transport
        .forget_before(now - noted::KEPT_FOR)
        .await
        .is_err()
    {
        tracing::error!("mail files older than a day could not be removed");
    }
    Ok(())
}

fn millis(at: DateTime<Utc>) -> u64 {
    u64::try_from(at.timestamp_millis()).unwrap_or_default()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::{erasure::concept, inventory::Inventory, settings::Settings};

    #[test]
    fn what_ends_by_its_age_does_so_as_the_inventory_says() {
        let settings = Settings::from_toml("").unwrap();
        let inventory = Inventory::built_in();
        for (table, over, _, age) in OVER.into_iter().filter(|(_, over, ..)| {
            !["expires_at", "ends_at", "used_until"]
                .iter()
                .any(|end| over.contains(end))
        }) {
            let personal = inventory.tables.iter().find(|known| known.name == table);
            let classes = personal.map_or_else(
                || inventory.records[table].classes.as_slice(),
                |table| inventory.classes_of(table),
            );
            let lasts = |code: &String| concept::lasts(inventory.classes[code].period, &settings);
            assert!(classes.iter().any(|code| lasts(code) == age), "{table}: {over}");
        }
        let classes = &inventory.records["audit_event"].classes;
        let lengths = [audit::KEPT_FOR, audit::ACCESS_KEPT_FOR];
        let lasts = |code: &String| concept::lasts(inventory.classes[code].period, &settings);
        assert_eq!(classes.iter().map(lasts).collect::<Vec<_>>(), lengths);
        for length in lengths {
            let kept = format!("interval '{} days'", length.num_days());
            assert!(migration::AUDIT_TRAIL.contains(&kept));
        }
        // Index and both functions name them alike: else the index is of no use, or some would stay for three years.
        let named = audit::ACCESS.map(|code| format!("'{code}'")).join(", ");
        let alike = format!("code IN ({named})");
        assert_eq!(migration::AUDIT_TRAIL.matches(&alike).count(), 3);
    }
}
