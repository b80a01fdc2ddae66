//! Pages for people, in German under `/de` and in English under `/en`. They need no script.

mod assets;
mod community;
mod deleted;
mod demo;
mod desk;
mod entrance;
mod fields;
pub mod kit;
mod legal;
mod links;
mod own;

use axum::{Extension, Router, middleware, response::Redirect, routing::get};

use self::kit::{failure::remember_view, view::IsDemo};
use super::query::Reader;
use crate::{portal::Portal, text::Locale};

pub fn routes(is_demo: bool) -> Router<Portal> {
    let mut router = Router::new()
        .route("/", get(choose_language))
        .merge(assets::routes());
    for locale in Locale::ALL {
        let start = format!("/{locale}");
        router = router
            .nest(
                &start,
                in_one_language(is_demo)
                    .layer(middleware::from_fn(remember_view))
                    .layer(Extension(locale))
                    .layer(Extension(IsDemo(is_demo))),
            )
            .route(
                &format!("{start}/"),
                get(move || async move { Redirect::permanent(&start) }),
            );
    }
    router
}

/// The pages of one language, behind its name.
fn in_one_language(is_demo: bool) -> Router<Portal> {
    let pages = entrance::routes()
        .merge(links::routes())
        .merge(community::routes())
        .merge(own::routes())
        .merge(desk::routes())
        .merge(legal::routes());
    if is_demo {
        pages.merge(demo::routes())
    } else {
        pages
    }
}

/// Whoever comes without a language gets the one their browser prefers.
async fn choose_language(Reader(locale): Reader) -> Redirect {
    Redirect::to(&format!("/{locale}"))
}
