//! `/api/v1/events`: what happens, as it happens.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
};
use futures_util::stream;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    live::{self, OpenError},
    portal::Portal,
    streams::Told,
    values::{Fault, Invalid},
    web::{
        api::who::routes,
        guard::session::Member,
        problem::{Code, Problem, ProblemBody},
        query::Asked,
    },
};

/// How long a browser waits at least before it comes back.
const COME_BACK: Duration = Duration::from_secs(1);
/// And over how much longer they are spread, so that those who were ended at once do not come back at once.
const SPREAD: u64 = 4_000;

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new().routes(routes!(listen))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct After {
    /// For a first connection, like `Last-Event-ID`: the `id` of an event that was seen.
    after: Option<String>,
}

/// What happens in your conversations, as it happens.
///
/// `message`: `{id, conversation_id, author_id, body, sent_at}`, your own too. `read`: `{conversation_id, account_id,
/// read_up_to}`. `conversation`: `{id}`, its people or name changed, a message of it went, or you are not in it any
/// more, or more was read in it at once than is told. `reset`: `{}`, more happened at once, or was missed, than is told
/// one by one: look at everything again; its `id`, where it carries one, is where you go on from.
///
/// Every 15 seconds there is a sign of life that carries an `id`. Whoever comes back with the last `id` as
/// `Last-Event-ID` is told every message since; an event that was told before can come again. The stream ends with the
/// session, for readers who do not keep up, and for the oldest of more than 20.
#[utoipa::path(get, path = "/api/v1/events", tag = "conversations",
    params(After, ("Last-Event-ID" = Option<String>, Header, description = "The last `id` that was seen.")),
    responses(
        (status = 200, body = String, content_type = "text/event-stream", description = "Server-sent events."),
        (status = 429, body = ProblemBody, description = "`too_many_streams`: 20 are open, and as many ended ones were not closed"),
    )
)]
async fn listen(
    State(portal): State<Portal>,
    Member(caller): Member,
    headers: HeaderMap,
    Asked(After { after }): Asked<After>,
) -> Result<Response, Problem> {
    let (field, after) = match headers.get("last-event-id") {
        Some(id) => ("last-event-id", Some(id.to_str().map_err(|_| Code::BadRequest)?)),
        None => ("after", after.as_deref()),
    };
    let events = live::open(&portal, caller, after)
        .await
        .map_err(|error| problem(error, field))?;
    let first = Event::default().retry(come_back(&portal));
    let events = stream::unfold((Some(first), events), |(first, mut events)| async {
        let event = match first {
            Some(first) => first,
            None => event(&events.next().await?),
        };
        Some((Ok::<_, Infallible>(event), (None, events)))
    });
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        // Proxies that gather answers would hold events back.
        (
            HeaderName::from_static("x-accel-buffering"),
            HeaderValue::from_static("no"),
        ),
    ];
    Ok((headers, Sse::new(events)).into_response())
}

/// When this reader comes back: each after another time.
fn come_back(portal: &Portal) -> Duration {
    let mut chance = [0; 2];
    portal.random.fill(&mut chance);
    COME_BACK + Duration::from_millis(u64::from(u16::from_le_bytes(chance)) * SPREAD / u64::from(u16::MAX))
}

/// As it goes over the line. Without news, an id alone: browsers remember it and tell nobody.
fn event(told: &Told) -> Event {
    let mut event = Event::default();
    if let Some(news) = &told.news {
        event = event.event(news.event).data(&news.data);
    }
    if let Some(moment) = &told.up_to {
        event = event.id(moment);
    }
    event
}

fn problem(error: OpenError, field: &str) -> Problem {
    match error {
        OpenError::NotActive(error) => error.into(),
        OpenError::TooMany(_) => Code::TooManyStreams.into(),
        OpenError::NoMoment(_) => Invalid::one(field, Fault::new("cursor_invalid")).into(),
        OpenError::Database(error) => error.into(),
    }
}
