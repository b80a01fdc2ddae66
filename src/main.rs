//! The command line. Exit 0: done; 1: failed; 2: wrong usage.

use std::process::ExitCode;

use clap::Parser;
use stammtisch::commands::CommandLine;

#[tokio::main]
async fn main() -> ExitCode {
    match CommandLine::parse().run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("stammtisch: {error:#}");
            ExitCode::FAILURE
        }
    }
}
