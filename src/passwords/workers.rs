//! The threads that hash passwords, and their queue: few, of low priority, and no waiting beyond a second.
//! Rules kept here: a thread is counted as busy until its hash has really ended, whether or not anyone still waits; and
//! a thread of low priority never holds what a thread of normal priority may wait for (priority inversion: pushed
//! aside while it held the queue's lock, it stopped every request that wanted it, for 100 ms and more).
//!
//! So each hashing thread has a keeper of normal priority, who takes jobs from the queue, hands them over with the memory
//! that they take, and answers.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use argon2::{Params, password_hash::phc::Output};
use tokio::sync::oneshot;

use super::{
    gate::{GateError, GateSetupError, failed},
    recipe::{Memory, Unusable},
};

/// Most work that may wait in the queue, as time until it is done. Someone signing in waits two seconds without trying
/// again, and hashes become slower while the queue fills: half of that, so that whoever is let in has an answer by then.
/// Beyond it, an early answer is worth more than a late one.
const MAX_WAIT: Duration = Duration::from_secs(1);

/// Most jobs that may wait, whatever the estimate says (each holds a password of about 1 KiB).
pub(super) const MAX_QUEUE: usize = 256;

/// How much nicer than the rest of the process the hashing threads are. At 10 levels Linux gives a
/// busy thread of normal priority about nine tenths of a shared core: requests and the database stay
/// quick, and sign-ins still go on beside any other load (at the lowest priority, 19, they'd starve).
#[cfg(target_os = "linux")]
pub(super) const NICER_BY: i32 = 10;

/// How long memory is kept for the next hash. Fresh one takes some milliseconds, which nobody notices who signs in after
/// a pause, and most portals are idle most of the day.
const KEPT: Duration = Duration::from_secs(5);

pub(super) type Work = Box<dyn FnMut(&mut Memory) -> Result<Output, Unusable> + Send>;

/// What a hashing thread gives back: the result, unless it panicked, and the work and its memory, because freeing them
/// takes locks of the allocator.
type Hashed = (thread::Result<Result<Output, Unusable>>, Work, Memory);

pub(super) struct Job {
    pub(super) work: Work,
    /// Closed as soon as the caller's future is dropped.
    pub(super) reply: oneshot::Sender<Result<Output, GateError>>,
}

pub(super) struct State {
    queue: VecDeque<Job>,
    /// Hashes under way, also those whose caller has gone: their cost is still being paid.
    pub(super) running: usize,
    /// Moving average of one hash's duration.
    pub(super) average: Duration,
    /// Whether someone was refused since the last one was admitted.
    refusing: bool,
    open: bool,
}

pub(super) struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    threads: usize,
}

/// What a keeper does next.
enum Next {
    Hash(Job),
    /// Nothing has come for as long as memory is kept.
    Free,
    End,
}

/// The threads' owner; when dropped, it sends them home.
pub(super) struct Workers(pub(super) Arc<Shared>);

impl Workers {
    pub(super) fn start(threads: usize, first: Duration, params: &Params) -> Result<Self, GateSetupError> {
        let state = State {
            queue: VecDeque::new(),
            running: 0,
            average: first,
            refusing: false,
            open: true,
        };
        let shared = Shared {
            state: Mutex::new(state),
            changed: Condvar::new(),
            threads,
        };
        // Owned from the start: if a later thread cannot be had, the drop ends the earlier ones.
        let workers = Self(Arc::new(shared));
        for number in 0..threads {
            let (shared, params) = (workers.0.clone(), params.clone());
            let (give, jobs) = sync_channel(1);
            let (answer, hashed) = sync_channel(1);
            // Linux keeps 15 bytes of a thread's name.
            thread::Builder::new()
                .name(format!("password-{number}"))
                .spawn(move || hash(&jobs, &answer))?;
            thread::Builder::new()
                .name(format!("gate-{number}"))
                .spawn(move || shared.keep(&params, &give, &hashed))?;
        }
        Ok(workers)
    }

