//! Table `attempt_key`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attempt_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub is_current: bool,
    pub sealed: Vec<u8>,
    pub ends_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
