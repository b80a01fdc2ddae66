//! Reading the mails that left, as their readers do.

use std::fs;

use mail_parser::MessageParser;
use stammtisch::mail::letter::LinkPurpose;
use url::Url;

use super::TestPortal;

/// A mail that left the portal.
#[derive(Debug, Clone)]
pub struct Mail {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// What stands alone on a line and is an address, as people click it.
    pub links: Vec<Url>,
    /// What mail programs end such mails by: `List-Unsubscribe` and `List-Unsubscribe-Post`.
    pub unsubscribe: Option<(String, String)>,
}

impl TestPortal {
    /// Every mail that left, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        let Ok(entries) = fs::read_dir(self.home.folder.path().join("mail")) else {
            return Vec::new();
        };
        let mut paths: Vec<_> = entries
            .map(|entry| entry.expect("the folder is read").path())
            .collect();
        // Named after account and mail; a mail's id sorts by time.
        paths.sort_by_key(|path| path.to_string_lossy().rsplit('_').next().map(str::to_owned));
        paths
            .iter()
            .map(|path| read(&fs::read(path).expect("a mail is read")))
            .collect()
    }

    /// The mails to one address, oldest first.
    pub fn mails_to(&self, address: &str) -> Vec<Mail> {
        self.mails()
            .into_iter()
            .filter(|mail| mail.to == address)
            .collect()
    }

    /// The token of the newest link of this purpose that was mailed to the address.
    #[track_caller]
    pub fn link_for(&self, address: &str, purpose: LinkPurpose) -> String {
        let mails = self.mails_to(address);
        let mut links = mails.iter().rev().flat_map(|mail| &mail.links);
        let link = links.find(|link| link.path().ends_with(&format!("/{}", purpose.segment())));
        let link =
            link.unwrap_or_else(|| panic!("no mail to {address} has a link for {purpose:?}: {mails:#?}"));
        let (_, token) = link
            .query_pairs()
            .find(|(name, _)| name == "token")
            .expect("the link has a token");
        token.into_owned()
    }
}

fn read(raw: &[u8]) -> Mail {
    let parsed = MessageParser::default()
        .parse(raw)
        .expect("the portal writes mails that can be read");
    let text = parsed
        .body_text(0)
        .expect("there is a text part")
        .replace("\r\n", "\n");
    let links = text
        .lines()
        .filter_map(|line| Url::parse(line).ok().filter(Url::has_host))
        .collect();
    let header = |name: &str| parsed.header_raw(name).map(|value| value.trim().to_owned());
    Mail {
        to: parsed
            .to()
            .and_then(|to| to.first()?.address())
            .expect("there is a recipient")
            .to_owned(),
        subject: parsed.subject().expect("there is a subject").to_owned(),
        html: parsed.body_html(0).expect("there is an HTML part").into_owned(),
        text,
        links,
        unsubscribe: header("List-Unsubscribe").zip(header("List-Unsubscribe-Post")),
    }
}
