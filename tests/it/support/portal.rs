//! A whole portal without a socket: its own database, clocks that move, mails as files, cheap password hashes.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use axum::Router;
use chrono::TimeDelta;
use sea_orm::Statement;
use stammtisch::{
    account,
    announcements::Announcements,
    attempt_keys::AttemptKeys,
    audit,
    authentication::password_reset,
    clock::SystemRandom,
    database::{Transaction, connect},
    inventory::Inventory,
    ledger::Ledger,
    mail::{transport::Transport, worker},
    messaging::notify,
    passwords::Passwords,
    portal::{Parts, Portal},
    refusals::Refusals,
    registration::sign_up,
    searches::Searches,
    secrets::Secrets,
    settings::Settings,
    streams::Streams,
    web::router::router,
};
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{client::Client, clock::MovedClock, database::TestDatabase};

/// What tests differ in from the defaults: one hash takes microseconds, and each test is content with few connections.
const SETTINGS: &str = "
[database]
max_connections = 8
[passwords]
memory_kib = 64
iterations = 1
";

/// A portal, and what is around it. Siblings share database, clocks, key and mails, as instances do.
pub struct TestPortal {
    pub portal: Portal,
    pub clock: Arc<MovedClock>,
    router: Router,
    statements: Statements,
    pub(super) home: Arc<Home>,
}

pub(super) struct Home {
    pub folder: Arc<TempDir>,
    pub database: TestDatabase,
}

/// What was sent to the database, in order.
type Statements = Arc<Mutex<Vec<Statement>>>;

impl TestPortal {
    pub async fn start() -> Self {
        Self::with("").await
    }

    /// With `toml` over the tests' settings.
    pub async fn with(toml: &str) -> Self {
        let home = Home {
            folder: Arc::new(tempfile::tempdir().expect("there is room for a folder")),
            database: TestDatabase::create().await,
        };
        Self::at(Arc::new(home), Arc::default(), toml).await
    }

    /// On a database that is there already, and migrated.
    pub async fn on(database: TestDatabase) -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let home = Home {
            folder: Arc::new(folder),
            database,
        };
        Self::at(Arc::new(home), Arc::default(), "").await
    }

    /// Another instance with other settings.
    pub async fn sibling(&self, toml: &str) -> Self {
        Self::at(Arc::clone(&self.home), Arc::clone(&self.clock), toml).await
    }

    /// Another instance whose own clock is so much ahead of this one's.
    pub async fn sibling_apart(&self, by: TimeDelta) -> Self {
        Self::at(Arc::clone(&self.home), Arc::new(self.clock.apart(by)), "").await
    }

    /// The account's row, locked by this instance until the transaction ends.
    pub async fn hold_row(&self, account: Uuid) -> Transaction {
        let holder = self.portal.database.begin().await.expect("the database serves");
        let locked = account::lock(&holder, account).await;
        locked
            .expect("the database serves")
            .expect("there is such an account");
        holder
    }

    /// Goes on once something waits for a lock that is held.
    pub async fn until_something_waits(&self) {
        let waiting = "SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'";
        for _ in 0..10_000 {
            if self.count(waiting).await > 0 {
                return;
            }
        }
        panic!("nothing waits for the lock");
    }

    pub(super) async fn at(home: Arc<Home>, clock: Arc<MovedClock>, toml: &str) -> Self {
        let mut settings = Settings::from_toml(&over(SETTINGS, toml)).expect("the test's settings are good");
        settings.data_dir = home.folder.path().to_owned();
        let statements = Statements::default();
        let mut database = connect(home.database.options(), &settings.database)
            .await
            .expect("the test's database is reached");
        let log = Arc::clone(&statements);
        database.observe(move |statement| {
            // What is announced is announced beside the request.
            if statement.sql.starts_with("SELECT pg_notify") {
                return;
            }
            log.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(statement.clone());
        });
        let portal = Portal::new(Parts {
            attempt_keys: AttemptKeys::default(),
            announcements: Announcements::new(database.clone()),
            streams: Streams::default(),
            searches: Searches::new(settings.database.searches()),
            refusals: Refusals::default(),
            database,
            clock: clock.clone(),
            database_clock: clock.clone(),
            random: Arc::new(SystemRandom),
            passwords: Passwords::from_settings(&settings, Some(1)).expect("the hash parameters are good"),
            transport: match &settings.mail.url {
                Some(url) => Transport::from_url(url).expect("the mail server has a good URL"),
                None => Transport::file(settings.data_dir.join("mail")),
            },
            secrets: Secrets::load_or_create(&settings.key_file(), &SystemRandom).expect("a key is made"),
            inventory: Inventory::built_in(),
            ledger: Ledger::new(settings.ledger_dir(), clock.clone(), Arc::new(SystemRandom)),
            is_demo: false,
            post: Notify::new(),
            settings,
        });
        // What a start does before it serves; tests of what it refuses ask again.
        let _ = portal.ledger.open(&portal.database).await;
        portal.ledger.release().await;
        Self {
            router: router(&portal),
            portal,
            clock,
            statements,
            home,
        }
    }

    /// Someone with a browser who has not signed in.
    pub fn visitor(&self) -> Client {
        Client::new(self.router.clone())
    }

    /// Moves both clocks.
    pub fn advance(&self, by: TimeDelta) {
        self.clock.advance(by);
    }

    /// What the workers of `serve` do, until nothing is left to do now.
    pub async fn work(&self) {
        loop {
            let registrations = sign_up::handle_noted(&self.portal)
                .await
                .expect("registrations are handled");
            let resets = password_reset::handle_noted(&self.portal)
                .await
                .expect("resets are handled");
            audit::write_refused(&self.portal)
                .await
                .expect("the audit trail is written");
            let notices = notify::queue_due(&self.portal, &CancellationToken::new())
                .await
                .expect("mails about messages are queued");
            let round = worker::deliver_due(&self.portal)
                .await
                .expect("mails are delivered");
            if registrations + resets == 0 && notices == 0 && round == worker::Round::default() {
                break;
            }
        }
        assert_eq!(
            self.count("SELECT count(*) FROM noted_request").await,
            0,
            "a noted request was left behind"
        );
    }

    /// What `doing` sends to the database, without BEGIN and COMMIT.
    pub async fn statements_of<T>(&self, doing: impl Future<Output = T>) -> (T, Vec<String>) {
        let (done, sent) = self.sent_by(doing).await;
        (done, sent.into_iter().map(|statement| statement.sql).collect())
    }

    /// The same with the values that were bound.
    pub async fn sent_by<T>(&self, doing: impl Future<Output = T>) -> (T, Vec<Statement>) {
        self.statements
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
        let done = doing.await;
        let sent = self
            .statements
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        (done, sent)
    }
}

/// `toml` over `base`, table by table.
fn over(base: &str, toml: &str) -> String {
    let mut merged: toml::Table = toml::from_str(base).expect("the tests' settings are TOML");
    let upper: toml::Table = toml::from_str(toml).expect("the test's settings are TOML");
    for (key, value) in upper {
        match (merged.get_mut(&key), value) {
            (Some(toml::Value::Table(below)), toml::Value::Table(above)) => below.extend(above),
            (_, value) => {
                merged.insert(key, value);
            }
        }
    }
    toml::to_string(&merged).expect("tables are written as TOML")
}
