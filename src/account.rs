//! The account's row and the one lock protocol (R7): whoever changes status, password or holds locks the row
//! `FOR UPDATE`; whoever adds data to an account holds `FOR KEY SHARE` on it and reads its status under that lock.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    account, email_address, mail, profile, registration, session,
    status::{Role, Status},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    Set,
    sea_query::{Expr, ExprTrait, LockType},
};
use uuid::Uuid;

use crate::{
    confirmation,
    database::{Transaction, sql},
    permissions::Permission,
    text::Locale,
};

/// How long someone who never confirmed is kept (R8).
pub const UNCONFIRMED_FOR: TimeDelta = TimeDelta::hours(72);
/// How long an undecided registration is kept (R8).
pub const UNDECIDED_FOR: TimeDelta = TimeDelta::days(90);
/// How long a rejected registration is kept (R8).
pub const REJECTED_FOR: TimeDelta = TimeDelta::days(30);

/// Any number will do, as long as nothing else in this database uses it.
const ADMINISTRATORS_LOCK: i64 = 0x5374_616d_6d02;

/// Who is asking: a signed-in person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    pub account: Uuid,
    pub role: Role,
    pub session: Uuid,
    /// When they last proved in this session who they are.
    pub proved_at: DateTime<Utc>,
    /// Whether the session took more than a password.
    pub second_factor: bool,
    /// Their data changed after a backup that was restored, and they have not looked it over yet (R20).
    pub look_over: bool,
}

impl Caller {
    /// Whether their role may do this.
    pub fn may(self, permission: Permission) -> bool {
        permission.is_of(self.role)
    }
}

/// The caller was signed in a moment ago and is not any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the account is no longer active")]
pub struct NotActive;

/// The account, locked against every other change of status, password and holds.
pub async fn lock(transaction: &Transaction, id: Uuid) -> Result<Option<account::Model>, DbErr> {
    account::Entity::find_by_id(id)
        .lock(LockType::Update)
        .one(transaction)
        .await
}

/// Several accounts, locked like [`lock`] does, in order of id, as the protocol asks.
pub async fn lock_all(
    transaction: &Transaction,
    ids: impl Iterator<Item = Uuid>,
) -> Result<Vec<account::Model>, DbErr> {
    account::Entity::find()
        .filter(account::Column::Id.is_in(ids))
        .order_by_asc(account::Column::Id)
        .lock(LockType::Update)
        .all(transaction)
        .await
}

