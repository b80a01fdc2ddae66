//! Mails that tell of messages: that there is one, and nothing else. Neither text nor subject nor name stands in them:
//! what lies in a mailbox outlives every erasure (R13, R24). `participation.mail_due_at` says when one is due; it is set
//! by whoever writes and emptied by whoever reads.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use chrono_tz::Europe::Berlin;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::preferences::{MessageMail, message_mail};
use crate::{
    account::{Mailbox, mailboxes},
    confirmation,
    database::{Transaction, sql},
    mail::{
        self, Draft,
        letter::{Letter, LinkPurpose},
    },
    portal::Portal,
    unread::unread_messages,
};

mod back;

pub use back::take_back_of_former;
pub(super) use back::{take_back, take_back_if_read, take_back_of_gone, take_back_read};

/// When the one mail a day is due, in Berlin: before work begins.
const DAILY_AT: NaiveTime = match NaiveTime::from_hms_opt(7, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};
/// How many people one transaction tells.
const READERS: i64 = 100;
/// How many mails one statement queues: PostgreSQL takes 65,535 values.
const MAILS: usize = 1_000;

/// When a mail about a message that is written now is due.
#[derive(Debug, Clone, Copy)]
pub(super) struct Due {
    pub at_once: DateTime<Utc>,
    pub daily: DateTime<Utc>,
}

impl Due {
    pub fn of(portal: &Portal) -> Self {
        let now = portal.now();
        let pause = TimeDelta::from_std(portal.settings.mail.message_pause).unwrap_or_default();
        Self {
            at_once: now + pause,
            daily: next_daily(now),
        }
    }
}

/// The next [`DAILY_AT`] after `now`. Clocks are put forward and back at other hours: it is there once every day.
fn next_daily(now: DateTime<Utc>) -> DateTime<Utc> {
    let today = now.with_timezone(&Berlin).date_naive();
    [Days::new(0), Days::new(1)]
        .into_iter()
        .filter_map(|days| {
            today
                .checked_add_days(days)?
                .and_time(DAILY_AT)
                .and_local_timezone(Berlin)
                .earliest()
        })
        .map(|at| at.with_timezone(&Utc))
        .find(|at| *at > now)
        .unwrap_or(now + TimeDelta::days(1))
}

/// What is due already follows a new choice; what is queued goes, if none is wanted. A row that someone writes or tells
/// of at this moment is left to them: whoever waited for it could be waited for.
pub(super) async fn follow(
    portal: &Portal,
    transaction: &Transaction,
    account: Uuid,
    choice: MessageMail,
) -> Result<(), DbErr> {
    let due = Due::of(portal);
    let at = match choice {
        MessageMail::AtOnce => Some(due.at_once),
        MessageMail::Daily => Some(due.daily),
        MessageMail::Never => None,
    };
    transaction
        .execute_raw(sql(
            "UPDATE participation SET mail_due_at = CASE WHEN $2 < mail_due_at OR $3 <> 'at_once' THEN $2 ELSE mail_due_at END
             WHERE ctid = ANY (ARRAY(SELECT ctid FROM participation WHERE account_id = $1 AND mail_due_at IS NOT NULL
                                     FOR NO KEY UPDATE SKIP LOCKED))",
            [account.into(), at.into(), choice.as_str().into()],
        ))
        .await?;
    if choice == MessageMail::Never {
        transaction
            .execute_raw(sql(
                "DELETE FROM mail WHERE account_id = $1 AND letter ->> 'kind' IN ('new_message', 'new_messages')",
                [account.into()],
            ))
            .await?;
    }
    Ok(())
}

/// Queues every mail that is due, until it is told to stop; how many there were. Who cannot be told now because somebody
/// else is at it is passed over, and due for the next time.
pub async fn queue_due(portal: &Portal, stop: &CancellationToken) -> Result<usize, DbErr> {
    let (mut queued, mut passed_over) = (0, BTreeSet::new());
    while !stop.is_cancelled() {
        let Some(mails) = queue_some(portal, &mut passed_over).await? else {
            break;
        };
        queued += mails;
    }
    Ok(queued)
}

