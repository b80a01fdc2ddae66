//! Brings one account that goes on existing to where the ledger says it was: holds, releases and the single rows its
//! person had erased in their order, then requests and undos with their original instants (R20).

use chrono::{DateTime, Utc};
use entity::{account, hold as hold_row, receipt, registration, status::Status};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, Set,
    sea_query::OnConflict,
};
use uuid::Uuid;

use super::{
    Summary,
    history::{History, Item, PlacedHold, ReleasedHold, Request},
};
use crate::{
    account::lapse_of,
    database::{Transaction, sql},
    erasure::request::due_after_hold,
    hold,
    leaving::Deadlines,
    parting::leave_group,
    portal::Portal,
    subject,
};

/// What stands where an administrator's own words were: they are not in the ledger.
const REFERENCE_LOST: &str = "restored from the ledger";

/// Replays one account's history. Its row is locked.
pub(super) async fn replay(
    portal: &Portal,
    transaction: &Transaction,
    account: account::Model,
    history: &History,
    now: DateTime<Utc>,
    summary: &mut Summary,
) -> Result<(), DbErr> {
    for step in steps(history) {
        match step {
            Step::Place(hold) => place_hold(transaction, account.id, hold).await?,
            Step::Release(released) => release_hold(transaction, released).await?,
            Step::Erase(item) => erase_item(portal, transaction, account.id, item).await?,
        }
    }
    write_receipts(portal, transaction, Some(account.id), &history.requests).await?;
    if let Some(at) = history.undone_at {
        undo_known_receipts(transaction, account.id, at).await?;
    }
    summary.holds_placed += history.placed.len();
    summary.holds_released += history.released.len();
    summary.requests += history.requests.len();
    let undone = history
        .requests
        .iter()
        .filter(|request| request.undone_at.is_some());
    summary.undos += undone.count() + usize::from(history.undone_at.is_some());
    summary.items_erased += history.items.len();
    if let Some(at) = history.changed_at {
        summary.to_look_over.push((account.id, at));
    }
    bring_up(transaction, account, history, now).await
}

