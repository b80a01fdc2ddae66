//! Every letter in both languages, as people get it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use chrono::TimeZone;

use super::*;

const LINK: &str = "https://portal.example/de/confirm?token=TOKEN_TOKEN_TOKEN_TOKEN_TOKEN_TOKEN_TOKEN_3";

fn letters() -> Vec<(&'static str, Letter)> {
    let undo_until = Utc.with_ymd_and_hms(2026, 11, 23, 13, 5, 0).unwrap();
    let erase_by = Utc.with_ymd_and_hms(2026, 11, 24, 12, 5, 0).unwrap();
    let deletion = |by_administrator| Letter::DeletionRequested {
        undo_until,
        erase_by,
        by_administrator,
        receipt_id: Uuid::from_u128(7),
    };
    let reason = "Ihre Adresse gehört zu <b>keiner</b> der Organisationen, die teilnehmen; bitte \"fragen\" Sie dort \
                  nach.\r\n\r\nMüller & Söhne\u{7}";
    let alert = |cause, count| Letter::Alert {
        cause,
        since: undo_until,
        count,
    };
    let factor = |change| Letter::FactorChanged {
        change,
        at: undo_until,
    };
    let new_messages = |count| Letter::NewMessages {
        count,
        mailed_at: None,
    };
    vec![
        ("_totp_added", factor(FactorChange::TotpAdded)),
        ("_totp_removed", factor(FactorChange::TotpRemoved)),
        ("_passkey_added", factor(FactorChange::PasskeyAdded)),
        ("_passkey_removed", factor(FactorChange::PasskeyRemoved)),
        ("_recovery_codes_made", factor(FactorChange::RecoveryCodesMade)),
        ("_recovery_code_used", factor(FactorChange::RecoveryCodeUsed)),
        ("_lost_removed", factor(FactorChange::LostRemoved)),
        ("_removal_stopped", factor(FactorChange::RemovalStopped)),
        ("_erasure_late", alert(Cause::ErasureLate, Some(3))),
        ("_erasure_late_one", alert(Cause::ErasureLate, Some(1))),
        ("_erasure_failing", alert(Cause::ErasureFailing, Some(2))),
        ("_no_sweep", alert(Cause::NoSweep, None)),
        ("_ledger_unwritable", alert(Cause::LedgerUnwritable, Some(12))),
        ("_ledger_unwritable_none", alert(Cause::LedgerUnwritable, None)),
        ("_review_missed", alert(Cause::ReviewMissed, Some(1))),
        ("_clock", alert(Cause::Clock, None)),
        ("", Letter::ConfirmRegistration),
        ("", Letter::AlreadyRegistered),
        ("", Letter::DeletionUnderWay { undo_until }),
        ("", Letter::RegistrationPending),
        ("", Letter::RegistrationApproved),
        (
            "",
            Letter::RegistrationRejected {
                reason: reason.to_owned(),
            },
        ),
        ("", Letter::PasswordReset),
        ("", Letter::NewDevice { at: undo_until }),
        ("", Letter::PasswordChanged { at: undo_until }),
        ("", Letter::FactorRemovalRequested { due_at: undo_until }),
        ("", Letter::EmailChangeConfirm),
        ("", Letter::EmailChangeAnnounced),
        ("", Letter::EmailChangeTaken),
        ("", deletion(false)),
        ("_by_administrator", deletion(true)),
        ("", Letter::DeletionRestored { undo_until, erase_by }),
        ("", Letter::AdministratorInvited),
        (
            "",
            Letter::MessageRemoved {
                sent_at: undo_until,
                reason: reason.to_owned(),
            },
        ),
        (
            "",
            Letter::AccountSuspended {
                reason: reason.to_owned(),
            },
        ),
        (
            "",
            Letter::EnquiryAnswered {
                enquiry_id: Some(Uuid::from_u128(8)),
            },
        ),
        ("_before", Letter::EnquiryAnswered { enquiry_id: None }),
        (
            "",
            Letter::EnquiryWaiting {
                enquiry_id: Uuid::from_u128(8),
            },
        ),
        (
            "",
            Letter::NewMessage {
                conversation_id: Uuid::from_u128(7),
            },
        ),
        ("", new_messages(3)),
        ("_one", new_messages(1)),
        ("", Letter::RegistrationsWaiting { count: 12 }),
        ("_one", Letter::RegistrationsWaiting { count: 1 }),
    ]
}

