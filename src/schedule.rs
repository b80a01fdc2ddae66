//! What runs when:
//!
//! | job            | when                                                | what                                       |
//! |----------------|-----------------------------------------------------|--------------------------------------------|
//! | sweep          | `erasure.sweep`, and 10 seconds after the start     | erases what is due ([`sweep`])             |
//! | reminder       | daily at 06:00 UTC                                  | registrations that have waited for 30 days |
//! | post           | at once when rung, and every second                 | noted requests, then the outbox            |
//!
//! The scheduler is only the ticker: it guards against no overlap and reports no panic, so each job does.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use tokio::sync::Mutex;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    authentication::password_reset,
    database::sql_state,
    erasure::sweep::{SweepError, sweep},
    mail::worker,
    portal::Portal,
    registration::{decision, sign_up},
};

/// The first sweep: at most 60 seconds after the start (R9).
const FIRST_SWEEP: Duration = Duration::from_secs(10);
/// Another process may have queued a mail; it shall leave within 2 seconds.
const LOOK_FOR_POST: Duration = Duration::from_secs(1);
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
    let sweeping = {
        let (portal, stop) = (portal.clone(), stop.clone());
        job("sweep", &tasks, move || {
            Box::pin(run_sweep(portal.clone(), stop.clone()))
        })
    };
    let reminding = {
        let portal = portal.clone();
        job("reminder", &tasks, move || Box::pin(run_reminder(portal.clone())))
    };
    add(&scheduler, &portal.settings.erasure.sweep, sweeping.clone()).await?;
    add(&scheduler, REMINDER, reminding).await?;
    scheduler.start().await?;

    let stopped = stop.clone();
    tasks.spawn(async move {
        tokio::select! {
            () = stopped.cancelled() => {}
            () = tokio::time::sleep(FIRST_SWEEP) => sweeping(),
        }
    });
    tasks.spawn(post(portal.clone(), stop.clone(), tasks.clone()));
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
        let running = tasks.spawn(run());
        tasks.spawn(async move {
            if running.await.is_err() {
                tracing::error!(job = name, "a job panicked");
            }
            drop(mine);
        });
    }
}

async fn run_sweep(portal: Portal, stop: CancellationToken) {
    match sweep(&portal, &stop).await {
        Ok(_) => {}
        Err(SweepError::Database(error)) => tracing::error!(state = ?sql_state(&error), "the sweep failed"),
        Err(error) => tracing::error!(%error, "the sweep was refused"),
    }
}

async fn run_reminder(portal: Portal) {
    if let Err(error) = decision::remind(&portal).await {
        tracing::error!(state = ?sql_state(&error), "the desk could not be reminded");
    }
}

/// Handles noted requests and sends mail until it is told to stop; a panic costs one round.
async fn post(portal: Portal, stop: CancellationToken, tasks: TaskTracker) {
    let mut ticks = tokio::time::interval(LOOK_FOR_POST);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = portal.post.notified() => {}
            _ = ticks.tick() => {}
        }
        let round = tasks.spawn(one_round(portal.clone()));
        if round.await.is_err() {
            tracing::error!(job = "post", "a job panicked");
        }
    }
}

async fn one_round(portal: Portal) {
    let handled = async {
        sign_up::handle_noted(&portal).await?;
        password_reset::handle_noted(&portal).await?;
        worker::deliver_due(&portal).await
    };
    if let Err(error) = handled.await {
        tracing::error!(state = ?sql_state(&error), "noted requests or mails could not be handled");
    }
}
