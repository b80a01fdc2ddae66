//! Opening a group. Its opener is alone in it at first, and whoever is named is invited.

use entity::{conversation, participation};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, Set};
use uuid::Uuid;

use super::{
    GroupError, enter_with,
    invite::{Inviting, invite_some, named},
    shown_to,
};
use crate::{
    account::Caller,
    announcements::announce_within,
    database::{Transaction, broken_constraint},
    limits::{self, Limited},
    messaging::{
        SUBJECT_LIMIT,
        conversations::{self, Conversation},
    },
    portal::Portal,
    values::{Check, IdempotencyKey, Invalid, Line, line},
};

/// What a group begins with.
#[derive(Debug, Clone)]
pub struct Opening {
    name: Line,
    members: Vec<Uuid>,
    /// The key under which it is opened once.
    key: Option<IdempotencyKey>,
}

impl Opening {
    pub fn parse(caller: Caller, name: &str, member_ids: &[Uuid]) -> Result<Self, Invalid> {
        let mut check = Check::default();
        let name = check.take("name", line(name, SUBJECT_LIMIT));
        let members = check.take("member_ids", named(caller, member_ids));
        let opening = name.zip(members).map(|(name, members)| Self {
            name,
            members,
            key: None,
        });
        check.finish(opening)
    }

    /// Sent again with the same key, no other group is opened: the first one is the answer.
    #[must_use]
    pub fn once(mut self, key: Option<IdempotencyKey>) -> Self {
        self.key = key;
        self
    }
}

/// Opens a group and invites those who are named.
pub async fn open(portal: &Portal, caller: Caller, opening: Opening) -> Result<Conversation, GroupError> {
    match begin(portal, caller, &opening).await {
        // The same was sent at the same moment, and that one was first.
        Err(GroupError::Database(error))
            if broken_constraint(&error) == Some("participation_idempotency") =>
        {
            let opened = already_opened(&portal.database, caller, &opening).await?;
            opened.ok_or(GroupError::KeyReused)
        }
        outcome => outcome,
    }
}

async fn begin(portal: &Portal, caller: Caller, opening: &Opening) -> Result<Conversation, GroupError> {
    let transaction = portal.database.begin().await?;
    let (account, active) = enter_with(&transaction, caller, &opening.members).await?;
    if let Some(opened) = already_opened(&transaction, caller, opening).await? {
        return Ok(opened);
    }
    limits::take(&transaction, portal, &account, Limited::Conversations).await??;
    let group = create(portal, &transaction, caller, opening).await?;
    if !opening.members.is_empty() {
        let inviting = Inviting {
            account: &account,
            group,
            people: 1,
            is_manager: true,
        };
        invite_some(portal, &transaction, &inviting, &opening.members, &active).await?;
    }
    let opened = conversations::one(&transaction, caller, group)
        .await?
        .ok_or(GroupError::NotFound)?;
    announce_within(&transaction, [shown_to(group, caller.account)]).await?;
    transaction.commit().await?;
    Ok(opened)
}

/// What the same key opened before, by the same name.
async fn already_opened(
    connection: &impl ConnectionTrait,
    caller: Caller,
    opening: &Opening,
) -> Result<Option<Conversation>, GroupError> {
    let Some(key) = &opening.key else { return Ok(None) };
    let found = participation::Entity::find()
        .filter(participation::Column::AccountId.eq(caller.account))
        .filter(participation::Column::IdempotencyHash.eq(key.hash()))
        .one(connection)
        .await?;
    let Some(found) = found else { return Ok(None) };
    let opened = conversations::one(connection, caller, found.conversation_id).await?;
    let same = opened.filter(|group| group.subject.as_deref() == Some(opening.name.as_str()));
    same.map(Some).ok_or(GroupError::KeyReused)
}

async fn create(
    portal: &Portal,
    transaction: &Transaction,
    caller: Caller,
    opening: &Opening,
) -> Result<Uuid, DbErr> {
    let now = portal.now();
    let id = portal.random.uuid_v7(now);
    conversation::ActiveModel {
        id: Set(id),
        subject: Set(Some(opening.name.as_str().to_owned())),
        subject_by: Set(Some(caller.account)),
        created_at: Set(now),
        is_group: Set(true),
        ..Default::default()
    }
    .insert(transaction)
    .await?;
    participation::ActiveModel {
        conversation_id: Set(id),
        account_id: Set(caller.account),
        joined_at: Set(now),
        last_activity_at: Set(now),
        sees_after: Set(Uuid::nil()),
        idempotency_hash: Set(opening.key.as_ref().map(IdempotencyKey::hash)),
        ..Default::default()
    }
    .insert(transaction)
    .await?;
    Ok(id)
}