/// What depends on the order: whether a row was erased or, under a hold, only withdrawn.
enum Step<'a> {
    Place(&'a PlacedHold),
    Release(&'a ReleasedHold),
    Erase(&'a Item),
}

fn steps(history: &History) -> Vec<Step<'_>> {
    let placed = history.placed.iter().map(|hold| (hold.no, Step::Place(hold)));
    let released = history.released.iter().map(|hold| (hold.no, Step::Release(hold)));
    let items = history.items.iter().map(|item| (item.no, Step::Erase(item)));
    let mut steps: Vec<(i64, Step<'_>)> = placed.chain(released).chain(items).collect();
    steps.sort_by_key(|(no, _)| *no);
    steps.into_iter().map(|(_, step)| step).collect()
}

async fn place_hold(transaction: &Transaction, account: Uuid, placed: &PlacedHold) -> Result<(), DbErr> {
    let row = hold_row::ActiveModel {
        id: Set(placed.hold_id),
        account_id: Set(account),
        categories: Set(placed.categories.clone()),
        basis: Set(placed.basis.clone()),
        reference: Set(REFERENCE_LOST.to_owned()),
        review_at: Set(placed.review_at),
        expires_at: Set(placed.expires_at),
        disclose: Set(placed.disclose),
        // Who placed it stands in the audit trail that was lost.
        placed_by: Set(Uuid::nil()),
        placed_at: Set(placed.placed_at),
        ..Default::default()
    };
    let known = OnConflict::column(hold_row::Column::Id).do_nothing().to_owned();
    hold_row::Entity::insert(row)
        .on_conflict(known)
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}

pub(super) async fn release_hold(transaction: &Transaction, released: &ReleasedHold) -> Result<(), DbErr> {
    hold_row::Entity::update_many()
        .set(hold_row::ActiveModel {
            released_at: Set(Some(released.at)),
            ..Default::default()
        })
        .filter(hold_row::Column::Id.eq(released.hold_id))
        .filter(hold_row::Column::ReleasedAt.is_null())
        .exec(transaction)
        .await?;
    Ok(())
}

/// Restores receipts from their codes' hashes; one that is there is left alone but for an undo.
pub(super) async fn write_receipts(
    portal: &Portal,
    transaction: &Transaction,
    account: Option<Uuid>,
    requests: &[Request],
) -> Result<(), DbErr> {
    for request in requests {
        for hash in &request.code_hashes {
            let row = receipt::ActiveModel {
                id: Set(portal.random.uuid_v4()),
                code_hash: Set(hash.clone()),
                account_id: Set(account),
                requested_at: Set(request.deadlines.deleted_at),
                erase_by: Set(request.deadlines.erase_by),
                undone_at: Set(request.undone_at),
                erased_at: Set(None),
            };
            let mut known = OnConflict::column(receipt::Column::CodeHash);
            known.update_column(receipt::Column::UndoneAt);
            receipt::Entity::insert(row)
                .on_conflict(known)
                .exec_without_returning(transaction)
                .await?;
        }
    }
    Ok(())
}

/// Of a request that the database knew before its undo.
pub(super) async fn undo_known_receipts(
    transaction: &Transaction,
    account: Uuid,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    transaction
        .execute_raw(sql(
            "UPDATE receipt SET undone_at = $2 WHERE account_id = $1 AND undone_at IS NULL AND requested_at < $2",
            [account.into(), at.into()],
        ))
        .await?;
    Ok(())
}

/// A single row that was erased on its person's order; under a hold it was only withdrawn (R18). Which holds stand is
/// what stood then.
async fn erase_item(
    portal: &Portal,
    transaction: &Transaction,
    account: Uuid,
    Item {
        table, row_id, at, ..
    }: &Item,
) -> Result<(), DbErr> {
    // The name comes from a file: only one that the inventory knows may become part of a statement.
    let known = portal.inventory.owned().find(|(known, _)| known.name == *table);
    let Some((known, column)) = known else {
        return Err(DbErr::Custom(format!(
            "the ledger names the unknown table {table:?}"
        )));
    };
    match known.name.as_str() {
        // It is told by its group.
        "participation" => return leave_group(transaction, *row_id, account, *at).await,
        "conversation" => return subject::take_away(portal, transaction, *row_id, account, *at).await,
        _ => {}
    }
    if known.name == "message" && hold::covers(transaction, account, &known.cluster).await? {
        let text = "UPDATE message SET withdrawn_at = coalesce(withdrawn_at, $3), idempotency_hash = NULL
                    WHERE id = $1 AND author_id = $2";
        transaction
            .execute_raw(sql(text, [(*row_id).into(), account.into(), (*at).into()]))
            .await?;
        return Ok(());
    }
    let text = format!("DELETE FROM {} WHERE id = $1 AND {column} = $2", known.name);
    transaction
        .execute_raw(sql(&text, [(*row_id).into(), account.into()]))
        .await?;
    Ok(())
}

/// The account's row: status and instants as they were, and when the sweep has to look at it.
async fn bring_up(
    transaction: &Transaction,
    account: account::Model,
    history: &History,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let id = account.id;
    let has_holds = !history.placed.is_empty() || !history.released.is_empty();
    let mut row = account.clone().into_active_model();
    row.event_no = Set(history.last_no);
    row.failed_tries = Set(0);
    row.next_try_at = Set(None);
    if history.breached_at.is_some() {
        row.breached_at = Set(history.breached_at);
    }
    if history.changed_at.is_some() {
        row.look_over_since = Set(Some(now));
    }
    let is_leaving = matches!(account.status, Status::Deleted | Status::Erasing);
    if let Some(Request {
        deadlines: Deadlines {
            deleted_at,
            undo_until,
            erase_by,
        },
        ..
    }) = history.standing_request()
    {
        row.status = Set(Status::Deleted);
        row.status_before = Set(account
            .status_before
            .filter(|_| is_leaving)
            .or(Some(account.status)));
        row.deleted_at = Set(Some(*deleted_at));
        row.undo_until = Set(Some(*undo_until));
        row.erase_by = Set(Some(*erase_by));
        row.due_at = Set(Some(*undo_until));
    } else if history.stays() {
        let status = account
            .status_before
            .filter(|_| is_leaving)
            .unwrap_or(account.status);
        let registration = registration::Entity::find_by_id(id).one(transaction).await?;
        let lapses = lapse_of(&account, status, registration.as_ref());
        row.status = Set(status);
        row.status_before = Set(None);
        row.deleted_at = Set(None);
        row.undo_until = Set(None);
        row.erase_by = Set(None);
        row.due_at = Set(hold::due_after_change(transaction, id, lapses, now).await?);
    } else if has_holds || !history.items.is_empty() {
        // The sweep alone works out what holds keep until when.
        row.due_at = Set(Some(due_after_hold(&account, now)));
    }
    row.update(transaction).await?;
    Ok(())
}
