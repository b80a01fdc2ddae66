//! One database a test: a copy of a template that is migrated once a run, dropped when the test ends, even by a panic.

use std::{env, fs, path::Path, thread};

use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection, postgres::PgConnectOptions, raw_sql};
use stammtisch::{
    clock::{Random, SystemRandom},
    database::{connect, migrate, options},
    settings::Settings,
};
use url::Url;

/// Taken on the maintenance database while the template is made: tests are processes that start at once.
const TEMPLATE_LOCK: i64 = 0x5374_616d_6dff;

/// Lives as long as its test.
pub struct TestDatabase {
    address: String,
    server: PgConnectOptions,
    name: String,
    roles: Option<Roles>,
}

/// Two roles that are no superusers: the portal's, and the one to whom database and schema belong.
struct Roles {
    owner: String,
    application: String,
}

impl TestDatabase {
    pub async fn create() -> Self {
        let address = address();
        let server = server(&address);
        let mut connection = server.connect().await.expect("the test server is reached");
        let template = template(&server, &mut connection).await;
        let name = format!("test_{}", SystemRandom.uuid_v4().simple());
        copy_database(&mut connection, &template, &name).await;
        Self {
            address,
            server,
            name,
            roles: None,
        }
    }

    /// An empty one, on any server.
    pub async fn create_empty(address: &str) -> Self {
        let server = server(address);
        let mut connection = server.connect().await.expect("the server is reached");
        let name = format!("test_{}", SystemRandom.uuid_v4().simple());
        run(
            &mut connection,
            format!("CREATE DATABASE {name} TEMPLATE template0"),
        )
        .await;
        Self {
            address: address.to_owned(),
            server,
            name,
            roles: None,
        }
    }

    /// An empty one with two roles, as `docs/database-roles.md` has them; it is reached by the application's.
    pub async fn with_roles() -> Self {
        let address = address();
        let server = server(&address);
        let mut connection = server.connect().await.expect("the test server is reached");
        let name = format!("test_{}", SystemRandom.uuid_v4().simple());
        let (owner, application) = (format!("{name}_owner"), format!("{name}_app"));
        for statement in [
            format!("CREATE ROLE {owner} LOGIN"),
            format!("CREATE ROLE {application} LOGIN"),
            format!("GRANT {application} TO {owner}"),
            format!("CREATE DATABASE {name} OWNER {owner} TEMPLATE template0"),
        ] {
            run(&mut connection, statement).await;
        }
        let mut inside = server
            .clone()
            .database(&name)
            .connect()
            .await
            .expect("the new database is reached");
        for statement in [
            format!("ALTER SCHEMA public OWNER TO {owner}"),
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC".to_owned(),
            format!("GRANT USAGE, CREATE ON SCHEMA public TO {application}"),
        ] {
            run(&mut inside, statement).await;
        }
        Self {
            address,
            server,
            name,
            roles: Some(Roles { owner, application }),
        }
    }

    /// Another with the same content. Everyone else's connections to this one end.
    pub async fn copy(&self) -> Self {
        let name = format!("test_{}", SystemRandom.uuid_v4().simple());
        let mut connection = self.server.connect().await.expect("the test server is reached");
        end_connections(&mut connection, &self.name)
            .await
            .expect("the server ends them");
        copy_database(&mut connection, &self.name, &name).await;
        Self {
            address: self.address.clone(),
            server: self.server.clone(),
            name,
            roles: None,
        }
    }

    /// Its address, for PostgreSQL's own programs.
    pub fn url(&self) -> String {
        self.url_as(self.roles.as_ref().map(|roles| roles.application.as_str()))
    }

    /// The same as the owner's role.
    pub fn owner_url(&self) -> String {
        self.url_as(self.roles.as_ref().map(|roles| roles.owner.as_str()))
    }

    fn url_as(&self, role: Option<&str>) -> String {
        let mut url = Url::parse(&self.address).expect("a server's address is a URL");
        url.set_path(&self.name);
        if let Some(role) = role {
            url.set_username(role).expect("the address can have a user");
        }
        url.to_string()
    }

    /// How to reach it.
    pub fn options(&self) -> PgConnectOptions {
        let options = self.server.clone().database(&self.name);
        match &self.roles {
            Some(roles) => options.username(&roles.application),
            None => options,
        }
    }
}

