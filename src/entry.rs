//! Address and password of somebody who is not signed in. An unknown address costs the same, and waits the same.

use entity::account;

use crate::{
    attempts::{self, Try},
    credentials::{self, CheckError, Checked},
    devices::Visit,
    portal::Portal,
    refusals::Refused,
    values::EmailAddress,
};

/// Whose address and password fit.
pub struct Identified {
    pub account: account::Model,
    pub checked: Checked,
    /// Whether a password alone lets nobody in. It is as it was before the password was checked, which takes a while: who
    /// is let in is decided under the account's lock.
    pub has_second_factor: bool,
}

/// Checks a pair of address and password, for an account in whatever state: a few statements and one hash.
/// Whom the gate is too busy for is told so before anything is looked up: those who try again at once must not keep the
/// database from everybody else.
pub async fn identify(
    portal: &Portal,
    visit: &Visit,
    email: &str,
    raw: &str,
) -> Result<Identified, CheckError> {
    portal.passwords.check_room().await?;
    let address = EmailAddress::parse(email).ok();
    let stored = match &address {
        Some(address) => credentials::find(portal, address).await?,
        // What is no address belongs to nobody.
        None => None,
    };
    let device = stored
        .as_ref()
        .map(|(known, _)| &known.credential)
        .and_then(|stored| visit.device_known_to(portal, stored.account_id, stored.version));
    let tries = match (&stored, device) {
        (Some((known, _)), Some(device)) => vec![Try::Device(known.credential.account_id, device)],
        _ => vec![
            Try::Address(address.as_ref().map_or(email, EmailAddress::as_str)),
            Try::Network(visit.network),
            Try::Password(raw),
        ],
    };
    let admitted = attempts::admit(portal, &tries).await??;
    let (known, account) = stored.unzip();
    let has_second_factor = known.as_ref().is_some_and(|known| known.has_second_factor);
    let credential = known.map(|known| known.credential);
    let owner = credential.as_ref().map(|stored| stored.account_id);
    let checked = credentials::check_stored(portal, raw, credential).await;
    let checked = credentials::settle(portal, admitted, checked).await;
    if let (Some(owner), Err(CheckError::Wrong)) = (owner, &checked) {
        portal.note_refused(Refused::SignIn, owner);
    }
    let checked = checked?;
    Ok(Identified {
        account: account.flatten().ok_or(CheckError::Wrong)?,
        checked,
        has_second_factor,
    })
}
