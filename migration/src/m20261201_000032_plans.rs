//! What is asked often finds its rows by an index, however many others there are.

use sea_orm_migration::prelude::*;

use crate::m20261201_000031_access::renew_trail;

/// What ends entries of the trail, and its index. Whoever takes the trail over makes it anew.
pub const AUDIT_TRAIL: &str = include_str!("m20261201_000032_plans/trail.sql");

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .get_connection()
            .execute_unprepared(include_str!("m20261201_000032_plans/up.sql"))
            .await?;
        renew_trail(manager, AUDIT_TRAIL).await
    }

    /// A backup is the way back.
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration(
            "this migration is not undone: restore a backup instead".to_owned(),
        ))
    }
}