impl Drop for TestDatabase {
    /// On a thread of its own, because the test's runtime may be gone; what fails here is lost with the server.
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        let roles = self.roles.take();
        let dropped = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async {
                let mut connection = server.connect().await?;
                end_connections(&mut connection, &name).await?;
                let mut statements = vec![format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")];
                if let Some(Roles { owner, application }) = roles {
                    statements.push(format!("DROP ROLE {owner}, {application}"));
                }
                for statement in statements {
                    raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await?;
                }
                Ok::<_, sqlx::Error>(())
            })
        });
        if !matches!(dropped.join(), Ok(Ok(()))) {
            eprintln!("a test's database could not be dropped");
        }
    }
}

/// The run's own server.
pub fn address() -> String {
    env::var("TEST_DATABASE_URL")
        .expect("TEST_DATABASE_URL is not set: run `make test` or `.ci/with-postgres cargo nextest run`")
}

fn server(address: &str) -> PgConnectOptions {
    options(address)
        .expect("the server's address is understood")
        .disable_statement_logging()
}

/// The name of the migrated template, which is made by whoever comes first.
async fn template(server: &PgConnectOptions, connection: &mut PgConnection) -> String {
    let name = format!("template_{}", migrations_hash());
    run(connection, format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})")).await;
    let (known,): (bool,) = sqlx::query_as("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
        .bind(&name)
        .fetch_one(&mut *connection)
        .await
        .expect("the server lists its databases");
    if !known {
        make_template(server, connection, &name).await;
    }
    run(connection, format!("SELECT pg_advisory_unlock({TEMPLATE_LOCK})")).await;
    name
}

/// It gets its name when it is complete, so that nothing half-made is ever copied.
async fn make_template(server: &PgConnectOptions, connection: &mut PgConnection, name: &str) {
    let unfinished = format!("{name}_unfinished");
    run(
        connection,
        format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)"),
    )
    .await;
    run(connection, format!("CREATE DATABASE {unfinished}")).await;
    let settings = Settings::from_toml("database.max_connections = 5")
        .expect("the settings are good")
        .database;
    let database = connect(server.clone().database(&unfinished), &settings)
        .await
        .expect("the template is reached");
    migrate(&database).await.expect("the migrations run");
    database.close().await;
    run(
        connection,
        format!("ALTER DATABASE {unfinished} RENAME TO {name}"),
    )
    .await;
}

async fn run(connection: &mut PgConnection, statement: String) {
    raw_sql(AssertSqlSafe(statement))
        .execute(connection)
        .await
        .expect("the server does as it is told");
}

/// File by file: that is half the work of what PostgreSQL does by itself since 15, which is to write each page to its
/// log, too. Older ones copy files, and do not know the word.
async fn copy_database(connection: &mut PgConnection, from: &str, name: &str) {
    let knows_strategies = connection
        .server_version_num()
        .is_some_and(|number| number >= 150_000);
    let strategy = if knows_strategies {
        "STRATEGY file_copy"
    } else {
        ""
    };
    run(
        connection,
        format!("CREATE DATABASE {name} TEMPLATE {from} {strategy}"),
    )
    .await;
}

/// Ends what the test left open, and goes on as soon as that is gone: the server itself, which does the same for
/// `WITH (FORCE)`, sleeps a tenth of a second before it looks again.
async fn end_connections(connection: &mut PgConnection, name: &str) -> Result<(), sqlx::Error> {
    for _ in 0..1_000 {
        let (ended,): (i64,) = sqlx::query_as(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1",
        )
        .bind(name)
        .fetch_one(&mut *connection)
        .await?;
        if ended == 0 {
            break;
        }
    }
    Ok(())
}

/// A changed migration is another template.
fn migrations_hash() -> String {
    let mut digest = Sha256::new();
    add_sources(
        &mut digest,
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("migration/src"),
    );
    let hash = digest.finalize();
    u64::from_be_bytes(hash[..8].try_into().expect("a hash has 32 bytes")).to_string()
}

fn add_sources(digest: &mut Sha256, folder: &Path) {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("the migrations stand beside the tests")
        .map(|entry| entry.expect("the folder is read").path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            add_sources(digest, &path);
        } else {
            digest.update(path.as_os_str().as_encoded_bytes());
            digest.update(fs::read(&path).expect("a migration is read"));
        }
    }
}
