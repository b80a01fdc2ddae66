//! How the desk says things: states, lengths of time, who someone is, and as much of an address as a list needs.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::page::{Card, Tone};
use crate::{
    erasure::{
        deletions::Deletion,
        holds::{Hold, State},
    },
    inventory::Inventory,
    text,
    web::pages::kit::View,
};

/// The people of accounts, by id.
pub type Names = BTreeMap<Uuid, String>;

/// Every status an account can have, as the search offers them.
pub const STATUSES: [&str; 7] = [
    "active",
    "pending",
    "unconfirmed",
    "suspended",
    "rejected",
    "deleted",
    "erasing",
];

pub fn status(view: &View, word: &str) -> String {
    view.t(&format!("account-status-{word}"))
}

/// A role, by its name.
pub fn role(view: &View, name: &str) -> String {
    view.t(&format!("account-role-{}", name.replace('_', "-")))
}

pub fn status_tone(word: &str) -> Tone {
    match word {
        "active" => Tone::Good,
        "suspended" | "pending" => Tone::Warn,
        "deleted" | "erasing" => Tone::Grave,
        _ => Tone::Plain,
    }
}

/// What was done, in words; what this version does not know any more stays a code.
pub fn deed(view: &View, code: &str) -> String {
    let key = format!("audit-{}", code.replace(['.', '_'], "-"));
    text::known(view.locale, &key).unwrap_or_else(|| code.to_owned())
}

/// A kind of letter.
pub fn letter(view: &View, kind: &str) -> String {
    let key = format!("letter-{}", kind.replace('_', "-"));
    text::known(view.locale, &key).unwrap_or_else(|| kind.to_owned())
}

/// Categories as the inventory names them.
pub fn categories(view: &View, inventory: &Inventory, names: &[String]) -> String {
    let title = |name: &String| category(view, inventory, name);
    names.iter().map(title).collect::<Vec<_>>().join(", ")
}

pub fn category(view: &View, inventory: &Inventory, name: &str) -> String {
    inventory.title_of(name, view.locale).to_owned()
}

/// A legal basis as the inventory names it.
pub fn basis(view: &View, inventory: &Inventory, name: &str) -> String {
    inventory.basis_of(name, view.locale).to_owned()
}

/// A length of time in its largest unit that is not too coarse: up to two hours in minutes, up to two days in hours.
pub fn length(view: &View, length: TimeDelta) -> String {
    let (key, count) = match length.num_minutes().max(1) {
        minutes @ ..120 => ("length-minutes", minutes),
        minutes @ ..2_880 => ("length-hours", minutes / 60),
        minutes => ("length-days", minutes / 1_440),
    };
    view.t_counted(key, u64::try_from(count).unwrap_or_default())
}

/// Who it is: a name, or the beginning of the id where nobody has a name any more.
pub fn person(view: &View, names: &Names, id: Uuid) -> String {
    names.get(&id).cloned().unwrap_or_else(|| nameless(view, id))
}

/// Whoever did something: none is the portal, or somebody who was not signed in.
pub fn actor(view: &View, names: &Names, id: Option<Uuid>) -> String {
    id.map_or_else(|| view.t("desk-nobody"), |id| person(view, names, id))
}

/// An account by the beginning of its id.
pub fn nameless(view: &View, id: Uuid) -> String {
    let id = id.simple().to_string();
    view.t_with("desk-account-id", &[("id", id.get(..8).unwrap_or_default())])
}

/// An address of which a list needs no more than this: `a•••@stadt-musterhausen.de`.
pub fn masked(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) => {
            let first: String = local.chars().take(1).collect();
            format!("{first}•••@{domain}")
        }
        None => "•••".to_owned(),
    }
}

/// How much time a deletion has left.
pub fn remaining(view: &View, deletion: &Deletion, now: DateTime<Utc>) -> (Tone, String) {
    let told = |key: &str, time: TimeDelta| view.t_with(key, &[("length", &length(view, time))]);
    if deletion.overdue {
        (Tone::Grave, told("deletion-overdue", now - deletion.erase_by))
    } else if deletion.state == "held" {
        (Tone::Plain, view.t("deletion-held"))
    } else {
        (Tone::Warn, told("deletion-remaining", deletion.erase_by - now))
    }
}

/// A deletion as an entry of a list.
pub fn deletion_card(view: &View, inventory: &Inventory, deletion: &Deletion, now: DateTime<Utc>) -> Card {
    let (tone, time) = remaining(view, deletion, now);
    let mut card = Card::new(nameless(view, deletion.account_id))
        .link(view.to(&format!("/desk/accounts/{}", deletion.account_id)))
        .badge(tone, time);
    let until = |key: &str, at: &DateTime<Utc>| view.t_with(key, &[("at", &view.at_time(at))]);
    if deletion.state != "held" {
        card = card.line(until("deletion-erased-by", &deletion.erase_by));
    }
    if deletion.undo_until > now {
        card = card.line(until("deletion-undo-until", &deletion.undo_until));
    }
    if !deletion.held_categories.is_empty() {
        let held = categories(view, inventory, &deletion.held_categories);
        card = card.line(view.t_with("deletion-held-categories", &[("categories", &held)]));
    }
    card
}

/// Whether a hold still holds, and whether somebody has to look at it.
pub fn hold_state(view: &View, hold: &Hold, now: DateTime<Utc>) -> (Tone, String) {
    match hold.state {
        State::Released => (Tone::Plain, view.t("hold-state-released")),
        State::Expired => (Tone::Plain, view.t("hold-state-expired")),
        State::Active if hold.release_requested_by.is_some() => (Tone::Warn, view.t("hold-state-waiting")),
        State::Active if hold.review_at <= now => (Tone::Grave, view.t("hold-state-missed")),
        State::Active => (Tone::Good, view.t("hold-state-active")),
    }
}

/// A hold as an entry of a list; with whose it is, where the list is of more than one account.
pub fn hold_card(
    view: &View,
    inventory: &Inventory,
    hold: &Hold,
    names: Option<&Names>,
    now: DateTime<Utc>,
) -> Card {
    let (tone, state) = hold_state(view, hold, now);
    let kept = categories(view, inventory, &hold.categories);
    let mut card = Card::new(hold.reference.clone())
        .link(view.to(&format!("/desk/holds/{}", hold.id)))
        .badge(tone, state);
    if let Some(names) = names {
        card = card.line(person(view, names, hold.account_id));
    }
    card = card
        .line(basis(view, inventory, &hold.basis))
        .line(view.t_with("hold-keeps", &[("categories", &kept)]));
    if hold.state == State::Active {
        card = card.line(view.t_with("hold-review-at", &[("at", &view.at_time(&hold.review_at))]));
    }
    card
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Locale;

    #[test]
    fn of_an_address_one_letter_and_the_domain_are_shown() {
        assert_eq!(masked("anna@stadt-musterhausen.de"), "a•••@stadt-musterhausen.de");
        assert_eq!(masked("ä@b.example"), "ä•••@b.example");
        assert_eq!(masked("no address"), "•••");
    }

    #[test]
    fn lengths_are_told_in_one_unit() {
        let view = View::at(Locale::De, "/de/desk", None);
        for (minutes, words) in [
            (0, "1 Minute"),
            (119, "119 Minuten"),
            (121, "2 Stunden"),
            (2_879, "47 Stunden"),
            (2_881, "2 Tage"),
        ] {
            assert_eq!(length(&view, TimeDelta::minutes(minutes)), words);
        }
    }
}
