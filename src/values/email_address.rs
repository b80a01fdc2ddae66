//! Mail addresses in one form: lower case, the domain as ASCII (UTS 46), so that one mailbox is one account.

use std::{fmt, str::FromStr};

use super::Fault;

/// RFC 5321, 4.5.3.1.3, less the angle brackets.
const LONGEST_ADDRESS: usize = 254;

/// An address that mail can be sent to. `Debug` and `Display` are left to [`EmailAddress::as_str`], so that none
/// reaches a log by accident.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

/// The part behind the `@`, in the same form.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct MailDomain(String);

impl fmt::Debug for EmailAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("EmailAddress")
    }
}

impl EmailAddress {
    pub fn parse(raw: &str) -> Result<Self, Fault> {
        let invalid = || Fault::new("email_invalid");
        let raw = raw.trim();
        if raw.is_empty() {
            return Err(Fault::new("required"));
        }
        let (local, domain) = raw.rsplit_once('@').ok_or_else(invalid)?;
        // Without SMTPUTF8 no mail reaches a mailbox whose name is not ASCII; quoted names are left out as well.
        if !local.is_ascii() || local.contains(['"', ' ']) {
            return Err(invalid());
        }
        let address = format!("{}@{}", local.to_ascii_lowercase(), MailDomain::parse(domain)?.0);
        if address.len() > LONGEST_ADDRESS {
            return Err(Fault::with_limit("too_long", LONGEST_ADDRESS));
        }
        let options = email_address::Options::default()
            .without_display_text()
            .without_domain_literal();
        email_address::EmailAddress::parse_with_options(&address, options).map_err(|_| invalid())?;
        Ok(Self(address))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn domain(&self) -> MailDomain {
        MailDomain(
            self.0
                .rsplit_once('@')
                .map_or_else(String::new, |(_, domain)| domain.to_owned()),
        )
    }
}

impl MailDomain {
    /// A host name of at least two labels, internationalised ones as `xn--`.
    pub fn parse(raw: &str) -> Result<Self, Fault> {
        let invalid = || Fault::new("domain_invalid");
        let domain = idna::domain_to_ascii_strict(raw.trim().trim_end_matches('.')).map_err(|_| invalid())?;
        let labels = domain.split('.').count();
        // The last label of a host name is never a number: that would be an IP address.
        let ends_in_number = domain
            .rsplit('.')
            .next()
            .is_none_or(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
        if labels < 2 || ends_in_number || domain.len() > 253 {
            return Err(invalid());
        }
        Ok(Self(domain))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EmailAddress {
    type Err = String;

    /// For the command line.
    fn from_str(raw: &str) -> Result<Self, String> {
        Self::parse(raw).map_err(|_| "this is no mail address".to_owned())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_mailbox_has_one_form() {
        for (raw, form) in [
            (
                "Anna.Beispiel@Stadt-Musterhausen.DE",
                "anna.beispiel@stadt-musterhausen.de",
            ),
            (" a@köln.de ", "a@xn--kln-sna.de"),
            ("a@XN--KLN-SNA.de", "a@xn--kln-sna.de"),
            ("a+b@example.org.", "a+b@example.org"),
        ] {
            assert_eq!(EmailAddress::parse(raw).unwrap().as_str(), form);
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for raw in [
            "",
            "a",
            "@b.de",
            "a@",
            "a@b",
            "a b@c.de",
            "a@b c.de",
            "a\n@b.de",
            "a@b.de\r\nBcc: c@d.de",
            "\"a b\"@c.de",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "Anna <a@b.de>",
            "ä@b.de",
            "a@-b.de",
            "a..b@c.de",
            "a@b..de",
        ] {
            assert!(EmailAddress::parse(raw).is_err(), "{raw:?}");
        }
        let long = format!("{}@example.org", "a".repeat(250));
        assert!(EmailAddress::parse(&long).is_err());
    }

    #[test]
    fn an_address_is_not_printed() {
        let address = EmailAddress::parse("a@b.de").unwrap();
        assert_eq!(format!("{address:?}"), "EmailAddress");
    }
    proptest! {
        #[test]
        fn an_address_is_read_in_lower_case(
            local in "[A-Za-z0-9]([A-Za-z0-9_+-]{0,20}[A-Za-z0-9])?",
            domain in "[a-zA-Z]([a-z0-9]{0,10}[a-z0-9])?(\\.[a-z]([A-Z0-9]{0,10}[a-z0-9])?){0,3}\\.[a-z]{2,6}",
        ) {
            let written = format!("{local}@{domain}");
            let read = EmailAddress::parse(&written).unwrap();
            prop_assert_eq!(read.as_str(), written.to_ascii_lowercase());
            let domain = domain.to_ascii_lowercase();
            prop_assert_eq!(&read.domain().0, &domain);
            prop_assert_eq!(MailDomain::parse(&domain), Ok(read.domain()));
        }

        #[test]
        fn whatever_else_is_read_is_refused_or_reads_the_same_again(
            raw in ".{0,60}|[a-z.+\"@ -]{0,20}|.{0,3}[a-z]@\\PC{1,6}\\.de|[a-z]@[a-zßäöü。.-]{1,20}",
        ) {
            if let Ok(address) = EmailAddress::parse(&raw) {
                let text = address.as_str();
                prop_assert!(text.len() <= LONGEST_ADDRESS && text.bytes().all(|byte| byte.is_ascii_graphic()));
                prop_assert_eq!(text.matches('@').count(), 1);
                prop_assert!(EmailAddress::parse(text).is_ok_and(|again| again == address), "{}", text);
                prop_assert_eq!(MailDomain::parse(address.domain().as_str()), Ok(address.domain()));
            }
        }
    }
}
