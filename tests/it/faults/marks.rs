//! A mark in every column of every table that holds something of a person (R2 to R4): when the account is gone, none is
//! left in the database, in what PostgreSQL samples and logs, in the portal's log, or in any file; and nobody else has
//! lost a byte.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use stammtisch::{database::sql_state, erasure::vacuum, inventory::Inventory};
use tokio_util::sync::CancellationToken;

use super::lives;
use crate::{
    deletion::delete,
    messaging::id,
    support::{Person, TestPortal, faults::Seen, log::Log},
    sweep::sweep,
};

/// A table, and which of its rows are the person's: by one column or, of two people's rows, by either of two.
struct Place {
    table: String,
    sides: Vec<String>,
    rows: String,
    /// Rows that no account owns end by their own age, at most a day later.
    owned: bool,
}

/// One column of a live table.
struct Column {
    name: String,
    kind: String,
    personal: bool,
}

/// What is looked for, by where it stood.
type Needles = BTreeMap<String, BTreeSet<String>>;

#[tokio::test]
async fn no_mark_is_left_of_an_erased_account_and_nobody_else_loses_a_byte() {
    let log = Log::listen();
    let mut seen = Seen::by("marks");
    let portal = TestPortal::with("sessions.idle = '12h'").await;
    let desk = portal.administrator().await;
    let mut anna = lives::begin(&portal, &desk).await;
    let mut bert = lives::begin(&portal, &desk).await;
    let cleo = lives::begin(&portal, &desk).await;
    lives::talk(&portal, &anna, &[&bert, &cleo]).await;
    lives::talk(&portal, &bert, &[&anna, &cleo]).await;
    lives::talk(&portal, &bert, &[&cleo]).await;
    lives::quarrel(&portal, &anna, &bert).await;
    let hold = lives::be_held(&portal, &desk, &mut anna, &bert).await;
    lives::be_held(&portal, &desk, &mut bert, &cleo).await;
    lives::outlive(&portal, &desk, &anna).await;
    lives::gather(&portal, &anna, &bert).await;
    lives::leave_open(&portal, &desk, &anna).await;
    let places = places(&portal, &anna).await;
    let mut lived = values(&portal, &places, &anna).await;
    keep_copies(&portal, &places).await;

    let release = format!("/api/v1/admin/holds/{}/release", id(&hold));
    desk.prove().await;
    desk.post(&release, &json!({ "reason": lives::word(&portal) }))
        .await
        .must_be(200);
    delete(&anna).await;
    portal.work().await;
    lives::leave_open(&portal, &desk, &bert).await;
    ask_for_password(&portal, &anna).await;
    put_back_copies(&portal, &places).await;
    every_table_has_a_row(&portal, &places).await;
    for (place, found) in values(&portal, &places, &anna).await {
        lived.entry(place).or_default().extend(found);
    }
    must_be_in(&lived, &portal.files(), "email_address.address");
    let marks = mark(&portal, &places, &mut seen).await;
    portal.execute("ANALYZE").await;
    let dump = portal.dump().await;
    for (place, needles) in &marks {
        assert!(
            needles.iter().all(|needle| dump.contains(needle)),
            "the mark in {place} is not found while it is there"
        );
    }
    // Else these end by their own age before the sweep that erases.
    portal
        .execute("UPDATE allowance SET used_until = used_until + interval '1 day'")
        .await;
    portal
        .execute("UPDATE ceremony SET expires_at = expires_at + interval '1 day'")
        .await;
    // What a hold would keep of Bert's own complaint about Anna is Bert's, and tested where reports are.
    portal
        .execute("UPDATE hold SET categories = array_remove(categories, 'enquiries')")
        .await;
    let shared = shared(&portal, &anna, &[&bert, &cleo]).await;
    let others = async || {
        let mut rows = [portal.rows_of(bert.id).await, portal.rows_of(cleo.id).await].concat();
        rows.retain(|row| !shared.contains(key(row)));
        rows
    };
    let before = others().await;
    let indexed = portal.words_in_indexes().await;
    must_be_in(&lived, &indexed, "email_address.address");
    must_be_in(&marks, &indexed, "profile.last_name");

    portal.advance(TimeDelta::minutes(61));
    let report = sweep(&portal).await;
    assert_eq!((report.due, report.erased, report.failed), (1, 1, 0));
    vacuum::run(&portal.portal, &CancellationToken::new()).await;
    let after = others().await;
    assert_eq!(before, after, "someone else's rows have changed");
    seen.note_many("rows of others, unchanged", after.len());
    let owned: Vec<&Place> = places.iter().filter(|place| place.owned).collect();
    let of_owned = |place: &str| {
        owned
            .iter()
            .any(|owned| place.starts_with(&format!("{}.", owned.table)))
    };
    let gone_first: Needles = lived
        .iter()
        .chain(marks.iter().filter(|(place, _)| of_owned(place)))
        .map(|(place, needles)| (place.clone(), needles.clone()))
        .collect();
    nothing_is_left(&portal, &log, &gone_first, &[], &mut seen).await;

    portal.advance(TimeDelta::hours(24));
    portal.work().await;
    sweep(&portal).await;
    vacuum::run(&portal.portal, &CancellationToken::new()).await;
    nothing_is_left(&portal, &log, &lived, &[&marks], &mut seen).await;
}

