//! Keys to accounts restrict, so that a sweep asks once for each.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection
            .execute_unprepared(include_str!("m20261201_000035_restrict_again/up.sql"))
            .await?;
        Ok(())
    }

    /// A backup is the way back.
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration(
            "this migration is not undone: restore a backup instead".to_owned(),
        ))
    }
}
