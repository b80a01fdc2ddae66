//! `stammtisch serve`: the portal with its workers, until it is told to stop. Requests and mails in
//! flight and the running batch end first, 30 seconds at most.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::start;
use crate::{
    audit,
    database::sql_state,
    demo::{self, DemoClock},
    erasure::reconcile::reconcile,
    ledger::LedgerError,
    portal::Portal,
    schedule,
    settings::Settings,
    web::{connections::serve_until, metrics, router::router},
};

/// How long a clean end may take.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) async fn serve(settings: Settings, is_demo: bool) -> anyhow::Result<bool> {
    start::log(&settings, true)?;
    let demo = is_demo.then(|| Arc::new(DemoClock::default()));
    if is_demo {
        demo::check(&settings)?;
    }
    let listen = settings.server.listen;
    let stop = start::stop_on_signal()?;
    let starting = match &demo {
        Some(clock) => Box::pin(start::demo(settings, Arc::clone(clock), &stop)).await,
        None => Box::pin(start::portal(settings, None, &stop)).await,
    };
    let started = match starting {
        Ok(started) => started,
        // Whoever stops it while it starts gets what they asked for.
        Err(error) if error.is::<start::Interrupted>() => return Ok(true),
        Err(error) => return Err(error),
    };
    let ready = async {
        start::read_breached(&started.portal).await?;
        level(&started.portal, &stop).await?;
        match &demo {
            Some(clock) => start::unless_told(&stop, demo::begin(&started.portal, clock)).await,
            None => start::unless_told(&stop, demo::refuse(&started.portal)).await,
        }
    };
    let served = match Box::pin(ready).await {
        Ok(()) => listen_and_serve(&started.portal, listen, &stop).await,
        Err(error) if error.is::<start::Interrupted>() => Ok(()),
        Err(error) => Err(error),
    };
    started.stop().await;
    served.map(|()| true)
}

/// Ledger and database are compared before anyone is served. A database that is older is brought up to it, or served
/// to nobody until somebody does so (R20). A ledger that cannot be written stops erasing, not the portal (R12); one that
/// cannot be read stops the start: nobody knows what it says.
async fn level(portal: &Portal, stop: &CancellationToken) -> anyhow::Result<()> {
    match portal.ledger.open(&portal.database).await {
        Ok(()) => Ok(()),
        Err(LedgerError::Older) if portal.settings.erasure.reconcile_on_start => {
            start::unless_told(stop, reconcile(portal)).await.map(|_| ())
        }
        Err(error @ LedgerError::Older) => {
            tracing::error!(%error, "nobody is served");
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

async fn listen_and_serve(
    portal: &Portal,
    listen: std::net::SocketAddr,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}"))?;
    let workers = schedule::start(portal, stop).await?;
    let measuring = tokio::spawn(metrics::serve(portal.clone(), stop.clone()));
    say_where(portal);
    let server = serve_until(listener, router(portal), stop.clone());
    let closing = async {
        stop.cancelled().await;
        // They would be answered for ever.
        portal.streams.close();
    };
    let ended = async {
        tokio::join!(server, closing);
        workers.finish().await;
        // What the last requests were refused, when no worker looks any more.
        if let Err(error) = audit::write_refused(portal).await {
            tracing::error!(state = ?sql_state(&error), "who was refused at the end is lost");
        }
        if measuring.await.is_err() {
            tracing::error!("serving metrics panicked");
        }
    };
    tokio::pin!(ended);
    tokio::select! {
        () = &mut ended => Ok(()),
        () = async { stop.cancelled().await; tokio::time::sleep(PATIENCE).await } => {
            tracing::warn!("requests, mails or a batch were still under way after 30 seconds and were cut off");
            Ok(())
        }
    }
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
    println!(
        "  metrics        http://{}/metrics",
        settings.server.metrics_listen
    );
    if portal.is_demo {
        println!("  demonstration  invented people; its mails are on {url}de/demo/mails");
        for (role, email) in demo::sign_ins() {
            println!("  {role:<13}  {email}");
        }
        println!("  password       {} (everybody's)", demo::PASSWORD);
        return;
    }
    println!("  administrator  stammtisch admin create --email you@example.org --first-name … --last-name …");
    println!("                 (from the sources: cargo run -- admin create …)");
}
