//! The places for searches in this process. They can take seconds: together they never have all of the connections, and
//! no account has more than one place, so that nobody keeps the others from searching.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use uuid::Uuid;

/// Clones share their places.
#[derive(Clone)]
pub struct Searches {
    all: Arc<Semaphore>,
    /// One place each, for accounts that search or wait.
    own: Arc<Mutex<HashMap<Uuid, Arc<Semaphore>>>>,
}

/// One search's; dropped, it is free again.
pub struct Place {
    _own: OwnedSemaphorePermit,
    _of_all: OwnedSemaphorePermit,
}

impl Searches {
    /// So many at once.
    pub fn new(places: usize) -> Self {
        Self {
            all: Arc::new(Semaphore::new(places)),
            own: Arc::default(),
        }
    }

    /// Waits for a place, at most so long: first for one's own earlier search, so that whoever searches twice waits in
    /// nobody's way. None: no place came free in time.
    pub async fn enter(&self, account: Uuid, patience: Duration) -> Option<Place> {
        let own = self.own_place(account);
        let entering = async {
            let own = own.acquire_owned().await.ok()?;
            let of_all = Arc::clone(&self.all).acquire_owned().await.ok()?;
            Some(Place {
                _own: own,
                _of_all: of_all,
            })
        };
        timeout(patience, entering).await.ok().flatten()
    }

    fn own_place(&self, account: Uuid) -> Arc<Semaphore> {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        // Nobody searches or waits where nobody else knows of it.
        own.retain(|_, place| Arc::strong_count(place) > 1);
        let place = own.entry(account).or_insert_with(|| Arc::new(Semaphore::new(1)));
        Arc::clone(place)
    }
}
