//! Table `profile`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "profile")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one for every field that can be hidden"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub first_name: String,
    #[sea_orm(column_type = "Text")]
    pub last_name: String,
    #[sea_orm(column_type = "Text")]
    pub display_name: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub organisation: String,
    pub organisation_decided: bool,
    #[sea_orm(column_type = "Text")]
    pub department: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub position: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub phone: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub about: Option<String>,
    pub listed: bool,
    pub organisation_visible: bool,
    pub department_visible: bool,
    pub position_visible: bool,
    pub phone_visible: bool,
    pub about_visible: bool,
    #[sea_orm(column_type = "Text")]
    pub locale: String,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::account::Entity",
        from = "Column::AccountId",
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
