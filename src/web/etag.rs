//! Versions as entity tags: `ETag: "<version>"`, and `If-Match` (RFC 9110, sections 8.8.3 and 13.1.1).

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, header, request::Parts},
};

use super::problem::{Code, Problem};

/// The versions that a change may be made to. None: whichever there is, because the header is missing or `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IfMatch(pub Option<Vec<i64>>);

/// The tag of a version.
pub fn of(version: i64) -> HeaderValue {
    HeaderValue::try_from(format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut lines = Vec::new();
        for value in parts.headers.get_all(header::IF_MATCH) {
            lines.push(value.to_str().map_err(|_| Code::BadRequest)?);
        }
        if lines.is_empty() {
            return Ok(Self(None));
        }
        parse(&lines.join(","))
            .map(Self)
            .ok_or_else(|| Code::BadRequest.into())
    }
}

/// What a list of tags, or `*`, says. None: it is malformed.
#[expect(clippy::option_option, reason = "malformed, any version, or these versions")]
fn parse(header: &str) -> Option<Option<Vec<i64>>> {
    let mut rest = header.trim();
    if rest == "*" {
        return Some(None);
    }
    let mut versions = Vec::new();
    let mut tags = 0;
    loop {
        // Empty elements don't count (RFC 9110, section 5.6.1.2).
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return (tags > 0).then_some(Some(versions));
        }
        let (weak, opened) = rest.strip_prefix("W/").map_or((false, rest), |rest| (true, rest));
        let (tag, after) = opened.strip_prefix('"')?.split_once('"')?;
        let after = after.trim_start_matches([' ', '\t']);
        if tag.contains(|character: char| !character.is_ascii_graphic())
            || !(after.is_empty() || after.starts_with(','))
        {
            return None;
        }
        tags += 1;
        // A weak tag never matches here, nor does another spelling of the number.
        versions.extend(
            tag.parse()
                .ok()
                .filter(|version: &i64| !weak && version.to_string() == tag),
        );
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn strong_tags_of_versions_are_taken_and_others_never_match() {
        for (header, versions) in [
            ("\"3\"", vec![3]),
            (" \"3\" , \"4\",,", vec![3, 4]),
            ("W/\"3\"", vec![]),
            ("W/\"3\", \"4\"", vec![4]),
            ("\"03\", \"+3\", \"\", \"a,b\"", vec![]),
        ] {
            assert_eq!(parse(header), Some(Some(versions)), "{header}");
        }
        assert_eq!(parse("*"), Some(None));
    }

    #[test]
    fn what_is_malformed_is_refused() {
        for header in [
            "",
            ",",
            "3",
            "\"3",
            "\"3\" \"4\"",
            "w/\"3\"",
            "*, \"3\"",
            "\"3\", *",
            "\"a b\"",
            "W/ \"3\"",
        ] {
            assert_eq!(parse(header), None, "{header}");
        }
    }
    proptest! {
        #[test]
        fn what_was_written_is_read(tags in proptest::collection::vec(any::<(i64, bool)>(), 1..8), gap in "[ \\t]{0,2}") {
            let written = tags.iter().map(|(version, is_weak)| {
                let tag = of(*version);
                let tag = tag.to_str().unwrap_or_default();
                if *is_weak { format!("W/{tag}") } else { tag.to_owned() }
            });
            let header = written.collect::<Vec<_>>().join(&format!("{gap},{gap}"));
            let strong = tags.iter().filter(|(_, is_weak)| !is_weak).map(|(version, _)| *version);
            prop_assert_eq!(parse(&header), Some(Some(strong.collect())));
        }

        #[test]
        fn whatever_else_is_read_is_refused_or_names_versions_that_stand_there(header in ".{0,30}|[W/*\"0-9, -]{0,20}") {
            for version in parse(&header).flatten().unwrap_or_default() {
                prop_assert!(header.contains(&format!("\"{version}\"")), "{}", version);
            }
        }
    }
}
