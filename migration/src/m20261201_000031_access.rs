//! Entries of the audit trail about coming in end sooner than the others, and with the account.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{DbBackend, Statement},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        renew_trail(manager, include_str!("m20261201_000031_access/trail.sql")).await
    }

    /// A backup is the way back.
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration(
            "this migration is not undone: restore a backup instead".to_owned(),
        ))
    }
}

/// A trail that belongs to another role already is left to that one.
pub(crate) async fn renew_trail(manager: &SchemaManager<'_>, trail: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let own = "SELECT pg_has_role(relowner, 'USAGE') AS own FROM pg_class
               WHERE oid = 'public.audit_event'::regclass";
    let row = connection
        .query_one_raw(Statement::from_string(DbBackend::Postgres, own))
        .await?;
    let is_own: Option<bool> = row.map(|row| row.try_get("", "own")).transpose()?;
    if is_own == Some(true) {
        connection.execute_unprepared(trail).await?;
    }
    Ok(())
}
