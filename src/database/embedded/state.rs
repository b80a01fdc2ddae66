//! Whether the server runs, judged by its `postmaster.pid`, which outlives a killed server and a restarted
//! machine, where its process number may be somebody else's.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::error::{Doing as _, EmbeddedError};
use super::files;

/// How long a server may take to get ready or to end, if a killed process of ours left it on its way.
const PATIENCE: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(50);

/// The lines of `postmaster.pid` that matter here (`miscadmin.h`, since `PostgreSQL` 10).
#[derive(Debug, PartialEq, Eq)]
struct PidFile {
    pid: i32,
    data_dir: PathBuf,
    port: String,
    socket_dir: PathBuf,
    status: String,
}

impl PidFile {
    fn parse(text: &str) -> Option<Self> {
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        let line = |at: usize| lines.get(at).copied().unwrap_or_default();
        Some(Self {
            pid: line(0).parse().ok().filter(|pid| *pid > 0)?,
            data_dir: line(1).into(),
            port: line(3).to_owned(),
            socket_dir: line(4).into(),
            status: line(7).to_owned(),
        })
    }

    fn accepts_connections(&self) -> bool {
        let socket = self.socket_dir.join(format!(".s.PGSQL.{}", self.port));
        self.status == "ready" && UnixStream::connect(socket).is_ok()
    }
}

/// The directory of the running server's socket; none if it does not run. Waits for one that is just starting or
/// ending, and clears away what would keep another from starting.
pub(super) fn running(cluster: &Path) -> Result<Option<PathBuf>, EmbeddedError> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let Some(file) = read(cluster)? else {
            return Ok(None);
        };
        if file.accepts_connections() {
            return Ok(Some(file.socket_dir));
        }
        if Instant::now() > deadline {
            return Err(EmbeddedError::Unresponsive {
                path: cluster.to_owned(),
                pid: file.pid,
            });
        }
        sleep(PAUSE);
    }
}

/// Whether a server process is there, ready or not.
pub(super) fn is_alive(cluster: &Path) -> Result<bool, EmbeddedError> {
    Ok(read(cluster)?.is_some())
}

/// The file of a process that is there and is this cluster's server. Any other's is removed, as the server
/// would take it for its own and refuse to start.
fn read(cluster: &Path) -> Result<Option<PidFile>, EmbeddedError> {
    let path = cluster.join("postmaster.pid");
    let text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        read => read.doing("read", &path)?,
    };
    match PidFile::parse(&text) {
        Some(file) if file.data_dir == cluster && is_server(file.pid, cluster) => Ok(Some(file)),
        _ => {
            tracing::info!("the embedded PostgreSQL was not shut down properly: it recovers by itself");
            files::remove_file(&path)?;
            Ok(None)
        }
    }
}

/// Whether the process is there and works in the cluster, as the server does.
fn is_server(pid: i32, cluster: &Path) -> bool {
    let Some(process) = rustix::process::Pid::from_raw(pid) else {
        return false;
    };
    if rustix::process::test_kill_process(process) == Err(rustix::io::Errno::SRCH) {
        return false;
    }
    let entry = PathBuf::from(format!("/proc/{pid}"));
    if !Path::new("/proc/self").exists() {
        // Without /proc the file's word has to do; a mistake ends in an error, not in a second server.
        return true;
    }
    match fs::read_link(entry.join("cwd")) {
        Ok(dir) => dir == cluster,
        // Root in a container may not see another user's directories, but everyone sees a process's name.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            fs::read_to_string(entry.join("comm")).is_ok_and(|name| name.trim_end() == "postgres")
        }
        // A killed server that nobody has collected yet.
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_file_is_read_while_it_starts_and_when_it_is_ready() {
        let starting = "4711\n/data/cluster\n1700000000\n5432\n/data/run\n\n";
        let expected = |status: &str| {
            Some(PidFile {
                pid: 4711,
                data_dir: "/data/cluster".into(),
                port: "5432".to_owned(),
                socket_dir: "/data/run".into(),
                status: status.to_owned(),
            })
        };
        assert_eq!(PidFile::parse(starting), expected(""));
        let ready = format!("{starting}  5432001    32768\nready   \n");
        assert_eq!(PidFile::parse(&ready), expected("ready"));
    }

    #[test]
    fn an_empty_or_torn_file_is_none() {
        assert_eq!(PidFile::parse(""), None);
        assert_eq!(PidFile::parse("-1\n"), None);
    }

    #[test]
    fn another_process_with_the_same_number_is_not_the_server() {
        let own = std::process::id().cast_signed();
        assert!(!is_server(own, Path::new("/nonexistent/cluster")));
    }
}
