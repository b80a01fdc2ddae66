//! Where those work who are in the directory: the organisations and departments that members made visible, by name.
//! Spellings that differ in case and accents alone count as one.

use sea_orm::{DbErr, FromQueryResult};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    database::sql,
    portal::Portal,
    values::{Invalid, Listed, Page, search_text},
};

/// Members of one place are counted up to here.
const MEMBERS_LIMIT: i64 = 100;

/// An organisation or a department.
#[derive(Debug, Clone, FromQueryResult, Serialize, ToSchema)]
pub struct Place {
    /// As one of its members spells it.
    pub name: String,
    /// How many of them are in the directory and show it; 100 stands for that many or more.
    pub members: i64,
    #[serde(skip)]
    key: String,
}

/// What can be chosen to narrow the directory down.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    pub organisations: Vec<String>,
    pub departments: Vec<String>,
}

#[derive(FromQueryResult)]
struct Choice {
    is_department: bool,
    name: String,
}

/// Where something about a place stands in a profile (as `p`): its text, its key in the index, and who shows it.
struct Kind {
    text: &'static str,
    key: &'static str,
    shown: &'static str,
}

const ORGANISATION: Kind = Kind {
    text: "p.organisation",
    key: "left(fold_words(p.organisation), 200) COLLATE \"C\"",
    shown: "p.organisation_visible",
};
const DEPARTMENT: Kind = Kind {
    text: "p.department",
    key: "left(fold_words(p.department), 200) COLLATE \"C\"",
    shown: "p.department_visible",
};

/// The organisations, by name; a page goes on after a key.
pub async fn organisations(portal: &Portal, page: &Page<String>) -> Result<Listed<Place>, DbErr> {
    list(portal, &ORGANISATION, "", page).await
}

/// The departments, all or those of one organisation, by name.
pub async fn departments(
    portal: &Portal,
    organisation: Option<&str>,
    page: &Page<String>,
) -> Result<Result<Listed<Place>, Invalid>, DbErr> {
    let organisation = match search_text(organisation.unwrap_or_default()) {
        Ok(organisation) => organisation,
        Err(fault) => return Ok(Err(Invalid::one("organisation", fault))),
    };
    list(portal, &DEPARTMENT, organisation, page).await.map(Ok)
}

async fn list(
    portal: &Portal,
    kind: &Kind,
    organisation: &str,
    page: &Page<String>,
) -> Result<Listed<Place>, DbErr> {
    let within = within(organisation);
    let Kind { key, .. } = kind;
    // Each account is asked for by itself: a plan that reads all of them would do so for every place.
    let text = format!(
        "WITH RECURSIVE {}
         SELECT place.name, place.key, counted.members FROM place CROSS JOIN LATERAL (
             SELECT count(*) AS members FROM (
                 SELECT 1 FROM profile p WHERE {} AND {key} = place.key
                   AND (SELECT a.status FROM account a WHERE a.id = p.account_id) = 'active'
                 LIMIT {MEMBERS_LIMIT}) shown) counted
         WHERE place.number > 0 ORDER BY place.number",
        places("place", kind, &within),
        shown(kind, &within),
    );
    let after = page.after.clone().unwrap_or_default();
    let rows = Place::find_by_statement(sql(
        &text,
        [after.into(), page.rows().into(), organisation.into()],
    ))
    .all(&portal.database)
    .await?;
    Ok(Listed::cut(rows, page, |place| place.key.clone()))
}

/// The first organisations, and the first departments, of the organisation if one is named; at most `limit` of each.
pub async fn choices(portal: &Portal, organisation: Option<&str>, limit: i64) -> Result<Choices, DbErr> {
    let organisation = search_text(organisation.unwrap_or_default()).unwrap_or_default();
    let text = format!(
        "WITH RECURSIVE {}, {}
         SELECT false AS is_department, number, name FROM organisations WHERE number > 0
         UNION ALL SELECT true, number, name FROM departments WHERE number > 0
         ORDER BY is_department, number",
        places("organisations", &ORGANISATION, ""),
        places("departments", &DEPARTMENT, &within(organisation)),
    );
    let rows = Choice::find_by_statement(sql(
        &text,
        [String::new().into(), limit.into(), organisation.into()],
    ))
    .all(&portal.database)
    .await?;
    let (departments, organisations): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.is_department);
    let names = |rows: Vec<Choice>| rows.into_iter().map(|row| row.name).collect();
    Ok(Choices {
        organisations: names(organisations),
        departments: names(departments),
    })
}

/// Whose department counts, if an organisation is named: those who show both.
fn within(organisation: &str) -> String {
    if organisation.is_empty() {
        // The value has its place in the statement all the same.
        return "AND $3 = ''".to_owned();
    }
    let Kind { key, shown, .. } = ORGANISATION;
    format!("AND {shown} AND {key} = left(fold_words($3), 200)")
}

fn shown(Kind { shown, .. }: &Kind, within: &str) -> String {
    format!("p.listed AND {shown} {within}")
}

/// The first `$2` places whose key comes after `$1`, as a recursive query called `name`. It leaps from key to key
/// through the index, however many members a place has; row 0 is where it sets out.
fn places(name: &str, kind: &Kind, within: &str) -> String {
    let Kind { text, key, .. } = kind;
    let shown = shown(kind, within);
    format!(
        "{name} AS (
             SELECT 0::bigint AS number, $1::text COLLATE \"C\" AS key, NULL::text AS name
             UNION ALL
             SELECT before.number + 1, next.key, next.name FROM {name} before CROSS JOIN LATERAL (
                 SELECT {key} AS key, {text} AS name FROM profile p JOIN account a ON a.id = p.account_id
                 WHERE {shown} AND a.status = 'active' AND {key} > before.key ORDER BY {key} LIMIT 1) next
             WHERE before.number < $2)"
    )
}
