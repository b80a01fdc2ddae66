//! The key file and its rotation, and settings that stand in files.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use chrono::TimeDelta;
use stammtisch::{
    clock::SystemRandom,
    second_factor::totp,
    secrets::{Secrets, rotate},
};

use crate::{
    deletion::delete,
    process::{folder, program, said},
    support::{Person, TestPortal},
};

fn key_file(portal: &TestPortal) -> PathBuf {
    portal.portal.settings.key_file()
}

/// Deletes the account and returns the receipt's code; the mail that carries it has not left yet.
async fn deleted(person: &Person) -> String {
    delete(person).await["receipt_code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_receipt_from_before_a_rotation_is_mailed_with_the_code_it_was_issued_with() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    let before = deleted(&anna).await;
    rotate(&key_file(&portal), &SystemRandom).unwrap();
    let rotated = portal.sibling("").await;
    let bea = rotated.signed_in(&bea.email).await;
    let after = deleted(&bea).await;
    rotated.work().await;
    for (person, code) in [(&anna, &before), (&bea, &after)] {
        let mail = rotated.mails_to(&person.email).pop().unwrap();
        assert!(mail.text.contains(code.as_str()), "{}", mail.text);
        let path = format!("/api/v1/deletions/{code}");
        rotated.visitor().get(&path).await.must_be(200);
    }
}

#[tokio::test]
async fn a_receipt_whose_key_an_instance_does_not_have_is_mailed_by_one_that_has() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let mails = portal.mails_to(&anna.email).len();
    let code = deleted(&anna).await;
    let whole = fs::read_to_string(key_file(&portal)).unwrap();
    fs::remove_file(key_file(&portal)).unwrap();
    let stranger = portal.sibling("").await;
    stranger.work().await;
    assert_eq!(
        stranger.mails_to(&anna.email).len(),
        mails,
        "nothing left without its code"
    );

    fs::write(key_file(&portal), whole).unwrap();
    portal.advance(TimeDelta::minutes(2));
    let known = portal.sibling("").await;
    known.work().await;
    let mail = known.mails_to(&anna.email).pop().unwrap();
    assert!(mail.text.contains(&code), "{}", mail.text);
}

#[tokio::test]
async fn the_secret_of_an_app_is_sealed_anew_after_a_rotation_and_the_old_key_may_go() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let (app, _) = anna.set_up_app(&portal).await;
    rotate(&key_file(&portal), &SystemRandom).unwrap();
    let rotated = portal.sibling("").await;
    let sign_in = async |on: &TestPortal| {
        portal.advance(TimeDelta::seconds(30));
        on.visitor().sign_in_with(&anna.email, &app.code(on)).await
    };
    sign_in(&rotated).await.must_be(200);
    assert_eq!(totp::count_outdated(&rotated.portal).await.unwrap(), 1);
    let (code, found) = doctor(&rotated, rotated.folder(), &[]);
    assert_eq!(code, Some(0), "{found}");
    assert!(found.contains("1 are sealed with another key"), "{found}");
    assert_eq!(totp::seal_anew(&rotated.portal).await.unwrap(), 1);
    assert_eq!(totp::seal_anew(&rotated.portal).await.unwrap(), 0);
    assert_eq!(totp::count_outdated(&rotated.portal).await.unwrap(), 0);

    let lines = fs::read_to_string(key_file(&portal)).unwrap();
    fs::write(key_file(&portal), lines.lines().next().unwrap()).unwrap();
    sign_in(&portal.sibling("").await).await.must_be(200);
    // Without its key it opens nowhere: nobody gets in by it, and nothing breaks.
    fs::remove_file(key_file(&portal)).unwrap();
    let stranger = portal.sibling("").await;
    sign_in(&stranger).await.must_fail(401, "code_invalid");
    assert_eq!(totp::seal_anew(&stranger.portal).await.unwrap(), 0);
}

#[test]
fn a_key_is_rotated_by_command_once_there_is_one() {
    let folder = folder();
    let data = folder.path().join("data");
    let rotate = || said(&program(&data, 1).args(["secrets", "rotate"]).output().unwrap());
    let (code, _, complaint) = rotate();
    assert_eq!(
        (code, complaint.contains("the key file")),
        (Some(1), true),
        "{complaint}"
    );
    assert!(!data.exists(), "nothing was made");
    Secrets::load_or_create(&data.join("key"), &SystemRandom).unwrap();
    let before = fs::read_to_string(data.join("key")).unwrap();
    let (code, told, complaint) = rotate();
    assert_eq!(code, Some(0), "{complaint}");
    assert!(
        told.contains("older ones that it keeps: 1") && told.contains("Restart all instances"),
        "{told}"
    );
    let after = fs::read_to_string(data.join("key")).unwrap();
    let (new, old) = after.split_once('\n').unwrap();
    assert_eq!(old, before);
    assert!(!format!("{told}{complaint}").contains(new), "keys are not shown");
}

/// The doctor's words with these variables, and whether all is well.
fn doctor(portal: &TestPortal, data: &Path, variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let url = data.with_extension("url");
    fs::write(&url, format!("{}\n", portal.database_url())).unwrap();
    let mut command = program(data, 1);
    command
        .env("DATABASE_URL_FILE", &url)
        .envs(variables.iter().copied());
    let (code, found, complaint) = said(&command.arg("doctor").output().unwrap());
    (code, found + &complaint)
}

#[tokio::test]
async fn the_doctor_says_what_others_could_read() {
    let portal = TestPortal::start().await;
    let folder = folder();
    let data: PathBuf = folder.path().join("data");
    assert_eq!(doctor(&portal, &data, &[]).0, Some(0));
    let (code, found) = doctor(&portal, &data, &[("STAMMTISCH_MAIL__URL", "smtp://mail.example")]);
    assert_eq!(code, Some(1), "{found}");
    assert!(found.contains("unencrypted to another machine"), "{found}");
    for good in [
        "smtp://localhost:25",
        "smtps://u:p@mail.example",
        "smtp+starttls://mail.example",
    ] {
        let (code, found) = doctor(&portal, &data, &[("STAMMTISCH_MAIL__URL", good)]);
        assert_eq!(code, Some(0), "{good}: {found}");
    }
    fs::set_permissions(data.join("key"), fs::Permissions::from_mode(0o640)).unwrap();
    let (code, found) = doctor(&portal, &data, &[]);
    assert_eq!(code, Some(1), "{found}");
    assert!(found.contains("can be read by others: chmod 600"), "{found}");
}

#[test]
fn a_setting_in_a_file_stops_the_start_if_it_cannot_be_what_counts() {
    let folder = folder();
    let data = folder.path().join("data");
    let secret = folder.path().join("secret");
    fs::write(&secret, "geheim").unwrap();
    for (variable, path) in [
        // `program` gives the address by the plain variable.
        ("STAMMTISCH_SERVER__LISTEN_FILE", secret.as_path()),
        ("STAMMTISCH_MAIL__URL_FILE", secret.as_path()),
        ("STAMMTISCH_MAIL__FROM_FILE", Path::new("/none")),
    ] {
        let mut command = program(&data, 1);
        let (code, _, complaint) = said(&command.env(variable, path).arg("serve").output().unwrap());
        assert_eq!(code, Some(1), "{complaint}");
        assert!(
            complaint.contains(variable) && !complaint.contains("geheim"),
            "{complaint}"
        );
    }
    assert!(!data.exists(), "nothing was started");
}
