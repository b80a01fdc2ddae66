//! What the query string and the path say: `limit` and `cursor` of lists, ids, the reader's language.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, Path, Query},
    http::{header, request::Parts},
};
use serde::{Deserialize, de::DeserializeOwned};
use utoipa::IntoParams;
use uuid::Uuid;

use super::problem::{Code, Problem};
use crate::{
    text::Locale,
    values::{Fault, IdempotencyKey, Invalid, Page, decode_cursor},
};

/// The language of whoever reads the answer.
#[derive(Debug, Clone, Copy)]
pub struct Reader(pub Locale);

impl<S: Send + Sync> FromRequestParts<S> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let header = parts
            .headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok());
        Ok(Self(Locale::from_accept_language(header)))
    }
}

/// The key under which the request is done once, if it names one.
#[derive(Debug, Clone)]
pub struct Once(pub Option<IdempotencyKey>);

impl<S: Send + Sync> FromRequestParts<S> for Once {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(key) = parts.headers.get("idempotency-key") else {
            return Ok(Self(None));
        };
        let key = key.to_str().map_err(|_| Code::BadRequest)?;
        Ok(Self(Some(IdempotencyKey::parse(key)?)))
    }
}

/// The query string as `T`; a parameter that doesn't fit is named.
#[derive(Debug, Clone)]
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Query::<T>::try_from_uri(&parts.uri)
            .map(|Query(asked)| Self(asked))
            .map_err(|rejection| {
                let text = std::error::Error::source(&rejection)
                    .map(ToString::to_string)
                    .unwrap_or_default();
                // "limit: invalid digit …", "unknown field `x`, …"
                let quoted = text.split('`').nth(1).map(str::to_owned);
                let leading = text.split(':').next().map(str::to_owned).unwrap_or_default();
                match quoted {
                    Some(field) if text.contains("unknown field") => {
                        Invalid::one(field, Fault::new("unknown_field")).into()
                    }
                    Some(field) if text.contains("duplicate field") => {
                        Invalid::one(field, Fault::new("repeated_field")).into()
                    }
                    Some(field) if text.contains("missing field") => {
                        Invalid::one(field, Fault::new("required")).into()
                    }
                    _ => Invalid::one(leading, Fault::new("wrong_type")).into(),
                }
            })
    }
}

/// `limit` and `cursor` of a list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// How many items, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    pub limit: Option<u64>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

impl Paging {
    pub fn page<K: DeserializeOwned>(&self) -> Result<Page<K>, Problem> {
        page(self.limit, self.cursor.as_deref())
    }
}

/// The page that `limit` and `cursor` ask for.
pub fn page<K: DeserializeOwned>(limit: Option<u64>, cursor: Option<&str>) -> Result<Page<K>, Problem> {
    let limit = match limit.unwrap_or(50) {
        limit @ 1..=100 => usize::try_from(limit).unwrap_or(100),
        _ => return Err(Invalid::one("limit", Fault::with_limit("out_of_range", "1–100")).into()),
    };
    let after = cursor
        .map(decode_cursor)
        .transpose()
        .map_err(|fault| Invalid::one("cursor", fault))?;
    Ok(Page { limit, after })
}

/// An id in the path. What is no id names nothing.
#[derive(Debug, Clone, Copy)]
pub struct Id(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(id) = Path::<Uuid>::from_request_parts(parts, state)
            .await
            .map_err(|_| Code::NotFound)?;
        Ok(Self(id))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use axum::http::Request;

    use super::*;

    #[tokio::test]
    async fn a_parameter_that_does_not_fit_is_named() {
        for (query, field, code) in [
            ("limit=x", "limit", "wrong_type"),
            ("limit=-1", "limit", "wrong_type"),
            ("limit=", "limit", "wrong_type"),
            ("limit=1&limit=2", "limit", "repeated_field"),
            ("offset=1", "offset", "unknown_field"),
        ] {
            let (mut parts, ()) = Request::get(format!("/?{query}")).body(()).unwrap().into_parts();
            let problem = Asked::<Paging>::from_request_parts(&mut parts, &())
                .await
                .unwrap_err();
            assert_eq!(
                (problem.errors[0].field.as_str(), problem.errors[0].fault.code),
                (field, code),
                "{query}"
            );
        }
    }
}
