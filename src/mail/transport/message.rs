//! A letter as an Internet message (RFC 5322), in 7-bit encodings that every server and program understands.

use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};

use super::Envelope;
use crate::{mail::letter::Rendered, text::Locale};

/// Which address of the envelope is none.
pub enum Unusable {
    Sender,
    Recipient,
}

/// Both bodies as alternatives. Addresses are parsed and everything else is encoded by lettre, so that nothing in the
/// parts can add a header.
pub fn build(envelope: &Envelope, rendered: &Rendered, locale: Locale) -> Result<Message, Unusable> {
    let from: Mailbox = envelope.from.parse().map_err(|_| Unusable::Sender)?;
    // An address only: a mailbox with a name is not what the portal stores.
    let to: Address = envelope.to.parse().map_err(|_| Unusable::Recipient)?;
    let message_id = format!("<{}@{}>", envelope.mail_id, from.email.domain());
    let mut builder = Message::builder();
    if let Some(link) = &envelope.unsubscribe {
        for (name, value) in [
            ("List-Unsubscribe", format!("<{link}>").as_str()),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ] {
            builder = builder.raw_header(header(HeaderName::new_from_ascii_str(name), value));
        }
    }
    builder
        .date(envelope.sent_at.into())
        .message_id(Some(message_id))
        .from(from)
        .to(Mailbox::new(None, to))
        .subject(&rendered.subject)
        // RFC 3834, section 5: no vacation notice answers this.
        .raw_header(header(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated",
        ))
        .raw_header(header(
            HeaderName::new_from_ascii_str("Content-Language"),
            locale.as_str(),
        ))
        .multipart(MultiPart::alternative_plain_html(
            rendered.text.clone(),
            rendered.html.clone(),
        ))
        // Sender and recipient stand there; nothing else is asked of a message.
        .map_err(|_| Unusable::Sender)
}

fn header(name: HeaderName, value: &str) -> HeaderValue {
    HeaderValue::new(name, value.to_owned())
}
