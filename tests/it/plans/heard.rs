//! Listens to what the portal asks its database, while people and the scheduler do what they do.

use std::future::Future;

use sea_orm::Statement;
use serde_json::Value;

use crate::support::{Client, Response, TestPortal};

/// A statement, and what was being done.
pub struct Heard {
    pub doing: String,
    pub statement: Statement,
}

pub struct Ear<'a> {
    pub portal: &'a TestPortal,
    pub heard: Vec<Heard>,
}

impl<'a> Ear<'a> {
    pub fn at(portal: &'a TestPortal) -> Self {
        Self {
            portal,
            heard: Vec::new(),
        }
    }

    pub async fn hear<T>(&mut self, doing: &str, done: impl Future<Output = T>) -> T {
        let (done, sent) = self.portal.sent_by(Box::pin(done)).await;
        let reads_or_writes = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"];
        let sent = sent.into_iter().filter(|statement| {
            let sql = statement.sql.trim_start();
            reads_or_writes.iter().any(|word| sql.starts_with(word))
        });
        self.heard.extend(sent.map(|statement| Heard {
            doing: doing.to_owned(),
            statement,
        }));
        done
    }

    /// What is answered to this path.
    pub async fn get(&mut self, reader: &Client, path: &str) -> Response {
        self.hear(&format!("GET {path}"), reader.get(path))
            .await
            .must_be(200)
    }

    /// A list, from its beginning and from its second item on.
    pub async fn get_list(&mut self, reader: &Client, path: &str) {
        self.get(reader, path).await;
        let more = if path.contains('?') { '&' } else { '?' };
        let first = self.get(reader, &format!("{path}{more}limit=1")).await.json();
        if let Value::String(next) = &first["next"] {
            self.get(reader, &format!("{path}{more}cursor={next}")).await;
        }
    }
}
