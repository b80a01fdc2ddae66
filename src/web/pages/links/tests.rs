//! Pages as people get them, without a portal behind.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use http_body_util::BodyExt;

use super::*;

const TOKEN: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

async fn read(response: Response) -> String {
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn pages() -> impl Iterator<Item = Page> {
    Locale::ALL
        .into_iter()
        .flat_map(|locale| PURPOSES.map(|purpose| Page { locale, purpose }))
}

#[tokio::test]
async fn every_page_is_one_form_with_one_button_and_no_script() {
    for page in pages() {
        let response = show(
            Extension(page),
            Ok(Query(Linked {
                token: TOKEN.to_owned(),
            })),
        )
        .await;
        assert_eq!(response.status(), StatusCode::OK);
        let html = read(response).await;
        assert!(
            html.contains(&format!("<html lang=\"{}\">", page.locale)),
            "{html}"
        );
        for once in ["<title>", "<h1>", "<form ", "<button ", TOKEN, &page.path()] {
            assert_eq!(html.matches(once).count(), 1, "{once} in {html}");
        }
        assert!(
            !html.contains("<script") && !html.contains(" style=") && !html.contains("page-"),
            "{html}"
        );
        let chooses = ["confirm", "reset"].contains(&page.purpose.segment());
        assert_eq!(html.contains("autocomplete=\"new-password\""), chooses, "{html}");
    }
}

#[tokio::test]
async fn every_outcome_has_words() {
    for page in pages() {
        let pending = (page.purpose == LinkPurpose::Confirm).then_some("pending");
        for part in ["done"].into_iter().chain(pending) {
            let html = read(page.done(part)).await;
            assert!(
                !html.contains("<p>page-") && !html.contains("<h1>page-") && !html.contains("<form"),
                "{html}"
            );
        }
    }
}

#[tokio::test]
async fn a_broken_link_is_told_at_once_and_never_repeated() {
    for page in pages() {
        for token in ["", "abc", "\"><script>alert(1)</script>"] {
            let response = show(
                Extension(page),
                Ok(Query(Linked {
                    token: token.to_owned(),
                })),
            )
            .await;
            assert_eq!(response.status(), StatusCode::GONE);
            let html = read(response).await;
            assert!(!html.contains("<form") && !html.contains("script"), "{html}");
        }
    }
}

#[tokio::test]
async fn a_refused_password_shows_the_form_again_with_the_reason() {
    let page = Page {
        locale: Locale::De,
        purpose: LinkPurpose::Reset,
    };
    let problem = Problem::field("password", "password_too_common");
    assert!(may_try_again(problem.code));
    let response = page.form(&Token::parse(TOKEN).unwrap(), Some(&problem));
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let html = read(response).await;
    assert!(
        html.contains("role=\"alert\"") && html.contains("aria-invalid=\"true\""),
        "{html}"
    );
    assert!(
        html.contains(&message(Locale::De, &problem.errors[0].fault)),
        "{html}"
    );
    assert!(html.contains(TOKEN), "{html}");
}

#[tokio::test]
async fn a_link_that_cannot_be_read_gets_the_page_in_its_language() {
    for page in pages() {
        for query in ["token=a&token=b", "token=%FF", ""] {
            let uri = format!("{}?{query}", page.path()).parse().unwrap();
            let response = show(Extension(page), Query::try_from_uri(&uri)).await;
            assert_eq!(response.status(), StatusCode::GONE, "{query}");
            assert_eq!(
                response.headers()[header::CONTENT_LANGUAGE],
                page.locale.as_str(),
                "{query}"
            );
        }
    }
}
