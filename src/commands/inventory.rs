//! `stammtisch inventory`: the erasure concept of this installation, to file or to read by programs. Needs no database.

use clap::ValueEnum;

use crate::{erasure::concept::concept, settings::Settings, text::Locale};

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Format {
    Markdown,
    Json,
}

pub(super) fn inventory(settings: &Settings, format: Format, locale: Locale) -> anyhow::Result<bool> {
    let concept = concept(settings, locale);
    match format {
        Format::Markdown => print!("{}", concept.markdown()?),
        Format::Json => println!("{}", serde_json::to_string_pretty(&concept)?),
    }
    Ok(true)
}
