//! What happened, as events.

use std::sync::Arc;

use serde_json::json;
use uuid::Uuid;

use crate::{
    messaging::news::{Mark, Written},
    streams::News,
};

/// A message was written.
pub(super) fn written(written: Written) -> Arc<News> {
    let Written {
        message,
        conversation_id,
        written_by,
        ..
    } = written;
    let data = json!({
        "id": message.id,
        "conversation_id": conversation_id,
        "author_id": message.author_id,
        "body": message.body,
        "sent_at": message.sent_at,
    });
    news("message", &data, Some(written_by))
}

/// Somebody has read further.
pub(super) fn read(mark: &Mark) -> Arc<News> {
    let data = json!({
        "conversation_id": mark.conversation_id,
        "account_id": mark.account_id,
        "read_up_to": mark.read_up_to,
    });
    news("read", &data, None)
}

/// Who is in a conversation, what it is called or what is read in it is not what it was.
pub(super) fn changed(conversation: Uuid) -> Arc<News> {
    news("conversation", &json!({ "id": conversation }), None)
}

/// More was missed than is told one by one.
pub(super) fn look_anew() -> Arc<News> {
    news("reset", &json!({}), None)
}

fn news(event: &'static str, data: &serde_json::Value, written_by: Option<u64>) -> Arc<News> {
    Arc::new(News {
        event,
        data: data.to_string(),
        written_by,
    })
}
