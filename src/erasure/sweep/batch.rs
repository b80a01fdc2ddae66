//! One transaction of the sweep: status and holds are read under the lock, and each account is dealt with as its state
//! asks, as many as fit.

use entity::{account, status::Status};
use uuid::Uuid;

use super::{Failed, big, breach, claim::Claimed, erase::erase, held, living, reports};
use crate::{database::Transaction, portal::Portal};

/// What a batch did: how many accounts it looked at, whose last row went, who is too big for one transaction, and who has
/// to wait because somebody else is at one of those who reported them: they were not looked at, and stay due.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub seen: u64,
    pub erased: Vec<Uuid>,
    pub big: Vec<Uuid>,
    pub waiting: Vec<Uuid>,
}

/// Works on the claimed accounts by their state, as many as fit one transaction; the others stay due.
pub(super) async fn process(
    portal: &Portal,
    transaction: &Transaction,
    Claimed { mut accounts, now }: Claimed,
) -> Result<Outcome, Failed> {
    breach::record_claimed(portal, transaction, &mut accounts, now).await?;
    let ids: Vec<Uuid> = accounts.iter().map(|account| account.id).collect();
    let held = held::read(transaction, &ids).await?;
    let (leaving, staying): (Vec<_>, Vec<_>) = accounts.into_iter().partition(is_leaving);
    let stayed = staying.len();
    let lapsed = living::process(portal, transaction, staying, &held, now).await?;
    let stayed = stayed - lapsed.len();
    let mut leaving: Vec<account::Model> = leaving.into_iter().chain(lapsed).collect();
    // Of whom something is held, the reports stay, too.
    let is_free = |id: &Uuid| held.get(id).is_none_or(|held| held.clusters.is_empty());
    let ids: Vec<Uuid> = leaving.iter().map(|account| account.id).filter(is_free).collect();
    let waiting = reports::must_wait(transaction, &ids).await?;
    leaving.retain(|account| !waiting.contains(&account.id));
    let weights = big::weigh(portal, transaction, &leaving, &held).await?;
    let weight = |account: &account::Model| weights.get(&account.id).copied().unwrap_or_default();
    let (big, small): (Vec<_>, Vec<_>) = leaving
        .into_iter()
        .partition(|account| weight(account) > big::BIG);
    let mut rows = 0;
    let small: Vec<account::Model> = small
        .into_iter()
        .take_while(|account| {
            // The first one fits always: it is not big.
            rows += weight(account);
            rows <= big::BIG
        })
        .collect();
    // Before the first statement that destroys anything (R19).
    let tried: Vec<(Uuid, i64)> = small
        .iter()
        .chain(&big)
        .map(|account| (account.id, account.event_no + 1))
        .collect();
    portal.ledger.note_erasing(&tried, now).await?;
    let big: Vec<Uuid> = big.into_iter().map(|account| account.id).collect();
    big::mark(transaction, &big).await?;
    let erased = erase(portal, transaction, &small, &held, now).await?;
    let seen = u64::try_from(stayed + small.len() + big.len()).unwrap_or_default();
    Ok(Outcome {
        seen,
        erased,
        big,
        waiting,
    })
}

fn is_leaving(account: &account::Model) -> bool {
    matches!(account.status, Status::Deleted | Status::Erasing)
}
