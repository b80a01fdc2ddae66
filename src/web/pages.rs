//! Pages for people, in German under `/de` and in English under `/en`. They need no script.

mod assets;
mod community;
mod entrance;
mod fields;
pub mod kit;
mod legal;
mod links;
mod own;

use axum::{Extension, Router, response::Redirect, routing::get};

use super::query::Reader;
use crate::{portal::Portal, text::Locale};

pub fn routes() -> Router<Portal> {
    let mut router = Router::new()
        .route("/", get(choose_language))
        .merge(assets::routes());
    for locale in Locale::ALL {
        let start = format!("/{locale}");
        router = router
            .nest(&start, in_one_language().layer(Extension(locale)))
            .route(
                &format!("{start}/"),
                get(move || async move { Redirect::permanent(&start) }),
            );
    }
    router
}

/// The pages of one language, behind its name.
fn in_one_language() -> Router<Portal> {
    entrance::routes()
        .merge(links::routes())
        .merge(community::routes())
        .merge(own::routes())
        .merge(legal::routes())
}

/// Whoever comes without a language gets the one their browser prefers.
async fn choose_language(Reader(locale): Reader) -> Redirect {
    Redirect::to(&format!("/{locale}"))
}
