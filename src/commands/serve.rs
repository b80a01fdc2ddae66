//! `stammtisch serve`: the portal with its workers, until it is told to stop. Requests in flight and the running
//! batch end first, 30 seconds at most.

use std::time::Duration;

use anyhow::Context;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tokio_util::sync::CancellationToken;

use super::start;
use crate::{
    passwords,
    portal::Portal,
    schedule,
    settings::Settings,
    web::{connections::serve_until, router::router},
};

/// How long a clean end may take.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) async fn serve(settings: Settings) -> anyhow::Result<bool> {
    start::log(&settings, true)?;
    let listen = settings.server.listen;
    let started = start::portal(settings, None).await?;
    let served = listen_and_serve(&started.portal, listen).await;
    started.stop().await;
    served.map(|()| true)
}

async fn listen_and_serve(portal: &Portal, listen: std::net::SocketAddr) -> anyhow::Result<()> {
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}"))?;
    let stop = stop_on_signal()?;
    let workers = schedule::start(portal, &stop).await?;
    // The lists against common passwords take a moment to unpack; nobody should wait for it.
    tokio::task::spawn_blocking(passwords::warm_up);
    say_where(portal);
    let server = serve_until(listener, router(portal), stop.clone());
    let ended = async {
        server.await;
        workers.finish().await;
    };
    tokio::pin!(ended);
    tokio::select! {
        () = &mut ended => Ok(()),
        () = async { stop.cancelled().await; tokio::time::sleep(PATIENCE).await } => {
            tracing::warn!("requests or a batch were still under way after 30 seconds and were cut off");
            Ok(())
        }
    }
}

fn stop_on_signal() -> anyhow::Result<CancellationToken> {
    let stop = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let told = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        told.cancel();
    });
    Ok(stop)
}

/// Tells whoever started it where everything is.
fn say_where(portal: &Portal) {
    let settings = &portal.settings;
    let url = &settings.server.public_url;
    let mail = match &settings.mail.url {
        None => format!(
            "written to {} as .eml files",
            settings.data_dir.join("mail").display()
        ),
        Some(url) => format!("sent through {}", url.host_str().unwrap_or("a mail server")),
    };
    println!("Stammtisch is running (Ctrl-C ends it).");
    println!("  portal         {url}");
    println!("  documentation  {url}api/docs");
    println!("  mails          {mail}");
    println!("  administrator  stammtisch admin create --email you@example.org --first-name … --last-name …");
    println!("                 (from the sources: cargo run -- admin create …)");
}
