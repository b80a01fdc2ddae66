//! Authenticator apps (RFC 6238): a secret that app and portal share, set up by a first code of it. It is stored sealed by
//! the key file, and a step whose code was accepted is never accepted again.

use entity::totp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select, Set, sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use totp_rs::{Algorithm, Builder, Secret, Totp};
use uuid::Uuid;

use super::{
    ceremony::{self, Kind},
    change,
};
use crate::{
    account::{Caller, NotActive, mailbox},
    attempts::{self, Try},
    confirmation::Token,
    limits::TooOften,
    mail::letter::factor::FactorChange,
    portal::Portal,
    text,
};

/// RFC 4226, 4: at least 128 bits, and 160 recommended.
const SECRET_BYTES: usize = 20;
/// What every app understands, and what most take without looking: SHA-1, 6 digits, 30 seconds. SHA-1's weakness is of
/// collisions, which this does not rest on.
const DIGITS: u8 = 6;
const STEP: u64 = 30;
/// A code of the step before and of the one after is good, too: clocks differ, and typing takes a while (RFC 6238, 5.2).
const SKEW: u16 = 1;
/// With which key a secret is sealed ([`Secrets::current_seal`](crate::secrets::Secrets::current_seal)), as the index has
/// it.
const SEALED_WITH: &str = "substring(secret FROM 1 FOR 9)";
/// What stands for itself in the parts of the address that an app reads: what is no letter or digit is written as its code,
/// but for what mail addresses are full of.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'@');
/// What keeps it apart from everything else that is sealed.
const SEAL: &str = "totp";
/// So many are sealed anew at most in one look; the next one goes on.
const AT_ONCE: u64 = 1_000;

/// An app that is being set up.
#[derive(Debug)]
pub struct SetUp {
    pub ceremony: Token,
    /// In base 32, as an app takes it where no picture can be read.
    pub secret: String,
    /// `otpauth://…`: what the picture says.
    pub uri: String,
}

#[derive(Serialize, Deserialize)]
struct Waiting {
    secret: Vec<u8>,
}

