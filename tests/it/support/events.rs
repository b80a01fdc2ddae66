//! The reading end of an event stream.

use std::time::Duration;

use axum::body::{Body, HttpBody};
use http_body_util::BodyExt;
use serde_json::Value;

/// Nothing that a test waits for takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct EventStream {
    body: Body,
    /// What came and is not read yet.
    waiting: String,
    /// The last id, as a browser remembers it.
    pub last_id: Option<String>,
    /// How many milliseconds a browser waits before it comes back.
    pub retry: Option<u64>,
}

/// One event with data.
#[derive(Debug, PartialEq)]
pub struct Event {
    pub name: String,
    pub data: Value,
}

impl EventStream {
    pub fn of(answer: axum::response::Response) -> Self {
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Self {
            body: answer.into_body(),
            waiting: String::new(),
            last_id: None,
            retry: None,
        }
    }

    /// The next event that has data.
    pub async fn next(&mut self) -> Event {
        let next = async {
            loop {
                let block = self.block().await.expect("the stream goes on");
                if let Some(event) = self.read(&block) {
                    return event;
                }
            }
        };
        tokio::time::timeout(PATIENCE, Box::pin(next))
            .await
            .expect("an event comes")
    }

    /// Reads on until an id was named: from there on the reader can come back.
    pub async fn settle(&mut self) -> String {
        assert_eq!(self.missed().await, []);
        self.last_id.clone().unwrap_or_default()
    }

    /// The sign of life that comes next: an id and nothing else.
    pub async fn must_beat(&mut self) -> String {
        let block = tokio::time::timeout(PATIENCE, Box::pin(self.block()))
            .await
            .expect("a sign of life comes")
            .expect("the stream goes on");
        assert_eq!(self.read(&block), None, "{block}");
        assert!(block.starts_with("id: "), "{block}");
        block
    }

    /// What is told before the first id is named.
    pub async fn missed(&mut self) -> Vec<Event> {
        let mut missed = Vec::new();
        while self.last_id.is_none() {
            let block = self.block().await.expect("the stream goes on");
            missed.extend(self.read(&block));
        }
        missed
    }

    /// Reads to the end, past whatever comes before.
    pub async fn must_end(mut self) {
        let end = async { while self.block().await.is_some() {} };
        tokio::time::timeout(PATIENCE, Box::pin(end))
            .await
            .expect("the stream ends");
        assert!(self.body.is_end_stream() || self.waiting.is_empty());
    }

    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.waiting.find("\n\n") {
                let block: String = self.waiting.drain(..end + 2).collect();
                return Some(block.trim_end().to_owned());
            }
            let frame = self.body.frame().await?.expect("the stream is not broken");
            let data = frame.into_data().expect("there are no trailers");
            self.waiting
                .push_str(std::str::from_utf8(&data).expect("it is UTF-8"));
        }
    }

    fn read(&mut self, block: &str) -> Option<Event> {
        let (mut name, mut data) = ("message", None);
        for line in block.lines() {
            match line.split_once(": ") {
                Some(("event", value)) => name = value,
                Some(("data", value)) => data = Some(serde_json::from_str(value).expect("data is JSON")),
                Some(("id", value)) => self.last_id = Some(value.to_owned()),
                Some(("retry", value)) => self.retry = value.parse().ok(),
                _ => panic!("{block}"),
            }
        }
        data.map(|data| Event {
            name: name.to_owned(),
            data,
        })
    }
}
