//! The `PostgreSQL` server that the portal brings along where no `database.url` is set: private to this user, on
//! a unix socket, shared by all processes on one `data_dir`, stopped by the last of them. Keeps R4: no values in
//! its log. Everything here blocks; async callers use `spawn_blocking`.

mod binaries;
mod cluster;
mod error;
mod files;
mod owner;
mod place;
mod settings;
mod socket;
mod state;

use std::fmt;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use self::binaries::Binaries;
use self::cluster::Cluster;
use self::error::Doing as _;
pub use self::error::EmbeddedError;
use self::owner::Owner;
use self::place::Place;

/// Superuser of the cluster and name of its database.
const NAME: &str = "stammtisch";

/// The role by which the portal works; the superuser makes it, with the same password.
pub const PORTAL: &str = "stammtisch_portal";

/// The port number names the socket's file; nothing listens on TCP.
const PORT: u16 = 5432;

/// How to connect to the embedded server.
#[derive(Clone)]
pub struct Connection {
    pub socket_dir: PathBuf,
    pub port: u16,
    pub user: String,
    pub password: String,
    pub database: String,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("socket_dir", &self.socket_dir)
            .field("port", &self.port)
            .field("user", &self.user)
            .field("database", &self.database)
            .finish_non_exhaustive()
    }
}

/// One process's use of the server. Dropping it gives up the use without stopping the server; the next process
/// to start takes a server over that was left running.
pub struct EmbeddedServer {
    connection: Connection,
    cluster: Cluster,
    data_dir: PathBuf,
    /// Locked shared for as long as this process uses the server.
    users: File,
}

impl EmbeddedServer {
    /// Starts the server of this data directory, or joins it where it runs already. The first start creates the
    /// database. Waits until it accepts connections, at most about 60 seconds.
    pub fn start(data_dir: &Path) -> Result<Self, EmbeddedError> {
        let data_dir = files::data_dir(data_dir, Owner::runs_as_root())?;
        let starting = lock_file(&data_dir, "start.lock")?;
        starting.lock().doing("lock", &data_dir.join("start.lock"))?;
        let users = lock_file(&data_dir, "users.lock")?;
        users.lock_shared().doing("lock", &data_dir.join("users.lock"))?;

        let id = files::secret(&data_dir.join("postgres.id"), 8)?;
        let place = Place::of(&data_dir, &id)?;
        let binaries = Binaries::find(place.version()?)?;
        let place = place.settle(&data_dir, &binaries)?;
        let password_file = data_dir.join("postgres.password");
        let cluster = Cluster::new(place, binaries, id);
        let password = if cluster.exists()? {
            files::known_secret(&password_file)?
        } else {
            let password = files::secret(&password_file, 32)?;
            cluster.create(&password)?;
            password
        };
        let socket_dir = cluster.start()?;
        Ok(Self {
            connection: Connection {
                socket_dir,
                port: PORT,
                user: NAME.to_owned(),
                password,
                database: NAME.to_owned(),
            },
            cluster,
            data_dir,
            users,
        })
    }

    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Ends this process's use; the last user stops the server and waits for its end.
    pub fn stop(self) -> Result<(), EmbeddedError> {
        let starting = lock_file(&self.data_dir, "start.lock")?;
        starting.lock().doing("lock", &self.data_dir.join("start.lock"))?;
        let users = self.data_dir.join("users.lock");
        self.users.unlock().doing("unlock", &users)?;
        match self.users.try_lock() {
            Ok(()) => self.cluster.stop(),
            Err(TryLockError::WouldBlock) => {
                tracing::debug!("others still use the embedded PostgreSQL: it stays up");
                Ok(())
            }
            Err(TryLockError::Error(error)) => Err(error).doing("lock", &users),
        }
    }
}

/// Opens a lock file; a child process never inherits it, as std opens with `O_CLOEXEC`.
fn lock_file(data_dir: &Path, name: &str) -> Result<File, EmbeddedError> {
    let path = data_dir.join(name);
    files::private()
        .read(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .doing("open", &path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_not_shown_by_debug() {
        let connection = Connection {
            socket_dir: "/run/x".into(),
            port: PORT,
            user: NAME.to_owned(),
            password: "geheim".to_owned(),
            database: NAME.to_owned(),
        };
        assert!(!format!("{connection:?}").contains("geheim"));
    }
}
