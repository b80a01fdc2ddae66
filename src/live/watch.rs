//! Looks what is new for everyone whose streams are open, when a change is announced and from time to time besides, and
//! tells them. It works only while somebody listens.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};

use sea_orm::DbErr;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use uuid::Uuid;

use super::{OpenError, ears::Ears, tell};
use crate::{
    account::Caller,
    announcements::Change,
    authentication::sessions,
    database::sql_state,
    messaging::news::{self, Place},
    portal::Portal,
    streams::{Stream, Streams, Told, Watch, moment::Moment},
};

/// What a process committed and could not announce any more is found by looking.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How often a stream says that it lives, and sessions are looked after whose end nobody announced: by expiry.
const BEAT_EVERY: Duration = Duration::from_secs(15);
/// Between two looks: what is announced meanwhile is looked for at once, so that busy times cost no more.
const PAUSE: Duration = Duration::from_millis(20);
/// Most messages that one look takes up; the next look takes the rest.
const BATCH: usize = 1_000;

/// Why it is looked for news.
enum Reason {
    /// This was announced; nothing, if it is only time to look again.
    Heard(BTreeSet<Change>),
    /// It is time to say that one lives, or announcements may have been missed.
    Beat,
    /// The process ends.
    End,
}

/// Opens a stream, and sees to it that somebody tells it something.
pub(super) async fn open(portal: &Portal, caller: Caller) -> Result<Stream, OpenError> {
    let mut watch = portal.streams.watch().await;
    let is_kept = watch.as_ref().is_some_and(|watch| !watch.keeper.is_finished());
    if !is_kept {
        let ears = Ears::open(portal).await?;
        let seen = news::moment(&portal.database, portal.now()).await?;
        let keeper = tokio::spawn(run(portal.clone(), ears));
        *watch = Some(Watch { seen, keeper });
    }
    Ok(portal.streams.open(caller.account, caller.session)?)
}

async fn run(portal: Portal, mut ears: Ears) {
    // However it ends, nobody may go on listening to silence.
    let _ending = EndAll(portal.streams.clone());
    let (mut looks, mut beats) = (every(LOOK_EVERY), every(BEAT_EVERY));
    loop {
        let reason = tokio::select! {
            biased;
            () = portal.streams.closed() => Reason::End,
            _ = beats.tick() => Reason::Beat,
            heard = ears.hear() => heard.map_or(Reason::Beat, Reason::Heard),
            _ = looks.tick() => Reason::Heard(BTreeSet::new()),
        };
        let mut watch = portal.streams.watch().await;
        let Some(Watch { seen, .. }) = watch.as_mut() else {
            return;
        };
        let is_idle = portal.streams.count() == 0;
        match reason {
            Reason::End => return,
            Reason::Beat if is_idle => {
                *watch = None;
                return;
            }
            // The moment stays, so that the next look finds what was new for nobody, and passes it over.
            Reason::Heard(_) if is_idle => {}
            reason => {
                if let Err(error) = take_up(&portal, seen, &reason).await {
                    // The next look tries again from the same moment.
                    tracing::debug!(state = ?sql_state(&error), "what is new could not be looked up");
                }
            }
        }
        drop(watch);
        tokio::time::sleep(PAUSE).await;
    }
}