#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    #[error("there is an app already")]
    AlreadyThere,
    #[error("the code is not right")]
    CodeWrong,
    /// It was not begun, or too long ago.
    #[error("nothing like this was begun")]
    Expired,
    #[error(transparent)]
    NotActive(#[from] NotActive),
    #[error(transparent)]
    TooOften(#[from] TooOften),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Begins to set an app up. Nothing is asked of it before its first code was right.
pub async fn begin(portal: &Portal, caller: Caller) -> Result<SetUp, SetUpError> {
    let transaction = portal.database.begin().await?;
    change::lock_own(&transaction, caller).await??;
    if totp::Entity::find_by_id(caller.account)
        .one(&transaction)
        .await?
        .is_some()
    {
        return Err(SetUpError::AlreadyThere);
    }
    let mut secret = vec![0; SECRET_BYTES];
    portal.random.fill(&mut secret);
    let set_up = describe(portal, &transaction, caller, secret).await?;
    transaction.commit().await?;
    Ok(set_up)
}

async fn describe(
    portal: &Portal,
    transaction: &impl ConnectionTrait,
    caller: Caller,
    secret: Vec<u8>,
) -> Result<SetUp, SetUpError> {
    let mailbox = mailbox(transaction, caller.account).await?.ok_or(NotActive)?;
    let waiting = Waiting { secret };
    let ceremony = ceremony::begin(transaction, portal, Kind::Totp, Some(caller.account), &waiting).await?;
    Ok(shown(ceremony, waiting, &mailbox.address, mailbox.locale()))
}

fn shown(ceremony: Token, waiting: Waiting, address: &str, locale: text::Locale) -> SetUp {
    let encode = |text: &str| utf8_percent_encode(text, ENCODED).to_string();
    let issuer = encode(&text::text(locale, "portal-name"));
    let secret = Secret::from(waiting.secret).to_base32();
    SetUp {
        uri: format!(
            "otpauth://totp/{issuer}:{}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP}",
            encode(address)
        ),
        ceremony,
        secret,
    }
}

/// The same again, as it was begun: for whoever mistyped its code.
pub async fn again(portal: &Portal, caller: Caller, ceremony: &Token) -> Result<SetUp, SetUpError> {
    let waiting = waiting(portal, &portal.database, caller, ceremony).await?;
    let mailbox = mailbox(&portal.database, caller.account)
        .await?
        .ok_or(NotActive)?;
    Ok(shown(
        ceremony.clone(),
        waiting,
        &mailbox.address,
        mailbox.locale(),
    ))
}

async fn waiting(
    portal: &Portal,
    connection: &impl ConnectionTrait,
    caller: Caller,
    ceremony: &Token,
) -> Result<Waiting, SetUpError> {
    let begun = ceremony::look_up::<Waiting>(connection, portal, Kind::Totp, ceremony).await?;
    let own = begun.filter(|begun| begun.account == Some(caller.account));
    Ok(own.ok_or(SetUpError::Expired)?.state)
}

/// Its first code was typed: the app is set up. Returns recovery codes with the first factor.
pub async fn confirm(
    portal: &Portal,
    caller: Caller,
    ceremony: &Token,
    code: &str,
) -> Result<Option<Vec<String>>, SetUpError> {
    let admitted = attempts::admit(portal, &[Try::SecondStep(caller.account)]).await??;
    let transaction = portal.database.begin().await?;
    change::lock_own(&transaction, caller).await??;
    let Waiting { secret } = waiting(portal, &transaction, caller, ceremony).await?;
    let step = step_of(portal, secret.clone(), code).ok_or(SetUpError::CodeWrong)?;
    ceremony::take::<Waiting>(&transaction, portal, Kind::Totp, ceremony)
        .await?
        .ok_or(SetUpError::Expired)?;
    let is_there = totp::Entity::find_by_id(caller.account)
        .one(&transaction)
        .await?
        .is_some();
    if is_there {
        return Err(SetUpError::AlreadyThere);
    }
    let sealed = portal
        .secrets
        .seal(portal.random.as_ref(), SEAL, caller.account.as_bytes(), &secret);
    totp::ActiveModel {
        account_id: Set(caller.account),
        secret: Set(sealed),
        last_step: Set(step),
        set_up_at: Set(portal.now()),
    }
    .insert(&transaction)
    .await?;
    let codes = change::added(portal, &transaction, caller, FactorChange::TotpAdded).await?;
    transaction.commit().await?;
    portal.post.notify_one();
    admitted.succeeded(portal).await?;
    Ok(codes)
}

/// Removes the app. Whether there was one.
pub async fn remove(portal: &Portal, caller: Caller) -> Result<Result<bool, NotActive>, DbErr> {
    let transaction = portal.database.begin().await?;
    if let Err(error) = change::lock_own(&transaction, caller).await? {
        return Ok(Err(error));
    }
    let removed = totp::Entity::delete_by_id(caller.account)
        .exec(&transaction)
        .await?;
    if removed.rows_affected == 0 {
        return Ok(Ok(false));
    }
    change::removed(portal, &transaction, caller, FactorChange::TotpRemoved).await?;
    transaction.commit().await?;
    portal.post.notify_one();
    Ok(Ok(true))
}

/// Whether the code is the app's, and of a step whose code was not accepted before: of any number of tries at once, one
/// is told yes.
pub(super) async fn accept(
    portal: &Portal,
    transaction: &impl ConnectionTrait,
    account: Uuid,
    code: &str,
) -> Result<bool, DbErr> {
    let Some(stored) = totp::Entity::find_by_id(account).one(transaction).await? else {
        return Ok(false);
    };
    let Ok(secret) = portal.secrets.open(SEAL, account.as_bytes(), &stored.secret) else {
        tracing::error!(%account, "the secret of an authenticator app does not open with the key file");
        return Ok(false);
    };
    let Some(step) = step_of(portal, secret.to_vec(), code) else {
        return Ok(false);
    };
    let accepted = totp::Entity::update_many()
        .col_expr(totp::Column::LastStep, Expr::value(step))
        .filter(totp::Column::AccountId.eq(account))
        .filter(totp::Column::LastStep.lt(step))
        .exec(transaction)
        .await?;
    Ok(accepted.rows_affected == 1)
}

/// Seals with the current key of the key file what was sealed before a rotation, so many at most. What no key opens stays
/// as it is. Returns how many were sealed.
pub async fn seal_anew(portal: &Portal) -> Result<u64, DbErr> {
    let mut sealed = 0;
    // By what stands on either side of the current key in the index: it does not find what differs.
    for side in ["<", ">"] {
        let outdated = sealed_with(portal, side)
            .order_by_asc(Expr::cust(SEALED_WITH))
            .limit(AT_ONCE);
        for row in outdated.all(&portal.database).await? {
            sealed += seal_one_anew(portal, row).await?;
        }
    }
    Ok(sealed)
}

async fn seal_one_anew(portal: &Portal, row: totp::Model) -> Result<u64, DbErr> {
    let place = row.account_id.as_bytes().as_slice();
    let Ok(secret) = portal.secrets.open(SEAL, place, &row.secret) else {
        return Ok(0);
    };
    let anew = portal.secrets.seal(portal.random.as_ref(), SEAL, place, &secret);
    let updated = totp::Entity::update_many()
        .col_expr(totp::Column::Secret, Expr::value(anew))
        .filter(totp::Column::AccountId.eq(row.account_id))
        .filter(totp::Column::Secret.eq(row.secret))
        .exec(&portal.database)
        .await?;
    Ok(updated.rows_affected)
}

/// How many are still sealed with another key than the current one.
pub async fn count_outdated(portal: &Portal) -> Result<u64, DbErr> {
    sealed_with(portal, "<>").count(&portal.database).await
}

/// Those whose key stands so to the current one.
fn sealed_with(portal: &Portal, operator: &str) -> Select<totp::Entity> {
    totp::Entity::find().filter(Expr::cust_with_values(
        format!("{SEALED_WITH} {operator} $1"),
        [portal.secrets.current_seal()],
    ))
}

/// Which step around now has this code.
fn step_of(portal: &Portal, secret: Vec<u8>, code: &str) -> Option<i64> {
    let now = u64::try_from(portal.now().timestamp()).ok()?;
    i64::try_from(app(secret).check(code, now)?).ok()
}

fn app(secret: Vec<u8>) -> Totp {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(DIGITS)
        .with_step_duration(STEP)
        .with_skew(SKEW)
        .with_secret(secret)
        .build_noncompliant()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, SHA-1, of which apps show the last six digits.
        let app = app(b"12345678901234567890".to_vec());
        for (at, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(app.generate(at).to_string(), code);
            assert_eq!(app.check(code, at), Some(at / STEP));
            // One step early or late, and no more.
            assert_eq!(app.check(code, at + STEP), Some(at / STEP));
            assert_eq!(app.check(code, at - STEP), Some(at / STEP));
            assert_eq!(app.check(code, at + 2 * STEP), None);
        }
    }
}
