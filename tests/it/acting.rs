//! Whoever decides something at the desk and is suspended, leaves or loses their role while their request is under way
//! does not complete it: nothing changes, and they are told why.

use std::{collections::BTreeSet, future::Future};

use axum::http::Method;
use chrono::TimeDelta;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    roles::{MODERATOR, OFFICER, Scene},
    support::{Person, Response, TestPortal},
};

/// What befalls whoever acts, in SQL, and what they are told.
const FATES: [(&str, u16, &str); 3] = [
    ("status = 'suspended'", 401, "not_signed_in"),
    (
        "status = 'deleted', status_before = 'active', deleted_at = now(), undo_until = now() + interval '1 hour',
         erase_by = now() + interval '1 day', due_at = now() + interval '1 hour'",
        401,
        "not_signed_in",
    ),
    ("role = 'member'", 403, "forbidden"),
];

/// Something that is decided at the desk.
struct Deed {
    method: Method,
    path: &'static str,
    /// `me` stands for whoever acts, and `later` for an instant that is ahead.
    body: Value,
    /// Who does it.
    role: &'static str,
    /// What it takes beside the scene, in SQL.
    before: &'static str,
    done: u16,
}

impl Deed {
    fn new(method: Method, path: &'static str, body: Value, role: &'static str, done: u16) -> Self {
        Self {
            method,
            path,
            body,
            role,
            before: "",
            done,
        }
    }

    fn name(&self) -> String {
        let method = self.method.as_str().to_lowercase();
        format!("{method} /api/v1/admin{}", self.path)
    }

    async fn done_by(&self, scene: &Scene, actor: &Person) -> Response {
        let mut body = self.body.clone();
        if body["account_id"] == "me" {
            body["account_id"] = json!(actor.id);
        }
        if body["review_at"] == "later" {
            body["review_at"] = json!(scene.portal.portal.now() + TimeDelta::days(90));
        }
        let path = scene.path(&format!("/api/v1/admin{}", self.path));
        actor.request(self.method.clone(), &path).json(&body).send().await
    }
}

/// Everybody has an authenticator app.
const WITH_AN_APP: &str =
    "INSERT INTO totp (account_id, secret, last_step, set_up_at) SELECT id, '', 0, now() FROM account";
/// Everybody's factors are to be removed as lost.
const WITH_A_REMOVAL: &str = "INSERT INTO factor_removal (account_id, requested_at, due_at) SELECT id, now(), now() + interval '48 hours' FROM account";

/// All that can be decided there.
fn deeds() -> Vec<Deed> {
    let reason = || json!({ "reason": "Az. 7" });
    let admin = "administrator";
    let organisation = || json!({ "name": "Kreis Beispiel", "email_domains": ["kreis.example"] });
    let post = |path, body, role, done| Deed::new(Method::POST, path, body, role, done);
    vec![
        post("/registrations/{account_id}/approve", Value::Null, admin, 204),
        post("/registrations/{account_id}/reject", reason(), admin, 204),
        post("/accounts/{id}/suspend", Value::Null, admin, 204),
        Deed {
            before: "UPDATE account SET status = 'suspended' WHERE status = 'active' AND role = 'member'",
            ..post("/accounts/{id}/reinstate", Value::Null, admin, 204)
        },
        Deed::new(Method::DELETE, "/accounts/{id}/sessions", Value::Null, admin, 204),
        Deed {
            before: WITH_AN_APP,
            ..post("/accounts/{id}/second-factor/removal", Value::Null, admin, 202)
        },
        Deed {
            before: WITH_A_REMOVAL,
            ..Deed::new(
                Method::DELETE,
                "/accounts/{id}/second-factor/removal",
                Value::Null,
                admin,
                204,
            )
        },
        Deed::new(
            Method::PUT,
            "/accounts/{id}/role",
            json!({ "role": "moderator" }),
            admin,
            204,
        ),
        post("/accounts/{id}/deletion", reason(), admin, 202),
        post(
            "/accounts/{id}/holds",
            json!({ "basis": "open_claim", "reference": "Az. 1" }),
            OFFICER,
            201,
        ),
        post(
            "/holds/{id}/review",
            json!({ "reason": "Az. 7", "review_at": "later" }),
            OFFICER,
            200,
        ),
        post("/holds/{id}/release", reason(), OFFICER, 200),
        Deed {
            before: "UPDATE hold SET release_requested_by = placed_by",
            ..Deed::new(Method::DELETE, "/holds/{id}/release", Value::Null, OFFICER, 204)
        },
        post("/reports/{id}/remove", reason(), MODERATOR, 204),
        post("/reports/{id}/suspend", reason(), MODERATOR, 204),
        post("/reports/{id}/dismiss", reason(), MODERATOR, 204),
        post("/enquiries/{id}/answer", json!({ "body": "Morgen." }), admin, 204),
        Deed::new(
            Method::PUT,
            "/enquiries/{id}/assignment",
            json!({ "account_id": "me" }),
            admin,
            204,
        ),
        post("/enquiries/{id}/close", Value::Null, admin, 204),
        post("/organisations", organisation(), admin, 201),
        Deed::new(Method::PUT, "/organisations/{id}", organisation(), admin, 200),
        Deed::new(Method::DELETE, "/organisations/{id}", Value::Null, admin, 204),
    ]
}

