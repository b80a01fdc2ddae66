//! `/api/v1/admin/enquiries`: what members ask, who deals with it, and the answers.

use axum::{Json, extract::State, http::StatusCode};
use entity::enquiry;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::{
    enquiries::{
        answer::{self, Answer},
        assign, close,
        desk::{self, Assigned, AtDesk, Filter, Thread},
    },
    portal::Portal,
    values::Listed,
    web::{
        api::who::routes,
        body::Body,
        guard::may,
        problem::{Code, Problem, ProblemBody},
        query::{Asked, Id, Once, Paging, page},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .routes(routes!(list_enquiries))
        .routes(routes!(read_enquiry))
        .routes(routes!(answer_enquiry))
        .routes(routes!(assign_enquiry))
        .routes(routes!(close_enquiry))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct EnquirySearch {
    /// Only those that wait for an answer; the same as `state=open`, which goes before.
    open: Option<bool>,
    /// Only those in this state.
    #[param(value_type = Option<String>, pattern = "^(open|answered|closed)$")]
    state: Option<enquiry::State>,
    /// Only one's own, or those that nobody deals with.
    #[param(value_type = Option<String>, pattern = "^(me|nobody)$")]
    assigned: Option<Whose>,
    /// How many items, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Whose {
    Me,
    Nobody,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"body": "Das Formular finden Sie im Mitgliederbereich unter Vorlagen."}))]
struct NewAnswer {
    #[schema(max_length = 10_000)]
    body: String,
    /// The last text of the enquiry that you have seen: if somebody has answered after it, yours is not sent.
    after: Option<Uuid>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"account_id": "7a0c1d2e-3f40-4152-8637-48596a7b8c9d"}))]
struct Assignment {
    /// An active administrator; null: nobody. It cannot be left out.
    // Leaving it out is not the same as naming nobody.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required = true)]
    account_id: Option<Uuid>,
}

/// Enquiries of members, newest first.
#[utoipa::path(get, path = "/api/v1/admin/enquiries", tag = "admin", params(EnquirySearch),
    responses(
    (status = 200, body = Listed<AtDesk>),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
))]
async fn list_enquiries(
    State(portal): State<Portal>,
    may::AnswerEnquiries(caller): may::AnswerEnquiries,
    Asked(search): Asked<EnquirySearch>,
) -> Result<Json<Listed<AtDesk>>, Problem> {
    let page = page(search.limit, search.cursor.as_deref())?;
    let open = search.open.unwrap_or(false).then_some(enquiry::State::Open);
    let filter = Filter {
        state: search.state.or(open),
        assigned: search.assigned.map(|whose| match whose {
            Whose::Me => Assigned::To(caller.account),
            Whose::Nobody => Assigned::Nobody,
        }),
    };
    Ok(Json(desk::list(&portal, filter, &page).await?))
}

/// An enquiry with what was written in it, newest first.
///
/// `limit`, `cursor` and `entries.next` page through what was written.
#[utoipa::path(get, path = "/api/v1/admin/enquiries/{id}", tag = "admin",
    params(("id" = Uuid, Path), Paging), responses(
    (status = 200, body = Thread),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody),
))]
async fn read_enquiry(
    State(portal): State<Portal>,
    _: may::AnswerEnquiries,
    Id(id): Id,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Thread>, Problem> {
    let thread = desk::thread(&portal, id, &paging.page()?)
        .await?
        .ok_or(Code::NotFound)?;
    Ok(Json(thread))
}

/// Answer an enquiry; its member is told by mail that there is an answer.
///
/// Sent again with the same `Idempotency-Key`, it is not answered twice.
#[utoipa::path(post, path = "/api/v1/admin/enquiries/{id}/answer", tag = "admin",
    params(
        ("id" = Uuid, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "Up to 255 characters, new for every answer."),
    ),
    request_body = NewAnswer, responses(
    (status = 204),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`already_answered`: after the text that `after` names"),
    (status = 422, body = ProblemBody, description = "`idempotency_key_reused`: with another answer"),
))]
async fn answer_enquiry(
    State(portal): State<Portal>,
    may::AnswerEnquiries(caller): may::AnswerEnquiries,
    Id(id): Id,
    Once(key): Once,
    Body(NewAnswer { body, after }): Body<NewAnswer>,
) -> Result<StatusCode, Problem> {
    let body = &body;
    answer::answer(&portal, caller, id, Answer { body, after, key }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Say which administrator deals with an enquiry.
///
/// They are told by mail when somebody else gives it to them, and when its member writes on.
#[utoipa::path(put, path = "/api/v1/admin/enquiries/{id}/assignment", tag = "admin",
    params(("id" = Uuid, Path)), request_body = Assignment, responses(
    (status = 204),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody),
))]
async fn assign_enquiry(
    State(portal): State<Portal>,
    may::AnswerEnquiries(caller): may::AnswerEnquiries,
    Id(id): Id,
    Body(Assignment { account_id }): Body<Assignment>,
) -> Result<StatusCode, Problem> {
    assign::assign(&portal, caller, id, account_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Close an enquiry: nothing more is to be answered.
#[utoipa::path(post, path = "/api/v1/admin/enquiries/{id}/close", tag = "admin",
    params(("id" = Uuid, Path)), responses(
    (status = 204),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody),
))]
async fn close_enquiry(
    State(portal): State<Portal>,
    may::AnswerEnquiries(caller): may::AnswerEnquiries,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    close::at_desk(&portal, caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
