//! Connections: accepted until the portal is told to stop, and ended when the requests in flight are answered. A
//! client that sends its request slowly holds nothing up for long.

use std::time::Duration;

use axum::Router;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Longest time a client may take for the head of a request, also of the next one on the same connection.
const HEAD_WITHIN: Duration = Duration::from_secs(30);
/// Pause after an accept that failed, mostly for want of file descriptors.
const AFTER_FAILURE: Duration = Duration::from_millis(100);

/// Serves until `stop` is cancelled, then waits for the requests in flight.
pub async fn serve_until(listener: TcpListener, router: Router, stop: CancellationToken) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN);
    let connections = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(kind = ?error.kind(), "a connection could not be accepted");
                tokio::time::sleep(AFTER_FAILURE).await;
                continue;
            }
        };
        // Answers are small and wait for nothing.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(kind = ?error.kind(), "a connection cannot send without delay");
        }
        let service = TowerToHyperService::new(router.clone());
        let connection = builder
            .serve_connection(TokioIo::new(stream), service)
            .into_owned();
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            // How a connection ends is its client's affair.
            let _ = connection.await;
        });
    }
    drop(listener);
    connections.shutdown().await;
}
