//! Hears what processes on this database announce.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sea_orm::{DbErr, RuntimeErr};
use sqlx::postgres::PgListener;
use tokio::sync::Notify;
use tokio_util::task::AbortOnDropHandle;

use crate::{
    announcements::{CHANNEL, Change, changes},
    portal::Portal,
};

/// Before it is tried again to listen.
const AFTER_FAILURE: Duration = Duration::from_secs(2);

/// Hears as long as it lives, on a connection of its own out of the pool.
pub(super) struct Ears {
    heard: Arc<Heard>,
    _listening: AbortOnDropHandle<()>,
}

#[derive(Default)]
struct Heard {
    since: Mutex<Since>,
    /// Whether anything was heard since that was asked last.
    lately: AtomicBool,
    something: Notify,
}

/// What was heard since somebody asked.
#[derive(Default)]
struct Since {
    changes: BTreeSet<Change>,
    /// The connection was lost, and with it whatever was announced meanwhile.
    was_deaf: bool,
}

impl Ears {
    pub(super) async fn open(portal: &Portal) -> Result<Self, DbErr> {
        let mut listener = portal.database.listener().await?;
        listener
            .listen(CHANNEL)
            .await
            .map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(error.into())))?;
        let heard = Arc::<Heard>::default();
        let listening = tokio::spawn(listen(listener, Arc::clone(&heard)));
        Ok(Self {
            heard,
            _listening: AbortOnDropHandle::new(listening),
        })
    }

    /// Whether anything was heard since this was asked last.
    pub(super) fn has_heard(&self) -> bool {
        self.heard.lately.swap(false, Ordering::Relaxed)
    }

    /// What was announced since this was asked last, as soon as there is something. None: announcements may have been
    /// missed.
    pub(super) async fn hear(&mut self) -> Option<BTreeSet<Change>> {
        self.heard.something.notified().await;
        let since = std::mem::take(&mut *self.heard.since.lock().unwrap_or_else(PoisonError::into_inner));
        (!since.was_deaf).then_some(since.changes)
    }
}

impl Heard {
    fn note(&self, note: impl FnOnce(&mut Since)) {
        note(&mut self.since.lock().unwrap_or_else(PoisonError::into_inner));
        self.something.notify_one();
    }
}

async fn listen(mut listener: PgListener, heard: Arc<Heard>) {
    loop {
        match listener.try_recv().await {
            Ok(Some(notified)) => {
                heard.lately.store(true, Ordering::Relaxed);
                heard.note(|since| since.changes.extend(changes(notified.payload())));
            }
            // It listens again by now.
            Ok(None) => heard.note(|since| since.was_deaf = true),
            Err(sqlx::Error::PoolClosed) => return,
            Err(_) => {
                tracing::warn!("what other processes announce is not heard");
                while listener.listen(CHANNEL).await.is_err() {
                    tokio::time::sleep(AFTER_FAILURE).await;
                }
                heard.note(|since| since.was_deaf = true);
            }
        }
    }
}
