//! What whoever asks must be allowed to do, named in the handler's signature. Without a session: 401; without the
//! permission, or without the second factor that a role takes: 403.

use axum::{extract::FromRequestParts, http::request::Parts};
use entity::status::Role;

use super::{session::Member, who::Asks};
use crate::{
    account::Caller,
    permissions::Permission,
    portal::Portal,
    second_factor::demand,
    web::problem::{Code, Problem},
};

/// An extractor for each permission, of the same name.
macro_rules! extractors {
    ($($permission:ident),+ $(,)?) => {$(
        #[doc = concat!("Someone who has [`Permission::", stringify!($permission), "`].")]
        #[derive(Debug, Clone, Copy)]
        pub struct $permission(pub Caller);

        impl Asks for $permission {
            fn admits(who: Option<Role>) -> bool {
                who.is_some_and(|role| Permission::$permission.is_of(role))
            }
        }

        impl AsRef<Caller> for $permission {
            fn as_ref(&self) -> &Caller {
                &self.0
            }
        }

        impl FromRequestParts<Portal> for $permission {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Problem> {
                let Member(caller) = Member::from_request_parts(parts, portal).await?;
                if !Self::admits(Some(caller.role)) {
                    return Err(Code::Forbidden.into());
                }
                if !demand::is_met(portal, caller) {
                    return Err(Code::SecondFactorRequired.into());
                }
                Ok(Self(caller))
            }
        }
    )+};
}

extractors!(
    OpenDesk,
    DecideRegistrations,
    FindAccounts,
    ManageAccounts,
    ManageOrganisations,
    ReadHolds,
    DecideHolds,
    ReadDeletions,
    ReadLedger,
    ReadAuditTrail,
    DecideReports,
    AnswerEnquiries,
    WatchPortal,
);
