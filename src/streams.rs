//! The event streams that this process has open: whose they are, and what they are told. A stream that does not keep up
//! is ended rather than waited for, so that a slow reader never holds another up; its reader comes back with the last
//! moment it heard of and misses nothing.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{sync::mpsc, task::JoinHandle};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use self::moment::Moment;

pub mod moment;

/// Most streams one account has open in one process: windows on a few devices. One more ends the oldest, which is
/// likely to be one that nobody reads any more.
pub const STREAMS_LIMIT: usize = 20;
/// Most of them with those that have ended and are still in memory, because their readers take nothing.
const KEPT_LIMIT: usize = 2 * STREAMS_LIMIT;
/// Most that one look tells a reader one by one: of more they are told to look anew.
pub const BURST: usize = 32;
/// What a stream may be behind before it is ended: what two looks tell at most, with a sign of life each, and half as
/// much again. So whoever keeps up is never ended.
const BACKLOG: usize = 3 * BURST;

/// What a stream is told: news, the moment up to which it has heard everything, or both.
#[derive(Debug, Clone, Default)]
pub struct Told {
    pub news: Option<Arc<News>>,
    pub up_to: Option<Arc<str>>,
}

/// One event.
#[derive(Debug)]
pub struct News {
    /// Its name.
    pub event: &'static str,
    /// A JSON object.
    pub data: String,
    /// The transaction that wrote it, where that is known.
    pub written_by: Option<u64>,
}

/// One account has as many streams as it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many streams are open")]
pub struct TooMany;

/// Clones share their streams.
#[derive(Clone, Default)]
pub struct Streams(Arc<Shared>);

#[derive(Default)]
struct Shared {
    open: Mutex<Open>,
    watch: tokio::sync::Mutex<Option<Watch>>,
    closing: CancellationToken,
}

/// Who looks what the streams are to be told.
pub struct Watch {
    /// Up to here everybody was told.
    pub seen: Moment,
    pub keeper: JoinHandle<()>,
}

#[derive(Default)]
struct Open {
    last_number: u64,
    readers: HashMap<Uuid, Vec<Reader>>,
}

struct Reader {
    number: u64,
    session: Uuid,
    /// None: the stream has ended, and is not given up by its connection yet.
    sender: Option<mpsc::Sender<Told>>,
    ended: CancellationToken,
}

/// The reading end. Dropped, the stream is closed.
pub struct Stream {
    streams: Streams,
    account: Uuid,
    number: u64,
    receiver: mpsc::Receiver<Told>,
    ended: CancellationToken,
}

impl Streams {
    /// Opens a stream for a session of this account.
    pub fn open(&self, account: Uuid, session: Uuid) -> Result<Stream, TooMany> {
        let (sender, receiver) = mpsc::channel(BACKLOG);
        let ended = self.0.closing.child_token();
        let mut open = self.lock();
        open.last_number += 1;
        let number = open.last_number;
        let readers = open.readers.entry(account).or_default();
        if readers.len() >= KEPT_LIMIT {
            return Err(TooMany);
        }
        if readers.iter().filter(|reader| reader.is_open()).count() >= STREAMS_LIMIT {
            let oldest = readers.iter_mut().find(|reader| reader.is_open());
            oldest.into_iter().for_each(Reader::end);
        }
        readers.push(Reader {
            number,
            session,
            sender: Some(sender),
            ended: ended.clone(),
        });
        drop(open);
        Ok(Stream {
            streams: self.clone(),
            account,
            number,
            receiver,
            ended,
        })
    }

