//! `stammtisch passwords import`: the list of breached passwords, from what the operator downloaded.

use std::path::Path;

use anyhow::Context;

use super::start;
use crate::{
    clock::SystemRandom,
    passwords::breached::{self, FALSE_POSITIVES},
    settings::Settings,
    whole_file::folder_of,
};

pub(super) fn import(settings: &Settings, list: &Path) -> anyhow::Result<bool> {
    let target = settings.breached_file();
    start::private_folder(folder_of(&target))?;
    let made = breached::import(list, &target, &SystemRandom)
        .with_context(|| format!("{} was not imported", list.display()))?;
    println!(
        "{} hashes are in {} now ({} KiB): of other passwords at most one in {} is refused with them.",
        made.count,
        target.display(),
        made.bytes.div_ceil(1024),
        (1.0 / FALSE_POSITIVES).round()
    );
    println!("Restart the instances: the list is read when they start.");
    Ok(true)
}
