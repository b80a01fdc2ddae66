//! What became of a deletion, for whoever has the receipt's code (R16, R24): nothing else is asked, and nothing in the
//! answer says whose it was.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::{DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{deletions::only_held, request::DEADLINE};
use crate::{database::sql, hold, portal::Portal, receipt};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OutcomeState)]
pub enum State {
    /// Something is still to be erased.
    Pending,
    /// Everything is gone but what is held.
    Held,
    /// Everything is gone.
    Erased,
}

/// What became of a deletion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Outcome {
    pub state: State,
    /// The latest instant at which what is not held must be gone.
    pub erase_by: DateTime<Utc>,
    /// When the last of it went.
    pub erased_at: Option<DateTime<Utc>>,
    /// What is held now, one entry for each category and basis; while the deletion is pending, what will be kept. One
    /// entry of nulls stands for everything of which only this may be said: that something is kept by law.
    pub held: Vec<Kept>,
}

/// One kind of data that is kept, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = KeptCategory)]
pub struct Kept {
    /// None: kept by law, and more may not be said.
    pub category: Option<String>,
    pub basis: Option<String>,
    /// When the longest hold on this basis ends by itself. None: when it is released.
    pub until: Option<DateTime<Utc>>,
}

#[derive(FromQueryResult)]
struct Row {
    erase_by: DateTime<Utc>,
    erased_at: Option<DateTime<Utc>>,
    only_held: bool,
    holds: serde_json::Value,
}

/// One active hold on one category of which something may be left.
#[derive(Debug, Clone, Deserialize)]
struct Hold {
    category: String,
    basis: String,
    disclose: bool,
    until: Option<DateTime<Utc>>,
}

/// The outcome under this code, if there is one: a deletion that was undone has none, and a receipt ends 12 months
/// after the erasure, whether or not a sweep has removed it yet. One statement.
pub async fn of(portal: &Portal, code: &str) -> Result<Option<Outcome>, DbErr> {
    let Some(hash) = receipt::hash_of(code) else {
        return Ok(None);
    };
    let now = portal.now();
    let active = hold::ACTIVE;
    let only_held = only_held(portal.inventory);
    // A deadline counts from the end of a hold once that has come: before, it would tell when an undisclosed one ends.
    let row = Row::find_by_statement(sql(
        &format!(
            "SELECT CASE WHEN a.due_at <= $1 THEN {DEADLINE} ELSE r.erase_by END AS erase_by, r.erased_at,
                    coalesce({only_held}, false) AS only_held, h.holds
             FROM receipt r
             LEFT JOIN account a ON a.id = r.account_id
             CROSS JOIN LATERAL (
                 SELECT coalesce(array_agg(DISTINCT category), '{{}}') AS categories,
                        coalesce(jsonb_agg(jsonb_build_object('category', category, 'basis', h.basis,
                            'disclose', h.disclose, 'until', h.expires_at)), '[]') AS holds
                 FROM hold h, unnest(h.categories) category
                 WHERE h.account_id = a.id AND category <> ALL (a.erased) AND {active}) h
             WHERE r.code_hash = $2 AND r.undone_at IS NULL AND (r.erased_at IS NULL OR r.erased_at > $3)"
        ),
        [now.into(), hash.into(), (now - receipt::KEPT_FOR).into()],
    ))
    .one(&portal.database)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let holds: Vec<Hold> =
        serde_json::from_value(row.holds).map_err(|error| DbErr::Type(error.to_string()))?;
    let state = match row.erased_at {
        Some(_) => State::Erased,
        None if row.only_held => State::Held,
        None => State::Pending,
    };
    Ok(Some(Outcome {
        state,
        erase_by: row.erase_by,
        erased_at: row.erased_at,
        held: told(&holds),
    }))
}

/// What the person is told of these holds: of several on one basis the longest (R17); of an undisclosed one that
/// something is kept, unless a disclosed one on the same category says it already (R16).
fn told(holds: &[Hold]) -> Vec<Kept> {
    let mut longest: BTreeMap<(&str, &str), Option<DateTime<Utc>>> = BTreeMap::new();
    for hold in holds.iter().filter(|hold| hold.disclose) {
        longest
            .entry((&hold.category, &hold.basis))
            .and_modify(|until| *until = until.zip(hold.until).map(|(one, other)| one.max(other)))
            .or_insert(hold.until);
    }
    let is_told = |category: &str| longest.keys().any(|(told, _)| *told == category);
    let unspoken = holds.iter().any(|hold| !is_told(&hold.category));
    let kept = longest.iter().map(|((category, basis), until)| Kept {
        category: Some((*category).to_owned()),
        basis: Some((*basis).to_owned()),
        until: *until,
    });
    let by_law = unspoken.then_some(Kept {
        category: None,
        basis: None,
        until: None,
    });
    kept.chain(by_law).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hold(category: &str, basis: &str, until: Option<i64>, disclose: bool) -> Hold {
        Hold {
            category: category.to_owned(),
            basis: basis.to_owned(),
            disclose,
            until: until.and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
        }
    }

    fn seen(holds: &[Hold]) -> Vec<(Option<String>, Option<String>, Option<i64>)> {
        told(holds)
            .into_iter()
            .map(|kept| (kept.category, kept.basis, kept.until.map(|at| at.timestamp())))
            .collect()
    }

    fn known(
        category: &str,
        basis: &str,
        until: Option<i64>,
    ) -> (Option<String>, Option<String>, Option<i64>) {
        (Some(category.to_owned()), Some(basis.to_owned()), until)
    }

    #[test]
    fn of_several_holds_on_one_basis_the_longest_is_told() {
        let holds = [
            hold("messages", "open_claim", Some(5), true),
            hold("messages", "open_claim", Some(9), true),
            hold("messages", "statutory_retention", Some(7), true),
            hold("contact", "open_claim", Some(9), true),
            hold("contact", "open_claim", None, true),
        ];
        let expected = [
            known("contact", "open_claim", None),
            known("messages", "open_claim", Some(9)),
            known("messages", "statutory_retention", Some(7)),
        ];
        assert_eq!(seen(&holds), expected);
    }

    #[test]
    fn of_undisclosed_holds_one_entry_says_that_something_is_kept() {
        let quiet = [
            hold("messages", "authority_order", Some(5), false),
            hold("contact", "legal_proceedings", None, false),
        ];
        assert_eq!(seen(&quiet), [(None, None, None)]);
        let both = [
            hold("messages", "authority_order", Some(5), false),
            hold("messages", "open_claim", Some(2), true),
        ];
        assert_eq!(seen(&both), [known("messages", "open_claim", Some(2))]);
    }
}
