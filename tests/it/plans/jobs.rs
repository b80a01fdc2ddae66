//! What runs by itself (`schedule.rs`), with nothing to do, as nearly always.

use stammtisch::{
    demo,
    erasure::{guard, vacuum},
    ledger::files::Extent,
    registration::decision,
    second_factor::{removal, totp},
};

use crate::{plans::heard::Ear, sweep::sweep};

pub async fn all(ear: &mut Ear<'_>) {
    let portal = ear.portal;
    let inner = &portal.portal;
    let start = ear.hear("a start", demo::refuse(inner)).await;
    start.expect("it is no demonstration");
    ear.hear("the workers", portal.work()).await;
    let swept = ear.hear("a sweep", sweep(portal)).await;
    assert_eq!(swept.due, 0);
    ear.hear("what is asked after a sweep", vacuum::is_due(inner))
        .await;
    ear.hear("the guard", guard::watch(inner)).await.unwrap();
    let removed = ear.hear("lost factors", removal::carry_out_due(inner)).await;
    assert_eq!(removed.unwrap(), 0);
    let sealed = ear.hear("secrets of apps", totp::seal_anew(inner)).await;
    assert_eq!(sealed.unwrap(), 0);
    let reminded = ear.hear("the reminder", decision::remind(inner)).await;
    assert_eq!(reminded.unwrap(), 0);
    let settling = inner.ledger.settle(&inner.database, Extent::New);
    ear.hear("the ledger", settling).await.unwrap();
}
