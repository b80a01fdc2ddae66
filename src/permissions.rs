//! Who may do what at the desk: the one table. Every role is a member's, with something on top.

use entity::status::Role;

/// Something that not every member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// The desk's first page, with as much on it as its reader may see.
    OpenDesk,
    /// Letting people in, or turning them away.
    DecideRegistrations,
    /// Looking accounts up: name, organisation, address, status and deadlines. Whoever places holds must find them.
    FindAccounts,
    /// Suspending, reinstating, giving roles, deleting on somebody's behalf.
    ManageAccounts,
    ManageOrganisations,
    ReadHolds,
    /// Placing, reviewing and releasing them, as the second person too (R18).
    DecideHolds,
    ReadDeletions,
    ReadLedger,
    ReadAuditTrail,
    /// Reports: the message with those around it, and the decision. Of somebody with a role only administrators
    /// decide whether they are suspended.
    DecideReports,
    /// Reading and answering what members ask the operator.
    AnswerEnquiries,
    /// What keeps the portal running: mail that does not leave, sweeps, ledger and clocks that fail.
    WatchPortal,
}

impl Permission {
    const ALL: [Self; 13] = [
        Self::OpenDesk,
        Self::DecideRegistrations,
        Self::FindAccounts,
        Self::ManageAccounts,
        Self::ManageOrganisations,
        Self::ReadHolds,
        Self::DecideHolds,
        Self::ReadDeletions,
        Self::ReadLedger,
        Self::ReadAuditTrail,
        Self::DecideReports,
        Self::AnswerEnquiries,
        Self::WatchPortal,
    ];

    /// What a role may do.
    pub const fn of(role: Role) -> &'static [Self] {
        match role {
            Role::Member => &[],
            Role::Moderator => &[Self::OpenDesk, Self::DecideReports],
            Role::DataProtectionOfficer => &[
                Self::OpenDesk,
                Self::FindAccounts,
                Self::ReadHolds,
                Self::DecideHolds,
                Self::ReadDeletions,
                Self::ReadLedger,
                Self::ReadAuditTrail,
            ],
            Role::Administrator => &Self::ALL,
        }
    }

    /// Whether a role may do this.
    pub fn is_of(self, role: Role) -> bool {
        Self::of(role).contains(&self)
    }

    /// Every role that may do this.
    pub fn roles(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.is_of(*role))
    }
}
