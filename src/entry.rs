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

/// Checks a pair of address and password, for an account in whatever state: a few statements and one hash.
/// Whom the gate is too busy for is told so before anything is looked up: those who try again at once must not keep the
/// database from everybody else.
pub async fn identify(
    portal: &Portal,
    visit: &Visit,
    email: &str,
    raw: &str,
) -> Result<(account::Model, Checked), CheckError> {
    portal.passwords.check_room().await?;
    let address = EmailAddress::parse(email).ok();
    let stored = match &address {
        Some(address) => credentials::find(portal, address).await?,
        // What is no address belongs to nobody.
        None => None,
    };
    let device = stored
        .as_ref()
        .and_then(|(stored, _)| visit.device_known_to(portal, stored.account_id, stored.version));
    let tries = match (&stored, device) {
        (Some((stored, _)), Some(device)) => vec![Try::Device(stored.account_id, device)],
        _ => vec![
            Try::Address(address.as_ref().map_or(email, EmailAddress::as_str)),
            Try::Network(visit.network),
            Try::Password(raw),
        ],
    };
    let admitted = attempts::admit(portal, &tries).await??;
    let known = stored.as_ref().map(|(stored, _)| stored.account_id);
    let (credential, account) = stored.unzip();
    let checked = credentials::check_stored(portal, raw, credential).await;
    let checked = credentials::settle(portal, admitted, checked).await;
    if let (Some(known), Err(CheckError::Wrong)) = (known, &checked) {
        portal.note_refused(Refused::SignIn, known);
    }
    let checked = checked?;
    Ok((account.flatten().ok_or(CheckError::Wrong)?, checked))
}