fn rendered(letter: &Letter, locale: Locale) -> Rendered {
    let filled = Filled {
        portal_url: &Url::parse("https://portal.example").unwrap(),
        link: letter.purpose().map(|_| LINK),
        receipt_code: Some("7K2M-9QXR-4TNB"),
    };
    render(letter, locale, &filled)
}

#[test]
fn every_letter_reads_as_its_snapshot() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (variant, letter) in letters() {
            for locale in Locale::ALL {
                let Rendered { subject, text, html } = rendered(&letter, locale);
                let name = format!("{}{variant}_{locale}", letter.kind());
                insta::assert_snapshot!(name, format!("Subject: {subject}\n\n{text}\n{html}"));
            }
        }
    });
}

#[test]
fn a_letter_says_all_that_it_must_in_both_bodies() {
    for (_, letter) in letters() {
        for locale in Locale::ALL {
            let Rendered { subject, text, html } = rendered(&letter, locale);
            assert!(!subject.contains(['\r', '\n']));
            for body in [&text, &html] {
                assert_eq!(
                    body.contains(LINK),
                    letter.purpose().is_some(),
                    "{}",
                    letter.kind()
                );
                let has_code = matches!(letter, Letter::DeletionRequested { .. });
                assert_eq!(body.contains("7K2M-9QXR-4TNB"), has_code, "{}", letter.kind());
                assert!(body.contains("Stammtisch") && body.contains("https://portal.example/"));
                assert!(!body.contains("mail-"), "a text is missing in {body}");
            }
            assert!(!html.contains("<img") && !html.contains("<link") && !html.contains("<script"));
            assert!(
                text.lines()
                    .all(|line| line.chars().count() <= 72 || line.starts_with("https://")),
                "{text}"
            );
        }
    }
}

#[test]
fn a_reason_is_text_and_never_markup() {
    let letter = Letter::RegistrationRejected {
        reason: "<script>\u{0}alert(1)</script>\r\n\r\n> Zitat".to_owned(),
    };
    let Rendered { text, html, .. } = rendered(&letter, Locale::De);
    assert!(!html.contains("<script") && html.contains("alert(1)"));
    assert!(
        text.contains("> <script>alert(1)</script>\n>\n> > Zitat\n"),
        "{text}"
    );
}

#[test]
fn a_letter_is_stored_under_its_kind() {
    for (_, letter) in letters() {
        let json = serde_json::to_value(&letter).unwrap();
        assert_eq!(json["kind"], letter.kind());
        assert_eq!(serde_json::from_value::<Letter>(json).unwrap(), letter);
    }
}

#[test]
fn a_letter_that_an_earlier_version_queued_can_still_be_read() {
    let queued = serde_json::json!({ "kind": "enquiry_answered" });
    let letter = serde_json::from_value::<Letter>(queued).unwrap();
    assert_eq!(letter, Letter::EnquiryAnswered { enquiry_id: None });
}

#[test]
fn links_are_named_as_in_the_contract() {
    let purposes = letters().into_iter().filter_map(|(_, letter)| letter.purpose());
    let segments: std::collections::BTreeSet<_> = purposes.map(LinkPurpose::segment).collect();
    assert_eq!(
        segments,
        [
            "confirm",
            "email-change",
            "reset",
            "undo",
            "unsubscribe",
            "withdraw"
        ]
        .into()
    );
}
