//! Finds `PostgreSQL`'s server programs: in `PATH`, where Debian keeps them, and where Homebrew does.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::EmbeddedError;

/// The oldest major version that the portal's schema runs on.
pub(super) const OLDEST: u32 = 13;

const PROGRAMS: [&str; 3] = ["initdb", "pg_ctl", "postgres"];

/// One installed version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Binaries {
    pub(super) major: u32,
    pub(super) dir: PathBuf,
}

impl Binaries {
    /// The version to use: that of an existing cluster, which is named with its directory, or one for a new one.
    pub(super) fn find(existing: Option<(u32, PathBuf)>) -> Result<Self, EmbeddedError> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let wanted = existing.as_ref().map(|(major, _)| *major);
        match (
            choose(installed(on_path(&path)), installed(well_known()), wanted),
            existing,
        ) {
            (Some(found), _) => Ok(found),
            (None, Some((major, path))) => Err(EmbeddedError::MissingVersion {
                path,
                major,
                install: install_version(major),
            }),
            (None, None) => Err(EmbeddedError::MissingBinaries { install: INSTALL }),
        }
    }
}

const INSTALL: &str = if cfg!(target_os = "macos") {
    "brew install postgresql"
} else {
    "apt-get install postgresql"
};

fn install_version(major: u32) -> String {
    if cfg!(target_os = "macos") {
        format!("brew install postgresql@{major}")
    } else {
        format!("apt-get install postgresql-{major}")
    }
}

/// What comes first in `PATH` was put there on purpose; otherwise the newest.
fn choose(on_path: Vec<Binaries>, well_known: Vec<Binaries>, wanted: Option<u32>) -> Option<Binaries> {
    if let Some(wanted) = wanted {
        return on_path
            .into_iter()
            .chain(well_known)
            .find(|found| found.major == wanted);
    }
    on_path
        .into_iter()
        .find(|found| found.major >= OLDEST)
        .or_else(|| {
            well_known
                .into_iter()
                .filter(|found| found.major >= OLDEST)
                .max_by_key(|found| found.major)
        })
}

fn on_path(path: &OsStr) -> Vec<PathBuf> {
    std::env::split_paths(path)
        .filter(|dir| dir.is_absolute())
        .collect()
}

/// Debian's `/usr/lib/postgresql/*/bin` and Homebrew's `opt/postgresql*/bin`.
fn well_known() -> Vec<PathBuf> {
    let places = [
        ("/usr/lib/postgresql", ""),
        ("/opt/homebrew/opt", "postgresql"),
        ("/usr/local/opt", "postgresql"),
    ];
    places
        .into_iter()
        .flat_map(|(parent, prefix)| {
            let entries = fs::read_dir(parent).into_iter().flatten().flatten();
            entries.filter(move |entry| entry.file_name().to_string_lossy().starts_with(prefix))
        })
        .map(|entry| entry.path().join("bin"))
        .collect()
}

fn installed(dirs: Vec<PathBuf>) -> Vec<Binaries> {
    dirs.into_iter().filter_map(|dir| look_into(&dir)).collect()
}

/// Follows links, since initdb wants its fellow programs in the directory that it stands in.
fn look_into(dir: &Path) -> Option<Binaries> {
    let dir = dir.join("postgres").canonicalize().ok()?.parent()?.to_owned();
    if !PROGRAMS.iter().all(|program| dir.join(program).is_file()) {
        return None;
    }
    let output = Command::new(dir.join("postgres"))
        .arg("--version")
        .output()
        .ok()?;
    let major = major(&String::from_utf8_lossy(&output.stdout))?;
    Some(Binaries { major, dir })
}

/// The major version in `postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)` or `… 18beta1`.
fn major(version: &str) -> Option<u32> {
    let number = version.split_once("(PostgreSQL) ")?.1;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(majors: &[u32]) -> Vec<Binaries> {
        majors
            .iter()
            .map(|major| Binaries {
                major: *major,
                dir: format!("/pg/{major}/bin").into(),
            })
            .collect()
    }

    fn chosen(on_path: &[u32], well_known: &[u32], wanted: Option<u32>) -> Option<u32> {
        choose(versions(on_path), versions(well_known), wanted).map(|found| found.major)
    }

    #[test]
    fn a_new_cluster_takes_what_is_in_path_or_else_the_newest() {
        assert_eq!(chosen(&[15], &[14, 17], None), Some(15));
        assert_eq!(chosen(&[12], &[14, 17, 16], None), Some(17));
        assert_eq!(chosen(&[], &[9, 12], None), None);
    }

    #[test]
    fn an_existing_cluster_takes_its_own_version_or_none() {
        assert_eq!(chosen(&[15], &[14, 17], Some(14)), Some(14));
        assert_eq!(chosen(&[15], &[17], Some(16)), None);
    }

    #[test]
    fn the_major_version_is_read_from_releases_and_betas() {
        assert_eq!(
            major("postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)\n"),
            Some(15)
        );
        assert_eq!(major("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major("mysql 8"), None);
    }

    #[test]
    fn relative_directories_in_path_are_ignored() {
        assert_eq!(
            on_path(OsStr::new("bin:/usr/bin::.")),
            vec![PathBuf::from("/usr/bin")]
        );
    }
}
