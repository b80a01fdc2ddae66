//! What holds for every page, whatever it shows, and how its words are read.

use std::collections::BTreeSet;

/// One language, one heading, a way to the other language; nothing inline, no text that is only a key, every label with
/// its field, every id once.
#[track_caller]
pub fn check(asked: &str, html: &str) {
    let fail = |what: &str| panic!("{asked}: {what}: {html}");
    for once in [
        "<!DOCTYPE html>",
        "<html lang=\"",
        "<title>",
        "<main ",
        "<h1>",
        " hreflang=\"",
    ] {
        if html.matches(once).count() != 1 {
            fail(once);
        }
    }
    let ours = ["live", "parting", "passkey"].map(|name| format!("<script src=\"/assets/{name}.js?v="));
    let known: usize = ours.iter().map(|script| html.matches(script).count()).sum();
    if html.matches("<script").count() != known {
        fail("a script of another kind");
    }
    for never in ["<style", " style=\"", "&lt;p&gt;"] {
        if html.contains(never) {
            fail(never);
        }
    }
    let leads = ["href", "src", "action", "formaction"];
    if let Some(place) = leads
        .iter()
        .flat_map(|name| values(html, name))
        .find(|place| place.trim_start().to_lowercase().starts_with("javascript:"))
    {
        fail(place);
    }
    if let Some(key) = words(html).split_whitespace().find(|word| is_key(word)) {
        fail(key);
    }
    let ids: Vec<&str> = values(html, "id").collect();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    if ids.len() != unique.len() {
        fail("an id twice");
    }
    let refers = values(html, "for")
        .chain(values(html, "aria-describedby").flat_map(str::split_whitespace))
        .chain(values(html, "href").filter_map(|link| link.strip_prefix('#')));
    for id in refers {
        if !unique.contains(id) {
            fail(id);
        }
    }
}

/// The text of a page as it is read: tags left out, white space collapsed.
pub fn words(html: &str) -> String {
    let mut text = String::new();
    let mut is_tag = false;
    for letter in html.chars() {
        match letter {
            '<' => is_tag = true,
            '>' => {
                is_tag = false;
                text.push(' ');
            }
            _ if is_tag => {}
            letter => text.push(letter),
        }
    }
    unescaped(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn unescaped(text: &str) -> String {
    [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (entity, letter)| {
        text.replace(entity, letter)
    })
}

/// Every value of an attribute.
pub fn values<'a>(html: &'a str, attribute: &str) -> impl Iterator<Item = &'a str> {
    let start = format!(" {attribute}=\"");
    html.split(&start)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect::<Vec<_>>()
        .into_iter()
}

/// The value of the hidden field of this name.
pub fn hidden(html: &str, name: &str) -> Option<String> {
    let field = html
        .split(&format!("type=\"hidden\" name=\"{name}\" value=\""))
        .nth(1)?;
    let value = field.split('"').next()?;
    Some(value.replace("&#38;", "&").replace("&#34;", "\""))
}

/// Every hidden field of the page's own content, as its form sends it.
pub fn all_hidden(html: &str) -> Vec<(String, String)> {
    let content = html.split("<main ").nth(1).unwrap_or_default();
    let fields = content.split("type=\"hidden\" name=\"").skip(1);
    fields
        .filter_map(|field| {
            let (name, rest) = field.split_once("\" value=\"")?;
            let (value, _) = rest.split_once('"')?;
            Some((name.to_owned(), unescaped(value)))
        })
        .collect()
}

/// Whether a word looks like the key of a text that is missing: the beginnings of the catalogue's keys.
fn is_key(word: &str) -> bool {
    let starts = [
        "page-",
        "label-",
        "hint-",
        "menu-",
        "done-",
        "problem-",
        "field-",
        "layout-",
        "form-",
        "failure-",
        "desk-",
        "account-",
        "hold-",
        "audit-",
        "deletion-",
        "registration-",
        "passkey-",
        "passkeys-",
    ];
    starts.iter().any(|start| word.starts_with(start))
}