    /// The watch, if one is kept. It is held while somebody looks what is new and while a stream is opened: one that
    /// opened in between would be told neither what that look found nor what was there before.
    pub async fn watch(&self) -> tokio::sync::MutexGuard<'_, Option<Watch>> {
        self.0.watch.lock().await
    }

    /// Tells every stream of an account.
    pub fn tell(&self, account: Uuid, told: &Told) {
        for reader in self.lock().readers.get_mut(&account).into_iter().flatten() {
            reader.tell(told);
        }
    }

    /// Tells every stream.
    pub fn tell_all(&self, told: &Told) {
        for reader in self.lock().readers.values_mut().flatten() {
            reader.tell(told);
        }
    }

    /// Ends the streams of which `ends` says so, by their session: they tell nothing more, not even what waits.
    pub fn end(&self, ends: impl Fn(Uuid) -> bool) {
        for reader in self.lock().readers.values_mut().flatten() {
            if ends(reader.session) {
                reader.end();
            }
        }
    }

    /// Ends every stream for good, because the process ends.
    pub fn close(&self) {
        self.0.closing.cancel();
        self.end(|_| true);
    }

    /// When the process ends.
    pub async fn closed(&self) {
        self.0.closing.cancelled().await;
    }

    /// Whose streams are open.
    pub fn accounts(&self) -> Vec<Uuid> {
        let open = self.lock();
        let with_some = open
            .readers
            .iter()
            .filter(|(_, readers)| readers.iter().any(Reader::is_open));
        with_some.map(|(account, _)| *account).collect()
    }

    /// For which sessions streams are open.
    pub fn sessions(&self) -> Vec<Uuid> {
        let open = self.lock();
        let living = open.readers.values().flatten().filter(|reader| reader.is_open());
        living.map(|reader| reader.session).collect()
    }

    /// How many streams are open.
    pub fn count(&self) -> usize {
        self.sessions().len()
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reader {
    fn is_open(&self) -> bool {
        self.sender.is_some()
    }

    /// Whoever does not keep up, or is gone, is told nothing more.
    fn tell(&mut self, told: &Told) {
        let Some(sender) = &self.sender else { return };
        if sender.try_send(told.clone()).is_err() {
            self.end();
        }
    }

    fn end(&mut self) {
        self.sender = None;
        self.ended.cancel();
    }
}

impl Stream {
    pub fn has_ended(&self) -> bool {
        self.ended.is_cancelled()
    }

    /// What is told next. None: the stream has ended.
    pub async fn next(&mut self) -> Option<Told> {
        tokio::select! {
            biased;
            () = self.ended.cancelled() => None,
            told = self.receiver.recv() => told,
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let mut open = self.streams.lock();
        let Some(readers) = open.readers.get_mut(&self.account) else {
            return;
        };
        readers.retain(|reader| reader.number != self.number);
        if readers.is_empty() {
            open.readers.remove(&self.account);
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    const ANNA: Uuid = Uuid::nil();
    const BERT: Uuid = Uuid::max();

    fn news(data: &str) -> Told {
        let news = News {
            event: "message",
            data: data.to_owned(),
            written_by: None,
        };
        Told {
            news: Some(Arc::new(news)),
            up_to: None,
        }
    }

    async fn heard(stream: &mut Stream) -> Option<String> {
        stream.next().await.map(|told| told.news.unwrap().data.clone())
    }

    #[tokio::test]
    async fn a_stream_that_does_not_keep_up_is_ended_and_holds_nobody_up() {
        let streams = Streams::default();
        let mut slow = streams.open(ANNA, ANNA).unwrap();
        let mut quick = streams.open(BERT, BERT).unwrap();
        for number in 0..=BACKLOG {
            streams.tell_all(&news(&number.to_string()));
            assert_eq!(heard(&mut quick).await, Some(number.to_string()));
        }
        assert_eq!(heard(&mut slow).await, None);
        assert_eq!(streams.accounts(), [BERT]);
    }

    #[tokio::test]
    async fn a_stream_that_was_ended_tells_nothing_that_waits() {
        let streams = Streams::default();
        let (mut of_anna, mut of_bert) = (
            streams.open(ANNA, ANNA).unwrap(),
            streams.open(BERT, BERT).unwrap(),
        );
        streams.tell_all(&news("1"));
        streams.end(|session| session == ANNA);
        assert_eq!(heard(&mut of_anna).await, None);
        assert_eq!(heard(&mut of_bert).await, Some("1".to_owned()));
        streams.close();
        assert_eq!(heard(&mut of_bert).await, None);
    }

    #[tokio::test]
    async fn one_stream_too_many_ends_the_oldest_and_what_nobody_gives_up_counts() {
        let streams = Streams::default();
        let mut opened: Vec<_> = (0..=STREAMS_LIMIT)
            .map(|_| streams.open(ANNA, ANNA).unwrap())
            .collect();
        assert_eq!(streams.count(), STREAMS_LIMIT);
        assert!(opened[0].next().await.is_none() && !opened[1].has_ended());
        opened.extend((opened.len()..KEPT_LIMIT).map(|_| streams.open(ANNA, ANNA).unwrap()));
        assert_eq!(streams.open(ANNA, ANNA).err(), Some(TooMany));
        assert!(streams.open(BERT, BERT).is_ok());
        opened.remove(0);
        assert!(streams.open(ANNA, ANNA).is_ok());
    }
}
