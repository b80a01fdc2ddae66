//! What is wrong with the settings, in words that never repeat a value: it may be a secret.

use figment::error::{Error, Kind, OneOf};

/// Every fault, with its key and where it stands.
pub(super) fn about(error: &Error) -> String {
    let faults: Vec<String> = error.clone().into_iter().map(|fault| one(&fault)).collect();
    faults.join("; ")
}

/// What a parser says without what it quotes, which is the value or a part of it.
fn without_quotes(text: &str) -> String {
    match (text.find('"'), text.rfind('"')) {
        (Some(first), Some(last)) => {
            let said = text[..first].trim_end_matches([' ', ':']);
            format!("{said}{}", &text[last + 1..])
        }
        _ => text.to_owned(),
    }
}

fn one(fault: &Error) -> String {
    let what = match &fault.kind {
        Kind::InvalidType(_, expected) | Kind::InvalidValue(_, expected) => {
            format!("invalid value: expected {expected}")
        }
        Kind::UnknownVariant(_, known) => format!("invalid value: expected {}", OneOf(known)),
        Kind::ISizeOutOfRange(_) | Kind::USizeOutOfRange(_) => "the number is out of range".to_owned(),
        Kind::Unsupported(_) => "invalid value".to_owned(),
        Kind::Message(text) => without_quotes(text),
        // These name keys.
        kind => kind.to_string(),
    };
    let key = match fault.path.join(".") {
        path if path.is_empty() => path,
        path => format!(" for key {path:?}"),
    };
    let place = match fault
        .metadata
        .as_ref()
        .map(|metadata| (&metadata.source, &metadata.name))
    {
        Some((Some(source), name)) => format!(" in {source} {name}"),
        Some((None, name)) => format!(" in {name}"),
        None => String::new(),
    };
    format!("{what}{key}{place}")
}
