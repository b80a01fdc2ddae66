//! Asking to join. The answer is the same, and costs the same, whether or not the address is known: the request is
//! noted, and everything else happens in the worker.

use chrono::{DateTime, Utc};
use entity::{
    account, consent, email_address, profile, registration,
    status::{Role, Status},
};
use sea_orm::{ActiveModelTrait, DbErr, EntityTrait, IntoActiveModel, Set, sea_query::OnConflict};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    account::{lapses_at, lock_owner, new_account, new_profile, release_address},
    confirmation,
    database::Transaction,
    hold,
    limits::TooOften,
    mail::{
        self, Draft,
        letter::{Letter, LinkPurpose},
    },
    network::Network,
    noted::{self, Kind},
    portal::Portal,
    text::Locale,
    values::{
        Check, EmailAddress, Fault, Invalid, NAME_LIMIT, ORGANISATION_LIMIT, line, optional_line,
        optional_prose,
    },
};

/// Longest message to the desk, in characters.
pub const MESSAGE_LIMIT: usize = 2_000;

/// The consent that a registration gives.
const TERMS: &str = "terms";

/// What someone who asks to join says of themselves.
#[derive(Debug, Clone)]
pub struct SignUp {
    email: EmailAddress,
    details: Details,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Details {
    first_name: String,
    last_name: String,
    organisation: String,
    department: Option<String>,
    message: Option<String>,
    locale: Locale,
    terms_version: String,
}

/// The same as it was typed.
#[derive(Debug, Clone)]
pub struct Typed<'a> {
    pub email: &'a str,
    pub first_name: &'a str,
    pub last_name: &'a str,
    pub organisation: &'a str,
    pub department: Option<&'a str>,
    pub message: Option<&'a str>,
    pub locale: Locale,
    pub accept_terms: &'a str,
}

impl SignUp {
    pub fn parse(portal: &Portal, typed: &Typed<'_>) -> Result<Self, Invalid> {
        let mut check = Check::default();
        let email = check.take("email", EmailAddress::parse(typed.email));
        let first_name = check.take("first_name", line(typed.first_name, NAME_LIMIT));
        let last_name = check.take("last_name", line(typed.last_name, NAME_LIMIT));
        let organisation = check.take("organisation", line(typed.organisation, ORGANISATION_LIMIT));
        let department = check.take("department", optional_line(typed.department, ORGANISATION_LIMIT));
        let message = check.take("message", optional_prose(typed.message, MESSAGE_LIMIT));
        let current = &portal.settings.terms.version;
        if typed.accept_terms != current {
            check.refuse("accept_terms", Fault::with_limit("terms_not_accepted", current));
        }
        let sign_up = (|| {
            Some(Self {
                email: email?,
                details: Details {
                    first_name: first_name?.into_string(),
                    last_name: last_name?.into_string(),
                    organisation: organisation?.into_string(),
                    department: department?.map(crate::values::Line::into_string),
                    message: message?.map(crate::values::Prose::into_string),
                    locale: typed.locale,
                    terms_version: current.clone(),
                },
            })
        })();
        check.finish(sign_up)
    }
}

/// Notes the request, unless too many come from its network.
pub async fn note(portal: &Portal, from: Network, sign_up: &SignUp) -> Result<Result<(), TooOften>, DbErr> {
    noted::note(portal, from, Kind::Registration, &sign_up.email, &sign_up.details).await
}

/// Handles what was noted, and returns how many there were.
pub async fn handle_noted(portal: &Portal) -> Result<u64, DbErr> {
    noted::handle_all(
        portal,
        Kind::Registration,
        |transaction, address, details: Details| async move {
            handle(portal, &transaction, &address, details).await?;
            Ok(transaction)
        },
    )
    .await
}

