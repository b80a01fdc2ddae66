//! Table `sweep_state`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sweep_state")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub last_swept_at: Option<DateTimeUtc>,
    pub trusted_at: Option<DateTimeUtc>,
    pub holds_frozen_at: Option<DateTimeUtc>,
    pub last_ended_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub last_outcome: Option<String>,
    pub last_milliseconds: Option<i64>,
    pub clock_accepted_at: Option<DateTimeUtc>,
    pub rebuilt_at: Option<DateTimeUtc>,
    pub rebuilt_through: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
