//! The directory: active members who want to be found, with what each made visible, searched by the beginnings of
//! words, without regard to case, accents and umlauts, in everything or in where people work.

use sea_orm::{DbErr, FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    account::Caller,
    database::sql,
    portal::Portal,
    values::{Check, Invalid, Listed, Page, QUERY_LIMIT, search_text},
};

/// A member as other members see them.
#[derive(Debug, Clone, FromQueryResult, Serialize, ToSchema)]
pub struct Member {
    pub id: Uuid,
    /// The display name, or first and last name.
    pub display_name: String,
    pub first_name: String,
    pub last_name: String,
    pub organisation: Option<String>,
    pub department: Option<String>,
    pub position: Option<String>,
    pub phone: Option<String>,
    pub about: Option<String>,
    #[serde(skip)]
    sort_name: String,
}

/// Where a page of the directory ends: folded name and account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Position(String, Uuid);

/// What members are looked for by, each the beginnings of words: who is found fits all of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter<'a> {
    /// Anywhere in what is visible.
    pub query: Option<&'a str>,
    pub organisation: Option<&'a str>,
    pub department: Option<&'a str>,
}

/// Whom a filter leaves.
enum Reach {
    Everybody,
    Nobody,
    /// Who fits this `tsquery`.
    Some(String),
}

const COLUMNS: &str =
    "SELECT p.account_id AS id, coalesce(p.display_name, p.first_name || ' ' || p.last_name) AS display_name,
    p.first_name, p.last_name,
    CASE WHEN p.organisation_visible THEN p.organisation END AS organisation,
    CASE WHEN p.department_visible THEN p.department END AS department,
    CASE WHEN p.position_visible THEN p.position END AS position,
    CASE WHEN p.phone_visible THEN p.phone END AS phone,
    CASE WHEN p.about_visible THEN p.about END AS about,
    p.sort_name";

/// Everyone who has a profile (as `p`), with their account (as `a`).
const PEOPLE: &str = "FROM profile p JOIN account a ON a.id = p.account_id";

/// So many matches are sorted. Where there are more, going through everyone by name meets a page of them soon.
const FEW: i64 = 1_000;

/// Members by name, narrowed down by the filter.
pub async fn members(
    portal: &Portal,
    filter: Filter<'_>,
    page: &Page<Position>,
) -> Result<Result<Listed<Member>, Invalid>, DbErr> {
    let words = match filter.reach() {
        Err(invalid) => return Ok(Err(invalid)),
        Ok(Reach::Nobody) => {
            return Ok(Ok(Listed {
                items: Vec::new(),
                next: None,
            }));
        }
        Ok(Reach::Everybody) => None,
        Ok(Reach::Some(words)) => Some(words),
    };
    let (name, id) = page
        .after
        .clone()
        .map_or_else(Default::default, |Position(name, id)| (name, id));
    let mut values: Vec<Value> = vec![name.into(), id.into(), page.rows().into()];
    let text = if let Some(words) = words {
        values.push(words.into());
        narrowed()
    } else {
        format!("{COLUMNS} {PEOPLE} {}", part(""))
    };
    let statement = sea_orm::Statement::from_sql_and_values(sea_orm::DbBackend::Postgres, text, values);
    let rows = Member::find_by_statement(statement).all(&portal.database).await?;
    Ok(Ok(Listed::cut(rows, page, |row| {
        Position(row.sort_name.clone(), row.id)
    })))
}

/// A page of the directory's order, of those to whom `condition` applies.
fn part(condition: &str) -> String {
    format!(
        "WHERE {condition} p.listed AND a.status = 'active' AND (p.sort_name, p.account_id) > ($1, $2)
         ORDER BY p.sort_name, p.account_id LIMIT $3"
    )
}

/// Those who fit the words `$4`. PostgreSQL keeps no statistics of what people typed (R4), so it cannot know whether a
/// word is rare; here it looks: few matches come out of the index and are sorted, many are met in the directory's
/// order. The CASE keeps the second way from using the index of words all the same.
fn narrowed() -> String {
    let found = PEOPLE.replace("profile", "found");
    format!(
        "WITH found AS MATERIALIZED (
             SELECT p.* FROM profile p WHERE p.listed AND p.search @@ $4::tsquery LIMIT {FEW} + 1),
         reach AS (SELECT count(*) > {FEW} AS is_wide FROM found)
         ({COLUMNS} {found} {})
         UNION ALL
         ({COLUMNS} {PEOPLE} {})",
        part("NOT (SELECT is_wide FROM reach) AND"),
        part("(SELECT is_wide FROM reach) AND CASE WHEN p.search @@ $4::tsquery THEN true END AND"),
    )
}

