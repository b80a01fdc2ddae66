//! Pages for people. So far: what the links in mails lead to.
