//! `GET /metrics` in Prometheus' text format, on a listener of its own (R22). What the database knows is read at each
//! scrape. Nothing here speaks of a person, and labels come from closed sets: route templates, methods, statuses.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::State,
    http::{HeaderValue, Method, header},
    response::{IntoResponse, Response},
    routing::get,
};
use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::{net::TcpListener, sync::Mutex};
use tokio_util::sync::CancellationToken;

use self::names::DATABASE_UP;
use super::connections::serve_until;
use crate::{erasure::guard, portal::Portal};

mod gauges;
mod names;

/// Seconds; from a read of the memory to the longest that a request may take.
const BUCKETS: [f64; 12] = [
    0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0,
];
/// How long a scrape waits for the database.
const DATABASE_WITHIN: Duration = Duration::from_secs(5);
/// How often durations are put into their buckets: they would pile up while nobody scrapes.
const UPKEEP: Duration = Duration::from_secs(5);
/// Pause between two tries to get the address, which another portal on this machine may have.
const BIND_AGAIN: Duration = Duration::from_secs(30);
/// Prometheus' text format.
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");

#[derive(Clone)]
struct Scraped {
    portal: Portal,
    handle: PrometheusHandle,
    /// One scrape at a time: a second one would cost the database twice and say the same.
    turn: Arc<Mutex<()>>,
}

/// Counts one answered request.
pub fn answered(method: &Method, route: &str, status: u16, took: Duration) {
    let method = match method.as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") => known,
        // Clients may invent methods, and each would be a series of its own.
        _ => "other",
    }
    .to_owned();
    let labels = [
        ("method", method),
        ("route", route.to_owned()),
        ("status", status.to_string()),
    ];
    counter!(names::REQUESTS, &labels).increment(1);
    histogram!(names::DURATION, &labels).record(took.as_secs_f64());
}

/// Serves until told to stop. An address that is not to be had is an error in the log and is tried again; the portal
/// goes on without metrics.
pub async fn serve(portal: Portal, stop: CancellationToken) {
    let handle = match recorder() {
        Ok(handle) => handle,
        Err(error) => {
            tracing::error!(%error, "there are no metrics");
            return;
        }
    };
    let listen = portal.settings.server.metrics_listen;
    let scraped = Scraped {
        portal,
        handle: handle.clone(),
        turn: Arc::default(),
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = keep_up(handle) => {}
        () = listen_and_serve(listen, scraped, &stop) => {}
    }
}

/// Collects for the whole process from here on.
fn recorder() -> Result<PrometheusHandle, metrics_exporter_prometheus::BuildError> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(names::DURATION.to_owned()), &BUCKETS)?
        .install_recorder()?;
    names::describe();
    Ok(handle)
}

async fn keep_up(handle: PrometheusHandle) {
    let mut ticks = tokio::time::interval(UPKEEP);
    loop {
        ticks.tick().await;
        handle.run_upkeep();
    }
}

async fn listen_and_serve(listen: SocketAddr, scraped: Scraped, stop: &CancellationToken) {
    let mut complained = false;
    let listener = loop {
        match TcpListener::bind(listen).await {
            Ok(listener) => break listener,
            Err(error) if complained => tracing::debug!(kind = ?error.kind(), "still no metrics"),
            Err(error) => {
                complained = true;
                tracing::error!(%listen, kind = ?error.kind(), "no metrics: server.metrics_listen is not to be had, and is tried again");
            }
        }
        tokio::time::sleep(BIND_AGAIN).await;
    };
    if complained {
        tracing::info!(%listen, "metrics are served now");
    }
    let router = Router::new().route("/metrics", get(scrape)).with_state(scraped);
    serve_until(listener, router, stop.clone()).await;
}

async fn scrape(State(scraped): State<Scraped>) -> Response {
    let _mine = scraped.turn.lock().await;
    let looked = tokio::time::timeout(DATABASE_WITHIN, guard::look(&scraped.portal)).await;
    let state = looked.ok().and_then(Result::ok);
    gauge!(DATABASE_UP).set(if state.is_some() { 1.0 } else { 0.0 });
    gauges::set_all(state.as_ref());
    gauges::set_own(&scraped.portal);
    ([(header::CONTENT_TYPE, TEXT)], scraped.handle.render()).into_response()
}

#[cfg(test)]
mod tests;
