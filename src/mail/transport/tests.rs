//! Settings, messages and files; the conversation with a server is tested in `tests/it/smtp.rs`.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use chrono::{TimeDelta, TimeZone};
use mail_parser::{Message, MessageParser, MimeHeaders};
use tempfile::TempDir;

use super::*;

fn envelope() -> Envelope {
    Envelope {
        mail_id: Uuid::from_u128(1),
        account_id: Uuid::from_u128(2),
        to: "joerg.o'neill+x@example.org".to_owned(),
        from: "Stammtisch für Ämter <portal@example.net>".to_owned(),
        sent_at: Utc.with_ymd_and_hms(2026, 11, 23, 13, 5, 9).unwrap(),
        unsubscribe: None,
    }
}

fn rendered() -> Rendered {
    Rendered {
        subject:
            "Bitte bestätigen Sie Ihre Registrierung, damit wir – wie zugesagt – Größeres vorhaben können"
                .to_owned(),
        text: format!(
            "Guten Tag,\n\nsüß: https://portal.example/de/confirm?token={}\n.\nEnde\n",
            "x".repeat(900)
        ),
        html: "<p>süß</p>\n".to_owned(),
    }
}

fn files(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

async fn sent(dir: &Path, envelope: &Envelope) -> Vec<u8> {
    let transport = Transport::file(dir.to_owned());
    assert_eq!(
        transport.send(envelope, &rendered(), Locale::De).await,
        Outcome::Sent
    );
    fs::read(dir.join(format!("{}_{}.eml", envelope.account_id, envelope.mail_id))).unwrap()
}

fn parsed(raw: &[u8]) -> Message<'_> {
    MessageParser::default().parse(raw).unwrap()
}

#[tokio::test]
async fn a_mail_is_written_for_its_owner_only() {
    let home = TempDir::new().unwrap();
    let dir = home.path().join("mail");
    sent(&dir, &envelope()).await;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    let names = files(&dir);
    let name = "00000000-0000-0000-0000-000000000002_00000000-0000-0000-0000-000000000001.eml";
    assert_eq!(names, [name]);
    assert_eq!(mode(&dir.join(name)), 0o600);
}

#[tokio::test]
async fn a_mail_reads_as_it_was_written() {
    let home = TempDir::new().unwrap();
    let raw = sent(home.path(), &envelope()).await;
    let text = String::from_utf8(raw.clone()).unwrap();
    assert!(text.is_ascii());
    assert!(text.ends_with("\r\n") && text.matches('\n').count() == text.matches("\r\n").count());
    assert!(text.lines().all(|line| line.len() <= 78), "{text}");

    let mail = parsed(&raw);
    assert_eq!(mail.subject(), Some(rendered().subject.as_str()));
    assert_eq!(mail.body_text(0).unwrap().replace("\r\n", "\n"), rendered().text);
    assert_eq!(mail.body_html(0).unwrap().replace("\r\n", "\n"), rendered().html);
    assert_eq!(
        mail.message_id(),
        Some("00000000-0000-0000-0000-000000000001@example.net")
    );
    assert_eq!(mail.date().unwrap().to_rfc3339(), "2026-11-23T13:05:09Z");
    let from = mail.from().and_then(|from| from.first()).unwrap();
    assert_eq!(from.name.as_deref(), Some("Stammtisch für Ämter"));
    assert_eq!(from.address.as_deref(), Some("portal@example.net"));
    let to = mail.to().and_then(|to| to.first()).unwrap();
    assert_eq!(
        (to.name.as_deref(), to.address.as_deref()),
        (None, Some("joerg.o'neill+x@example.org"))
    );
    assert_eq!(
        mail.header_raw("Auto-Submitted").map(str::trim),
        Some("auto-generated")
    );
    assert_eq!(mail.header_raw("Content-Language").map(str::trim), Some("de"));
    assert_eq!(mail.header_raw("List-Unsubscribe"), None);
    let content_type = mail.content_type().unwrap();
    assert_eq!(
        (content_type.ctype(), content_type.subtype()),
        ("multipart", Some("alternative"))
    );
}

#[tokio::test]
async fn a_link_that_ends_such_mails_stands_where_mail_programs_look_for_it() {
    let home = TempDir::new().unwrap();
    let link = format!("https://portal.example/de/unsubscribe?token={}", "x".repeat(43));
    let envelope = Envelope {
        unsubscribe: Some(link.clone()),
        ..envelope()
    };
    let raw = sent(home.path(), &envelope).await;
    let mail = parsed(&raw);
    assert_eq!(
        mail.header_raw("List-Unsubscribe").map(str::trim),
        Some(format!("<{link}>").as_str())
    );
    assert_eq!(
        mail.header_raw("List-Unsubscribe-Post").map(str::trim),
        Some("List-Unsubscribe=One-Click")
    );
}

