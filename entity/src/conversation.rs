//! Table `conversation`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conversation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub subject: Option<String>,
    pub subject_by: Option<Uuid>,
    pub pair_low: Option<Uuid>,
    pub pair_high: Option<Uuid>,
    pub former_members: i32,
    pub created_at: DateTimeUtc,
    pub changed_at: Option<DateTimeUtc>,
    pub is_group: bool,
    pub is_abandoned: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::account::Entity",
        from = "Column::SubjectBy",
        to = "super::account::Column::Id"
    )]
    Account,
}

impl Related<super::account::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Account.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