/// The accounts of `ids` that exist, locked so that data can be added to them; in order of id, as the protocol asks.
pub async fn share(transaction: &Transaction, ids: &[Uuid]) -> Result<Vec<account::Model>, DbErr> {
    account::Entity::find()
        .filter(account::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(account::Column::Id)
        .lock(LockType::KeyShare)
        .all(transaction)
        .await
}

/// Locks the caller's own account so that data can be added to it, if it is still active.
pub async fn enter(transaction: &Transaction, id: Uuid) -> Result<Result<account::Model, NotActive>, DbErr> {
    let found = share(transaction, &[id]).await?.pop();
    Ok(found
        .filter(|account| account.status == Status::Active)
        .ok_or(NotActive))
}

/// Ends every session and link of an account and takes back its queued mail, in the transaction that makes them void.
pub async fn end_access(transaction: &Transaction, id: Uuid) -> Result<(), DbErr> {
    end_sessions(transaction, id, None).await?;
    confirmation::close_all(transaction, id).await?;
    mail::Entity::delete_many()
        .filter(mail::Column::AccountId.eq(id))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Ends the sessions of an account, all but `spared`.
pub async fn end_sessions(
    transaction: &impl ConnectionTrait,
    id: Uuid,
    spared: Option<Uuid>,
) -> Result<(), DbErr> {
    let mut ended = session::Entity::delete_many().filter(session::Column::AccountId.eq(id));
    if let Some(spared) = spared {
        ended = ended.filter(session::Column::Id.ne(spared));
    }
    ended.exec(transaction).await?;
    Ok(())
}

/// Whether another active administrator would remain without this one. Serialised, so that two who leave at the same
/// time can't both be told yes.
pub async fn another_administrator_remains(transaction: &Transaction, id: Uuid) -> Result<bool, DbErr> {
    transaction
        .execute_raw(sql(
            "SELECT pg_advisory_xact_lock($1)",
            [ADMINISTRATORS_LOCK.into()],
        ))
        .await?;
    let other = account::Entity::find()
        .filter(account::Column::Role.eq(Role::Administrator))
        .filter(account::Column::Status.eq(Status::Active))
        .filter(account::Column::Id.ne(id))
        .one(transaction)
        .await?;
    Ok(other.is_some())
}

/// Where a letter to an account goes, and in which language.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Mailbox {
    pub account_id: Uuid,
    pub address: String,
    pub locale: String,
}

impl Mailbox {
    pub fn locale(&self) -> Locale {
        self.locale.parse().unwrap_or_default()
    }
}

/// The current address of an account. None: it was never known, or is erased.
pub async fn mailbox(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<Mailbox>, DbErr> {
    Ok(mailboxes(connection, &[id]).await?.pop())
}

/// The current addresses of several accounts.
pub async fn mailboxes(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Mailbox>, DbErr> {
    email_address::Entity::find()
        .inner_join(account::Entity)
        .join(sea_orm::JoinType::InnerJoin, account_profile())
        .filter(email_address::Column::AccountId.is_in(ids.iter().copied()))
        .filter(email_address::Column::SupersededAt.is_null())
        .select_only()
        .columns([email_address::Column::AccountId, email_address::Column::Address])
        .column(profile::Column::Locale)
        .into_model()
        .all(connection)
        .await
}

/// Where letters to everyone go who may do this at the desk. Their accounts are locked so that mail can be queued.
pub async fn mailboxes_with(
    transaction: &Transaction,
    permission: Permission,
) -> Result<Vec<Mailbox>, DbErr> {
    let found = account::Entity::find()
        .filter(account::Column::Role.is_in(permission.roles()))
        .all(transaction)
        .await?;
    let ids: Vec<Uuid> = found.into_iter().map(|account| account.id).collect();
    let active: Vec<Uuid> = share(transaction, &ids)
        .await?
        .into_iter()
        .filter(|account| permission.is_of(account.role) && account.status == Status::Active)
        .map(|account| account.id)
        .collect();
    mailboxes(transaction, &active).await
}

fn account_profile() -> sea_orm::RelationDef {
    use sea_orm::RelationTrait;
    profile::Relation::Account.def().rev()
}

/// When the registration of an account lapses that has this status, which may not be the one it has now.
pub fn lapse_of(
    account: &account::Model,
    status: Status,
    registration: Option<&registration::Model>,
) -> Option<DateTime<Utc>> {
    let since = registration.and_then(|registration| match status {
        Status::Unconfirmed => Some(registration.registered_at),
        Status::Pending => registration.confirmed_at,
        Status::Rejected => registration.decided_at,
        _ => None,
    });
    lapses_at(status, since.unwrap_or(account.created_at))
}

/// The account that has an address now, locked. Who it is is asked again under the lock: the address may have changed
/// hands meanwhile.
pub async fn lock_owner(transaction: &Transaction, address: &str) -> Result<Option<account::Model>, DbErr> {
    for _ in 0..3 {
        let Some(owner) = owner_of(transaction, address).await? else {
            return Ok(None);
        };
        let locked = lock(transaction, owner).await?;
        if locked.is_some() && owner_of(transaction, address).await? == Some(owner) {
            return Ok(locked);
        }
    }
    Err(DbErr::Custom(
        "an address changed hands again and again".to_owned(),
    ))
}

/// Whether an address belongs to somebody. Written out: with a parameter in its place a plan that is kept cannot use the
/// index on such addresses, and the statement would be planned anew each time, which takes ten times as long as it does.
pub fn is_in_use() -> Expr {
    email_address::Column::Released.into_expr().not()
}

/// Whose address this is.
pub async fn owner_of(connection: &impl ConnectionTrait, address: &str) -> Result<Option<Uuid>, DbErr> {
    let found = email_address::Entity::find()
        .filter(email_address::Column::Address.eq(address))
        .filter(is_in_use())
        .one(connection)
        .await?;
    Ok(found.map(|row| row.account_id))
}

/// When the sweep has something to do with an account that is not deleted: when its registration lapses, else never.
pub fn lapses_at(status: Status, since: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match status {
        Status::Unconfirmed => Some(since + UNCONFIRMED_FOR),
        Status::Pending => Some(since + UNDECIDED_FOR),
        Status::Rejected => Some(since + REJECTED_FOR),
        Status::Active | Status::Suspended | Status::Deleted | Status::Erasing => None,
    }
}

/// The row of a new account.
pub fn new_account(id: Uuid, status: Status, role: Role, now: DateTime<Utc>) -> account::ActiveModel {
    account::ActiveModel {
        id: Set(id),
        status: Set(status),
        role: Set(role),
        created_at: Set(now),
        due_at: Set(lapses_at(status, now)),
        failed_tries: Set(0),
        erased: Set(Vec::new()),
        event_no: Set(0),
        ..Default::default()
    }
}

/// The profile of someone new: name and organisation are visible, nothing else (contract).
pub fn new_profile(
    account: Uuid,
    first_name: String,
    last_name: String,
    organisation: String,
    department: Option<String>,
    locale: Locale,
) -> profile::ActiveModel {
    profile::ActiveModel {
        account_id: Set(account),
        first_name: Set(first_name),
        last_name: Set(last_name),
        organisation: Set(organisation),
        organisation_decided: Set(false),
        department: Set(department),
        listed: Set(true),
        organisation_visible: Set(true),
        department_visible: Set(false),
        position_visible: Set(false),
        phone_visible: Set(false),
        about_visible: Set(false),
        locale: Set(locale.as_str().to_owned()),
        version: Set(1),
        ..Default::default()
    }
}

/// Frees an address for another account where its owner is leaving and can no longer undo it (R16).
pub async fn release_address(
    transaction: &Transaction,
    address: &str,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    transaction
        .execute_raw(sql(
            "UPDATE email_address e SET released = true FROM account a
             WHERE e.address = $1 AND NOT e.released AND a.id = e.account_id
               AND a.status IN ('deleted', 'erasing') AND a.undo_until <= $2",
            [address.into(), now.into()],
        ))
        .await?;
    Ok(())
}
