//! Who may call a handler, read off its signature: whatever it takes from the request says whom it admits. A type that
//! does not say so is none that a documented handler can take.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::HeaderMap,
};
use entity::status::Role;
use tower_sessions::Session;

use super::session::{Asking, Member, Proved};
use crate::{
    devices::Visit,
    network::Network,
    web::{
        body::{Body, MergePatch},
        etag::IfMatch,
        problem::Problem,
        query::{Asked, Id, Once, Reader},
    },
};

/// Something that a handler takes from the request.
pub trait Asks {
    /// Whether it is there for somebody with this role, or for a visitor.
    fn admits(_who: Option<Role>) -> bool {
        true
    }
}

/// All that a handler takes, as axum's `Handler` names it.
pub trait Signature {
    fn admits(who: Option<Role>) -> bool;
}

impl Asks for Member {
    fn admits(who: Option<Role>) -> bool {
        who.is_some()
    }
}

impl Asks for Asking {
    fn admits(who: Option<Role>) -> bool {
        Member::admits(who)
    }
}

impl<T: Asks> Asks for Proved<T> {
    fn admits(who: Option<Role>) -> bool {
        T::admits(who)
    }
}

impl<T: Asks> Asks for Result<T, Problem> {
    fn admits(who: Option<Role>) -> bool {
        T::admits(who)
    }
}

impl<S> Asks for State<S> {}
impl<T> Asks for Result<Path<T>, PathRejection> {}
impl<T> Asks for Body<T> {}
impl<T> Asks for MergePatch<T> {}
impl<T> Asks for Asked<T> {}
impl Asks for HeaderMap {}
impl Asks for Id {}
impl Asks for IfMatch {}
impl Asks for Once {}
impl Asks for Reader {}
impl Asks for Visit {}
impl Asks for Network {}
/// The session itself, whoever's it is: for signing in and out.
impl Asks for Session {}

impl Signature for ((),) {
    fn admits(_who: Option<Role>) -> bool {
        true
    }
}

/// The first of the tuple is axum's mark.
macro_rules! signature {
    ($($argument:ident)+) => {
        impl<Mark, $($argument: Asks),+> Signature for (Mark, $($argument),+) {
            fn admits(who: Option<Role>) -> bool {
                $($argument::admits(who))&&+
            }
        }
    };
}

signature!(A);
signature!(A B);
signature!(A B C);
signature!(A B C D);
signature!(A B C D E);
signature!(A B C D E F);

#[cfg(test)]
mod tests {
    use axum::handler::Handler;

    use super::*;
    use crate::{portal::Portal, web::guard::may};

    async fn open() {}
    async fn of_members(_member: Member, _headers: HeaderMap) {}
    async fn of_two(_member: may::ReadHolds, _id: Id, _other: may::ManageAccounts) {}

    fn admitted<H: Handler<T, Portal>, T: Signature>(_handler: &H) -> Vec<Option<Role>> {
        let everybody = [None].into_iter().chain(Role::ALL.map(Some));
        everybody.filter(|who| T::admits(*who)).collect()
    }

    #[test]
    fn who_may_call_a_handler_is_read_off_all_that_it_takes() {
        assert_eq!(admitted(&open).len(), 5);
        assert_eq!(admitted(&of_members), Role::ALL.map(Some));
        assert_eq!(admitted(&of_two), [Some(Role::Administrator)]);
    }
}