#[derive(FromQueryResult)]
struct Reader {
    id: Uuid,
}

#[derive(FromQueryResult)]
struct Locked {
    conversation_id: Uuid,
    account_id: Uuid,
}

/// A participation of which a mail was due, and whether there is one.
#[derive(FromQueryResult)]
struct Handled {
    conversation_id: Uuid,
    account_id: Uuid,
    is_mailed: bool,
    is_daily: bool,
}

/// What is due of some people, in one transaction. None: nothing is due that was not passed over.
///
/// Of several instances each takes the people whom the others have not, and never waits for a row (R7: accounts first,
/// in order of id): nobody who holds one of these is waited for. Whoever writes to somebody shares their account, and is
/// held up by none of this.
async fn queue_some(portal: &Portal, passed_over: &mut BTreeSet<Uuid>) -> Result<Option<usize>, DbErr> {
    let transaction = portal.database.begin().await?;
    let now = portal.now();
    let passed: Vec<Uuid> = passed_over.iter().copied().collect();
    let due: Vec<Uuid> = readers(
        &transaction,
        "SELECT DISTINCT d.account_id AS id FROM (
             SELECT account_id FROM participation WHERE mail_due_at <= $1 AND account_id <> ALL ($3)
             ORDER BY mail_due_at LIMIT $2) d",
        [now.into(), READERS.into(), passed.into()],
    )
    .await?;
    if due.is_empty() {
        return Ok(None);
    }
    let free = readers(
        &transaction,
        "SELECT id FROM account WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED",
        [due.clone().into()],
    )
    .await?;
    let handled = tell(&transaction, &free, now).await?;
    let told: BTreeSet<Uuid> = handled.iter().map(|handled| handled.account_id).collect();
    passed_over.extend(due.into_iter().filter(|reader| !told.contains(reader)));
    let drafts = drafts(portal, &transaction, &handled, now).await?;
    let queued = drafts.len();
    let mut drafts = drafts.into_iter().peekable();
    while drafts.peek().is_some() {
        mail::queue_all(&transaction, portal, drafts.by_ref().take(MAILS)).await?;
    }
    transaction.commit().await?;
    if queued > 0 {
        portal.post.notify_one();
    }
    Ok(Some(queued))
}

async fn readers<const N: usize>(
    transaction: &Transaction,
    query: &str,
    values: [sea_orm::Value; N],
) -> Result<Vec<Uuid>, DbErr> {
    let rows = Reader::find_by_statement(sql(query, values))
        .all(transaction)
        .await?;
    Ok(rows.into_iter().map(|reader| reader.id).collect())
}

/// Notes of everything that is due whether a mail is sent: to members who want one, about what they have not read and
/// may see. Status and read marks are read again, under the locks. After a restored backup there is none until the
/// reader has looked over what they chose (R20).
async fn tell(
    transaction: &Transaction,
    readers: &[Uuid],
    now: DateTime<Utc>,
) -> Result<Vec<Handled>, DbErr> {
    if readers.is_empty() {
        return Ok(Vec::new());
    }
    // One mail a day is one: whoever wants that is told of everything that is due, or another time.
    let text = format!(
        "WITH due AS MATERIALIZED (
             SELECT p.conversation_id, p.account_id, {} = 'daily' AS is_daily FROM participation p
             WHERE p.account_id = ANY ($1) AND p.mail_due_at <= $2),
         locked AS MATERIALIZED (
             SELECT conversation_id, account_id FROM participation WHERE account_id = ANY ($1) AND mail_due_at <= $2
             FOR NO KEY UPDATE SKIP LOCKED)
         SELECT l.conversation_id, l.account_id FROM locked l WHERE NOT EXISTS (
             SELECT 1 FROM due d WHERE d.account_id = l.account_id AND d.is_daily AND NOT EXISTS (
                 SELECT 1 FROM locked k WHERE k.account_id = d.account_id AND k.conversation_id = d.conversation_id))",
        message_mail("p.account_id")
    );
    let locked = Locked::find_by_statement(sql(&text, [readers.to_vec().into(), now.into()]))
        .all(transaction)
        .await?;
    if locked.is_empty() {
        return Ok(Vec::new());
    }
    let (conversations, accounts): (Vec<Uuid>, Vec<Uuid>) = locked
        .into_iter()
        .map(|row| (row.conversation_id, row.account_id))
        .unzip();
    let wish = message_mail("p.account_id");
    Handled::find_by_statement(sql(
        &format!(
            "UPDATE participation p SET mail_due_at = NULL, mailed_at =
                 CASE WHEN reader.status = 'active' AND reader.look_over_since IS NULL AND p.left_at IS NULL AND {wish} <> 'never' AND EXISTS ({}) THEN $3 END
             FROM unnest($1::uuid[], $2::uuid[]) AS d (conversation_id, account_id), account reader
             WHERE p.conversation_id = d.conversation_id AND p.account_id = d.account_id AND reader.id = p.account_id
             RETURNING p.conversation_id, p.account_id, p.mailed_at IS NOT NULL AS is_mailed, {wish} = 'daily' AS is_daily",
            unread_messages()
        ),
        [conversations.into(), accounts.into(), now.into()],
    ))
    .all(transaction)
    .await
}

