//! What one chose: how mails tell of messages, and whether others see how far one has read. A link in each of these mails
//! ends them without signing in (RFC 8058).

use std::str::FromStr;

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::notify;
use crate::{
    account::{Caller, NotActive, enter},
    announcements::{self, announce_within},
    confirmation::{self, Token},
    database::{Transaction, sql},
    ledger,
    mail::letter::LinkPurpose,
    portal::Portal,
};

/// How mails tell of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageMail {
    /// One for a conversation, until one has read it.
    AtOnce,
    /// One a day for all conversations.
    Daily,
    Never,
}

/// Any other word than those of [`MessageMail::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no such choice")]
pub struct UnknownChoice;

impl MessageMail {
    pub const ALL: [Self; 3] = [Self::AtOnce, Self::Daily, Self::Never];

    /// As it stands in JSON and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AtOnce => "at_once",
            Self::Daily => "daily",
            Self::Never => "never",
        }
    }
}

impl FromStr for MessageMail {
    type Err = UnknownChoice;

    fn from_str(word: &str) -> Result<Self, UnknownChoice> {
        Self::ALL
            .into_iter()
            .find(|choice| choice.as_str() == word)
            .ok_or(UnknownChoice)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Preferences {
    pub message_mail: MessageMail,
    /// Whether others see how far one has read; who does not share it does not see others' either.
    pub share_read: bool,
}

/// What is to be another; the rest stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct Change {
    pub message_mail: Option<MessageMail>,
    pub share_read: Option<bool>,
}

#[derive(Debug, thiserror::Error)]
pub enum PreferenceError {
    #[error(transparent)]
    NotActive(#[from] NotActive),
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(Debug, thiserror::Error)]
pub enum UnsubscribeError {
    #[error("the link is of no use any more")]
    LinkInvalid,
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// How mails tell an account of messages, in SQL; the table's default, where nothing was chosen. `account` is SQL, too.
pub(super) fn message_mail(account: &str) -> String {
    format!("coalesce((SELECT r.message_mail FROM preference r WHERE r.account_id = {account}), 'at_once')")
}

/// Whether an account shares how far it has read, in the same way.
pub(super) fn share_read(account: &str) -> String {
    format!("coalesce((SELECT r.share_read FROM preference r WHERE r.account_id = {account}), true)")
}

#[derive(FromQueryResult)]
struct Row {
    message_mail: String,
    share_read: bool,
}

/// What is stored now.
#[derive(FromQueryResult)]
struct Stored {
    #[sea_orm(nested)]
    row: Row,
    shares_otherwise: bool,
}

impl TryFrom<Row> for Preferences {
    type Error = DbErr;

    fn try_from(row: Row) -> Result<Self, DbErr> {
        Ok(Self {
            message_mail: row
                .message_mail
                .parse()
                .map_err(|error: UnknownChoice| DbErr::Type(error.to_string()))?,
            share_read: row.share_read,
        })
    }
}

pub async fn read(portal: &Portal, caller: Caller) -> Result<Preferences, DbErr> {
    stored(&portal.database, caller.account).await
}

async fn stored(connection: &impl ConnectionTrait, account: Uuid) -> Result<Preferences, DbErr> {
    let text = format!(
        "SELECT {} AS message_mail, {} AS share_read",
        message_mail("$1"),
        share_read("$1")
    );
    Row::find_by_statement(sql(&text, [account.into()]))
        .one(connection)
        .await?
        .ok_or_else(|| DbErr::RecordNotFound("preferences".to_owned()))?
        .try_into()
}

/// Changes what was chosen; mails that wait already follow the new choice.
pub async fn change(portal: &Portal, caller: Caller, change: Change) -> Result<Preferences, PreferenceError> {
    let transaction = portal.database.begin().await?;
    enter(&transaction, caller.account).await??;
    let preferences = store(portal, &transaction, caller.account, change).await?;
    transaction.commit().await?;
    Ok(preferences)
}

/// Ends mails about messages, by the link in one of them. Links are not used up: mail programs may follow one twice, and
/// those of earlier mails stay good.
pub async fn unsubscribe(portal: &Portal, token: &Token) -> Result<(), UnsubscribeError> {
    let now = portal.now();
    let whose = confirmation::look_up(&portal.database, token, LinkPurpose::Unsubscribe, now).await?;
    let account = whose.ok_or(UnsubscribeError::LinkInvalid)?;
    let transaction = portal.database.begin().await?;
    let entered = enter(&transaction, account).await?;
    // Under the lock it is asked again: all links of an account end when it is deleted (R5).
    let still = confirmation::look_up(&transaction, token, LinkPurpose::Unsubscribe, now).await?;
    if entered.is_err() || still != Some(account) {
        return Err(UnsubscribeError::LinkInvalid);
    }
    let never = Change {
        message_mail: Some(MessageMail::Never),
        share_read: None,
    };
    store(portal, &transaction, account, never).await?;
    transaction.commit().await?;
    Ok(())
}

/// One statement, so that of two who change different things at once neither undoes the other. What is chosen already
/// is no change: a link that is followed again and again leaves one line in the ledger. The caller holds the account's
/// lock.
async fn store(
    portal: &Portal,
    transaction: &Transaction,
    account: Uuid,
    change: Change,
) -> Result<Preferences, DbErr> {
    let changed = Stored::find_by_statement(sql(
        "INSERT INTO preference AS r (account_id, message_mail, share_read)
         VALUES ($1, coalesce($2, 'at_once'), coalesce($3, true))
         ON CONFLICT ON CONSTRAINT preference_pkey DO UPDATE
             SET message_mail = coalesce($2, r.message_mail), share_read = coalesce($3, r.share_read)
             WHERE r.message_mail <> $2 OR r.share_read <> $3
         RETURNING message_mail, share_read, share_read <> coalesce(
             (SELECT o.share_read FROM preference o WHERE o.account_id = $1), true) AS shares_otherwise",
        [
            account.into(),
            change.message_mail.map(MessageMail::as_str).into(),
            change.share_read.into(),
        ],
    ))
    .one(transaction)
    .await?;
    if let Some(choice) = change.message_mail {
        notify::follow(portal, transaction, account, choice).await?;
    }
    let Some(changed) = changed else {
        return stored(transaction, account).await;
    };
    // After a restored backup they are asked to look their choice over: what was ended must not begin again unseen.
    let now = portal.database_clock.now(transaction).await?;
    let event = ledger::Event::Changed { cluster: "activity" };
    ledger::record(transaction, account, now, event).await?;
    if changed.shares_otherwise {
        announce_within(transaction, [announcements::Change::Sharing(account)]).await?;
    }
    changed.row.try_into()
}
