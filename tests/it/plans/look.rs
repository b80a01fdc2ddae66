//! How PostgreSQL finds the rows of a statement, as its plans say.

use std::fmt::Write;

use sea_orm::{ConnectionTrait, DbBackend, Statement, Value as Bound, sea_query::ArrayType};
use serde_json::Value;

use crate::support::TestPortal;

use stammtisch::database::Transaction;

/// The first plan of a prepared statement, which is for its values, and the one that PostgreSQL stays with from the sixth
/// time on: for any values, if it takes that for cheap enough. It chooses the same way whether it is run or explained.
const PLANS: &str = "CREATE FUNCTION pg_temp.plans_of(explained text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    plans jsonb := '[]';
    plan jsonb;
BEGIN
    FOR time IN 1..6 LOOP
        EXECUTE explained INTO plan;
        IF time IN (1, 6) THEN
            plans := plans || plan;
        END IF;
    END LOOP;
    RETURN plans;
END
$$";

/// A table that is read as a whole, by one plan of a statement.
pub struct Whole {
    pub table: String,
    pub plan: String,
}

/// Looks at plans, and runs nothing.
pub struct Planner(Transaction);

impl Planner {
    pub async fn begin(portal: &TestPortal) -> Self {
        let transaction = portal.portal.database.begin().await.unwrap();
        transaction.execute_unprepared(PLANS).await.unwrap();
        Self(transaction)
    }

    /// Whether PostgreSQL stays with one plan for the statement, instead of making one each time.
    pub async fn is_planned_once(&self, statement: &Statement) -> bool {
        self.plans(statement).await.1 > 0
    }

    /// What the statement reads as a whole.
    pub async fn wholes(&self, statement: &Statement) -> Vec<Whole> {
        let (plans, _) = self.plans(statement).await;
        let plans = plans.as_array().expect("plans are a list").iter();
        plans
            .flat_map(|plan| {
                let mut tables = Vec::new();
                whole_tables(&plan["Plan"], &mut tables);
                tables.into_iter().map(|table| Whole {
                    table,
                    plan: tree(&plan["Plan"]),
                })
            })
            .collect()
    }

    /// Both plans, and how often the one was taken that PostgreSQL stays with.
    async fn plans(&self, statement: &Statement) -> (Value, i64) {
        let values: Vec<Bound> = statement.values.clone().map_or_else(Vec::new, |values| values.0);
        let types: Vec<String> = values.iter().map(type_of).collect();
        let arguments = types.iter().zip(1..);
        let arguments: Vec<String> = arguments
            .map(|(kind, number)| format!("${number}::{kind}"))
            .collect();
        let listed = |words: &[String]| match words {
            [] => String::new(),
            words => format!("({})", words.join(", ")),
        };
        let prepare = format!("PREPARE looked_at {} AS {}", listed(&types), statement.sql);
        let done = self.0.execute_unprepared(&prepare).await;
        done.unwrap_or_else(|error| panic!("{prepare}: {error}"));
        let explained = format!("EXPLAIN (FORMAT JSON) EXECUTE looked_at {}", listed(&arguments));
        // The values stand in its text: what is explained takes none.
        let explained = Statement::from_sql_and_values(DbBackend::Postgres, explained, values).to_string();
        let plans = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_temp.plans_of($1)",
            [explained.into()],
        );
        let row = self.0.query_one_raw(plans).await;
        let row = row.unwrap_or_else(|error| panic!("{}: {error}", statement.sql));
        let kept = "SELECT generic_plans FROM pg_prepared_statements WHERE name = 'looked_at'";
        let kept = self
            .0
            .query_one_raw(Statement::from_string(DbBackend::Postgres, kept))
            .await;
        self.0.execute_unprepared("DEALLOCATE looked_at").await.unwrap();
        (
            row.expect("plans are one row").try_get_by_index(0).unwrap(),
            kept.unwrap()
                .expect("it is prepared")
                .try_get_by_index(0)
                .unwrap(),
        )
    }
}

/// The type that a value is sent as.
fn type_of(value: &Bound) -> String {
    let (kind, many) = match value {
        Bound::Array(kind, _) => (kind.clone(), "[]"),
        one => (one.array_type(), ""),
    };
    let word = match kind {
        ArrayType::BigInt | ArrayType::BigUnsigned => "bigint",
        ArrayType::Bool => "bool",
        ArrayType::Bytes => "bytea",
        ArrayType::ChronoDateTimeUtc => "timestamptz",
        ArrayType::Double => "float8",
        ArrayType::Int => "int",
        ArrayType::Json => "jsonb",
        ArrayType::String => "text",
        ArrayType::Uuid => "uuid",
        other => panic!("what is {other:?} in PostgreSQL?"),
    };
    format!("{word}{many}")
}

/// The tables of the portal that a plan reads as a whole: PostgreSQL's own grow with the schema. Whoever takes whatever row
/// comes first, or asks whether there is any, reads no more than that.
fn whole_tables(node: &Value, found: &mut Vec<String>) {
    if node["Node Type"] == "Seq Scan" {
        let table = node["Relation Name"].as_str();
        found.extend(table.filter(|table| !table.starts_with("pg_")).map(str::to_owned));
    }
    let takes_any = |below: &Value| {
        let asks = node["Node Type"] == "Limit" || below["Parent Relationship"] == "InitPlan";
        asks && below["Node Type"] == "Seq Scan" && below["Filter"].is_null()
    };
    for below in node["Plans"].as_array().into_iter().flatten() {
        if !takes_any(below) {
            whole_tables(below, found);
        }
    }
}

/// A plan in a few words, a node a line.
fn tree(plan: &Value) -> String {
    fn add(node: &Value, depth: usize, tree: &mut String) {
        let word = |name: &str| node[name].as_str().unwrap_or_default();
        let _ = write!(
            tree,
            "\n{:depth$}{} {} {}",
            "",
            word("Node Type"),
            word("Relation Name"),
            word("Index Name")
        );
        for condition in ["Index Cond", "Recheck Cond", "Hash Cond", "Filter"] {
            if let Some(text) = node[condition].as_str() {
                let _ = write!(tree, " [{text}]");
            }
        }
        for below in node["Plans"].as_array().into_iter().flatten() {
            add(below, depth + 2, tree);
        }
    }
    let mut lines = String::new();
    add(plan, 4, &mut lines);
    lines
}