fn every(period: Duration) -> Interval {
    let mut ticks = interval_at(Instant::now() + period, period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

async fn take_up(portal: &Portal, seen: &mut Moment, reason: &Reason) -> Result<(), DbErr> {
    if !portal.ledger.is_level() {
        // Nobody is served until the database is brought up to the ledger (R20).
        portal.streams.end(|_, _| true);
        return Ok(());
    }
    match reason {
        Reason::Heard(changes) => {
            tell_ended(portal, changes).await?;
            tell_messages(portal, seen).await?;
            tell_places(portal, changes).await?;
            tell_marks(portal, changes).await?;
        }
        Reason::Beat => {
            end_all_but_living(portal, None).await?;
            tell_messages(portal, seen).await?;
            portal.streams.tell_all(&Told {
                news: None,
                up_to: Some(seen.to_string().into()),
            });
        }
        Reason::End => {}
    }
    Ok(())
}

/// Tells what was written since the last look. Of several messages only the last one lets its reader come back from
/// here: who was cut off between them hears them all again.
async fn tell_messages(portal: &Portal, seen: &mut Moment) -> Result<(), DbErr> {
    let readers = portal.streams.accounts();
    let (moment, written) = news::messages(&portal.database, portal.now(), &readers, seen, BATCH).await?;
    if !seen.is_before(&moment) || written.len() == BATCH {
        // Another history, or more than anybody keeps up with: they come back and are told what to do.
        portal.streams.end(|_, _| true);
        *seen = moment;
        return Ok(());
    }
    let mut last = HashMap::new();
    for (number, written) in written.iter().enumerate() {
        for reader in &written.readers {
            last.insert(*reader, number);
        }
    }
    let up_to: Arc<str> = moment.to_string().into();
    for (number, written) in written.into_iter().enumerate() {
        let readers = written.readers.clone();
        let news = tell::written(written);
        for reader in readers {
            let is_last = last.get(&reader) == Some(&number);
            let told = Told {
                news: Some(news.clone()),
                up_to: is_last.then(|| up_to.clone()),
            };
            portal.streams.tell(reader, &told);
        }
    }
    *seen = moment;
    Ok(())
}

/// Tells who may want to look at a conversation again.
async fn tell_places(portal: &Portal, changes: &BTreeSet<Change>) -> Result<(), DbErr> {
    let readers = portal.streams.accounts();
    let mut places: Vec<Place> = Vec::new();
    let (mut conversations, mut people) = (Vec::new(), Vec::new());
    for change in changes {
        match *change {
            Change::Conversation(conversation) => conversations.push(conversation),
            Change::Person(account) => people.push(account),
            Change::ConversationOf {
                conversation,
                account,
            } => places.push(Place {
                reader_id: account,
                conversation_id: conversation,
            }),
            Change::Message | Change::Read { .. } | Change::Session(_) => {}
        }
    }
    if !conversations.is_empty() {
        places.extend(news::places(&portal.database, &readers, &conversations).await?);
    }
    if !people.is_empty() {
        places.extend(news::shared_places(&portal.database, &readers, &people).await?);
    }
    for place in places {
        let told = Told {
            news: Some(tell::changed(place.conversation_id)),
            up_to: None,
        };
        portal.streams.tell(place.reader_id, &told);
    }
    Ok(())
}

/// Tells how far somebody has read, those who see it.
async fn tell_marks(portal: &Portal, changes: &BTreeSet<Change>) -> Result<(), DbErr> {
    let read: Vec<(Uuid, Uuid)> = changes
        .iter()
        .filter_map(|change| match *change {
            Change::Read {
                conversation,
                account,
            } => Some((conversation, account)),
            _ => None,
        })
        .collect();
    if read.is_empty() {
        return Ok(());
    }
    for mark in news::marks(&portal.database, &portal.streams.accounts(), read).await? {
        let told = Told {
            news: Some(tell::read(&mark)),
            up_to: None,
        };
        portal.streams.tell(mark.reader_id, &told);
    }
    Ok(())
}

/// Ends the streams of sessions that ended.
async fn tell_ended(portal: &Portal, changes: &BTreeSet<Change>) -> Result<(), DbErr> {
    let accounts: Vec<Uuid> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Session(account) => Some(*account),
            _ => None,
        })
        .collect();
    if accounts.is_empty() {
        return Ok(());
    }
    end_all_but_living(portal, Some(&accounts)).await
}

async fn end_all_but_living(portal: &Portal, accounts: Option<&[Uuid]>) -> Result<(), DbErr> {
    let asked = portal.streams.sessions(accounts);
    if asked.is_empty() {
        return Ok(());
    }
    let living = sessions::living(portal, &asked).await?;
    portal
        .streams
        .end(|_, session| asked.contains(&session) && !living.contains(&session));
    Ok(())
}

struct EndAll(Streams);

impl Drop for EndAll {
    fn drop(&mut self) {
        self.0.end(|_, _| true);
    }
}
