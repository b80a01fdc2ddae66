//! The operating system's user who runs the database: ourselves, or, as `PostgreSQL` refuses to run as root,
//! a user without rights to whom root hands the database's directories.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, lchown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use nix::unistd::{Uid, User, getegid, geteuid};

use super::binaries::Binaries;
use super::error::{Doing as _, EmbeddedError};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) uid: u32,
    gid: u32,
    /// Whether we are root and this is somebody else.
    pub(super) switched: bool,
}

impl Owner {
    pub(super) fn runs_as_root() -> bool {
        geteuid().is_root()
    }

    /// Who is to own a new cluster.
    pub(super) fn of_new_cluster() -> Result<Self, EmbeddedError> {
        if !Self::runs_as_root() {
            return Ok(Self {
                uid: geteuid().as_raw(),
                gid: getegid().as_raw(),
                switched: false,
            });
        }
        let user = ["postgres", "nobody"]
            .into_iter()
            .find_map(|name| User::from_name(name).ok().flatten());
        let user = user
            .filter(|user| !user.uid.is_root())
            .ok_or(EmbeddedError::NoUser)?;
        Ok(Self {
            uid: user.uid.as_raw(),
            gid: user.gid.as_raw(),
            switched: true,
        })
    }

    /// Who owns a cluster that is there; only root can act for somebody else.
    pub(super) fn of_cluster(path: &Path) -> Result<Self, EmbeddedError> {
        let metadata = fs::symlink_metadata(path).doing("look at", path)?;
        let own = geteuid().as_raw();
        if own == metadata.uid() {
            return Ok(Self {
                uid: own,
                gid: getegid().as_raw(),
                switched: false,
            });
        }
        if own != 0 {
            return Err(EmbeddedError::OtherOwner(path.to_owned()));
        }
        let user = User::from_uid(Uid::from_raw(metadata.uid())).ok().flatten();
        let gid = user.map_or(metadata.gid(), |user| user.gid.as_raw());
        Ok(Self {
            uid: metadata.uid(),
            gid,
            switched: true,
        })
    }

    /// A program to be run as this user in a directory that they can enter. Nothing of our environment reaches
    /// it (`PGDATA`, `PGPORT`, locale), and a Ctrl-C meant for the portal does not either: requests finish first.
    pub(super) fn command(self, binaries: &Binaries, program: &str, dir: &Path) -> Command {
        let mut command = Command::new(binaries.dir.join(program));
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("LC_ALL", "C")
            .current_dir(dir)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if self.switched {
            // std drops root's supplementary groups along with it.
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Whether this user can stand in a directory: asked of the system itself, which knows of ACLs and the like.
    pub(super) fn can_enter(self, dir: &Path, binaries: &Binaries) -> bool {
        !self.switched
            || self
                .command(binaries, "pg_ctl", dir)
                .arg("--version")
                .output()
                .is_ok()
    }

    /// Makes a file or directory of ours theirs.
    pub(super) fn give(self, path: &Path) -> Result<(), EmbeddedError> {
        if self.switched {
            lchown(path, Some(self.uid), Some(self.gid)).doing("give away", path)
        } else {
            Ok(())
        }
    }
}

/// Runs a program to its end; its failure is told with what it last said.
pub(super) fn run(tool: &'static str, mut command: Command, input: &str) -> Result<Output, EmbeddedError> {
    let failed = |message: String| EmbeddedError::Tool { tool, message };
    if !input.is_empty() {
        command.stdin(Stdio::piped());
    }
    let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that ends before it has read everything says why by itself.
        let _ = stdin.write_all(input.as_bytes());
    }
    let output = child
        .wait_with_output()
        .map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(output);
    }
    let said = if output.stderr.trim_ascii().is_empty() {
        &output.stdout
    } else {
        &output.stderr
    };
    Err(failed(last_lines(&String::from_utf8_lossy(said))))
}

/// The last few lines of a program's output, as one.
pub(super) fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines[lines.len().saturating_sub(5)..].join("; ")
}
