//! What computes columns names the schema of its helpers, so that a dump can be restored.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection
            .execute_unprepared(include_str!("m20261123_000004_qualified/up.sql"))
            .await?;
        Ok(())
    }

    /// A dump that cannot be restored is nothing to go back to.
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration(
            "this migration is not undone: restore a backup instead".to_owned(),
        ))
    }
}
