//! Table `account`: no personal datum stands here (R1 of the erasure rules).

use sea_orm::entity::prelude::*;

use crate::status::{Role, Status};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub status: Status,
    pub status_before: Option<Status>,
    pub role: Role,
    pub created_at: DateTimeUtc,
    pub deleted_at: Option<DateTimeUtc>,
    pub undo_until: Option<DateTimeUtc>,
    pub erase_by: Option<DateTimeUtc>,
    pub due_at: Option<DateTimeUtc>,
    pub next_try_at: Option<DateTimeUtc>,
    pub failed_tries: i32,
    pub erased: Vec<String>,
    pub event_no: i64,
    pub breached_at: Option<DateTimeUtc>,
    pub look_over_since: Option<DateTimeUtc>,
    #[sea_orm(column_type = "JsonBinary")]
    pub erased_counts: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
