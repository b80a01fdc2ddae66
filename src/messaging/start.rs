//! Beginning a conversation. Between the same two there is one: writing to someone again goes on where it was.

use entity::{account, conversation, participation, profile, status::Status};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, Set};
use uuid::Uuid;

use super::{
    BODY_LIMIT, MEMBERS_LIMIT, SUBJECT_LIMIT,
    conversations::{self, Conversation},
    send::{already_sent, append, breaks_key, lock_conversation, reach},
};
use crate::{
    account::{Caller, NotActive, share},
    announcements::Change,
    database::{Transaction, sql},
    limits::{self, Limited, TooOften},
    portal::Portal,
    values::{Check, Fault, IdempotencyKey, Invalid, Line, Prose, optional_line, prose},
};

/// What a conversation begins with.
#[derive(Debug, Clone)]
pub struct Opening {
    members: Vec<Uuid>,
    subject: Option<Line>,
    body: Prose,
    /// The key under which it is begun once.
    key: Option<IdempotencyKey>,
}

/// A conversation, and whether it is new.
#[derive(Debug, Clone)]
pub struct Started {
    pub conversation: Conversation,
    pub created: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    NotActive(#[from] NotActive),
    #[error(transparent)]
    TooOften(#[from] TooOften),
    #[error("the key was used for another message")]
    KeyReused,
    #[error("the caller blocked the only other one")]
    Blocked,
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl Opening {
    pub fn parse(
        caller: Caller,
        member_ids: &[Uuid],
        subject: Option<&str>,
        body: &str,
    ) -> Result<Self, Invalid> {
        let mut check = Check::default();
        let mut members = member_ids.to_vec();
        members.sort_unstable();
        members.dedup();
        if members.is_empty() {
            check.refuse("member_ids", Fault::new("required"));
        } else if members.len() > MEMBERS_LIMIT {
            check.refuse("member_ids", Fault::with_limit("too_many", MEMBERS_LIMIT));
        } else if members.contains(&caller.account) {
            check.refuse("member_ids", Fault::new("oneself"));
        }
        let subject = check.take("subject", optional_line(subject, SUBJECT_LIMIT));
        let body = check.take("body", prose(body, BODY_LIMIT));
        let opening = (|| {
            Some(Self {
                members,
                subject: subject?,
                body: body?,
                key: None,
            })
        })();
        check.finish(opening)
    }

    /// Sent again with the same key, nothing is begun or written twice: the first time is the answer.
    #[must_use]
    pub fn once(mut self, key: Option<IdempotencyKey>) -> Self {
        self.key = key;
        self
    }
}

/// Begins the conversation, or goes on with the one between the same two.
pub async fn start(portal: &Portal, caller: Caller, opening: Opening) -> Result<Started, StartError> {
    match begin(portal, caller, opening.clone()).await {
        // The same was sent at the same moment, and that one was first.
        Err(StartError::Database(error)) if breaks_key(&error) => {
            let started = already_started(&portal.database, caller, &opening).await?;
            started.ok_or(StartError::KeyReused)
        }
        outcome => outcome,
    }
}

async fn begin(portal: &Portal, caller: Caller, opening: Opening) -> Result<Started, StartError> {
    let transaction = portal.database.begin().await?;
    let mut everyone = opening.members.clone();
    everyone.push(caller.account);
    let active: Vec<_> = share(&transaction, &everyone)
        .await?
        .into_iter()
        .filter(|account| account.status == Status::Active)
        .collect();
    let author = active
        .iter()
        .find(|account| account.id == caller.account)
        .ok_or(NotActive)?;
    if let Some(started) = already_started(&transaction, caller, &opening).await? {
        return Ok(started);
    }
    if active.len() < everyone.len() {
        return Err(unknown_member());
    }
    let pair = pair_of(&everyone);
    let known = match pair {
        Some(pair) => existing(&transaction, pair).await?,
        None => None,
    };
    let (id, created) = if let Some(id) = known {
        (id, false)
    } else {
        if !want_to_be_found(&transaction, &opening.members).await? {
            return Err(unknown_member());
        }
        limits::take(&transaction, portal, author, Limited::Conversations).await??;
        take_beyond_first(portal, &transaction, author, opening.members.len()).await?;
        create(portal, &transaction, caller, &everyone, pair, opening.subject).await?
    };
    lock_conversation(&transaction, caller.account, id).await?;
    let reach = reach(&transaction, caller.account, id).await?;
    if reach.blocked {
        return Err(StartError::Blocked);
    }
    limits::take(&transaction, portal, author, Limited::Messages).await??;
    append(
        portal,
        &transaction,
        caller.account,
        id,
        reach.newest,
        opening.body,
        opening.key,
    )
    .await?;
    let conversation = conversations::one(&transaction, caller, id)
        .await?
        .ok_or(NotActive)?;
    transaction.commit().await?;
    portal.announcements.announce(Change::Message);
    Ok(Started {
        conversation,
        created,
    })
}

/// Whoever is written to beside the first one counts like somebody invited: one conversation is not a way around that
/// limit.
async fn take_beyond_first(
    portal: &Portal,
    transaction: &Transaction,
    author: &account::Model,
    members: usize,
) -> Result<(), StartError> {
    let beyond = members.saturating_sub(1);
    if beyond == 0 {
        return Ok(());
    }
    let most = limits::at_once(portal, author, Limited::Invitations);
    if let Some(most) = most.filter(|most| beyond > *most) {
        return Err(Invalid::one("member_ids", Fault::with_limit("too_many", most + 1)).into());
    }
    limits::take_some(transaction, portal, author, Limited::Invitations, beyond).await??;
    Ok(())
}

/// What the same key began before, with the same people and words.
async fn already_started(
    connection: &impl ConnectionTrait,
    caller: Caller,
    opening: &Opening,
) -> Result<Option<Started>, StartError> {
    let Some(sent) = already_sent(connection, caller.account, opening.key.as_ref()).await? else {
        return Ok(None);
    };
    // Whoever left it meanwhile does not begin it anew by the same key.
    let conversation = conversations::one(connection, caller, sent.conversation_id)
        .await?
        .ok_or(StartError::KeyReused)?;
    let mut others: Vec<Uuid> = conversation.members.iter().map(|member| member.id).collect();
    others.retain(|id| *id != caller.account);
    others.sort_unstable();
    if sent.body != opening.body.as_str() || others != opening.members {
        return Err(StartError::KeyReused);
    }
    Ok(Some(Started {
        conversation,
        created: false,
    }))
}

fn unknown_member() -> StartError {
    Invalid::one("member_ids", Fault::new("unknown_member")).into()
}

fn pair_of(everyone: &[Uuid]) -> Option<(Uuid, Uuid)> {
    match everyone {
        [one, other] => Some((*one.min(other), *one.max(other))),
        _ => None,
    }
}

async fn existing(transaction: &Transaction, (low, high): (Uuid, Uuid)) -> Result<Option<Uuid>, DbErr> {
    let found = conversation::Entity::find()
        .filter(conversation::Column::PairLow.eq(low))
        .filter(conversation::Column::PairHigh.eq(high))
        .one(transaction)
        .await?;
    Ok(found.map(|conversation| conversation.id))
}

/// Whether all of them do: who left the directory can be answered, but not newly written to.
pub(super) async fn want_to_be_found(transaction: &Transaction, members: &[Uuid]) -> Result<bool, DbErr> {
    let listed = profile::Entity::find()
        .filter(profile::Column::AccountId.is_in(members.iter().copied()))
        .filter(profile::Column::Listed.eq(true))
        .all(transaction)
        .await?;
    Ok(listed.len() == members.len())
}

#[derive(FromQueryResult)]
struct Created {
    id: Uuid,
}

/// Makes the conversation. Of two who write to each other for the first time at once, one makes it and the other
/// goes on with it.
async fn create(
    portal: &Portal,
    transaction: &Transaction,
    caller: Caller,
    everyone: &[Uuid],
    pair: Option<(Uuid, Uuid)>,
    subject: Option<Line>,
) -> Result<(Uuid, bool), DbErr> {
    let now = portal.now();
    let subject_by = subject.as_ref().map(|_| caller.account);
    let created = Created::find_by_statement(sql(
        "INSERT INTO conversation (id, subject, subject_by, pair_low, pair_high, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (pair_low, pair_high) WHERE pair_low IS NOT NULL DO NOTHING RETURNING id",
        [
            portal.random.uuid_v7(now).into(),
            subject.map(Line::into_string).into(),
            subject_by.into(),
            pair.map(|(low, _)| low).into(),
            pair.map(|(_, high)| high).into(),
            now.into(),
        ],
    ))
    .one(transaction)
    .await?;
    let Some(Created { id }) = created else {
        let pair = pair.ok_or_else(|| DbErr::RecordNotInserted)?;
        return Ok((
            existing(transaction, pair)
                .await?
                .ok_or(DbErr::RecordNotInserted)?,
            false,
        ));
    };
    let participations = everyone.iter().map(|account| participation::ActiveModel {
        conversation_id: Set(id),
        account_id: Set(*account),
        joined_at: Set(now),
        last_activity_at: Set(now),
        read_up_to: Set(None),
        last_message_id: Set(None),
        sees_after: Set(Uuid::nil()),
        left_at: Set(None),
        mail_due_at: Set(None),
        mailed_at: Set(None),
        idempotency_hash: Set(None),
    });
    participation::Entity::insert_many(participations)
        .exec_without_returning(transaction)
        .await?;
    Ok((id, true))
}
