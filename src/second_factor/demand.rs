//! Where a second factor is demanded: of administrators, from the day on that the settings give. Until a session took one,
//! it is a member's, so that nobody is kept from their own data.

use chrono::NaiveDate;
use entity::status::Role;

use crate::{account::Caller, portal::Portal};

/// Whether whoever has this role needs a second factor by now.
pub fn is_made(portal: &Portal, role: Role) -> bool {
    begins(portal, role).is_some_and(|day| day <= portal.now().date_naive())
}

/// From which day on it is demanded of somebody with this role.
pub fn begins(portal: &Portal, role: Role) -> Option<NaiveDate> {
    let from = portal.settings.second_factor.administrators_from;
    from.filter(|_| role == Role::Administrator)
}

/// Whether the caller's session may use what their role is for.
pub fn is_met(portal: &Portal, caller: Caller) -> bool {
    caller.second_factor || !is_made(portal, caller.role)
}