/// Every row of every table, but tries and the row of whoever acts.
pub async fn everything_but(portal: &TestPortal, actor: Uuid) -> BTreeSet<String> {
    let tables = portal.tables().await;
    let tables = tables.iter().filter(|table| !table.starts_with("attempt"));
    let selects: Vec<String> = tables
        .map(|table| format!("SELECT '{table}: ' || t::text FROM {table} t"))
        .collect();
    let rows = portal.column::<String>(&selects.join(" UNION ALL ")).await;
    let own = format!("account: ({actor}");
    rows.into_iter().filter(|row| !row.starts_with(&own)).collect()
}

/// The answer to a request that waits for the account's row, while its holder changes that row.
async fn caught<T>(portal: &TestPortal, account: Uuid, request: impl Future<Output = T>, fate: &str) -> T {
    let holder = portal.hold_row(account).await;
    let change = format!("UPDATE account SET {fate} WHERE id = '{account}'");
    let meanwhile = async {
        portal.until_something_waits().await;
        holder.execute_unprepared(&change).await.unwrap();
        holder.commit().await.unwrap();
    };
    let (answer, ()) = tokio::join!(request, meanwhile);
    answer
}

#[test]
fn everything_that_is_decided_at_the_desk_is_among_the_deeds() {
    let document = serde_json::to_value(stammtisch::web::api::document()).unwrap();
    let mut operations = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            if path.starts_with("/api/v1/admin/") && method != "get" {
                operations.insert(format!("{method} {path}"));
            }
        }
    }
    let deeds: BTreeSet<String> = deeds().iter().map(Deed::name).collect();
    assert_eq!(deeds, operations);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_may_not_any_more_completes_nothing_that_they_began_at_the_desk() {
    for deed in deeds() {
        let scene = Scene::set().await;
        let portal = &scene.portal;
        portal.execute(deed.before).await;
        for (fate, status, code) in FATES {
            let what = format!("{}, {fate}", deed.name());
            let actor = portal.staff(deed.role).await;
            let before = everything_but(portal, actor.id).await;
            let answer = caught(portal, actor.id, deed.done_by(&scene, &actor), fate).await;
            assert_eq!(answer.status, status, "{what}: {}", answer.text());
            assert_eq!(answer.json()["code"], code, "{what}");
            assert_eq!(everything_but(portal, actor.id).await, before, "{what}");
        }
        // Whoever still may does it, having waited as long.
        let actor = portal.staff(deed.role).await;
        let before = everything_but(portal, actor.id).await;
        let unharmed = "status = 'active'";
        let answer = caught(portal, actor.id, deed.done_by(&scene, &actor), unharmed).await;
        assert_eq!(answer.status, deed.done, "{}: {}", deed.name(), answer.text());
        assert_ne!(everything_but(portal, actor.id).await, before, "{}", deed.name());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_pages_they_are_told_so_and_shown_nothing_more() {
    let scene = Scene::set().await;
    let portal = &scene.portal;
    let name = "Bert Muster";
    for (path, role, fields) in [
        (
            "/de/desk/accounts/{id}",
            "administrator",
            vec![("act", "suspend")],
        ),
        (
            "/de/desk/reports/{id}",
            MODERATOR,
            vec![("act", "suspend"), ("reason", "Beleidigung")],
        ),
    ] {
        for (fate, status, _) in FATES {
            let path = scene.path(path);
            let actor = portal.staff(role).await;
            actor.get(&path).await.must_be(200).must_show(name);
            let before = everything_but(portal, actor.id).await;
            let answer = caught(portal, actor.id, actor.submit(&path, &fields), fate).await;
            let told = match status {
                401 => "Bitte melden Sie sich an.",
                _ => "Dazu fehlt Ihnen die Berechtigung.",
            };
            answer.must_be(status).must_show(told).must_not_show(name);
            assert_eq!(everything_but(portal, actor.id).await, before, "{path}, {fate}");
        }
    }
}

/// Locks are taken in order of id, so who is first can be told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_under_way_is_done_before_its_author_is_suspended_or_not_at_all() {
    let scene = Scene::set().await;
    let portal = &scene.portal;
    let desk = portal.administrator().await;
    let path = format!("/api/v1/admin/accounts/{}/suspend", scene.bert.id);
    let mut seen = BTreeSet::new();
    while seen.len() < 2 {
        let actor = portal.staff("administrator").await;
        let holds_own = actor.id < scene.bert.id;
        let holder = portal.hold_row(scene.bert.id).await;
        let deciding = {
            let (actor, path) = (actor.clone(), path.clone());
            tokio::spawn(async move { actor.post(&path, &json!({})).await })
        };
        until_so_many_wait(portal, 1).await;
        let suspending = {
            let (desk, path) = (
                desk.clone(),
                format!("/api/v1/admin/accounts/{}/suspend", actor.id),
            );
            tokio::spawn(async move { desk.post(&path, &json!({})).await.must_be(204) })
        };
        if holds_own {
            until_so_many_wait(portal, 2).await;
            holder.commit().await.unwrap();
            suspending.await.unwrap();
            deciding.await.unwrap().must_be(204);
        } else {
            suspending.await.unwrap();
            holder.commit().await.unwrap();
            deciding.await.unwrap().must_fail(401, "not_signed_in");
        }
        let suspended = format!(
            "SELECT count(*) FROM account WHERE id = '{}' AND status = 'suspended'",
            scene.bert.id
        );
        assert_eq!(portal.count(&suspended).await, i64::from(holds_own));
        portal.set_status(scene.bert.id, "active").await;
        seen.insert(holds_own);
    }
}

async fn until_so_many_wait(portal: &TestPortal, requests: i64) {
    let waiting = "SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while portal.count(waiting).await < requests {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_suspend_or_demote_each_other_at_once_one_does() {
    let portal = TestPortal::with("limits.enabled = false").await;
    portal.administrator().await;
    for run in 0..10 {
        let (one, other) = (portal.administrator().await, portal.administrator().await);
        let against = async |by: &Person, whom: &Person| {
            let account = format!("/api/v1/admin/accounts/{}", whom.id);
            if run % 2 == 0 {
                by.post(&format!("{account}/suspend"), &json!({})).await
            } else {
                by.put(&format!("{account}/role"), &json!({ "role": "member" }))
                    .await
            }
        };
        let (first, second) = tokio::join!(against(&one, &other), against(&other, &one));
        let mut told = [first.status.as_u16(), second.status.as_u16()];
        told.sort_unstable();
        let refused = if run % 2 == 0 { 401 } else { 403 };
        assert_eq!(told, [204, refused], "{} {}", first.text(), second.text());
        let left = format!(
            "SELECT count(*) FROM account WHERE id IN ('{}', '{}') AND status = 'active' AND role = 'administrator'",
            one.id, other.id
        );
        assert_eq!(portal.count(&left).await, 1);
    }
}