#[tokio::test]
async fn nothing_in_an_envelope_or_a_letter_adds_a_header() {
    let home = TempDir::new().unwrap();
    let transport = Transport::file(home.path().to_owned());
    for to in [
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "Name <a@b.example>",
        "a",
        "",
    ] {
        let envelope = Envelope {
            to: to.to_owned(),
            ..envelope()
        };
        assert_eq!(
            transport.send(&envelope, &rendered(), Locale::De).await,
            Outcome::Refused,
            "{to}"
        );
    }
    for from in ["a@b.example\r\nBcc: c@d.example", "portal", ""] {
        let envelope = Envelope {
            from: from.to_owned(),
            ..envelope()
        };
        assert_eq!(
            transport.send(&envelope, &rendered(), Locale::De).await,
            Outcome::Failed,
            "{from}"
        );
    }
    assert!(files(home.path()).is_empty());

    let named = Envelope {
        from: "Stammtisch\r\nBcc: c@d.example <portal@example.net>".to_owned(),
        ..envelope()
    };
    let letter = Rendered {
        subject: "Guten Tag\r\nBcc: c@d.example\r\n\r\nText".to_owned(),
        ..rendered()
    };
    for envelope in [named, envelope()] {
        if transport.send(&envelope, &letter, Locale::De).await == Outcome::Sent {
            let raw = fs::read(home.path().join(&files(home.path())[0])).unwrap();
            assert!(parsed(&raw).bcc().is_none());
            assert!(parsed(&raw).body_text(0).unwrap().starts_with("Guten Tag,"));
        }
    }
}

#[tokio::test]
async fn a_second_attempt_replaces_the_first() {
    let home = TempDir::new().unwrap();
    sent(home.path(), &envelope()).await;
    sent(home.path(), &envelope()).await;
    assert_eq!(files(home.path()).len(), 1);
}

#[tokio::test]
async fn what_cannot_be_written_is_tried_again() {
    let home = TempDir::new().unwrap();
    let occupied = home.path().join("mail");
    fs::write(&occupied, "a file").unwrap();
    let transport = Transport::file(occupied);
    assert_eq!(
        transport.send(&envelope(), &rendered(), Locale::De).await,
        Outcome::Failed
    );
}

#[tokio::test]
async fn an_account_s_mails_go_with_it_and_others_stay() {
    let home = TempDir::new().unwrap();
    let other = Envelope {
        account_id: Uuid::from_u128(3),
        ..envelope()
    };
    sent(home.path(), &envelope()).await;
    sent(home.path(), &other).await;
    fs::write(
        home.path()
            .join(format!("{}_{}.99.part", other.account_id, other.mail_id)),
        "half",
    )
    .unwrap();
    fs::write(
        home.path().join(format!("{}_notes.txt", other.account_id)),
        "not ours",
    )
    .unwrap();
    let transport = Transport::file(home.path().to_owned());
    transport.forget_account(other.account_id).await.unwrap();
    let left = files(home.path());
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(left[0].starts_with(&envelope().account_id.to_string()) && left[1].ends_with("_notes.txt"));
}

#[tokio::test]
async fn mails_go_by_the_instant_they_were_sent() {
    let home = TempDir::new().unwrap();
    sent(home.path(), &envelope()).await;
    let later = Envelope {
        mail_id: Uuid::from_u128(9),
        sent_at: envelope().sent_at + TimeDelta::days(1),
        ..envelope()
    };
    sent(home.path(), &later).await;
    let transport = Transport::file(home.path().to_owned());
    assert_eq!(transport.forget_before(envelope().sent_at).await.unwrap(), 0);
    assert_eq!(transport.forget_before(later.sent_at).await.unwrap(), 1);
    assert_eq!(files(home.path()).len(), 1);
}

#[tokio::test]
async fn without_a_directory_there_is_nothing_to_forget() {
    let home = TempDir::new().unwrap();
    let transport = Transport::file(home.path().join("none"));
    transport.forget_account(Uuid::from_u128(1)).await.unwrap();
    assert_eq!(transport.forget_before(envelope().sent_at).await.unwrap(), 0);
}

#[test]
fn a_url_that_would_mislead_is_refused_without_being_shown() {
    for (url, complaint) in [
        ("http://u:geheim@host", "must begin with"),
        ("file://", "absolute directory"),
        ("file://elsewhere/mail", "absolute directory"),
        ("smtp://", "name the mail server"),
        ("smtp://u:geheim@host:587?tls=required", "must end after"),
        ("smtp://host/path", "must end after"),
        ("smtps://geheim@host", "both user and password"),
        ("smtps://:geheim@host", "both user and password"),
        ("smtps://u:geheim%ff@host", "both user and password"),
    ] {
        let error = Transport::from_url(&Url::parse(url).unwrap())
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(complaint) && !error.contains("geheim"),
            "{url}: {error}"
        );
    }
}

#[test]
fn usable_urls_are_taken_and_keep_their_password_to_themselves() {
    for url in [
        "file:///var/mail",
        "smtp://localhost",
        "smtp://[::1]:2525/",
        "smtps://u%40x:gehe%3Aim@mail.example",
        "smtp+starttls://u:geheim@mail.example:587",
    ] {
        let transport = Transport::from_url(&Url::parse(url).unwrap()).unwrap();
        assert!(!format!("{transport:?}").contains("gehe"), "{transport:?}");
    }
}
