//! Table `hold`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "hold")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    pub categories: Vec<String>,
    #[sea_orm(column_type = "Text")]
    pub basis: String,
    #[sea_orm(column_type = "Text")]
    pub reference: String,
    pub review_at: DateTimeUtc,
    pub expires_at: Option<DateTimeUtc>,
    pub disclose: bool,
    pub placed_by: Uuid,
    pub placed_at: DateTimeUtc,
    pub reviewed_at: Option<DateTimeUtc>,
    pub release_requested_by: Option<Uuid>,
    pub released_by: Option<Uuid>,
    pub released_at: Option<DateTimeUtc>,
    pub idempotency_hash: Option<Vec<u8>>,
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
