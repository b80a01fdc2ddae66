//! What runs when:
//!
//! | job            | when                                                | what                                       |
//! |----------------|-----------------------------------------------------|--------------------------------------------|
//! | sweep          | `erasure.sweep`, and 10 seconds after the start     | erases what is due ([`sweep`])             |
//! | vacuum         | after a sweep that erased, or if something else went | vacuums the tables ([`vacuum`])           |
//! | guard          | every minute                                        | breaches and alerts ([`guard::watch`])     |
//! | factors        | every minute                                        | lost second factors whose wait is over; secrets of apps from before a rotation |
//! | reminder       | daily at 06:00 UTC                                  | registrations that have waited for 30 days |
//! | notifications  | every 15 seconds                                    | queues mails about messages ([`notify`])   |
//! | requests       | at once when rung, and every second                 | noted registrations, password resets, refusals |
//! | outbox         | the same, and when a mail is done                   | sends mail, a few at once                  |
//! | ledger         | every second                                        | writes waiting events to the ledger's files |
//!
//! Unless the database was found level with the ledger (R20) all but the ledger's job do nothing; it looks whether it is.
//!
//! The scheduler is only the ticker: it guards against no overlap and reports no panic, so each job does.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use tokio::{
    runtime::Handle,
    sync::{Mutex, Notify},
    task::JoinHandle,
    time::{Interval, MissedTickBehavior},
};
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    audit,
    authentication::password_reset,
    database::sql_state,
    erasure::{
        guard,
        sweep::{SweepError, sweep},
        vacuum,
    },
    ledger::files::Extent,
    mail::worker,
    messaging::notify,
    portal::Portal,
    registration::{decision, sign_up},
    second_factor::{removal, totp},
};

/// The first sweep: at most 60 seconds after the start (R9).
const FIRST_SWEEP: Duration = Duration::from_secs(10);
/// Another process may have queued a mail; it shall leave within 2 seconds.
const LOOK_FOR_POST: Duration = Duration::from_secs(1);
/// When the deadline is looked after.
const GUARD: &str = "0 * * * * *";
/// When lost second factors are removed whose 48 hours are over.
const FACTORS: &str = "30 * * * * *";
/// When mails about messages are queued: they have waited for minutes, so seconds do not matter.
const NOTIFICATIONS: &str = "*/15 * * * * *";
/// When the desk is reminded, in UTC.
const REMINDER: &str = "0 0 6 * * *";

/// The running jobs.
pub struct Workers {
    scheduler: JobScheduler,
    tasks: TaskTracker,
}

impl Workers {
    /// Ends the ticking and waits for what is under way.
    pub async fn finish(mut self) {
        if let Err(error) = self.scheduler.shutdown().await {
            tracing::warn!(%error, "the scheduler did not end cleanly");
        }
        self.tasks.close();
        self.tasks.wait().await;
    }
}