/// One letter a conversation, or one for all of them; each with a link of its own that ends these mails.
async fn drafts(
    portal: &Portal,
    transaction: &Transaction,
    handled: &[Handled],
    now: DateTime<Utc>,
) -> Result<Vec<Draft>, DbErr> {
    let mut letters: Vec<(Uuid, Letter)> = Vec::new();
    let mut daily: BTreeMap<Uuid, u64> = BTreeMap::new();
    for row in handled.iter().filter(|row| row.is_mailed) {
        if row.is_daily {
            *daily.entry(row.account_id).or_default() += 1;
        } else {
            let conversation_id = row.conversation_id;
            letters.push((row.account_id, Letter::NewMessage { conversation_id }));
        }
    }
    letters.extend(daily.into_iter().map(|(account, count)| {
        let mailed_at = Some(now);
        (account, Letter::NewMessages { count, mailed_at })
    }));
    let readers: BTreeSet<Uuid> = letters.iter().map(|(account, _)| *account).collect();
    let readers: Vec<Uuid> = readers.into_iter().collect();
    let mailboxes: BTreeMap<Uuid, Mailbox> = mailboxes(transaction, &readers)
        .await?
        .into_iter()
        .map(|mailbox| (mailbox.account_id, mailbox))
        .collect();
    letters.retain(|(account, _)| mailboxes.contains_key(account));
    let mut drafts = Vec::new();
    for some in letters.chunks(MAILS) {
        let accounts = some.iter().map(|(account, _)| *account);
        let until = portal.now() + confirmation::THIRTY_DAYS;
        let links =
            confirmation::open_beside(transaction, portal, accounts, LinkPurpose::Unsubscribe, until).await?;
        for ((account, letter), link) in some.iter().zip(links) {
            let mailbox = mailboxes.get(account);
            drafts.extend(mailbox.map(|mailbox| Draft::to(mailbox, letter.clone()).with_link(link)));
        }
    }
    Ok(drafts)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn the_mail_a_day_comes_at_seven_in_berlin_also_when_the_clocks_are_changed() {
        for (now, next) in [
            ("2026-11-23T05:59:59Z", "2026-11-23T06:00:00Z"),
            ("2026-11-23T06:00:00Z", "2026-11-24T06:00:00Z"),
            ("2026-11-23T23:30:00Z", "2026-11-24T06:00:00Z"),
            // Forward on 28 March 2027, back on 25 October 2026.
            ("2027-03-27T06:00:00Z", "2027-03-28T05:00:00Z"),
            ("2027-03-28T05:00:00Z", "2027-03-29T05:00:00Z"),
            ("2026-10-24T05:00:00Z", "2026-10-25T06:00:00Z"),
        ] {
            let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
            assert_eq!(next_daily(at(now)), at(next), "{now}");
        }
    }
}
