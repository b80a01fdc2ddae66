//! The demonstration as people start it: a community with a past, whose mails can be read; never on real data, never
//! for anybody outside.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::{
    process::{fetched, folder, is_ready, program, said},
    support::CREATE_ADMINISTRATOR,
    walk::{Served, free_port},
};

fn demo(data: &Path, port: u16) -> Served {
    let said = fs::File::create(data.with_extension("said")).unwrap();
    let child = program(data, port)
        .args(["serve", "--demo"])
        .env("STAMMTISCH_ERASURE__GRACE", "1h")
        .stdout(said)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    is_ready(port);
    Served(child)
}

/// What the administrator of the demonstration gets, as JSON.
fn at_the_desk(folder: &Path, port: u16, path: &str) -> Value {
    let cookies = folder.join("cookies");
    let url = format!("http://127.0.0.1:{port}/api/v1");
    let sign_in = r#"{"email": "verwaltung@betreiber.example", "password": "drei Stuehle am Stammtisch"}"#;
    let curl = |arguments: &[&str]| {
        let mut curl = Command::new("curl");
        let output = curl.arg("-sf").args(arguments).output().unwrap();
        let (code, body, complaint) = said(&output);
        assert_eq!(code, Some(0), "{body}{complaint}");
        body
    };
    let jar = cookies.to_str().unwrap();
    curl(&[
        "-c",
        jar,
        "-H",
        "content-type: application/json",
        "-d",
        sign_in,
        &format!("{url}/session"),
    ]);
    serde_json::from_str(&curl(&["-b", jar, &format!("{url}{path}")])).unwrap()
}

#[test]
fn the_demonstration_has_a_past_and_begins_once() {
    let folder = folder();
    let data = folder.path().join("data");
    let port = free_port();
    let served = demo(&data, port);
    let printed = fs::read_to_string(data.with_extension("said")).unwrap();
    for expected in [
        "verwaltung@betreiber.example",
        "drei Stuehle am Stammtisch",
        "/de/demo/mails",
    ] {
        assert!(printed.contains(expected), "{expected}: {printed}");
    }
    let count = |path: &str| {
        at_the_desk(folder.path(), port, path)["items"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(count("/admin/registrations"), 3);
    assert_eq!(count("/admin/accounts?status=active"), 13);
    assert_eq!(count("/admin/reports?state=open"), 1);
    let deletions = at_the_desk(folder.path(), port, "/admin/deletions");
    let mut states: Vec<_> = deletions["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["state"])
        .collect();
    states.sort_by_key(ToString::to_string);
    assert_eq!(states, ["held", "pending"]);
    let (_, health) = fetched(&format!("http://127.0.0.1:{port}/health/ready")).unwrap();
    assert!(health.contains("\"status\":\"ok\""), "{health}");
    let (_, mails) = fetched(&format!("http://127.0.0.1:{port}/de/demo/mails")).unwrap();
    assert!(mails.contains("Verschickte E-Mails"), "{mails}");
    drop(served);

    let again = demo(&data, port);
    assert_eq!(count("/admin/registrations"), 3);
    drop(again);

    let (code, _, complaint) = said(&program(&data, port).arg("serve").output().unwrap());
    assert_eq!(code, Some(1), "{complaint}");
    assert!(
        complaint.contains("whose passwords everybody knows"),
        "{complaint}"
    );
}

#[test]
fn it_touches_no_real_data_and_serves_nobody_outside() {
    let folder = folder();
    let data = folder.path().join("data");
    let (code, _, complaint) = said(&program(&data, 1).args(CREATE_ADMINISTRATOR).output().unwrap());
    assert_eq!(code, Some(0), "{complaint}");
    let refused = |name: &str, value: &str| {
        let output = program(&data, free_port())
            .args(["serve", "--demo"])
            .env("STAMMTISCH_LIMITS__ENABLED", "true")
            .env(name, value)
            .output();
        let (code, _, complaint) = said(&output.unwrap());
        assert_eq!(code, Some(1), "{complaint}");
        complaint
    };
    assert!(refused("LANG", "C").contains("only begins in an empty database"));
    assert!(refused("STAMMTISCH_SERVER__LISTEN", "0.0.0.0:0").contains("only serves this machine"));
    assert!(refused("STAMMTISCH_MAIL__URL", "smtp://127.0.0.1:25").contains("leave mail.url out"));
}
