//! The command line. Exit 0: done; 1: failed; 2: wrong usage.

use std::process::ExitCode;

use clap::Parser;
use stammtisch::commands::CommandLine;

/// After how many steps of tasks a worker looks for what has arrived on sockets: tokio's default is 61. One step of a
/// connection whose client sends request upon request without pause can be sixteen requests long, so that everyone
/// else's answer from the database lay unseen for 50 ms and more.
const STEPS_BETWEEN_LOOKS: u32 = 5;

fn main() -> ExitCode {
    let command = CommandLine::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .event_interval(STEPS_BETWEEN_LOOKS)
        .build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(command.run()),
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("stammtisch: {error:#}");
            ExitCode::FAILURE
        }
    }
}
