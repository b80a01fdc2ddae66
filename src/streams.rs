//! The event streams that this process has open: whose they are, and what they are told. A stream that does not keep up
//! is ended rather than waited for, so that a slow reader never holds another up; its reader comes back with the last
//! moment it heard of and misses nothing.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{
    sync::mpsc::{self, error::TrySendError},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use self::moment::Moment;

pub mod moment;

/// Most streams one account has open in one process: windows on a few devices.
pub const STREAMS_LIMIT: usize = 20;
/// What a stream may be behind before it is ended.
const BACKLOG: usize = 64;

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
    sender: mpsc::Sender<Told>,
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
        if readers.len() >= STREAMS_LIMIT {
            return Err(TooMany);
        }
        readers.push(Reader {
            number,
            session,
            sender,
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
        let mut open = self.lock();
        let Some(readers) = open.readers.get_mut(&account) else {
            return;
        };
        readers.retain(|reader| reader.is_told(told));
        open.forget_who_has_none();
    }

    /// Tells every stream.
    pub fn tell_all(&self, told: &Told) {
        let mut open = self.lock();
        for readers in open.readers.values_mut() {
            readers.retain(|reader| reader.is_told(told));
        }
        open.forget_who_has_none();
    }

    /// Ends the streams of which `ends` says so, by account and session: they tell nothing more, not even what waits.
    pub fn end(&self, ends: impl Fn(Uuid, Uuid) -> bool) {
        let mut open = self.lock();
        for (account, readers) in &mut open.readers {
            readers.retain(|reader| {
                let stays = !ends(*account, reader.session);
                if !stays {
                    reader.ended.cancel();
                }
                stays
            });
        }
        open.forget_who_has_none();
    }

    /// Ends every stream for good, because the process ends.
    pub fn close(&self) {
        self.0.closing.cancel();
        self.end(|_, _| true);
    }

    /// When the process ends.
    pub async fn closed(&self) {
        self.0.closing.cancelled().await;
    }

    /// Whose streams are open.
    pub fn accounts(&self) -> Vec<Uuid> {
        self.lock().readers.keys().copied().collect()
    }

    /// For which sessions streams are open, of these accounts or of all.
    pub fn sessions(&self, accounts: Option<&[Uuid]>) -> Vec<Uuid> {
        let open = self.lock();
        let of = |(account, readers): (&Uuid, &Vec<Reader>)| {
            let asked = accounts.is_none_or(|accounts| accounts.contains(account));
            let readers = if asked { readers.as_slice() } else { &[] };
            readers.iter().map(|reader| reader.session).collect::<Vec<_>>()
        };
        open.readers.iter().flat_map(of).collect()
    }

    /// How many streams are open.
    pub fn count(&self) -> usize {
        self.lock().readers.values().map(Vec::len).sum()
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn forget_who_has_none(&mut self) {
        self.readers.retain(|_, readers| !readers.is_empty());
    }
}

impl Reader {
    /// False: it did not keep up, or is gone.
    fn is_told(&self, told: &Told) -> bool {
        match self.sender.try_send(told.clone()) {
            Ok(()) => true,
            Err(TrySendError::Full(_) | TrySendError::Closed(_)) => {
                self.ended.cancel();
                false
            }
        }
    }
}

impl Stream {
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
        if let Some(readers) = open.readers.get_mut(&self.account) {
            readers.retain(|reader| reader.number != self.number);
        }
        open.forget_who_has_none();
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
        streams.end(|_, session| session == ANNA);
        assert_eq!(heard(&mut of_anna).await, None);
        assert_eq!(heard(&mut of_bert).await, Some("1".to_owned()));
        streams.close();
        assert_eq!(heard(&mut of_bert).await, None);
    }

    #[test]
    fn an_account_has_so_many_and_closing_one_makes_room() {
        let streams = Streams::default();
        let mut opened: Vec<_> = (0..STREAMS_LIMIT)
            .map(|_| streams.open(ANNA, ANNA).unwrap())
            .collect();
        assert_eq!(streams.open(ANNA, ANNA).err(), Some(TooMany));
        assert_eq!(streams.sessions(Some(&[BERT])), [] as [Uuid; 0]);
        opened.pop();
        assert!(streams.open(ANNA, ANNA).is_ok());
        assert_eq!(streams.count(), STREAMS_LIMIT - 1);
    }
}
