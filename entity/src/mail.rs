//! Table `mail`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub recipient: String,
    #[sea_orm(column_type = "Text")]
    pub locale: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub letter: Option<Json>,
    pub confirmation_id: Option<Uuid>,
    pub queued_at: DateTimeUtc,
    pub next_try_at: Option<DateTimeUtc>,
    pub tries: i32,
    pub given_up_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text")]
    pub failure: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::account::Entity",
        from = "Column::AccountId",
        to = "super::account::Column::Id"
    )]
    Account,
    #[sea_orm(
        belongs_to = "super::confirmation::Entity",
        from = "Column::ConfirmationId",
        to = "super::confirmation::Column::Id"
    )]
    Confirmation,
}

impl Related<super::account::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Account.def()
    }
}

impl Related<super::confirmation::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Confirmation.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
