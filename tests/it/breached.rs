//! Breached passwords: a list that the operator imports, and what it keeps people from choosing.

use std::{
    fs,
    io::Write,
    process::{Output, Stdio},
};

use serde_json::json;
use sha1::{Digest, Sha1};
use stammtisch::{mail::letter::LinkPurpose, secrets::hex};

use crate::{
    process::{folder, program, said},
    support::{CREATE_ADMINISTRATOR, PASSWORD, TestPortal, people::application},
};

const REGISTRATIONS: &str = "/api/v1/registrations";
const CONFIRM: &str = "/api/v1/registrations/confirm";
const BREACHED: &str = "sieben gelbe Fahrraeder am Kanal";

fn line(password: &str) -> String {
    format!("{}:7\r\n", hex(&Sha1::digest(password.as_bytes())).to_uppercase())
}

/// Imports the list as operators do, into the portal's folder.
fn import(portal: &TestPortal, list: &str) -> (Option<i32>, String, String) {
    let path = portal.folder().join("pwned.txt");
    fs::write(&path, list).unwrap();
    let output = program(portal.folder(), 1)
        .args(["passwords", "import"])
        .arg(&path)
        .output()
        .unwrap();
    said(&output)
}

#[tokio::test]
async fn a_breached_password_is_refused_wherever_one_is_chosen_and_the_link_is_not_used_up() {
    let portal = TestPortal::start().await;
    let (code, told, complaint) = import(&portal, &format!("{}{}", line("other"), line(BREACHED)));
    assert_eq!((code, complaint.as_str()), (Some(0), ""));
    assert!(told.starts_with("2 hashes are in "), "{told}");

    let asked = application("anna@example.org", "Anna", "Beispiel");
    portal.visitor().post(REGISTRATIONS, &asked).await.must_be(202);
    portal.work().await;
    let token = portal.link_for("anna@example.org", LinkPurpose::Confirm);
    let confirm = async |password: &str| {
        let body = json!({ "token": token, "password": password });
        portal.visitor().post(CONFIRM, &body).await
    };
    confirm(BREACHED)
        .await
        .must_refuse(&["password: password_breached"]);
    portal
        .visitor()
        .submit("/de/confirm", &[("token", &token), ("password", BREACHED)])
        .await
        .must_be(422)
        .must_show("bei Datenpannen bekannt geworden");
    confirm(PASSWORD).await.must_be(200);

    let bea = portal.member("Bea", "Leserin").await;
    let change = json!({ "current_password": PASSWORD, "new_password": BREACHED });
    bea.put("/api/v1/me/password", &change)
        .await
        .must_refuse(&["new_password: password_breached"]);
    let forgotten = json!({ "email": bea.email });
    portal
        .visitor()
        .post("/api/v1/password-resets", &forgotten)
        .await
        .must_be(202);
    portal.work().await;
    let token = portal.link_for(&bea.email, LinkPurpose::Reset);
    let reset = async |password: &str| {
        let body = json!({ "token": token, "password": password });
        portal
            .visitor()
            .post("/api/v1/password-resets/confirm", &body)
            .await
    };
    reset(BREACHED)
        .await
        .must_refuse(&["password: password_breached"]);
    reset(PASSWORD).await.must_be(204);
}

#[tokio::test]
async fn who_has_a_password_from_before_the_list_signs_in_with_it() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    import(&portal, &line(PASSWORD));
    portal.sibling("").await.signed_in(&anna.email).await;
}

#[tokio::test]
async fn a_list_with_a_malformed_line_replaces_nothing() {
    let portal = TestPortal::start().await;
    assert_eq!(import(&portal, &line(BREACHED)).0, Some(0));
    let before = fs::read(portal.folder().join("breached")).unwrap();
    let (code, told, complaint) = import(&portal, &format!("{}geheim:3\n", line("other")));
    assert_eq!((code, told.as_str()), (Some(1), ""));
    assert!(
        complaint.contains("line 2") && !complaint.contains("geheim"),
        "{complaint}"
    );
    assert_eq!(fs::read(portal.folder().join("breached")).unwrap(), before);
}

#[tokio::test]
async fn a_damaged_list_stops_whatever_takes_passwords_and_nothing_else() {
    let portal = TestPortal::start().await;
    let folder = folder();
    let list = folder.path().join("breached");
    let run = |arguments: &[&str], input: &str| -> Output {
        let mut running = program(&folder.path().join("data"), 1)
            .env("DATABASE_URL", portal.database_url())
            .env("STAMMTISCH_PASSWORDS__BREACHED", &list)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Whoever stops at once does not read it.
        let _ = running.stdin.take().unwrap().write_all(input.as_bytes());
        running.wait_with_output().unwrap()
    };
    let create = [&CREATE_ADMINISTRATOR[..], &["--password-stdin"]].concat();
    // The settings name it, and it is not there.
    let (code, found, _) = said(&run(&["doctor"], ""));
    assert_eq!(code, Some(1), "{found}");
    assert!(
        found.contains("wrong  breached passwords (0 in the list)"),
        "{found}"
    );

    let pwned = folder.path().join("pwned.txt");
    fs::write(&pwned, line(BREACHED)).unwrap();
    let (code, _, complaint) = said(&run(&["passwords", "import", pwned.to_str().unwrap()], ""));
    assert_eq!(code, Some(0), "{complaint}");
    let (code, found, _) = said(&run(&["doctor"], ""));
    assert_eq!(code, Some(0), "{found}");
    assert!(
        found.contains("ok     breached passwords (1 in the list)"),
        "{found}"
    );
    let (code, _, complaint) = said(&run(&create, BREACHED));
    assert_eq!(code, Some(1));
    assert!(complaint.contains("data breaches"), "{complaint}");

    let mut damaged = fs::read(&list).unwrap();
    damaged[40] ^= 1;
    fs::write(&list, damaged).unwrap();
    for stopped in [&["serve"][..], &create] {
        let (code, _, complaint) = said(&run(stopped, PASSWORD));
        assert_eq!(code, Some(1));
        assert!(complaint.contains("breached is damaged"), "{complaint}");
    }
    assert_eq!(portal.count("SELECT count(*) FROM account").await, 0);
    let (code, found, _) = said(&run(&["doctor"], ""));
    assert_eq!(code, Some(1), "{found}");
    assert!(
        found.contains("wrong  breached passwords") && found.contains("import it again"),
        "{found}"
    );
    assert_eq!(said(&run(&["erase-due"], "")).0, Some(0));
}
