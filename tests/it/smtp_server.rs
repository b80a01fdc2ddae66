//! A mail server for tests: it speaks real SMTP on a port of its own, and misbehaves where it is told to.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::JoinHandle,
};
use url::Url;

/// A moment in the conversation at which the server may misbehave instead of answering.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Greeting,
    Auth,
    Sender,
    Recipient,
    Data,
    /// After the content.
    Content,
    Quit,
}

/// What the server does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    Accept,
    /// Gives this code at that stage.
    Answer(Stage, u16),
    /// Says nothing any more, and keeps the connection.
    Hang(Stage),
    /// Closes the connection without a word.
    Close(Stage),
}

/// Runs until it is dropped.
pub struct SmtpServer {
    address: SocketAddr,
    heard: Arc<Mutex<Heard>>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Heard {
    commands: Vec<String>,
    mails: Vec<String>,
}

struct Conversation {
    behaviour: Behaviour,
    heard: Arc<Mutex<Heard>>,
    lines: Lines<BufReader<OwnedReadHalf>>,
    writer: OwnedWriteHalf,
}

impl SmtpServer {
    /// Starts on a free port of the loopback interface.
    pub async fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
        let address = listener.local_addr().expect("a bound socket has an address");
        let heard = Arc::default();
        let task = tokio::spawn(serve(listener, behaviour, Arc::clone(&heard)));
        Self { address, heard, task }
    }

    /// `smtp://127.0.0.1:port`
    pub fn url(&self) -> Url {
        Url::parse(&format!("smtp://{}", self.address)).expect("an address makes a URL")
    }

    /// The mails that were taken, as they were before dots were doubled.
    pub fn received(&self) -> Vec<String> {
        self.heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .mails
            .clone()
    }

    /// Ends it; nobody listens any more when this returns.
    pub async fn stop(mut self) {
        self.task.abort();
        // Cancelled, as it was told.
        let _ = (&mut self.task).await;
    }

    /// Every command line, of all connections.
    pub fn commands(&self) -> Vec<String> {
        self.heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .commands
            .clone()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, behaviour: Behaviour, heard: Arc<Mutex<Heard>>) {
    // Conversations end with the server: the set aborts them when it is dropped.
    let mut conversations = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let conversation = Conversation::new(stream, behaviour, Arc::clone(&heard));
        conversations.spawn(conversation.hold());
    }
}

impl Conversation {
    fn new(stream: TcpStream, behaviour: Behaviour, heard: Arc<Mutex<Heard>>) -> Self {
        let (reader, writer) = stream.into_split();
        Self {
            behaviour,
            heard,
            lines: BufReader::new(reader).lines(),
            writer,
        }
    }

    /// None once the connection is over.
    async fn hold(mut self) -> Option<()> {
        self.answer(Stage::Greeting, "220 test").await?;
        loop {
            let line = self.lines.next_line().await.ok()??;
            let verb = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
            self.note(|heard| heard.commands.push(line));
            match verb.as_str() {
                "EHLO" => self.write("250-test\r\n250 AUTH PLAIN").await?,
                "AUTH" => self.answer(Stage::Auth, "235 welcome").await?,
                "MAIL" => self.answer(Stage::Sender, "250 go on").await?,
                "RCPT" => self.answer(Stage::Recipient, "250 go on").await?,
                "DATA" if self.answer(Stage::Data, "354 go on").await? => self.take_content().await?,
                "DATA" => false,
                "QUIT" => {
                    self.answer(Stage::Quit, "221 goodbye").await?;
                    return None;
                }
                _ => self.write("500 what").await?,
            };
        }
    }

    async fn take_content(&mut self) -> Option<bool> {
        let mut mail = String::new();
        loop {
            let line = self.lines.next_line().await.ok()??;
            if line == "." {
                break;
            }
            mail.push_str(line.strip_prefix('.').unwrap_or(&line));
            mail.push_str("\r\n");
        }
        let taken = self.answer(Stage::Content, "250 taken").await?;
        if taken {
            self.note(|heard| heard.mails.push(mail));
        }
        Some(taken)
    }

    /// The good answer, unless this is where the server misbehaves; says whether it was the good one.
    async fn answer(&mut self, stage: Stage, good: &str) -> Option<bool> {
        match self.behaviour {
            Behaviour::Answer(bad, code) if bad == stage => {
                self.write(&format!("{code} no, not for anyone@example.org"))
                    .await?;
                Some(false)
            }
            Behaviour::Hang(bad) if bad == stage => std::future::pending().await,
            Behaviour::Close(bad) if bad == stage => None,
            _ => self.write(good).await,
        }
    }

    async fn write(&mut self, answer: &str) -> Option<bool> {
        self.writer
            .write_all(format!("{answer}\r\n").as_bytes())
            .await
            .ok()?;
        Some(true)
    }

    fn note(&self, what: impl FnOnce(&mut Heard)) {
        what(&mut self.heard.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