/// A line of [`TestPortal::rows_of`] up to its first column.
fn key(row: &str) -> &str {
    row.split(',').next().unwrap_or(row)
}

/// The keys of what is of Anna and one of these people: it changes or goes with her.
async fn shared(portal: &TestPortal, anna: &Person, others: &[&Person]) -> BTreeSet<String> {
    let name = anna.id.to_string();
    let mut shared = BTreeSet::new();
    for other in others {
        let rows = portal.rows_of(other.id).await;
        shared.extend(
            rows.iter()
                .filter(|row| row.contains(&name))
                .map(|row| key(row).to_owned()),
        );
    }
    shared
}

/// Somebody asks for Anna's password, and no worker has looked at it yet.
async fn ask_for_password(portal: &TestPortal, anna: &Person) {
    let asked = portal.visitor();
    asked
        .post("/api/v1/password-resets", &json!({ "email": anna.email }))
        .await
        .must_be(202);
}

/// The live tables about people: those that refer to an account, and those that the inventory gives no account.
async fn places(portal: &TestPortal, anna: &Person) -> Vec<Place> {
    let owned = portal.owned_tables().await;
    let inventory = Inventory::built_in();
    let mut places = Vec::new();
    for table in portal.tables().await {
        if let Some(columns) = owned.get(&table) {
            let sides: Vec<String> = columns
                .iter()
                .map(|column| format!("{column} = '{}'", anna.id))
                .collect();
            places.push(Place {
                rows: format!("({})", sides.join(" OR ")),
                sides,
                table,
                owned: true,
            });
        } else if !inventory.not_personal.contains_key(&table) {
            places.push(Place {
                sides: vec!["true".to_owned()],
                rows: "true".to_owned(),
                table,
                owned: false,
            });
        }
    }
    // Parents first, as the inventory has them last: rows can be put back in this order.
    let order = |place: &Place| {
        inventory
            .tables
            .iter()
            .position(|table| table.name == place.table)
    };
    places.sort_by_key(|place| std::cmp::Reverse(order(place)));
    places
}

async fn columns(portal: &TestPortal, table: &str) -> Vec<Column> {
    let inventory = Inventory::built_in();
    let personal = inventory.tables.iter().find(|known| known.name == table);
    let lines: Vec<String> = portal
        .column(&format!(
            "SELECT column_name || '.' || CASE data_type WHEN 'ARRAY' THEN udt_name ELSE data_type END
             FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name = '{table}' AND is_generated = 'NEVER' ORDER BY ordinal_position"
        ))
        .await;
    let columns = lines.iter().filter_map(|line| line.split_once('.'));
    columns
        .map(|(name, kind)| Column {
            name: name.to_owned(),
            kind: kind.to_owned(),
            personal: personal.is_some_and(|table| table.personal.iter().any(|column| column == name)),
        })
        .collect()
}

