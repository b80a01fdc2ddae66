//! Everything that can be read: by the document, and the pages.

use serde_json::Value;

use crate::{
    plans::heard::Ear,
    roles::{PAGES, Scene},
    support::Person,
};

/// Lists that are searched, beside the document's paths as they are.
const SEARCHED: [&str; 9] = [
    "/api/v1/members?query=number",
    "/api/v1/members?query=beispiel",
    "/api/v1/messages?query=davor",
    "/api/v1/admin/accounts?query=many",
    "/api/v1/admin/accounts?query=anna.beispiel&status=active",
    "/api/v1/admin/accounts?status=deleted",
    "/api/v1/admin/enquiries?state=open&assigned=nobody",
    "/api/v1/admin/audit-events?kind=access",
    "/api/v1/admin/audit-events?kind=deeds",
];

/// Members' pages, in one of the two languages: both ask for the same.
const PAGES_OF_MEMBERS: [&str; 21] = [
    "/",
    "/account",
    "/account/blocks",
    "/account/delete",
    "/account/email",
    "/account/export",
    "/account/notifications",
    "/account/passkeys",
    "/account/second-factor",
    "/account/sessions",
    "/conversations",
    "/conversations/new",
    "/conversations/{id}",
    "/enquiries",
    "/enquiries/{id}",
    "/groups/{id}",
    "/groups/{id}/invite",
    "/invitations",
    "/members",
    "/members/{id}",
    "/profile",
];

/// Who reads, and in which group.
pub struct Readers<'a> {
    pub member: &'a Person,
    pub desk: &'a Person,
    pub group: &'a str,
}

pub async fn all(ear: &mut Ear<'_>, scene: &Scene, readers: &Readers<'_>) {
    let document = readers.desk.get("/api/openapi.json").await.must_be(200).json();
    let of_group = |template: &str| template.replace("/groups/{id}", &format!("/groups/{}", readers.group));
    for (template, operations) in document["paths"].as_object().unwrap() {
        let reading = &operations["get"];
        // A stream is opened once, a receipt's code is told once, and messages are listed for a word only.
        let is_elsewhere = ["/api/v1/events", "/api/v1/messages"].contains(&template.as_str())
            || template.ends_with("/{receipt_code}");
        if reading.is_null() || is_elsewhere {
            continue;
        }
        let path = scene.path(&of_group(template));
        let reader = reader_of(&path, readers);
        let parameters: Option<&Vec<Value>> = reading["parameters"].as_array();
        if parameters.is_some_and(|all| all.iter().any(|parameter| parameter["name"] == "cursor")) {
            ear.get_list(reader, &path).await;
        } else {
            ear.get(reader, &path).await;
        }
    }
    for path in SEARCHED {
        ear.get_list(reader_of(path, readers), path).await;
    }
    let of_account = format!("/api/v1/admin/audit-events?account_id={}", readers.member.id);
    ear.get_list(readers.desk, &of_account).await;
    for page in PAGES_OF_MEMBERS {
        let path = scene.path(&of_group(page));
        ear.get(readers.member, &format!("/de{}", path.trim_end_matches('/')))
            .await;
    }
    for (page, ..) in PAGES {
        let path = format!("/de{}", scene.path(page));
        ear.get(readers.desk, &path).await;
    }
}

fn reader_of<'a>(path: &str, readers: &Readers<'a>) -> &'a Person {
    if path.starts_with("/api/v1/admin/") {
        readers.desk
    } else {
        readers.member
    }
}
