//! Connections and transactions: whatever is dropped half-way leaves nothing behind for whoever gets the connection next.

use std::time::{Duration, Instant};

use sea_orm::ConnectionTrait;
use sqlx::Row;
use stammtisch::database::{Pool, sql};

use crate::support::TestPortal;

async fn with_table() -> TestPortal {
    let portal = TestPortal::start().await;
    let made = portal
        .portal
        .database
        .execute_unprepared("CREATE TABLE written (n int)");
    made.await.unwrap();
    portal
}

async fn write(connection: &impl ConnectionTrait, n: i32) {
    let statement = sql("INSERT INTO written VALUES ($1)", [n.into()]);
    connection.execute_raw(statement).await.unwrap();
}

/// As others see it.
async fn written(database: &Pool) -> Vec<i32> {
    let mut other = database.separate().await.unwrap();
    let rows = sqlx::query("SELECT n FROM written ORDER BY n")
        .fetch_all(&mut other)
        .await
        .unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// Time for so many steps of other tasks.
async fn steps(count: usize) {
    for _ in 0..count {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_is_dropped_while_it_begins_takes_nothing_of_others_with_it() {
    let portal = with_table().await;
    let database = &portal.portal.database;
    let mut dropped = 0;
    for n in 0..200 {
        tokio::select! {
            biased;
            begun = database.begin() => drop(begun.unwrap()),
            () = steps(n % 40) => dropped += 1,
        }
        write(database, i32::try_from(n).unwrap()).await;
    }
    assert!(dropped > 40, "{dropped}");
    assert_eq!(written(database).await, (0..200).collect::<Vec<i32>>());
}

#[tokio::test]
async fn an_answer_that_nobody_waited_for_is_not_taken_for_another_ones() {
    let portal = TestPortal::start().await;
    let database = &portal.portal.database;
    for n in 0..50 {
        let slow = sql("SELECT 'slow' AS word FROM pg_sleep(0.02)", []);
        tokio::select! {
            biased;
            answer = database.query_one_raw(slow) => drop(answer.unwrap()),
            () = tokio::time::sleep(Duration::from_millis(n % 10)) => {}
        }
        let answer = database.query_one_raw(sql("SELECT 'quick' AS word", [])).await;
        let word: String = answer.unwrap().unwrap().try_get("", "word").unwrap();
        assert_eq!(word, "quick");
    }
}

#[tokio::test]
async fn a_transaction_that_is_dropped_lets_go_of_its_locks_at_once() {
    let portal = with_table().await;
    let database = &portal.portal.database;
    let transaction = database.begin().await.unwrap();
    transaction
        .execute_unprepared("LOCK TABLE written")
        .await
        .unwrap();
    write(&transaction, 1).await;
    drop(transaction);
    let begun = Instant::now();
    write(database, 2).await;
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_eq!(written(database).await, [2]);
}

#[tokio::test]
async fn what_is_within_a_transaction_ends_by_itself() {
    let portal = with_table().await;
    let database = &portal.portal.database;
    let transaction = database.begin().await.unwrap();
    write(&transaction, 1).await;
    let kept = transaction.nested().await.unwrap();
    write(&kept, 2).await;
    kept.commit().await.unwrap();
    let failed = transaction.nested().await.unwrap();
    write(&failed, 3).await;
    failed.execute_unprepared("no statement").await.unwrap_err();
    let within = failed.nested().await;
    assert!(within.is_err(), "it has failed already");
    drop(failed);
    write(&transaction, 4).await;
    let taken_back = transaction.nested().await.unwrap();
    write(&taken_back, 5).await;
    let deeper = taken_back.nested().await.unwrap();
    write(&deeper, 6).await;
    drop(deeper);
    taken_back.rollback().await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(written(database).await, [1, 2, 4]);

    let transaction = database.begin().await.unwrap();
    write(&transaction, 7).await;
    let open = transaction.nested().await.unwrap();
    assert!(transaction.commit().await.is_err(), "one within it is open");
    let late = sql("INSERT INTO written VALUES (8)", []);
    while open.execute_raw(late.clone()).await.is_ok() {}
    drop(open);
    database.begin().await.unwrap().commit().await.unwrap();
    assert_eq!(written(database).await, [1, 2, 4]);
}
