//! A copy of one's own data (Art. 15 and 20 GDPR). What is in it the inventory says (R2): nothing of others, no secrets,
//! and nothing that was replaced or deleted and is kept only under a hold (R18).

use sea_orm::{DbErr, FromQueryResult};

use crate::{
    account::Caller,
    database::sql,
    inventory::{Inventory, Table},
    portal::Portal,
};

#[derive(FromQueryResult)]
struct Copy {
    document: String,
}

/// Everything about the caller as one JSON object: cluster, table, rows. One statement, made from the inventory. It is
/// the database's text, so that a member's many messages are held once and not as a tree.
pub async fn copy_of_own_data(portal: &Portal, caller: Caller) -> Result<String, DbErr> {
    let copy = Copy::find_by_statement(sql(&statement(portal.inventory), [caller.account.into()]))
        .one(&portal.database)
        .await?;
    copy.map(|copy| copy.document)
        .ok_or_else(|| DbErr::RecordNotFound("the copy".to_owned()))
}

fn statement(inventory: &Inventory) -> String {
    let tables: Vec<String> = inventory
        .exported()
        .map(|(table, owner)| {
            format!(
                "SELECT '{}' AS cluster, '{}' AS name, (SELECT coalesce(json_agg(r), '[]') FROM ({}) r) AS rows",
                table.cluster,
                table.name_in_copy(),
                rows(table, owner)
            )
        })
        .collect();
    format!(
        "SELECT json_object_agg(c.cluster, c.tables ORDER BY c.cluster)::text AS document FROM (
             SELECT t.cluster, json_object_agg(t.name, t.rows ORDER BY t.name) AS tables
             FROM ({}) t GROUP BY t.cluster) c",
        tables.join(" UNION ALL ")
    )
}

fn rows(table: &Table, owner: &str) -> String {
    let current = match &table.superseded_when {
        Some(superseded) => format!("AND NOT ({superseded})"),
        None => String::new(),
    };
    format!(
        "SELECT {} FROM {} WHERE {owner} = $1 {current} ORDER BY 1",
        table.export.join(", "),
        table.name
    )
}
