//! Making an administrator from the command line: the first one, or another.

use chrono::{DateTime, Utc};
use entity::{
    account, email_address, profile, registration,
    status::{Role, Status},
};
use sea_orm::{ActiveModelTrait, DbErr, EntityTrait, IntoActiveModel, Set};
use uuid::Uuid;

use crate::{
    account::{end_access, lock_owner, new_account, new_profile},
    audit, confirmation,
    credentials::{self, ChooseError},
    database::Transaction,
    hold,
    mail::{
        self, Draft,
        letter::{Letter, LinkPurpose},
        worker::link,
    },
    passwords::PasswordHash,
    portal::Portal,
    text::Locale,
    values::{Check, EmailAddress, Invalid, Line, NAME_LIMIT, line},
};

/// Who is to be administrator.
#[derive(Debug, Clone)]
pub struct Person {
    pub email: EmailAddress,
    first_name: Line,
    last_name: Line,
}

/// What was done.
#[derive(Debug, Clone)]
pub enum Created {
    /// A member was known under the address and is administrator now.
    Promoted(Uuid),
    /// A new account with the given password.
    WithPassword(Uuid),
    /// A new account; the link, good once and for 24 hours, sets its password. It was mailed as well.
    WithLink(Uuid, String),
}

#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    #[error("an account with this address exists and is {0}")]
    InTheWay(&'static str),
    #[error(transparent)]
    Password(#[from] ChooseError),
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl Person {
    pub fn parse(email: EmailAddress, first_name: &str, last_name: &str) -> Result<Self, Invalid> {
        let mut check = Check::default();
        let first_name = check.take("first_name", line(first_name, NAME_LIMIT));
        let last_name = check.take("last_name", line(last_name, NAME_LIMIT));
        let names = first_name.zip(last_name);
        check.finish(names.map(|(first_name, last_name)| Self {
            email,
            first_name,
            last_name,
        }))
    }
}

pub async fn create(
    portal: &Portal,
    person: &Person,
    password: Option<&str>,
) -> Result<Created, CreateError> {
    let hash = match password {
        Some(raw) => Some(hash(portal, person, raw).await?),
        None => None,
    };
    let transaction = portal.database.begin().await?;
    let now = portal.database_clock.now(&transaction).await?;
    let known = lock_owner(&transaction, person.email.as_str()).await?;
    let id = match known {
        Some(account) if account.status == Status::Active => {
            let id = account.id;
            account::ActiveModel {
                role: Set(Role::Administrator),
                ..account.into_active_model()
            }
            .update(&transaction)
            .await?;
            audit::record(
                &transaction,
                portal,
                audit::Event::by_portal("role.administrator").on(id),
            )
            .await?;
            transaction.commit().await?;
            return Ok(Created::Promoted(id));
        }
        Some(account) if account.status == Status::Unconfirmed => {
            // What is held must not be replaced by what the operator says (R18).
            if hold::covers(&transaction, account.id, "master_data").await? {
                return Err(CreateError::InTheWay("under a hold"));
            }
            take_over_unconfirmed(&transaction, account, now).await?
        }
        Some(account) => return Err(CreateError::InTheWay(word(account.status))),
        None => insert_account(portal, &transaction, person, now).await?,
    };
    describe(&transaction, id, person, now).await?;
    audit::record_at(
        &transaction,
        portal,
        audit::Event::by_portal("administrator.created").on(id),
        now,
    )
    .await?;
    let created = match hash {
        Some(hash) => {
            credentials::set(&transaction, portal, id, &hash).await?;
            Created::WithPassword(id)
        }
        None => Created::WithLink(id, invite(portal, &transaction, id, person).await?),
    };
    transaction.commit().await?;
    Ok(created)
}

async fn hash(portal: &Portal, person: &Person, raw: &str) -> Result<PasswordHash, CreateError> {
    let personal = [
        person.first_name.as_str(),
        person.last_name.as_str(),
        person.email.as_str(),
    ];
    Ok(credentials::hash_chosen(portal, raw, &personal).await?)
}

/// Someone registered with the address and never confirmed: the operator's word counts more.
async fn take_over_unconfirmed(
    transaction: &Transaction,
    account: account::Model,
    now: DateTime<Utc>,
) -> Result<Uuid, DbErr> {
    let id = account.id;
    end_access(transaction, id).await?;
    let due_at = hold::due_after_change(transaction, id, None, now).await?;
    profile::Entity::delete_by_id(id).exec(transaction).await?;
    registration::Entity::delete_by_id(id).exec(transaction).await?;
    account::ActiveModel {
        status: Set(Status::Active),
        role: Set(Role::Administrator),
        created_at: Set(now),
        due_at: Set(due_at),
        ..account.into_active_model()
    }
    .update(transaction)
    .await?;
    Ok(id)
}

async fn insert_account(
    portal: &Portal,
    transaction: &Transaction,
    person: &Person,
    now: DateTime<Utc>,
) -> Result<Uuid, DbErr> {
    let id = portal.random.uuid_v4();
    new_account(id, Status::Active, Role::Administrator, now)
        .insert(transaction)
        .await?;
    email_address::ActiveModel {
        id: Set(portal.new_id()),
        account_id: Set(id),
        address: Set(person.email.as_str().to_owned()),
        released: Set(false),
        superseded_at: Set(None),
    }
    .insert(transaction)
    .await?;
    Ok(id)
}

async fn describe(
    transaction: &Transaction,
    id: Uuid,
    person: &Person,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    // The organisation is the operator's own; the administrator can put its name there.
    let operator = person.email.domain().as_str().to_owned();
    let (first_name, last_name) = (
        person.first_name.as_str().to_owned(),
        person.last_name.as_str().to_owned(),
    );
    let profile = new_profile(id, first_name, last_name, operator, None, Locale::default());
    profile::Entity::insert(profile)
        .exec_without_returning(transaction)
        .await?;
    registration::ActiveModel {
        account_id: Set(id),
        registered_at: Set(now),
        decided_at: Set(Some(now)),
        decided_rule: Set(Some("command_line".to_owned())),
        ..Default::default()
    }
    .insert(transaction)
    .await?;
    Ok(())
}

async fn invite(
    portal: &Portal,
    transaction: &Transaction,
    id: Uuid,
    person: &Person,
) -> Result<String, DbErr> {
    let expires_at = portal.now() + confirmation::ONE_DAY;
    let confirmation = confirmation::open(transaction, portal, id, LinkPurpose::Reset, expires_at).await?;
    let token = confirmation::mint(transaction, portal.random.as_ref(), confirmation).await?;
    let locale = Locale::default();
    let draft = Draft {
        account: id,
        recipient: person.email.as_str().to_owned(),
        locale,
        letter: Letter::AdministratorInvited,
        confirmation: Some(confirmation),
    };
    mail::queue(transaction, portal, draft).await?;
    Ok(link(portal, locale, LinkPurpose::Reset, &token))
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Unconfirmed => "unconfirmed",
        Status::Pending => "waiting for approval: approve it first",
        Status::Rejected => "rejected",
        Status::Active => "active",
        Status::Suspended => "suspended: reinstate it first",
        Status::Deleted | Status::Erasing => "being deleted",
    }
}
