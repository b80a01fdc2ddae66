//! Connections, of HTTP/1.1 alone: accepted until the portal is told to stop, and ended when the requests in flight are answered. A
//! client that sends its request slowly holds nothing up for long.

use std::time::Duration;

use axum::{Extension, Router, extract::ConnectInfo};
use hyper::server::conn::http1::Builder;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::Layer;

/// Longest time a client may take for the head of a request, also of the next one on the same connection.
const HEAD_WITHIN: Duration = Duration::from_secs(30);
/// About how much is kept of what a client sends or is sent, in bytes: a head that does not end by then is refused, a body
/// goes through in pieces.
const BUFFER: usize = 64 * 1024;
/// Pause after an accept that failed, mostly for want of file descriptors.
const AFTER_FAILURE: Duration = Duration::from_millis(100);

/// How long a client may leave what was sent to it unread, or without an acknowledgement, before the kernel ends its
/// connection: an event stream is told things nobody asks for.
const TAKEN_WITHIN: Duration = Duration::from_secs(30);

/// Serves until `stop` is cancelled, then waits for the requests in flight.
pub async fn serve_until(listener: TcpListener, router: Router, stop: CancellationToken) {
    let mut builder = Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(BUFFER);
    let connections = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(kind = ?error.kind(), "a connection could not be accepted");
                tokio::time::sleep(AFTER_FAILURE).await;
                continue;
            }
        };
        give_up_on_silence(&stream);
        // Answers are small and wait for nothing.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(kind = ?error.kind(), "a connection cannot send without delay");
        }
        let service = TowerToHyperService::new(Extension(ConnectInfo(peer)).layer(router.clone()));
        let connection = connections.watch(builder.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // How a connection ends is its client's affair.
            let _ = connection.await;
        });
    }
    drop(listener);
    connections.shutdown().await;
}

/// Only Linux ends connections by that rule (tcp(7), `TCP_USER_TIMEOUT`); elsewhere they end when they are closed.
fn give_up_on_silence(stream: &TcpStream) {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::net::sockopt::set_tcp_user_timeout(
        stream,
        u32::try_from(TAKEN_WITHIN.as_millis()).unwrap_or(u32::MAX),
    ) {
        tracing::debug!(kind = ?error.kind(), "a connection is not given up when its client is silent");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (stream, TAKEN_WITHIN);
}
