//! What this machine gives at most, beside which `make bench` measures the portal: a route that does nothing but answer
//! with two prepared statements, and argon2 hashes on all cores.

use std::{
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::get,
};
use clap::Parser;
use serde_json::{Value, json};
use sqlx::{ConnectOptions, PgPool, Row, postgres::PgPoolOptions};
use stammtisch::{database::options, passwords::HashParameters};
use uuid::Uuid;

#[derive(Parser)]
enum Limit {
    /// Answers `GET /{session}` with the profile of the session's account, until it is ended.
    Reads {
        listen: SocketAddr,
        database_url: String,
        connections: u32,
    },
    /// Prints how many hashes a second all cores make, with the portal's parameters.
    Hashes { seconds: u64 },
}

fn main() -> anyhow::Result<()> {
    match Limit::parse() {
        Limit::Reads {
            listen,
            database_url,
            connections,
        } => reads(listen, &database_url, connections),
        Limit::Hashes { seconds } => hashes(Duration::from_secs(seconds)),
    }
}

#[tokio::main]
async fn reads(listen: SocketAddr, database_url: &str, connections: u32) -> anyhow::Result<()> {
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .test_before_acquire(false)
        .connect_with(options(database_url)?.disable_statement_logging())
        .await?;
    let router = Router::new().route("/{session}", get(read)).with_state(pool);
    let listener = tokio::net::TcpListener::bind(listen).await?;
    axum::serve(listener, router).await?;
    Ok(())
}

async fn read(State(pool): State<PgPool>, Path(session): Path<Uuid>) -> Result<Json<Value>, StatusCode> {
    let profile = profile(&pool, session).await;
    profile.map(Json).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

/// The same columns and the same JSON as the portal's.
async fn profile(pool: &PgPool, session: Uuid) -> sqlx::Result<Value> {
    let caller = "SELECT a.id, a.role FROM session s JOIN account a ON a.id = s.account_id WHERE s.id = $1";
    let caller = sqlx::query(caller).bind(session).fetch_one(pool).await?;
    let row = sqlx::query(
        "SELECT first_name, last_name, display_name, organisation, department, position, phone, about, listed,
             organisation_visible, department_visible, position_visible, phone_visible, about_visible
         FROM profile WHERE account_id = $1",
    )
    .bind(caller.try_get::<Uuid, _>(0)?)
    .fetch_one(pool)
    .await?;
    let text = |column: usize| row.try_get::<Option<String>, _>(column);
    let audience = |column: usize| {
        row.try_get(column)
            .map(|visible: bool| if visible { "members" } else { "nobody" })
    };
    Ok(json!({
        "first_name": text(0)?, "last_name": text(1)?, "display_name": text(2)?, "organisation": text(3)?,
        "department": text(4)?, "position": text(5)?, "phone": text(6)?, "about": text(7)?,
        "listed": row.try_get::<bool, _>(8)?,
        "visibility": {
            "organisation": audience(9)?, "department": audience(10)?, "position": audience(11)?,
            "phone": audience(12)?, "about": audience(13)?,
        },
    }))
}

fn hashes(time: Duration) -> anyhow::Result<()> {
    let HashParameters {
        memory_kib,
        iterations,
        parallelism,
    } = HashParameters::default();
    let params = Params::new(memory_kib, iterations, parallelism, None)
        .map_err(|error| anyhow::anyhow!("the parameters are not good: {error}"))?;
    let cores = thread::available_parallelism()?.get();
    let rates: anyhow::Result<Vec<f64>> = thread::scope(|scope| {
        let hashing: Vec<_> = (0..cores).map(|_| scope.spawn(|| rate(&params, time))).collect();
        let rates = hashing.into_iter().map(|thread| {
            let rate = thread.join();
            rate.unwrap_or_else(|_| Err(anyhow::anyhow!("hashing panicked")))
        });
        rates.collect()
    });
    println!("{:.1}", rates?.iter().sum::<f64>());
    Ok(())
}

/// How many one thread makes a second, in memory that it keeps.
fn rate(params: &Params, time: Duration) -> anyhow::Result<f64> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let mut blocks = vec![Block::new(); params.block_count()];
    let (mut output, mut made) = ([0; 32], 0_u32);
    let begun = Instant::now();
    while begun.elapsed() < time {
        argon2
            .hash_password_into_with_memory(
                b"vier blaue Stuehle",
                b"salt of 16 bytes",
                &mut output,
                &mut blocks,
            )
            .map_err(|error| anyhow::anyhow!("hashing failed: {error}"))?;
        made += 1;
    }
    Ok(f64::from(made) / begun.elapsed().as_secs_f64())
}