impl Filter<'_> {
    fn reach(&self) -> Result<Reach, Invalid> {
        let mut check = Check::default();
        // Where words stand is their weight in the database.
        let fields = [
            ("query", self.query, ""),
            ("organisation", self.organisation, "B"),
            ("department", self.department, "C"),
        ];
        let mut wanted = Vec::new();
        for (field, text, place) in fields {
            let text = check.take(field, search_text(text.unwrap_or_default()));
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                wanted.push(words_in(text, place));
            }
        }
        check.finish(Some(()))?;
        if wanted.is_empty() {
            return Ok(Reach::Everybody);
        }
        let wanted: Option<Vec<String>> = wanted.into_iter().collect();
        Ok(wanted.map_or(Reach::Nobody, |wanted| Reach::Some(wanted.join(" & "))))
    }
}

/// One member, or oneself as others would see one. None: there is no such member, or they don't want to be found.
pub async fn member(portal: &Portal, caller: Caller, id: Uuid) -> Result<Option<Member>, DbErr> {
    Member::find_by_statement(sql(
        &format!(
            "{COLUMNS} {PEOPLE} WHERE p.account_id = $1 AND a.status = 'active' AND (p.listed OR p.account_id = $2)"
        ),
        [id.into(), caller.account.into()],
    ))
    .one(&portal.database)
    .await
}

/// Those of `ids` who are in the directory, by name.
pub async fn some(portal: &Portal, ids: &[Uuid]) -> Result<Vec<Member>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Member::find_by_statement(sql(
        &format!(
            "{COLUMNS} {PEOPLE} WHERE p.listed AND a.status = 'active' AND p.account_id = ANY($1)
             ORDER BY p.sort_name, p.account_id"
        ),
        [ids.to_vec().into()],
    ))
    .all(&portal.database)
    .await
}

/// The query as a `tsquery` of word beginnings, all of which must occur. None: it has no words. Umlauts are tried as
/// they are folded in the database (ü as u) and as they are spelled out (ü as ue).
pub fn search_words(query: &str) -> Option<String> {
    words_in(query, "")
}

/// The same for words that stand in a place: `A` the name, `B` the organisation, `C` the department; anywhere, if empty.
fn words_in(query: &str, place: &str) -> Option<String> {
    let words: Vec<String> = split(query)
        .filter_map(|word| {
            let folded = fold(word);
            let spelled = fold(&spell_out(word));
            match (folded.is_empty(), folded == spelled) {
                (true, _) => None,
                (_, true) => Some(format!("'{folded}':*{place}")),
                (_, false) => Some(format!("('{folded}':*{place} | '{spelled}':*{place})")),
            }
        })
        .collect();
    (!words.is_empty()).then(|| words.join(" & "))
}

fn split(query: &str) -> impl Iterator<Item = &str> {
    query
        .split(|character: char| !character.is_alphanumeric() && !is_mark(character))
        .filter(|word| !word.is_empty())
}

/// The same as `fold_words` in the database. What is left is alphanumeric, so it needs no quoting. One character can
/// become eighteen, and PostgreSQL takes no word of more than 2,046 bytes: the beginning is searched for.
fn fold(word: &str) -> String {
    let decomposed: String = word.nfkd().filter(|character| !is_mark(*character)).collect();
    decomposed
        .to_lowercase()
        .replace('ß', "ss")
        .chars()
        .filter(|character| character.is_alphanumeric())
        .take(QUERY_LIMIT)
        .collect()
}

fn spell_out(word: &str) -> String {
    word.nfc()
        .collect::<String>()
        .replace(['ä', 'Ä'], "ae")
        .replace(['ö', 'Ö'], "oe")
        .replace(['ü', 'Ü'], "ue")
}

fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_every_one_must_occur() {
        assert_eq!(
            search_words("Müller Köln").as_deref(),
            Some("('muller':* | 'mueller':*) & ('koln':* | 'koeln':*)")
        );
        assert_eq!(search_words("strauß").as_deref(), Some("'strauss':*"));
        assert_eq!(search_words("  -- '|& "), None);
        assert_eq!(words_in("Köln", "B").as_deref(), Some("('koln':*B | 'koeln':*B)"));
    }

    #[test]
    fn no_word_is_longer_than_postgresql_takes() {
        let words = search_words(&"\u{fdfa}".repeat(QUERY_LIMIT)).unwrap_or_default();
        assert!((QUERY_LIMIT..2_046).contains(&words.len()), "{}", words.len());
    }

    proptest::proptest! {
        #[test]
        fn nothing_in_a_query_can_leave_its_quotes(query in ".*") {
            let words = search_words(&query).unwrap_or_default();
            let inside = words.replace(" & ", "").replace(" | ", "").replace(":*", "").replace(['(', ')', '\''], "");
            proptest::prop_assert!(inside.chars().all(char::is_alphanumeric));
        }
    }
}
