//! The embedded server's settings, written anew at each start so that a newer portal's apply. Keeps R4: the log
//! shows neither statements nor values.

use std::{fs, path::Path};

use super::PORT;

/// What PostgreSQL takes when nothing is said, in MiB.
const LEAST_BUFFERS: u64 = 128;
/// As much holds the rows and indexes that a day's members need of some million messages.
const MOST_BUFFERS: u64 = 1024;

/// How much of the database PostgreSQL keeps at hand, in MiB: a quarter of the memory, as its documentation advises
/// (`shared_buffers`), within bounds, since the portal and much else live here too. It is taken as it fills.
pub(super) fn buffers() -> u64 {
    memory().map_or(LEAST_BUFFERS, |bytes| {
        (bytes / 4 / (1 << 20)).clamp(LEAST_BUFFERS, MOST_BUFFERS)
    })
}

/// The machine's memory in bytes, or what a container is allowed of it. None: the system does not say it as Linux does.
fn memory() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let total = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let all = total.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024;
    let allowed = fs::read_to_string("/sys/fs/cgroup/memory.max").ok();
    let allowed = allowed.and_then(|text| text.trim().parse().ok());
    Some(allowed.unwrap_or(all).min(all))
}

/// The file's text for a socket in this directory, and so many MiB of [`buffers`].
pub(super) fn text(socket_dir: &Path, buffers: u64) -> String {
    let socket_dir = quoted(socket_dir);
    format!(
        "# Written by the portal at each start: changes made here are lost.\n\
         \n\
         # Reached through a unix socket in a private directory, by nothing else.\n\
         listen_addresses = ''\n\
         port = {PORT}\n\
         unix_socket_directories = {socket_dir}\n\
         unix_socket_permissions = 0700\n\
         max_connections = 100\n\
         shared_buffers = {buffers}MB\n\
         max_wal_size = 512MB\n\
         \n\
         # What has been confirmed to a member survives a power cut.\n\
         fsync = on\n\
         full_page_writes = on\n\
         synchronous_commit = on\n\
         autovacuum = on\n\
         timezone = 'UTC'\n\
         lc_messages = 'C'\n\
         \n\
         # R4: no statements and no values in the log.\n\
         log_error_verbosity = terse\n\
         log_min_error_statement = panic\n\
         log_parameter_max_length_on_error = 0\n\
         log_parameter_max_length = 0\n\
         log_statement = none\n\
         log_min_duration_statement = -1\n\
         log_min_duration_sample = -1\n\
         log_transaction_sample_rate = 0\n\
         log_duration = off\n\
         log_connections = off\n\
         log_disconnections = off\n\
         log_checkpoints = off\n\
         shared_preload_libraries = ''\n\
         session_preload_libraries = ''\n\
         \n\
         # One file an hour, overwritten a day later: the log ends by itself.\n\
         log_timezone = 'UTC'\n\
         log_destination = 'stderr'\n\
         logging_collector = on\n\
         log_directory = '../log'\n\
         log_filename = 'postgres-%H.log'\n\
         log_file_mode = 0600\n\
         log_rotation_age = 60\n\
         log_rotation_size = {LOG_SIZE_KB}kB\n\
         log_truncate_on_rotation = on\n"
    )
}

/// A log file over this size is removed at the next start.
pub(super) const LOG_SIZE_KB: u64 = 10 * 1024;

/// A list of one directory, in which commas and spaces stand between double quotes, as a configuration value.
fn quoted(dir: &Path) -> String {
    let item = dir.display().to_string().replace('"', "\"\"");
    let value = format!("\"{item}\"").replace('\\', "\\\\").replace('\'', "''");
    format!("'{value}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_end_the_setting_it_stands_in() {
        assert_eq!(quoted(Path::new("/a, b/it's")), "'\"/a, b/it''s\"'");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_machines_memory_is_known() {
        assert!(memory().is_some_and(|bytes| bytes > 1 << 27));
        assert!((LEAST_BUFFERS..=MOST_BUFFERS).contains(&buffers()));
    }

    #[test]
    fn the_log_shows_no_values() {
        let text = text(Path::new("/run"), LEAST_BUFFERS);
        for setting in [
            "log_error_verbosity = terse\n",
            "log_min_error_statement = panic\n",
            "log_parameter_max_length_on_error = 0\n",
        ] {
            assert!(text.contains(setting), "{setting} is missing");
        }
    }
}