type Run = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Starts everything in the table above; it ends when `stop` is cancelled.
pub async fn start(portal: &Portal, stop: &CancellationToken) -> Result<Workers, JobSchedulerError> {
    let tasks = TaskTracker::new();
    let scheduler = JobScheduler::new().await?;
    let vacuuming = {
        let (portal, stop) = (portal.clone(), stop.clone());
        job("vacuum", &tasks, move || {
            let (portal, stop) = (portal.clone(), stop.clone());
            Box::pin(async move { vacuum::run(&portal, &stop).await })
        })
    };
    let sweeping = {
        let (portal, stop) = (portal.clone(), stop.clone());
        job("sweep", &tasks, move || {
            Box::pin(run_sweep(portal.clone(), stop.clone(), vacuuming.clone()))
        })
    };
    let guarding = {
        let portal = portal.clone();
        job("guard", &tasks, move || Box::pin(run_guard(portal.clone())))
    };
    let removing = {
        let portal = portal.clone();
        job("factors", &tasks, move || Box::pin(run_removals(portal.clone())))
    };
    let reminding = {
        let portal = portal.clone();
        job("reminder", &tasks, move || Box::pin(run_reminder(portal.clone())))
    };
    let notifying = {
        let (portal, stop) = (portal.clone(), stop.clone());
        job("notifications", &tasks, move || {
            Box::pin(run_notifications(portal.clone(), stop.clone()))
        })
    };
    add(&scheduler, &portal.settings.erasure.sweep, sweeping.clone()).await?;
    add(&scheduler, GUARD, guarding).await?;
    add(&scheduler, FACTORS, removing).await?;
    add(&scheduler, REMINDER, reminding).await?;
    add(&scheduler, NOTIFICATIONS, notifying).await?;
    scheduler.start().await?;

    let stopped = stop.clone();
    tasks.spawn(async move {
        tokio::select! {
            () = stopped.cancelled() => {}
            () = tokio::time::sleep(FIRST_SWEEP) => sweeping(),
        }
    });
    let bell = Arc::new(Notify::new());
    let handling = {
        let (portal, bell, stop) = (portal.clone(), bell.clone(), stop.clone());
        move || -> Run { Box::pin(requests(portal.clone(), bell.clone(), stop.clone())) }
    };
    let delivering = {
        let (portal, stop) = (portal.clone(), stop.clone());
        move || -> Run { Box::pin(deliver(portal.clone(), bell.clone(), stop.clone())) }
    };
    tasks.spawn(keep("requests", tasks.clone(), handling));
    let recording = {
        let (portal, stop) = (portal.clone(), stop.clone());
        move || -> Run { Box::pin(record(portal.clone(), stop.clone())) }
    };
    tasks.spawn(keep("outbox", tasks.clone(), delivering));
    tasks.spawn(keep("ledger", tasks.clone(), recording));
    Ok(Workers { scheduler, tasks })
}

async fn add(
    scheduler: &JobScheduler,
    cron: &str,
    job: impl Fn() + Send + Sync + 'static,
) -> Result<(), JobSchedulerError> {
    scheduler.add(Job::new(cron, move |_, _| job())?).await?;
    Ok(())
}

/// Runs it on a thread of its own: no request waits while thousands of rows or lines are gone through.
fn aside(tasks: &TaskTracker, run: Run) -> JoinHandle<()> {
    let runtime = Handle::current();
    tasks.spawn_blocking(move || runtime.block_on(run))
}

/// A job that does not overlap itself and whose panic is logged.
fn job(
    name: &'static str,
    tasks: &TaskTracker,
    run: impl Fn() -> Run + Send + Sync + 'static,
) -> impl Fn() + Clone + Send + Sync + 'static {
    let turn = Arc::new(Mutex::new(()));
    let tasks = tasks.clone();
    let run = Arc::new(run);
    move || {
        let Ok(mine) = turn.clone().try_lock_owned() else {
            return;
        };
        let running = aside(&tasks, run());
        tasks.spawn(async move {
            if running.await.is_err() {
                tracing::error!(job = name, "a job panicked");
            }
            drop(mine);
        });
    }
}

/// Vacuuming is a job of its own: however long it takes, the next sweep is on time.
async fn run_sweep(portal: Portal, stop: CancellationToken, vacuuming: impl Fn()) {
    let did_something = match sweep(&portal, &stop).await {
        Ok(report) => report.did_something(),
        Err(error) => {
            match error {
                SweepError::Ledger(error) => {
                    tracing::error!(error = error.in_log(), "the sweep was refused");
                }
                SweepError::Database(error) => {
                    tracing::error!(state = ?sql_state(&error), "the sweep failed");
                }
                error => tracing::error!(%error, "the sweep was refused"),
            }
            return;
        }
    };
    if did_something || vacuum::is_due(&portal).await {
        vacuuming();
    }
}

