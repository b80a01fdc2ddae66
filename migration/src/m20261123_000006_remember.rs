//! What a sweep must not forget between its transactions: what it erased so far, and that the clock was accepted.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection
            .execute_unprepared(include_str!("m20261123_000006_remember/up.sql"))
            .await?;
        Ok(())
    }

    /// Going back would lose what was counted; a backup is the way back.
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration(
            "this migration is not undone: restore a backup instead".to_owned(),
        ))
    }
}
