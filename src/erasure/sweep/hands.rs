//! What is free goes batch by batch, by one or two hands ([`Pace`]), each batch of as many accounts as a transaction
//! can do in its time (R10).

use std::time::{Duration, Instant};

use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Failed, Report, SweepError, batch, begin, claim, finish, one_by_one, pace::Pace};
use crate::{database::sql_state, ledger::LedgerError, portal::Portal};

/// A transaction should take about this long: no one waits longer for a lock of ours (R10).
const TARGET: Duration = Duration::from_millis(250);
/// How many accounts the first transaction takes, and how many any may take.
const FIRST_BATCH: usize = 50;
const LARGEST_BATCH: usize = 2_000;
/// How often what a long sweep recorded is written to the ledger.
const SETTLE_EVERY: Duration = Duration::from_secs(2);

/// Erases what is due and nobody else has locked, the most urgent first. What is recorded is written to the ledger
/// meanwhile.
pub(super) async fn erase_free(
    portal: &Portal,
    stop: &CancellationToken,
    report: &mut Report,
) -> Result<(), SweepError> {
    let (stop, done) = (stop.child_token(), CancellationToken::new());
    let (turn, pace) = (Mutex::default(), Pace::new());
    let mut one = Hand::new(portal, &stop, &turn);
    let mut other = Hand::new(portal, &stop, &turn);
    let hands = async {
        let ended = stop.child_token();
        let first = async {
            let erased = one.work(&pace).await;
            ended.cancel();
            erased
        };
        let (first, second) = tokio::join!(Box::pin(first), Box::pin(other.help(&pace, &ended)));
        done.cancel();
        first.and(second)
    };
    let writing = async {
        let written = write_ledger(portal, &done).await;
        if written.is_err() {
            stop.cancel();
        }
        written
    };
    let (erased, written, ()) = tokio::join!(
        Box::pin(hands),
        Box::pin(writing),
        pace.watch(&portal.database, &done)
    );
    report.add(one.report);
    report.add(other.report);
    erased.and(written.map_err(SweepError::from))
}

/// Where no `serve` writes the ledger meanwhile, a long sweep does so itself.
async fn write_ledger(portal: &Portal, done: &CancellationToken) -> Result<(), LedgerError> {
    while done
        .run_until_cancelled(tokio::time::sleep(SETTLE_EVERY))
        .await
        .is_some()
    {
        portal.ledger.settle_waiting(&portal.database).await?;
    }
    Ok(())
}

struct Hand<'a> {
    portal: &'a Portal,
    stop: &'a CancellationToken,
    /// They claim in turn, so that none is before a more urgent one.
    turn: &'a Mutex<()>,
    /// How many accounts it takes next.
    size: usize,
    /// Whether the last batch left some.
    is_more_due: bool,
    /// Who has to wait until the free ones are done.
    waiting: Vec<Uuid>,
    report: Report,
}

impl<'a> Hand<'a> {
    fn new(portal: &'a Portal, stop: &'a CancellationToken, turn: &'a Mutex<()>) -> Self {
        Self {
            portal,
            stop,
            turn,
            size: FIRST_BATCH,
            is_more_due: false,
            waiting: Vec::new(),
            report: Report::default(),
        }
    }

    /// Batch after batch, until nothing free is due.
    async fn work(&mut self, pace: &Pace) -> Result<(), SweepError> {
        let mut is_first = true;
        while let Some(took) = self.batch().await? {
            if std::mem::take(&mut is_first) && self.is_more_due {
                pace.glance(&self.portal.database).await;
            } else {
                pace.rest(self.stop, took).await;
            }
        }
        Ok(())
    }

    /// The same while it is wanted, until the other hand has ended.
    async fn help(&mut self, pace: &Pace, ended: &CancellationToken) -> Result<(), SweepError> {
        while pace.second_hand(ended).await && self.batch().await?.is_some() {}
        Ok(())
    }

    /// How long the transaction took. None: nothing free is due, or it was told to stop.
    async fn batch(&mut self) -> Result<Option<Duration>, SweepError> {
        if self.stop.is_cancelled() {
            return Ok(None);
        }
        let (portal, stop) = (self.portal, self.stop);
        let started = Instant::now();
        let transaction = begin(portal).await?;
        let claimed = {
            let _mine = self.turn.lock().await;
            claim::free(portal, &transaction, self.size, &self.waiting).await?
        };
        if claimed.accounts.is_empty() {
            return Ok(None);
        }
        let ids: Vec<Uuid> = claimed.accounts.iter().map(|account| account.id).collect();
        self.is_more_due = ids.len() == self.size;
        let mut done = ids.len();
        let outcome = match batch::process(portal, &transaction, claimed).await {
            Ok(outcome) => transaction.commit().await.map(|()| outcome).map_err(Failed::from),
            Err(error) => Err(error),
        };
        let took = started.elapsed();
        match outcome {
            Ok(outcome) => {
                // No more than fitted: who is claimed in vain is passed over by the other hand.
                done = usize::try_from(outcome.seen).unwrap_or(done);
                let waiting = finish(portal, stop, outcome, &mut self.report).await?;
                self.waiting.extend(waiting);
            }
            Err(Failed::Ledger(error)) => return Err(error.into()),
            Err(Failed::Database(error)) => {
                tracing::warn!(accounts = ids.len(), state = ?sql_state(&error), "a batch failed and is tried one by one");
                let now = claim::now(portal).await?;
                one_by_one(portal, stop, &ids, now, &mut self.report).await?;
            }
        }
        self.size = next_size(done, took);
        Ok(Some(took))
    }
}

/// How many accounts take about [`TARGET`], by how long the last ones took; at most twice as many, at least half.
fn next_size(size: usize, took: Duration) -> usize {
    let milliseconds = usize::try_from(took.as_millis()).unwrap_or(usize::MAX).max(1);
    let target = usize::try_from(TARGET.as_millis()).unwrap_or(usize::MAX);
    (size * target / milliseconds).clamp(size.div_ceil(2).max(1), (size * 2).clamp(1, LARGEST_BATCH))
}