async fn run_guard(portal: Portal) {
    // Also where no event waits: a database that was restored under a running portal is noticed before a breach is
    // recorded in it.
    if let Err(error) = portal.ledger.settle(&portal.database, Extent::New).await {
        tracing::debug!(error = error.in_log(), "the ledger is not compared");
    }
    if let Err(error) = guard::watch(&portal).await {
        tracing::error!(state = ?sql_state(&error), "the deadline could not be watched");
    }
}

async fn run_removals(portal: Portal) {
    if !portal.ledger.is_level() {
        return;
    }
    if let Err(error) = removal::carry_out_due(&portal).await {
        tracing::error!(state = ?sql_state(&error), "lost second factors could not be removed");
    }
    if let Err(error) = totp::seal_anew(&portal).await {
        tracing::error!(state = ?sql_state(&error), "secrets of apps could not be sealed anew");
    }
}

async fn run_reminder(portal: Portal) {
    if !portal.ledger.is_level() {
        return;
    }
    if let Err(error) = decision::remind(&portal).await {
        tracing::error!(state = ?sql_state(&error), "the desk could not be reminded");
    }
}

async fn run_notifications(portal: Portal, stop: CancellationToken) {
    if !portal.ledger.is_level() {
        return;
    }
    if let Err(error) = notify::queue_due(&portal, &stop).await {
        tracing::error!(state = ?sql_state(&error), "mails about messages could not be queued");
    }
}

/// Handles noted requests until it is told to stop. It alone hears the portal's bell, and passes it on to the outbox.
async fn requests(portal: Portal, outbox: Arc<Notify>, stop: CancellationToken) {
    let mut ticks = ticks();
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = portal.post.notified() => outbox.notify_one(),
            _ = ticks.tick() => {}
        }
        if !portal.ledger.is_level() {
            continue;
        }
        if let Err(error) = audit::write_refused(&portal).await {
            tracing::error!(state = ?sql_state(&error), "who was refused could not be written to the audit trail");
        }
        for handled in [
            sign_up::handle_noted(&portal).await,
            password_reset::handle_noted(&portal).await,
        ] {
            match handled {
                Ok(0) => {}
                Ok(_) => outbox.notify_one(),
                Err(error) => {
                    tracing::error!(state = ?sql_state(&error), "noted requests could not be handled");
                }
            }
        }
    }
}

/// Sends mail until it is told to stop; then it begins no other and waits for those on their way.
async fn deliver(portal: Portal, rung: Arc<Notify>, stop: CancellationToken) {
    let mut outbox = worker::Outbox::new(&portal);
    let mut ticks = ticks();
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => break,
            true = outbox.next_done() => {}
            () = rung.notified() => {}
            _ = ticks.tick() => {}
        }
        if !portal.ledger.is_level() {
            continue;
        }
        if let Err(error) = outbox.begin_due().await {
            tracing::error!(state = ?sql_state(&error), "mails could not be sent");
        }
    }
    outbox.finish().await;
}

/// Writes what waits for the ledger until it is told to stop. A failure is logged when it begins and when it has ended.
async fn record(portal: Portal, stop: CancellationToken) {
    let mut ticks = ticks();
    let mut failing = false;
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let settled = portal.ledger.settle_waiting(&portal.database).await;
        match &settled {
            Ok(()) if failing => tracing::info!("the ledger is written again"),
            Err(error) if !failing => tracing::error!(error = error.in_log(), "the ledger is not written"),
            _ => {}
        }
        failing = settled.is_err();
    }
}

fn ticks() -> Interval {
    let mut ticks = tokio::time::interval(LOOK_FOR_POST);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// Runs a job that ends only when told to; one that panics is logged and starts again.
async fn keep(name: &'static str, tasks: TaskTracker, run: impl Fn() -> Run) {
    while aside(&tasks, run()).await.is_err() {
        tracing::error!(job = name, "a job panicked");
        tokio::time::sleep(LOOK_FOR_POST).await;
    }
}