    /// Runs the work on one of the threads, or refuses at once.
    pub(super) async fn run(
        &self,
        work: impl FnMut(&mut Memory) -> Result<Output, Unusable> + Send + 'static,
    ) -> Result<Output, GateError> {
        let (reply, answer) = oneshot::channel();
        self.0.admit(Job {
            work: Box::new(work),
            reply,
        })?;
        answer.await.unwrap_or(Err(GateError::Failed))
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.0.lock().open = false;
        self.0.changed.notify_all();
    }
}

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing that can panic runs under the lock; and the state is whole after every statement.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn admit(&self, job: Job) -> Result<(), GateError> {
        self.with_room(|state| {
            state.queue.push_back(job);
            state.refusing = false;
        })?;
        self.changed.notify_one();
        Ok(())
    }

    /// Does it if one more job fits now, or refuses.
    pub(super) fn with_room(&self, then: impl FnOnce(&mut State)) -> Result<(), GateError> {
        let mut state = self.lock();
        if !state.has_room(self.threads) {
            // Callers that have gone should not keep others out.
            state.queue.retain(|job| !job.reply.is_closed());
        }
        if state.has_room(self.threads) {
            then(&mut state);
            return Ok(());
        }
        let retry_after = state.retry_after(self.threads);
        let waiting = state.queue.len();
        // In a flood the access log has a line for each refusal; one more between two admissions is enough.
        let first = !std::mem::replace(&mut state.refusing, true);
        // Others wait for the lock, and writing may take its time.
        drop(state);
        if first {
            tracing::warn!(waiting, ?retry_after, "too many passwords to hash");
        }
        Err(GateError::Busy { retry_after })
    }

    /// A keeper's whole life: jobs from the queue to its hashing thread, results back to whoever asked.
    fn keep(&self, params: &Params, give: &SyncSender<(Work, Memory)>, hashed: &Receiver<Hashed>) {
        let mut kept = None;
        loop {
            let Job { work, reply } = match self.next(kept.is_some()) {
                Next::Hash(job) => job,
                Next::Free => {
                    kept = None;
                    continue;
                }
                Next::End => return,
            };
            let start = Instant::now();
            let result = match kept.take().map_or_else(|| Memory::new(params), Ok) {
                Err(unusable) => Err(failed(unusable)),
                Ok(memory) => match give.send((work, memory)).ok().and_then(|()| hashed.recv().ok()) {
                    Some((Ok(result), _, memory)) => {
                        kept = Some(memory);
                        result.map_err(failed)
                    }
                    Some((Err(_), ..)) | None => {
                        tracing::error!("hashing a password panicked");
                        Err(GateError::Failed)
                    }
                },
            };
            self.finished(start.elapsed());
            // Sending wakes the caller's task: not this thread's code, so a panic in it is caught too.
            let _ = catch_unwind(AssertUnwindSafe(|| reply.send(result)));
        }
    }

    /// Waits for the next job that someone still waits for, or, with memory that is kept, until that is to be freed.
    fn next(&self, keeps_memory: bool) -> Next {
        let mut state = self.lock();
        loop {
            if !state.open {
                return Next::End;
            }
            match state.queue.pop_front() {
                Some(job) if job.reply.is_closed() => {}
                Some(job) => {
                    state.running += 1;
                    return Next::Hash(job);
                }
                None if keeps_memory => {
                    let waited = self.changed.wait_timeout(state, KEPT);
                    let (woken, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
                    if timeout.timed_out() && woken.queue.is_empty() && woken.open {
                        return Next::Free;
                    }
                    state = woken;
                }
                None => state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    fn finished(&self, took: Duration) {
        let mut state = self.lock();
        state.running -= 1;
        // An eighth of the newest: follows a change of load within some ten hashes, ignores an outlier.
        state.average = state.average / 8 * 7 + took / 8;
    }
}

impl State {
    /// Whether one more job fits: a thread is free for it, or the queue with it is short enough.
    fn has_room(&self, threads: usize) -> bool {
        let waiting = self.queue.len();
        waiting + self.running < threads
            || (waiting < MAX_QUEUE && self.time_for(waiting + 1, threads) <= MAX_WAIT)
    }

    /// Until the queue is through, in whole seconds.
    fn retry_after(&self, threads: usize) -> Duration {
        let wait = self.time_for(self.queue.len(), threads).max(self.average);
        Duration::from_secs(wait.as_secs() + 1)
    }

    /// How long all the threads together need for so many hashes.
    fn time_for(&self, jobs: usize, threads: usize) -> Duration {
        let count = |number| u32::try_from(number).unwrap_or(u32::MAX);
        self.average.saturating_mul(count(jobs)) / count(threads)
    }
}

/// A hashing thread's whole life: it ends when its keeper does.
fn hash(jobs: &Receiver<(Work, Memory)>, answer: &SyncSender<Hashed>) {
    lower_priority();
    while let Ok((mut work, mut memory)) = jobs.recv() {
        let result = catch_unwind(AssertUnwindSafe(|| work(&mut memory)));
        if answer.send((result, work, memory)).is_err() {
            return;
        }
    }
}

/// Lets everything else go first. On Linux a thread has a priority of its own, which `nice` changes;
/// elsewhere it would be the whole process'. Lowering it needs no privilege.
fn lower_priority() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICER_BY) {
        tracing::warn!(%error, "password hashing runs at normal priority");
    }
}
