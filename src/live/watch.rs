//! Looks what is new for everyone whose streams are open, when a change is announced and from time to time besides, and
//! tells them. It works only while somebody listens.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use sea_orm::DbErr;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use uuid::Uuid;

use super::{
    OpenError,
    ears::Ears,
    round::{Round, anew},
};
use crate::{
    account::Caller,
    announcements::Change,
    authentication::sessions,
    database::sql_state,
    messaging::news::{self, Mark, Place},
    portal::Portal,
    streams::{Stream, Streams, Told, Watch, moment::Moment},
};

/// What a process committed and could not announce any more is found by looking; so is the end of sessions that expired.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How often a stream says at least that it lives, by the portal's clock.
const BEAT_EVERY: Duration = Duration::from_secs(15);
/// Between two looks: what is announced meanwhile is looked for at once, so that busy times cost no more.
const PAUSE: Duration = Duration::from_millis(20);
/// Most messages that one look takes up: of more, everybody is told to look anew.
const BATCH: usize = 1_000;

/// What is to be told, and is owed until it has been.
#[derive(Default)]
struct Owed {
    changes: BTreeSet<Change>,
    /// Announcements may have been missed.
    was_deaf: bool,
    /// It is time to look which sessions have ended.
    sessions: bool,
    /// It is time to say that one lives.
    beat: bool,
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
    let mut looks = every(LOOK_EVERY);
    let (mut owed, mut beaten) = (Owed::default(), portal.now());
    portal.announcements.announce(Change::Message);
    loop {
        tokio::select! {
            biased;
            () = portal.streams.closed() => return,
            heard = ears.hear() => match heard {
                Some(changes) => owed.changes.extend(changes),
                None => owed.was_deaf = true,
            },
            _ = looks.tick() => owed.sessions = true,
        }
        if is_beat_due(beaten, portal.now()) {
            (owed.beat, beaten) = (true, portal.now());
            owed.was_deaf |= listen_anew(&portal, &mut ears).await;
        }
        let mut watch = portal.streams.watch().await;
        let Some(Watch { seen, .. }) = watch.as_mut() else {
            return;
        };
        if portal.streams.count() > 0 {
            match take_up(&portal, seen, &owed).await {
                Ok(()) => owed = Owed::default(),
                // The next look tries again, from the same moment.
                Err(error) => {
                    tracing::debug!(state = ?sql_state(&error), "what is new could not be looked up");
                }
            }
        } else if owed.beat {
            *watch = None;
            return;
        } else {
            // The moment stays; what was new for nobody is passed over by whoever comes.
            owed = Owed::default();
        }
        drop(watch);
        tokio::time::sleep(PAUSE).await;
    }
}

/// A connection can be dropped on the way without either end hearing of it: whoever does not hear what they announced
/// themselves listens anew. True: announcements may have been missed.
async fn listen_anew(portal: &Portal, ears: &mut Ears) -> bool {
    let has_heard = ears.has_heard();
    portal.announcements.announce(Change::Message);
    if has_heard {
        return false;
    }
    match Ears::open(portal).await {
        Ok(anew) => *ears = anew,
        Err(error) => {
            tracing::warn!(state = ?sql_state(&error), "what other processes announce is not heard");
        }
    }
    true
}

/// With the next look it would be too late, or the clock was set.
fn is_beat_due(last: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (now - last)
        .abs()
        .to_std()
        .is_ok_and(|since| since + LOOK_EVERY > BEAT_EVERY)
}

fn every(period: Duration) -> Interval {
    let mut ticks = interval_at(Instant::now() + period, period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

async fn take_up(portal: &Portal, seen: &mut Moment, owed: &Owed) -> Result<(), DbErr> {
    if !portal.ledger.is_level() {
        // Nobody is served until the database is brought up to the ledger (R20).
        portal.streams.end(|_| true);
        return Ok(());
    }
    let has_ended = owed
        .changes
        .iter()
        .any(|change| matches!(change, Change::Session(_)));
    if has_ended || owed.sessions || owed.beat || owed.was_deaf {
        end_all_but_living(portal).await?;
    }
    let readers = portal.streams.accounts();
    let mut round = Round::default();
    if owed.was_deaf {
        round.look_anew(&readers);
    }
    let places = places(portal, &readers, &owed.changes).await?;
    let marks = marks(portal, &readers, &owed.changes).await?;
    round.changed(places, marks);
    // Last, because whoever comes back from here is told nothing of what was before.
    let found = news::messages(&portal.database, portal.now(), &readers, seen, BATCH).await?;
    let up_to: Arc<str> = found.moment.to_string().into();
    if !seen.is_before(&found.moment) {
        // Another history: they come back and are told what to do.
        portal.streams.end(|_| true);
    } else if found.is_all {
        for written in found.written {
            round.written(written);
        }
        round.tell(&portal.streams, &up_to);
    } else {
        portal.streams.tell_all(&anew(&up_to));
    }
    *seen = found.moment;
    if owed.beat {
        portal.streams.tell_all(&Told {
            news: None,
            up_to: Some(up_to),
        });
    }
    Ok(())
}

/// Who may want to look at a conversation again.
async fn places(portal: &Portal, readers: &[Uuid], changes: &BTreeSet<Change>) -> Result<Vec<Place>, DbErr> {
    let mut places: Vec<Place> = Vec::new();
    let (mut conversations, mut people, mut sharing) = (Vec::new(), Vec::new(), Vec::new());
    for change in changes {
        match *change {
            Change::Conversation(conversation) => conversations.push(conversation),
            Change::Person(account) => people.push(account),
            Change::Sharing(account) => sharing.push(account),
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
        places.extend(news::places(&portal.database, readers, &conversations).await?);
    }
    if !people.is_empty() {
        places.extend(news::shared_places(&portal.database, readers, &people).await?);
    }
    if !sharing.is_empty() {
        places.extend(news::marked_places(&portal.database, readers, &sharing).await?);
    }
    Ok(places)
}

/// How far somebody has read, for those who see it.
async fn marks(portal: &Portal, readers: &[Uuid], changes: &BTreeSet<Change>) -> Result<Vec<Mark>, DbErr> {
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
        return Ok(Vec::new());
    }
    news::marks(&portal.database, readers, read).await
}

/// Ends the streams of sessions that ended.
async fn end_all_but_living(portal: &Portal) -> Result<(), DbErr> {
    let asked = portal.streams.sessions();
    if asked.is_empty() {
        return Ok(());
    }
    let living = sessions::living(portal, &asked).await?;
    portal
        .streams
        .end(|session| asked.contains(&session) && !living.contains(&session));
    Ok(())
}

struct EndAll(Streams);

impl Drop for EndAll {
    fn drop(&mut self) {
        self.0.end(|_| true);
    }
}
