//! Passwords of accounts: checked through the gate, and bound to the version that was checked (R7), so that nothing
//! is done on the strength of a password that was changed meanwhile.

use entity::{account, credential, email_address};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryResult, QuerySelect,
    QueryTrait, Set,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use crate::{
    account::is_in_use,
    attempts::{self, Admitted, Try},
    database::{Transaction, sql},
    limits::TooOften,
    passwords::{GateError, Password, PasswordHash, PasswordRefused, Verdict},
    portal::Portal,
    refusals::Refused,
    second_factor,
    values::EmailAddress,
};

/// A password that was right a moment ago. It still has to be current when something is done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checked {
    pub account: Uuid,
    pub version: i32,
}

/// The version of an account's first password.
const FIRST_VERSION: i32 = 1;

impl Checked {
    /// Whether it took the place of another one.
    pub fn is_replacement(self) -> bool {
        self.version > FIRST_VERSION
    }
}

#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    #[error("the password is not right")]
    Wrong,
    #[error(transparent)]
    TooOften(#[from] TooOften),
    #[error(transparent)]
    Gate(#[from] GateError),
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(Debug, thiserror::Error)]
pub enum ChooseError {
    #[error("the password is refused")]
    Refused(PasswordRefused),
    #[error(transparent)]
    Gate(#[from] GateError),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// The password that belongs to an address, and whether it lets nobody in by itself.
pub struct Known {
    pub credential: credential::Model,
    pub has_second_factor: bool,
}

impl FromQueryResult for Known {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self {
            credential: credential::Model::from_query_result(row, prefix)?,
            has_second_factor: row.try_get(prefix, "has_second_factor")?,
        })
    }
}

/// The password that belongs to an address, with its account.
pub async fn find(
    portal: &Portal,
    address: &EmailAddress,
) -> Result<Option<(Known, Option<account::Model>)>, DbErr> {
    let owner = email_address::Entity::find()
        .select_only()
        .column(email_address::Column::AccountId)
        .filter(email_address::Column::Address.eq(address.as_str()))
        .filter(is_in_use())
        .into_query();
    credential::Entity::find()
        .filter(credential::Column::AccountId.in_subquery(owner))
        .find_also_related(account::Entity)
        .expr_as(
            Expr::cust(second_factor::any_of("account.id")),
            "A_has_second_factor",
        )
        .into_model::<Known, account::Model>()
        .one(&portal.database)
        .await
}

/// Checks the password of whoever is signed in, at the cost of one hash even where there is none.
pub async fn check(portal: &Portal, account: Uuid, raw: &str) -> Result<Checked, CheckError> {
    let admitted = attempts::admit(portal, &[Try::Proof(account)]).await??;
    let stored = credential::Entity::find_by_id(account)
        .one(&portal.database)
        .await?;
    let checked = check_stored(portal, raw, stored).await;
    if matches!(checked, Err(CheckError::Wrong)) {
        portal.note_refused(Refused::Proof, account);
    }
    settle(portal, admitted, checked).await
}

/// Says of a try how it went: only a wrong password is one that counts.
pub async fn settle(
    portal: &Portal,
    admitted: Admitted,
    checked: Result<Checked, CheckError>,
) -> Result<Checked, CheckError> {
    match &checked {
        Ok(_) => admitted.succeeded(portal).await?,
        Err(CheckError::Wrong) => {}
        Err(_) => admitted.given_back(portal).await?,
    }
    checked
}

/// Checks the password against what was stored for an account, or, where nothing was, against nothing at the same cost.
pub async fn check_stored(
    portal: &Portal,
    raw: &str,
    stored: Option<credential::Model>,
) -> Result<Checked, CheckError> {
    let password = Password::for_check(raw).map_err(|_| CheckError::Wrong)?;
    let verdict = portal
        .passwords
        .verify(
            password,
            stored.as_ref().map(|stored| stored.password_hash.as_str()),
        )
        .await?;
    let (Verdict::Right, Some(stored)) = (verdict, stored) else {
        return Err(CheckError::Wrong);
    };
    if portal.passwords.needs_rehash(&stored.password_hash) {
        rehash(portal, raw, &stored).await;
    }
    Ok(Checked {
        account: stored.account_id,
        version: stored.version,
    })
}

/// Stores the password under today's parameters. Whether this works decides nothing: the next sign-in tries again.
async fn rehash(portal: &Portal, raw: &str, stored: &credential::Model) {
    let Ok(password) = Password::for_check(raw) else {
        return;
    };
    let Ok(hash) = portal.passwords.hash(password, salt(portal)).await else {
        return;
    };
    let updated = credential::Entity::update_many()
        .col_expr(credential::Column::PasswordHash, Expr::value(hash.as_str()))
        .filter(credential::Column::AccountId.eq(stored.account_id))
        .filter(credential::Column::PasswordHash.eq(stored.password_hash.as_str()))
        .exec(&portal.database)
        .await;
    if updated.is_err() {
        tracing::warn!(account = %stored.account_id, "a password could not be stored under the new parameters");
    }
}

/// The version of the password that an account has now, for who proved themselves by something else.
pub async fn current(connection: &impl ConnectionTrait, account: Uuid) -> Result<Option<Checked>, DbErr> {
    let stored = credential::Entity::find_by_id(account).one(connection).await?;
    Ok(stored.map(|stored| Checked {
        account,
        version: stored.version,
    }))
}

/// Whether the password that was checked is still the account's. The caller holds the account's row.
pub async fn is_current(transaction: &impl ConnectionTrait, checked: Checked) -> Result<bool, DbErr> {
    let stored = credential::Entity::find_by_id(checked.account)
        .one(transaction)
        .await?;
    Ok(stored.is_some_and(|stored| stored.version == checked.version))
}

/// Judges and hashes a new password for an account, outside any transaction.
pub async fn choose(portal: &Portal, account: Uuid, raw: &str) -> Result<PasswordHash, ChooseError> {
    let personal = personal_words(portal, account).await?;
    let personal: Vec<&str> = personal.iter().map(String::as_str).collect();
    hash_chosen(portal, raw, &personal).await
}

/// The same for somebody of whom nothing is stored yet.
pub async fn hash_chosen(portal: &Portal, raw: &str, personal: &[&str]) -> Result<PasswordHash, ChooseError> {
    let breached = portal.passwords.breached().map_err(|error| {
        tracing::error!(%error, "no password can be chosen");
        GateError::Failed
    })?;
    let password = Password::choose(raw, personal, breached).map_err(ChooseError::Refused)?;
    Ok(portal.passwords.hash(password, salt(portal)).await?)
}

/// Which peppers passwords were hashed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, FromQueryResult)]
pub struct Peppering {
    /// With one that the settings do not have: nobody can sign in with these.
    pub lost: i64,
    /// With another than the current one, or none where there is one. Each goes at its next sign-in.
    pub outdated: i64,
}

/// Counts the stored hashes by their peppers.
pub async fn count_peppers(portal: &Portal) -> Result<Peppering, DbErr> {
    let known = portal.passwords.pepper_ids();
    let current = known.first().cloned();
    let counted = Peppering::find_by_statement(sql(
        "SELECT count(*) FILTER (WHERE pepper IS NOT NULL AND pepper <> ALL ($1)) AS lost,
             count(*) FILTER (WHERE pepper IS DISTINCT FROM $2) AS outdated
         FROM (SELECT substring(password_hash FROM '[$,]keyid=([A-Za-z0-9+/]+)[$,]') AS pepper FROM credential) AS hash",
        [known.into(), current.into()],
    ))
    .one(&portal.database)
    .await?;
    Ok(counted.unwrap_or_default())
}

/// Stores a new password, which is current from now on; what was checked before no longer is.
pub async fn set(
    transaction: &Transaction,
    portal: &Portal,
    account: Uuid,
    hash: &PasswordHash,
) -> Result<Checked, DbErr> {
    let new = credential::ActiveModel {
        account_id: Set(account),
        password_hash: Set(hash.as_str().to_owned()),
        version: Set(FIRST_VERSION),
        changed_at: Set(portal.now()),
        used: Set(false),
    };
    let mut replaced = OnConflict::column(credential::Column::AccountId);
    replaced
        .update_columns([credential::Column::PasswordHash, credential::Column::ChangedAt])
        .value(
            credential::Column::Version,
            Expr::col((credential::Entity, credential::Column::Version)).add(1),
        );
    let stored = credential::Entity::insert(new)
        .on_conflict(replaced)
        .exec_with_returning(transaction)
        .await?;
    Ok(Checked {
        account,
        version: stored.version,
    })
}

/// Notes that somebody signed in with the account's password, and says whether nobody did before. The caller holds the
/// account's row.
pub async fn note_first_use(transaction: &Transaction, account: Uuid) -> Result<bool, DbErr> {
    let noted = credential::Entity::update_many()
        .col_expr(credential::Column::Used, Expr::value(true))
        .filter(credential::Column::AccountId.eq(account))
        .filter(credential::Column::Used.eq(false))
        .exec(transaction)
        .await?;
    Ok(noted.rows_affected == 1)
}

#[derive(FromQueryResult)]
struct Words {
    first_name: String,
    last_name: String,
    organisation: String,
    address: String,
}

/// What a password must not be made of: the person's own names and address.
async fn personal_words(portal: &Portal, account: Uuid) -> Result<Vec<String>, DbErr> {
    let words = Words::find_by_statement(sql(
        "SELECT p.first_name, p.last_name, p.organisation, e.address FROM profile p
         JOIN email_address e ON e.account_id = p.account_id AND e.superseded_at IS NULL WHERE p.account_id = $1",
        [account.into()],
    ))
    .one(&portal.database)
    .await?;
    Ok(words.map_or_else(Vec::new, |words| {
        vec![
            words.first_name,
            words.last_name,
            words.organisation,
            words.address,
        ]
    }))
}

fn salt(portal: &Portal) -> [u8; 16] {
    let mut salt = [0; 16];
    portal.random.fill(&mut salt);
    salt
}
