//! The demonstration community of `serve --demo`: made through the same functions that people use, on a clock that is
//! put back for as long as that takes, so that it has a past.

mod build;
mod cast;
pub mod clock;
pub mod mailbox;

use anyhow::ensure;
use sea_orm::{DbErr, FromQueryResult};

use crate::{audit, database::sql, portal::Portal, settings::Settings};

pub use self::{cast::PASSWORD, clock::DemoClock};

/// The audit event by which a database is known as a demonstration's.
const BEGUN: &str = "demo.begun";

#[derive(FromQueryResult)]
struct Found {
    has_accounts: bool,
    is_begun: bool,
}

/// Whether a demonstration may run with these settings: mails are shown to whoever asks, so nobody from outside may.
pub fn check(settings: &Settings) -> anyhow::Result<()> {
    ensure!(
        settings.server.listen.ip().is_loopback(),
        "a demonstration shows its mails to everybody, so it only serves this machine: set server.listen to a loopback address"
    );
    ensure!(
        settings.mail.url.is_none(),
        "a demonstration keeps its mails under data_dir: leave mail.url out"
    );
    Ok(())
}

/// Refuses to serve a demonstration's people as a real portal: everybody knows their password.
pub async fn refuse(portal: &Portal) -> anyhow::Result<()> {
    ensure!(
        !look(portal).await?.is_begun,
        "this database holds a demonstration, whose passwords everybody knows: start with --demo, or with another \
         data_dir or database.url"
    );
    Ok(())
}

/// Makes the community in an empty database; one that was begun as a demonstration goes on as it is.
pub async fn begin(portal: &Portal, clock: &DemoClock) -> anyhow::Result<()> {
    let found = look(portal).await?;
    if found.is_begun {
        return Ok(());
    }
    ensure!(
        !found.has_accounts,
        "a demonstration only begins in an empty database, and this one has accounts: start without --demo, or with \
         another data_dir or database.url"
    );
    let made = build::community(portal, clock).await;
    clock.set_right();
    made?;
    let transaction = portal.database.begin().await?;
    audit::record(&transaction, portal, audit::Event::by_portal(BEGUN)).await?;
    transaction.commit().await?;
    Ok(())
}

/// Every start asks. An index has the events that are about no account, which are few, and this is one of them.
async fn look(portal: &Portal) -> Result<Found, DbErr> {
    Found::find_by_statement(sql(
        "SELECT EXISTS (SELECT 1 FROM account) AS has_accounts,
                EXISTS (SELECT 1 FROM audit_event WHERE account_id IS NULL AND code = $1) AS is_begun",
        [BEGUN.into()],
    ))
    .one(&portal.database)
    .await?
    .ok_or_else(|| DbErr::RecordNotFound("audit_event".to_owned()))
}

/// Who can sign in, for whoever started it.
pub fn sign_ins() -> Vec<(&'static str, String)> {
    let staff = [
        ("administrator", cast::ADMINISTRATOR),
        ("moderator", cast::MODERATOR),
        ("DPO", cast::OFFICER),
    ];
    let members = cast::MEMBERS.iter().filter(|member| member.stays()).take(4);
    staff
        .into_iter()
        .map(|(role, person)| (role, person.email.to_owned()))
        .chain(members.map(|member| ("member", member.person.email.to_owned())))
        .collect()
}
