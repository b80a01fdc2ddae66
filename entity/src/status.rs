//! The words an account's state and role are written in.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Where an account stands. What follows from each is said in `account.rs` of the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Status {
    #[sea_orm(string_value = "unconfirmed")]
    Unconfirmed,
    #[sea_orm(string_value = "pending")]
    Pending,
    #[sea_orm(string_value = "rejected")]
    Rejected,
    #[sea_orm(string_value = "active")]
    Active,
    #[sea_orm(string_value = "suspended")]
    Suspended,
    #[sea_orm(string_value = "deleted")]
    Deleted,
    #[sea_orm(string_value = "erasing")]
    Erasing,
}

/// What an account may do beyond what every member may. What follows from each is said in `permissions.rs` of the
/// application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Role {
    #[sea_orm(string_value = "member")]
    Member,
    #[sea_orm(string_value = "moderator")]
    Moderator,
    #[sea_orm(string_value = "administrator")]
    Administrator,
    #[sea_orm(string_value = "data_protection_officer")]
    DataProtectionOfficer,
}

impl Role {
    pub const ALL: [Self; 4] = [
        Self::Member,
        Self::Moderator,
        Self::Administrator,
        Self::DataProtectionOfficer,
    ];

    /// The same as in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Moderator => "moderator",
            Self::Administrator => "administrator",
            Self::DataProtectionOfficer => "data_protection_officer",
        }
    }
}
