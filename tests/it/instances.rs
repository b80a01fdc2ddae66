//! Several instances on one database, as processes of their own: what one is told another's streams tell, and nothing
//! that was acknowledged is lost when one is killed. A thousand streams cost little.

use std::{
    fs,
    process::Command,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::{Value, json};
use stammtisch::announcements::Change;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

use crate::{
    messaging::{id, write_to},
    process::{is_ready, serve_with},
    support::{PASSWORD, Person, TestPortal},
    walk::{Served, environment, free_port},
};

/// From the answer to whoever sent a message to its arrival at another instance's stream: as a rule, and of 20 all but
/// one, since the machine that tests may be busy with something else for a moment.
const ARRIVES_WITHIN: Duration = Duration::from_millis(200);
const ARRIVES_SURELY_WITHIN: Duration = Duration::from_millis(500);
/// What a thousand open streams may cost, in KiB.
const THOUSAND_STREAMS: u64 = 64 * 1024;
/// Nothing that a test waits for takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A process beside the test's portal, on its database.
struct Instance {
    port: u16,
    served: Served,
}

impl Instance {
    fn start(portal: &TestPortal) -> Self {
        let port = free_port();
        let mut program = Command::new(env!("CARGO_BIN_EXE_stammtisch"));
        environment(&mut program, portal.folder(), port);
        program.env("DATABASE_URL", portal.database_url()).env(
            "STAMMTISCH_SERVER__METRICS_LISTEN",
            format!("127.0.0.1:{}", free_port()),
        );
        let served = serve_with(program, &portal.folder().join(format!("{port}.log")));
        is_ready(port);
        Self { port, served }
    }

    fn pid(&self) -> i32 {
        i32::try_from(self.served.0.id()).unwrap()
    }

    /// Resident memory in KiB, as the kernel counts it.
    fn resident(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(("127.0.0.1", self.port)).await.unwrap()
    }

    /// Status and body of one request. None: the instance is gone.
    async fn post(&self, person: &Person, path: &str, body: &Value) -> Option<(u16, Value)> {
        let body = body.to_string();
        let mut connection = TcpStream::connect(("127.0.0.1", self.port)).await.ok()?;
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncookie: session={}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{body}",
            person.cookie("session").unwrap(),
            body.len()
        );
        connection.write_all(request.as_bytes()).await.ok()?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.ok()?;
        let status = answer.split(' ').nth(1)?.parse().ok()?;
        let body = answer.split_once("\r\n\r\n")?.1;
        Some((status, serde_json::from_str(body).ok()?))
    }

    /// A stream, from where its reader can come back.
    async fn listen(&self, person: &Person) -> Line {
        let mut line = self.come_back(person, "").await;
        line.until("\nid: ").await;
        line.until("\n\n").await;
        line
    }

    async fn come_back(&self, person: &Person, last_id: &str) -> Line {
        let mut connection = self.connect().await;
        let request = format!(
            "GET /api/v1/events HTTP/1.1\r\nhost: localhost\r\ncookie: session={}\r\n{}\r\n",
            person.cookie("session").unwrap(),
            if last_id.is_empty() {
                String::new()
            } else {
                format!("last-event-id: {last_id}\r\n")
            },
        );
        connection.write_all(request.as_bytes()).await.unwrap();
        Line {
            connection,
            text: String::new(),
        }
    }
}

/// A stream as it comes over the line.
struct Line {
    connection: TcpStream,
    text: String,
}

impl Line {
    /// Reads on until these words came, and forgets all that came until then.
    async fn until(&mut self, words: &str) -> String {
        let reading = async {
            let mut piece = vec![0; 4096];
            loop {
                if let Some(at) = self.text.find(words) {
                    return self.text.drain(..at + words.len()).collect();
                }
                let length = self.connection.read(&mut piece).await.unwrap();
                assert_ne!(length, 0, "the stream goes on: {}", self.text);
                self.text.push_str(&String::from_utf8_lossy(&piece[..length]));
            }
        };
        tokio::time::timeout(PATIENCE, Box::pin(reading))
            .await
            .unwrap_or_else(|_| panic!("{words} comes"))
    }
}

#[tokio::test]
async fn what_one_instance_is_told_arrives_at_once_at_the_other_and_outlives_its_end() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let conversation = id(&write_to(&bert, &[&anna], "Anfang").await.must_be(201).json());
    let path = format!("/api/v1/conversations/{conversation}/messages");
    let (one, other) = (Instance::start(&portal), Instance::start(&portal));
    let mut line = other.listen(&anna).await;

    let mut took = Vec::new();
    for number in 0..21 {
        let body = format!("Nachricht {number} kommt an");
        let sent = one.post(&bert, &path, &json!({ "body": body })).await.unwrap();
        let acknowledged = Instant::now();
        assert_eq!(sent.0, 201);
        line.until(&body).await;
        took.push(acknowledged.elapsed());
    }
    took.sort();
    println!(
        "from the acknowledgement to the other instance's stream: median {:?}, longest {:?}",
        took[10], took[20]
    );
    assert!(
        took[10] < ARRIVES_WITHIN && took[19] < ARRIVES_SURELY_WITHIN,
        "{took:?}"
    );

    let head = line.until("id: ").await;
    assert!(!head.contains("Nachricht 19"), "{head}");
    let last_id = line.until("\n").await;
    let killer = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        kill(Pid::from_raw(one.pid()), Signal::SIGKILL).unwrap();
    };
    let writer = async {
        let mut acknowledged = Vec::new();
        loop {
            let body = format!("Vor dem Ende {}.", acknowledged.len());
            match one.post(&bert, &path, &json!({ "body": body })).await {
                Some((201, _)) => acknowledged.push(body),
                _ => return acknowledged,
            }
        }
    };
    let (acknowledged, ()) = tokio::join!(writer, killer);
    assert!(!acknowledged.is_empty());
    for body in &acknowledged {
        line.until(body).await;
    }
    drop(one);
    let one = Instance::start(&portal);
    kill(Pid::from_raw(other.pid()), Signal::SIGKILL).unwrap();
    let mut again = one.come_back(&anna, last_id.trim()).await;
    for body in &acknowledged {
        again.until(body).await;
    }
}