async fn handle(
    portal: &Portal,
    transaction: &Transaction,
    address: &EmailAddress,
    details: Details,
) -> Result<(), DbErr> {
    let now = portal.database_clock.now(transaction).await?;
    if !mail::allow(transaction, portal, address, "registration", now).await? {
        return Ok(());
    }
    let account = lock_owner(transaction, address.as_str()).await?;
    let Some(account) = account else {
        return begin(portal, transaction, address, details, now).await;
    };
    let letter = match (account.status, account.undo_until) {
        (Status::Unconfirmed, _) => {
            return begin_again(portal, transaction, account, address, details).await;
        }
        (Status::Deleted | Status::Erasing, Some(undo_until)) if undo_until > now => {
            Letter::DeletionUnderWay { undo_until }
        }
        // R16: from here on the address stands in nobody's way.
        (Status::Deleted | Status::Erasing, _) => {
            release_address(transaction, address.as_str(), now).await?;
            return begin(portal, transaction, address, details, now).await;
        }
        _ => Letter::AlreadyRegistered,
    };
    let draft = Draft {
        account: account.id,
        recipient: address.as_str().to_owned(),
        locale: details.locale,
        letter,
        confirmation: None,
    };
    mail::queue(transaction, portal, draft).await?;
    Ok(())
}

async fn begin(
    portal: &Portal,
    transaction: &Transaction,
    address: &EmailAddress,
    details: Details,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let id = portal.random.uuid_v4();
    new_account(id, Status::Unconfirmed, Role::Member, now)
        .insert(transaction)
        .await?;
    email_address::ActiveModel {
        id: Set(portal.new_id()),
        account_id: Set(id),
        address: Set(address.as_str().to_owned()),
        released: Set(false),
        superseded_at: Set(None),
    }
    .insert(transaction)
    .await?;
    store(portal, transaction, id, &details, now).await?;
    send_link(portal, transaction, id, address, details.locale).await
}

/// Someone who has not confirmed yet asks again: what they say now counts, and the earlier links end. Under a hold what
/// was said first stays (R18), and only the link is sent again.
async fn begin_again(
    portal: &Portal,
    transaction: &Transaction,
    account: account::Model,
    address: &EmailAddress,
    details: Details,
) -> Result<(), DbErr> {
    let id = account.id;
    if !hold::covers(transaction, id, "master_data").await? {
        let now = portal.database_clock.now(transaction).await?;
        let due_at = hold::due_after_change(transaction, id, lapses_at(account.status, now), now).await?;
        account::ActiveModel {
            due_at: Set(due_at),
            ..account.into_active_model()
        }
        .update(transaction)
        .await?;
        profile::Entity::delete_by_id(id).exec(transaction).await?;
        store(portal, transaction, id, &details, now).await?;
    }
    send_link(portal, transaction, id, address, details.locale).await
}

async fn store(
    portal: &Portal,
    transaction: &Transaction,
    account: Uuid,
    details: &Details,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let Details {
        first_name,
        last_name,
        organisation,
        department,
        message,
        locale,
        terms_version,
    } = details.clone();
    let profile = new_profile(account, first_name, last_name, organisation, department, locale);
    profile::Entity::insert(profile)
        .exec_without_returning(transaction)
        .await?;
    let registration = registration::ActiveModel {
        account_id: Set(account),
        message: Set(message),
        registered_at: Set(now),
        ..Default::default()
    };
    let mut replaced = OnConflict::column(registration::Column::AccountId);
    replaced.update_columns([registration::Column::Message, registration::Column::RegisteredAt]);
    registration::Entity::insert(registration)
        .on_conflict(replaced)
        .exec_without_returning(transaction)
        .await?;
    let given = consent::ActiveModel {
        account_id: Set(account),
        kind: Set(TERMS.to_owned()),
        version: Set(terms_version),
        given_at: Set(portal.now()),
    };
    let mut again = OnConflict::columns([
        consent::Column::AccountId,
        consent::Column::Kind,
        consent::Column::Version,
    ]);
    again.update_column(consent::Column::GivenAt);
    consent::Entity::insert(given.into_active_model())
        .on_conflict(again)
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}

async fn send_link(
    portal: &Portal,
    transaction: &Transaction,
    account: Uuid,
    address: &EmailAddress,
    locale: Locale,
) -> Result<(), DbErr> {
    let expires_at = portal.now() + confirmation::ONE_DAY;
    let confirmation =
        confirmation::open(transaction, portal, account, LinkPurpose::Confirm, expires_at).await?;
    let draft = Draft {
        account,
        recipient: address.as_str().to_owned(),
        locale,
        letter: Letter::ConfirmRegistration,
        confirmation: Some(confirmation),
    };
    mail::queue(transaction, portal, draft).await?;
    Ok(())
}
