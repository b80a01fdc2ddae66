//! Links in mails: one purpose, one use. A token is 32 random bytes, minted when its mail is sent and stored only
//! as SHA-256; a mail that is sent again gets another for the same confirmation.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{confirmation, confirmation_token};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, Set,
};
use uuid::Uuid;

use crate::{
    clock::Random, database::sql, mail::letter::LinkPurpose, portal::Portal, secrets::sha256, values::Fault,
};

/// How long most links are good.
pub const ONE_DAY: TimeDelta = TimeDelta::hours(24);
/// How long a mail's link can end such mails.
pub const THIRTY_DAYS: TimeDelta = TimeDelta::days(30);
/// How long a password can be reset by a link.
pub const ONE_HOUR: TimeDelta = TimeDelta::hours(1);

/// The secret half of a link. `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl std::fmt::Debug for Token {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Token")
    }
}

impl Token {
    pub fn parse(raw: &str) -> Result<Self, Fault> {
        let invalid = |_| Fault::new("token_invalid");
        let bytes = URL_SAFE_NO_PAD
            .decode(raw.trim())
            .map_err(|_| Fault::new("token_invalid"))?;
        Ok(Self(bytes.try_into().map_err(invalid)?))
    }

    pub fn random(random: &dyn Random) -> Self {
        let mut bytes = [0; 32];
        random.fill(&mut bytes);
        Self(bytes)
    }

    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The form in which it is stored.
    pub fn hash(&self) -> Vec<u8> {
        sha256(&self.0)
    }
}

/// How a purpose is written in the database.
fn word(purpose: LinkPurpose) -> &'static str {
    match purpose {
        LinkPurpose::Confirm => "confirm",
        LinkPurpose::Withdraw => "withdraw",
        LinkPurpose::Reset => "reset",
        LinkPurpose::EmailChange => "email_change",
        LinkPurpose::Undo => "undo",
        LinkPurpose::Unsubscribe => "unsubscribe",
    }
}

/// Opens a confirmation that ends at `expires_at`; an earlier one of the same account and purpose ends, and with it
/// its links and queued mails.
pub async fn open(
    transaction: &impl ConnectionTrait,
    portal: &Portal,
    account: Uuid,
    purpose: LinkPurpose,
    expires_at: DateTime<Utc>,
) -> Result<Uuid, DbErr> {
    close(transaction, account, purpose).await?;
    let id = portal.new_id();
    row(portal, id, account, purpose, expires_at)
        .insert(transaction)
        .await?;
    Ok(id)
}

fn row(
    portal: &Portal,
    id: Uuid,
    account: Uuid,
    purpose: LinkPurpose,
    expires_at: DateTime<Utc>,
) -> confirmation::ActiveModel {
    confirmation::ActiveModel {
        id: Set(id),
        account_id: Set(account),
        purpose: Set(word(purpose).to_owned()),
        created_at: Set(portal.now()),
        expires_at: Set(expires_at),
    }
}

/// Opens one confirmation for each of these mails, by account: earlier ones stay good beside it. Ids in the order of
/// `accounts`.
pub async fn open_beside(
    transaction: &impl ConnectionTrait,
    portal: &Portal,
    accounts: impl Iterator<Item = Uuid>,
    purpose: LinkPurpose,
    expires_at: DateTime<Utc>,
) -> Result<Vec<Uuid>, DbErr> {
    let (ids, rows): (Vec<Uuid>, Vec<_>) = accounts
        .map(|account| {
            let id = portal.new_id();
            (id, row(portal, id, account, purpose, expires_at))
        })
        .unzip();
    if !rows.is_empty() {
        confirmation::Entity::insert_many(rows)
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(ids)
}

/// Ends an account's links of one purpose.
pub async fn close(
    transaction: &impl ConnectionTrait,
    account: Uuid,
    purpose: LinkPurpose,
) -> Result<(), DbErr> {
    confirmation::Entity::delete_many()
        .filter(confirmation::Column::AccountId.eq(account))
        .filter(confirmation::Column::Purpose.eq(word(purpose)))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Ends all links of an account; queued mails that carry one go with them.
pub async fn close_all(transaction: &impl ConnectionTrait, account: Uuid) -> Result<(), DbErr> {
    confirmation::Entity::delete_many()
        .filter(confirmation::Column::AccountId.eq(account))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Makes a link's token and stores its hash.
pub async fn mint(
    connection: &impl ConnectionTrait,
    random: &dyn Random,
    confirmation: Uuid,
) -> Result<Token, DbErr> {
    let token = Token::random(random);
    confirmation_token::ActiveModel {
        token_hash: Set(token.hash()),
        confirmation_id: Set(confirmation),
    }
    .insert(connection)
    .await?;
    Ok(token)
}

#[derive(FromQueryResult)]
struct Owner {
    account_id: Uuid,
}

/// Whose link this is, while it is good. Uses nothing up.
pub async fn look_up(
    connection: &impl ConnectionTrait,
    token: &Token,
    purpose: LinkPurpose,
    now: DateTime<Utc>,
) -> Result<Option<Uuid>, DbErr> {
    let found = Owner::find_by_statement(sql(
        "SELECT c.account_id FROM confirmation_token t JOIN confirmation c ON c.id = t.confirmation_id
         WHERE t.token_hash = $1 AND c.purpose = $2 AND c.expires_at > $3",
        [token.hash().into(), word(purpose).into(), now.into()],
    ))
    .one(connection)
    .await?;
    Ok(found.map(|owner| owner.account_id))
}

/// Uses the link up: of any number of tries at once, one gets the account's id. All links of the same confirmation
/// end with it. The caller holds the account's lock (R7).
pub async fn redeem(
    transaction: &impl ConnectionTrait,
    token: &Token,
    purpose: LinkPurpose,
    now: DateTime<Utc>,
) -> Result<Option<Uuid>, DbErr> {
    let found = Owner::find_by_statement(sql(
        "DELETE FROM confirmation WHERE purpose = $2 AND expires_at > $3
           AND id = (SELECT confirmation_id FROM confirmation_token WHERE token_hash = $1)
         RETURNING account_id",
        [token.hash().into(), word(purpose).into(), now.into()],
    ))
    .one(transaction)
    .await?;
    Ok(found.map(|owner| owner.account_id))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_written_is_read(bytes: [u8; 32]) {
            let written = Token(bytes).reveal();
            prop_assert!(written.len() == 43 && !written.contains(['+', '/', '=']));
            prop_assert_eq!(Token::parse(&written), Ok(Token(bytes)));
            prop_assert_eq!(Token::parse(&format!(" {written}\r\n")), Ok(Token(bytes)));
        }

        #[test]
        fn whatever_else_is_read_is_refused_or_reads_the_same_again(raw in "[A-Za-z0-9_-]{43}|[A-Za-z0-9_=+/-]{0,90}|.{0,60}") {
            if let Ok(token) = Token::parse(&raw) {
                prop_assert_eq!(token.reveal(), raw.trim());
            }
        }

        #[test]
        fn what_was_cut_off_or_continued_is_refused(bytes: [u8; 32], more in "[A-Za-z0-9_-]{1,50}") {
            let written = Token(bytes).reveal();
            prop_assert!(Token::parse(&written[1..]).is_err());
            prop_assert!(Token::parse(&(written + &more)).is_err());
        }
    }
}
