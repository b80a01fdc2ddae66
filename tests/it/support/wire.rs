//! A door between a program and a database server that shuts for good at a chosen statement: somebody is killed there,
//! before the server hears of it or before the program hears the answer. It understands just enough of PostgreSQL's
//! protocol (version 3) to tell messages apart.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{UnixListener, UnixStream},
    sync::watch,
};
use url::Url;

/// When, in the life of a statement, somebody dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The server never hears of it.
    Unsent,
    /// The server has done it; the program never hears so.
    Unanswered,
}

/// Where somebody dies: at which statement, counted from 1 over all its connections.
#[derive(Debug, Clone, Copy)]
pub struct Fatal {
    pub statement: usize,
    pub moment: Moment,
}

/// What is done at the fatal statement.
type Deed = Arc<dyn Fn() + Send + Sync>;

/// The door, and how many statements went through it.
pub struct Door {
    folder: tempfile::TempDir,
    statements: Arc<AtomicUsize>,
    deed: watch::Sender<Option<Deed>>,
}

struct Guarded {
    fatal: Option<Fatal>,
    statements: Arc<AtomicUsize>,
    shut: AtomicBool,
    deed: watch::Receiver<Option<Deed>>,
}

impl Door {
    /// Opens it in front of the server at this address.
    pub fn open(url: &str, fatal: Option<Fatal>) -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).expect("a socket is made");
        let statements = Arc::new(AtomicUsize::new(0));
        let (deed, watched) = watch::channel(None);
        let guarded = Arc::new(Guarded {
            fatal,
            statements: Arc::clone(&statements),
            shut: AtomicBool::new(false),
            deed: watched,
        });
        let server = socket(url);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (guarded, server) = (Arc::clone(&guarded), server.clone());
                tokio::spawn(async move {
                    // Either side may go at any time; that is what it is for.
                    let _ = guarded.pass(client, &server).await;
                });
            }
        });
        Self {
            folder,
            statements,
            deed,
        }
    }

    /// The database's address through this door.
    pub fn url(&self, database: &str) -> String {
        let mut url = Url::parse(database).expect("a database's address is a URL");
        url.query_pairs_mut()
            .clear()
            .append_pair("host", &self.folder.path().to_string_lossy())
            .append_pair("sslmode", "disable");
        url.to_string()
    }

    /// The process that dies at the fatal statement.
    pub fn watch_over(&self, process: u32) {
        let process = i32::try_from(process).expect("process ids are small");
        self.then(move || {
            // It may have gone by itself.
            let _ = kill(Pid::from_raw(process), Signal::SIGKILL);
        });
    }

    /// What is done at the fatal statement.
    pub fn then(&self, deed: impl Fn() + Send + Sync + 'static) {
        self.deed.send_replace(Some(Arc::new(deed)));
    }

    pub fn statements(&self) -> usize {
        self.statements.load(SeqCst)
    }
}

/// Where a server listens.
pub fn socket(url: &str) -> PathBuf {
    let url = Url::parse(url).expect("a server's address is a URL");
    let host = url.query_pairs().find(|(name, _)| name == "host");
    let (_, folder) = host.expect("tests' servers listen on unix sockets");
    Path::new(folder.as_ref()).join(".s.PGSQL.5432")
}

impl Guarded {
    async fn pass(&self, client: UnixStream, server: &Path) -> io::Result<()> {
        let server = UnixStream::connect(server).await?;
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = server.into_split();
        let awaited = AtomicBool::new(false);
        let asking = self.ask(&mut from_client, &mut to_server, &awaited);
        let answering = self.answer(&mut from_server, &mut to_client, &awaited);
        // When one side is gone the other is let go, too: a killed client's transaction is rolled back.
        tokio::select! {
            done = asking => done,
            done = answering => done,
        }
    }

    async fn ask(
        &self,
        client: &mut (impl AsyncRead + Unpin),
        server: &mut (impl AsyncWrite + Unpin),
        awaited: &AtomicBool,
    ) -> io::Result<()> {
        let mut startup = vec![0; 4];
        client.read_exact(&mut startup).await?;
        let length = length(&startup)?;
        startup.resize(length, 0);
        client.read_exact(&mut startup[4..]).await?;
        server.write_all(&startup).await?;
        loop {
            let message = message(client).await?;
            // A simple query, or the execution of a prepared one.
            if matches!(message[0], b'Q' | b'E') && !awaited.load(SeqCst) {
                let number = self.statements.fetch_add(1, SeqCst) + 1;
                match self.fatal {
                    Some(Fatal {
                        statement,
                        moment: Moment::Unsent,
                    }) if number == statement => {
                        return self.shut().await;
                    }
                    Some(Fatal { statement, .. }) if number == statement => awaited.store(true, SeqCst),
                    _ => {}
                }
            }
            if self.shut.load(SeqCst) {
                return Ok(());
            }
            server.write_all(&message).await?;
        }
    }

    async fn answer(
        &self,
        server: &mut (impl AsyncRead + Unpin),
        client: &mut (impl AsyncWrite + Unpin),
        awaited: &AtomicBool,
    ) -> io::Result<()> {
        loop {
            let message = message(server).await?;
            if awaited.load(SeqCst) {
                // Nothing of the answer goes on; once the server is ready for more, it has done it.
                if message[0] == b'Z' {
                    return self.shut().await;
                }
                continue;
            }
            client.write_all(&message).await?;
        }
    }

    async fn shut(&self) -> io::Result<()> {
        self.shut.store(true, SeqCst);
        let mut deed = self.deed.clone();
        let found = deed.wait_for(Option::is_some).await.map_err(io::Error::other)?;
        if let Some(deed) = found.as_ref() {
            deed();
        }
        Ok(())
    }
}

/// A message with its type and length.
async fn message(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut message = vec![0; 5];
    from.read_exact(&mut message).await?;
    let length = length(&message[1..])? + 1;
    message.resize(length, 0);
    from.read_exact(&mut message[5..]).await?;
    Ok(message)
}

/// The length counts itself.
fn length(bytes: &[u8]) -> io::Result<usize> {
    let length = bytes.first_chunk().map(|length| u32::from_be_bytes(*length));
    let length = length.and_then(|length| usize::try_from(length).ok());
    length
        .filter(|length| *length >= 4)
        .ok_or_else(|| io::ErrorKind::InvalidData.into())
}
