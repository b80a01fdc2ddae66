//! Table `confirmation_token`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "confirmation_token")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: Vec<u8>,
    pub confirmation_id: Uuid,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::confirmation::Entity",
        from = "Column::ConfirmationId",
        to = "super::confirmation::Column::Id"
    )]
    Confirmation,
}

impl Related<super::confirmation::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Confirmation.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
