//! `stammtisch secrets rotate`: a new key in front of the key file.

use crate::{clock::SystemRandom, secrets, settings::Settings};

pub(super) fn rotate(settings: &Settings) -> anyhow::Result<bool> {
    let path = settings.key_file();
    let older = secrets::rotate(&path, &SystemRandom)?;
    println!(
        "{} begins with a new key; older ones that it keeps: {older}.",
        path.display()
    );
    println!("Restart all instances now: the keys are read when they start.");
    Ok(true)
}
