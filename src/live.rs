//! What a member's open pages are told as it happens. Every process tells its own streams; PostgreSQL carries what
//! happened from one process to the others.
//!
//! A stream tells everything that is committed after the moment from which it reads, once, in the order in which it
//! was found: its reader comes back with the last moment it heard of, to any process, and goes on from there.

use std::{collections::VecDeque, sync::Arc};

use sea_orm::DbErr;

use crate::{
    account::{Caller, NotActive},
    authentication::sessions,
    messaging::news,
    portal::Portal,
    streams::{
        Stream, Told, TooMany,
        moment::{Moment, NoMoment},
    },
};

mod ears;
mod round;
mod tell;
mod watch;

/// More than this is not told one by one: the reader is told to look anew.
const MISSED_LIMIT: usize = 500;
/// Nor is text of more bytes than this: each reader would keep a copy of it.
const MISSED_LENGTH: usize = 32 * 1024;
/// A moment longer ago is not gone back to.
const MISSED_SINCE: chrono::TimeDelta = chrono::TimeDelta::days(7);

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    NotActive(#[from] NotActive),
    #[error(transparent)]
    TooMany(#[from] TooMany),
    #[error(transparent)]
    NoMoment(#[from] NoMoment),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// What happens, from a moment on.
pub struct Events {
    missed: VecDeque<Told>,
    stream: Stream,
    /// What had been committed by then is told already, or is none of this stream's.
    from: Moment,
}

/// The moment that it is now, for a page that is going to listen from here on.
pub async fn moment(portal: &Portal) -> Result<String, DbErr> {
    let moment = news::moment(&portal.database, portal.now()).await?;
    Ok(moment.to_string())
}

/// Opens a stream for the caller's session. With `after`, a moment that a stream or a page named, it begins with what
/// was missed since.
pub async fn open(portal: &Portal, caller: Caller, after: Option<&str>) -> Result<Events, OpenError> {
    let after = after.map(str::parse::<Moment>).transpose()?;
    let stream = watch::open(portal, caller).await?;
    // It may have ended after it was loaded and before its end would have been heard of.
    if !sessions::living(portal, &[caller.session])
        .await?
        .contains(&caller.session)
    {
        return Err(NotActive.into());
    }
    let now = portal.now();
    let Some(after) = after else {
        let from = news::moment(&portal.database, now).await?;
        return Ok(Events::beginning(stream, from, Vec::new()));
    };
    // A clock that was ahead named it, or is behind now: what was written since then cannot be told by its instant.
    let is_ahead = after.at > now + news::MARGIN;
    if after.at < now - MISSED_SINCE || is_ahead {
        let from = news::moment(&portal.database, now).await?;
        return Ok(Events::beginning(stream, from, vec![tell::look_anew()]));
    }
    let readers = [caller.account];
    let news::Found {
        moment: from,
        written,
        is_all,
    } = news::messages(&portal.database, now, &readers, &after, MISSED_LIMIT + 1).await?;
    let length: usize = written.iter().map(|written| written.message.body.len()).sum();
    let missed = if !is_all || length > MISSED_LENGTH || !after.is_before(&from) {
        vec![tell::look_anew()]
    } else {
        let changed = news::changed(&portal.database, caller, &after).await?;
        let rest = (!changed.is_all).then(tell::look_anew);
        let written = written.into_iter().map(tell::written);
        let changed = changed.conversations.into_iter().map(tell::changed);
        written.chain(changed).chain(rest).collect()
    };
    Ok(Events::beginning(stream, from, missed))
}

impl Events {
    fn beginning(stream: Stream, from: Moment, missed: Vec<Arc<crate::streams::News>>) -> Self {
        let mut missed: VecDeque<Told> = missed
            .into_iter()
            .map(|news| Told {
                news: Some(news),
                up_to: None,
            })
            .collect();
        // Only now everything is told, and the reader may come back from here.
        missed.push_back(Told {
            news: None,
            up_to: Some(from.to_string().into()),
        });
        Self { missed, stream, from }
    }

    /// What is told next. None: the stream has ended.
    pub async fn next(&mut self) -> Option<Told> {
        if self.stream.has_ended() {
            return None;
        }
        if let Some(told) = self.missed.pop_front() {
            return Some(told);
        }
        loop {
            let told = self.stream.next().await?;
            let written_by = told.news.as_ref().and_then(|news| news.written_by);
            if !written_by.is_some_and(|transaction| self.from.shows(transaction)) {
                return Some(told);
            }
            // Told already; but how far it has heard is news.
            if told.up_to.is_some() {
                return Some(Told { news: None, ..told });
            }
        }
    }
}