#[tokio::test]
async fn a_reader_who_takes_nothing_off_the_line_is_ended_and_holds_nobody_up() {
    /// More than a stream, its connection and the kernel hold for a reader.
    const ROUNDS: usize = 20;
    const EACH: usize = 20;
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let conversation = id(&write_to(&bert, &[&anna], "Anfang").await.must_be(201).json());
    let instance = Instance::start(&portal);
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut slow = socket
        .connect(([127, 0, 0, 1], instance.port).into())
        .await
        .unwrap();
    let request = format!(
        "GET /api/v1/events HTTP/1.1\r\nhost: localhost\r\ncookie: session={}\r\nconnection: close\r\n\r\n",
        anna.cookie("session").unwrap()
    );
    slow.write_all(request.as_bytes()).await.unwrap();
    let mut quick = instance.listen(&anna).await;
    for round in 0..ROUNDS {
        portal
            .execute(&format!(
                "INSERT INTO message (id, conversation_id, author_id, body, sent_at)
                 SELECT overlay('{}' placing lpad(n::text, 12, '0') from 25)::uuid, '{conversation}', '{}',
                        repeat('𝕏𝕏𝕏𝕏𝕏𝕏𝕏 ', 1200) || '{round}:' || n || '.', '{}'
                 FROM generate_series(1, {EACH}) n;
                 UPDATE participation SET last_message_id = (SELECT id FROM message ORDER BY id DESC LIMIT 1)",
                portal.portal.new_id(),
                bert.id,
                portal.portal.now().to_rfc3339(),
            ))
            .await;
        portal.portal.announcements.announce(Change::Message);
        for number in 1..=EACH {
            quick.until(&format!(" {round}:{number}.")).await;
        }
    }
    let mut heard = String::new();
    let reading = slow.read_to_string(&mut heard);
    tokio::time::timeout(PATIENCE, reading).await.unwrap().unwrap();
    assert!(
        !heard.contains(&format!(" {}:{EACH}.", ROUNDS - 1)),
        "it was ended"
    );
    let (_, last_id) = heard.rsplit_once("\nid: ").unwrap();
    let mut again = instance.come_back(&anna, last_id.lines().next().unwrap()).await;
    // It is too much to be told one by one.
    again.until("event: reset").await;
    let path = format!("/api/v1/conversations/{conversation}/messages");
    let sent = instance.post(&bert, &path, &json!({ "body": "Am Ende" })).await;
    assert_eq!(sent.unwrap().0, 201);
    again.until("Am Ende").await;
    quick.until("Am Ende").await;
}

#[tokio::test]
async fn a_thousand_streams_cost_less_than_64_mib_and_all_are_told() {
    const PEOPLE: usize = 50;
    const STREAMS: usize = 20;
    let portal = TestPortal::start().await;
    let crowd = portal.crowd(PEOPLE).await;
    for person in &crowd {
        person.sign_in(&person.email, PASSWORD).await.must_be(200);
    }
    let others: Vec<&Person> = crowd[1..].iter().collect();
    let conversation = id(&write_to(&crowd[0], &others, "Anfang").await.must_be(201).json());
    let instance = Instance::start(&portal);
    // The first ones pay for what all of them use.
    drop(instance.listen(&crowd[0]).await);
    let before = instance.resident();
    let mut lines = Vec::new();
    for person in &crowd {
        for _ in 0..STREAMS {
            lines.push(instance.listen(person).await);
        }
    }
    let cost = instance.resident() - before;
    println!("{} open streams: {cost} KiB ({before} KiB before)", lines.len());
    assert!(cost < THOUSAND_STREAMS, "{cost} KiB");

    let path = format!("/api/v1/conversations/{conversation}/messages");
    let sent = instance
        .post(&crowd[0], &path, &json!({ "body": "An alle" }))
        .await
        .unwrap();
    assert_eq!(sent.0, 201);
    let acknowledged = Instant::now();
    for line in &mut lines {
        line.until("An alle").await;
    }
    println!("all told after {:?}", acknowledged.elapsed());
    let cost = instance.resident() - before;
    assert!(cost < THOUSAND_STREAMS, "{cost} KiB");
}