/// What stands in the personal texts that says who it is: not what others have, too, and no short codes.
async fn values(portal: &TestPortal, places: &[Place], anna: &Person) -> Needles {
    let mut values = Needles::new();
    for Place { table, rows, .. } in places.iter().filter(|place| place.owned) {
        for Column { name, kind, personal } in columns(portal, table).await {
            if !personal || !matches!(kind.as_str(), "text" | "bytea") {
                continue;
            }
            let found: Vec<String> = portal
                .column(&format!(
                    "SELECT DISTINCT t.{name}::text FROM {table} t WHERE {rows} AND length(t.{name}::text) > 8
                       AND t.{name}::text NOT IN (SELECT o.{name}::text FROM {table} o
                           WHERE o.{name} IS NOT NULL AND NOT ({}))",
                    rows.replace(" = ", " IS NOT DISTINCT FROM ")
                ))
                .await;
            // A hash is written without its mark of being one.
            let found = found
                .iter()
                .map(|value| value.trim_start_matches("\\x").to_owned());
            values.entry(format!("{table}.{name}")).or_default().extend(found);
        }
    }
    assert!(values["email_address.address"].contains(&anna.email));
    values
}

async fn keep_copies(portal: &TestPortal, places: &[Place]) {
    portal.execute("CREATE SCHEMA kept").await;
    for Place { table, rows, .. } in places.iter().filter(|place| place.owned) {
        portal
            .execute(&format!(
                "CREATE TABLE kept.{table} AS SELECT * FROM {table} WHERE {rows}"
            ))
            .await;
    }
}

/// What the deletion has ended comes back, so that the sweep meets a row in every table.
async fn put_back_copies(portal: &TestPortal, places: &[Place]) {
    for Place { table, .. } in places.iter().filter(|place| place.owned) {
        let names: Vec<String> = columns(portal, table)
            .await
            .into_iter()
            .map(|column| column.name)
            .collect();
        let names = names.join(", ");
        portal
            .execute(&format!(
                "INSERT INTO {table} ({names}) SELECT {names} FROM kept.{table} ON CONFLICT DO NOTHING"
            ))
            .await;
    }
    portal.execute("DROP SCHEMA kept CASCADE").await;
}

async fn every_table_has_a_row(portal: &TestPortal, places: &[Place]) {
    for Place { table, sides, .. } in places {
        for side in sides {
            let found = portal
                .count(&format!("SELECT count(*) FROM {table} WHERE {side}"))
                .await;
            assert!(
                found > 0,
                "{table} has no row with {side}: a life in `lives.rs` must leave one"
            );
        }
    }
}

/// Marks every column that can hold one, another in each column and row: texts, documents and bytes wherever they are,
/// instants, numbers and ids where they are personal. A closed list takes no mark and tells nothing.
async fn mark(portal: &TestPortal, places: &[Place], seen: &mut Seen) -> Needles {
    let mut marks = Needles::new();
    for Place { table, rows, .. } in places {
        for column in columns(portal, table).await {
            let mark = format!("m{}", &portal.portal.random.uuid_v4().simple().to_string()[..14]);
            let name = &column.name;
            let Some(value) = value(&column, &mark) else {
                continue;
            };
            match set(portal, table, name, &value, rows).await {
                Ok(0) => panic!("{table}.{name} has no row to mark"),
                Ok(_) => {}
                // 23514: a closed list, or a column that must be empty in some rows.
                Err(error) if sql_state(&error).as_deref() == Some("23514") => {
                    let filled = format!("{rows} AND {name} IS NOT NULL");
                    if set(portal, table, name, &value, &filled).await.is_err() {
                        must_be_a_closed_list(portal, table, name).await;
                        seen.note(format!("closed list: {table}.{name}"));
                        continue;
                    }
                }
                // 23503: it says who the other one is, and takes nobody else.
                Err(error) if sql_state(&error).as_deref() == Some("23503") => {
                    seen.note(format!("refers to somebody: {table}.{name}"));
                    continue;
                }
                Err(error) => panic!("{table}.{name}: {error}"),
            }
            seen.note("columns marked");
            let place = format!("{table}.{name}");
            let needles = match column.kind.as_str() {
                "text" | "jsonb" | "_text" => BTreeSet::from([mark]),
                "bytea" => BTreeSet::from([hex(&mark)]),
                _ => {
                    let written =
                        format!("SELECT {name}::text FROM {table} WHERE {rows} AND {name} IS NOT NULL");
                    portal.column(&written).await.into_iter().collect()
                }
            };
            marks.insert(place, needles);
        }
    }
    marks
}

