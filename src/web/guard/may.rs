//! What whoever asks must be allowed to do, named in the handler's signature. Without a session: 401; without the
//! permission, or without the second factor that a role takes: 403.

use axum::{
    extract::{FromRequestParts, MatchedPath},
    http::request::Parts,
};
use entity::status::Role;

use super::{session::Member, who::Asks};
use crate::{
    account::Caller,
    permissions::Permission,
    portal::Portal,
    refusals::Refused,
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
                    return Err(refuse(parts, portal, caller, stringify!($permission)));
                }
                if !demand::is_met(portal, caller) {
                    return Err(Code::SecondFactorRequired.into());
                }
                Ok(Self(caller))
            }
        }
    )+};
}

/// In the log each time, and in the audit trail once an hour (OWASP ASVS 5.0, 16.3.2).
fn refuse(parts: &Parts, portal: &Portal, caller: Caller, permission: &str) -> Problem {
    let route = parts
        .extensions
        .get::<MatchedPath>()
        .map_or("-", MatchedPath::as_str);
    tracing::warn!(account = %caller.account, method = %parts.method, route, permission, "access was refused");
    portal.note_refused(Refused::Access, caller.account);
    Code::Forbidden.into()
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