/// SQL for a value that says which column it was put into: as a text it is an address, which every text column takes.
fn value(Column { name, kind, personal }: &Column, mark: &str) -> Option<String> {
    let text = format!("'{mark}' || translate(ctid::text, '(),', '--x') || '@marks.example'");
    match kind.as_str() {
        "text" => Some(text),
        "jsonb" => Some(format!("{name} || jsonb_build_object('mark', {text})")),
        "_text" => Some(format!("ARRAY[{text}]")),
        "bytea" => Some(format!("convert_to({text}, 'UTF8')")),
        "timestamp with time zone" if *personal => Some(format!(
            "date_trunc('second', {name}) + floor(random() * 1000000) * interval '1 microsecond'"
        )),
        "uuid" if *personal => Some("gen_random_uuid()".to_owned()),
        "xid8" if *personal => Some("(9e15::bigint + floor(random() * 1e12)::bigint)::text::xid8".to_owned()),
        _ if *personal => panic!("{name} is personal and of a kind that this test cannot mark: {kind}"),
        _ => None,
    }
}

async fn set(portal: &TestPortal, table: &str, column: &str, value: &str, rows: &str) -> Result<u64, DbErr> {
    let update = format!("UPDATE {table} SET {column} = {value} WHERE {rows}");
    let done = portal.portal.database.execute_unprepared(&update).await?;
    Ok(done.rows_affected())
}

/// What a mark breaks is a list of words, not a length or a form that another mark would keep to.
async fn must_be_a_closed_list(portal: &TestPortal, table: &str, column: &str) {
    let listed = portal
        .count(&format!(
            "SELECT count(*) FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
             WHERE c.contype = 'c' AND c.conrelid = '{table}'::regclass AND a.attname = '{column}'
               AND pg_get_constraintdef(c.oid) ~ 'ARRAY\\['"
        ))
        .await;
    assert!(
        listed > 0,
        "{table}.{column} takes no mark, and is no closed list"
    );
}

fn hex(text: &str) -> String {
    let digits = text.bytes().map(|byte| format!("{byte:02x}"));
    digits.collect::<Vec<_>>().concat()
}

fn must_be_in(needles: &Needles, text: &str, place: &str) {
    assert!(
        needles[place].iter().any(|needle| text.contains(needle)),
        "{place} is not found while it is there"
    );
}

/// 0 hits, in what there is before the planner samples again and after.
async fn nothing_is_left(
    portal: &TestPortal,
    log: &Log,
    needles: &Needles,
    more: &[&Needles],
    seen: &mut Seen,
) {
    let statistics = portal.statistics().await;
    portal.execute("ANALYZE").await;
    let places = [
        ("dump", portal.dump().await),
        ("pg_stats", statistics + &portal.statistics().await),
        ("indexes", portal.words_in_indexes().await),
        ("files", portal.files()),
        ("log", log.text()),
        ("server log", portal.server_log().await),
    ];
    let all = || more.iter().copied().chain([needles]).flatten();
    let mut hits = Vec::new();
    for (where_to_look, text) in &places {
        for (place, needle) in
            all().flat_map(|(place, needles)| needles.iter().map(move |needle| (place, needle)))
        {
            if text.contains(needle.as_str()) {
                hits.push(format!("{place} in {where_to_look}: {needle}"));
            }
        }
        seen.note_many(
            format!("needles looked for in {where_to_look}"),
            all().map(|(_, needles)| needles.len()).sum(),
        );
    }
    assert!(log.text().contains("swept"), "the log is listened to");
    assert_eq!(hits, Vec::<String>::new());
    seen.note_many("hits", 0);
}
