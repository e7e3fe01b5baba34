//! Our own tables and Django's: made where they are missing, in numbered steps that are remembered.

use sha2::{Digest, Sha256};

use super::{Dialect, Store, StoreError};
use crate::value::Value;

/// A group of tables that a site may need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Users, groups, permissions and content types.
    Accounts,
    /// Sessions.
    Sessions,
    /// The history of Django's admin.
    AdminLog,
    /// The audit log of Conjure.
    ConjureLog,
    /// The people of litestar-admin.
    AdminUsers,
    /// The settings of litestar-admin.
    AdminSettings,
    /// The audit log of litestar-admin.
    AdminAuditLog,
    /// Families of refresh tokens.
    RefreshTokens,
    /// Resets of forgotten passwords.
    PasswordResets,
}

impl Part {
    /// All parts, in the order in which they can be made.
    pub const ALL: [Part; 9] = [
        Part::Accounts,
        Part::Sessions,
        Part::AdminLog,
        Part::ConjureLog,
        Part::AdminUsers,
        Part::AdminSettings,
        Part::AdminAuditLog,
        Part::RefreshTokens,
        Part::PasswordResets,
    ];

    /// The tables of litestar-admin.
    pub const LITESTAR: [Part; 3] = [Part::AdminUsers, Part::AdminSettings, Part::AdminAuditLog];
}

/// One step: the tables of a part, in the languages of the databases.
struct Step {
    version: i64,
    name: &'static str,
    part: Part,
    /// The table that tells whether Django, or an earlier run, has made this part.
    sign: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

impl Step {
    fn sql(&self, dialect: Dialect) -> &'static str {
        match dialect {
            Dialect::Sqlite => self.sqlite,
            Dialect::Postgres => self.postgres,
        }
    }
}

macro_rules! step {
    ($version:literal, $file:literal, $part:ident, $sign:literal) => {
        Step {
            version: $version,
            name: $file,
            part: Part::$part,
            sign: $sign,
            sqlite: include_str!(concat!("tables/sqlite/", $file, ".sql")),
            postgres: include_str!(concat!("tables/postgres/", $file, ".sql")),
        }
    };
}

const STEPS: [Step; 9] = [
    step!(1, "0001_accounts", Accounts, "auth_user"),
    step!(2, "0002_sessions", Sessions, "django_session"),
    step!(3, "0003_admin_log", AdminLog, "django_admin_log"),
    step!(4, "0004_conjure_log", ConjureLog, "conjure_audit_log"),
    step!(5, "0005_admin_users", AdminUsers, "admin_users"),
    step!(6, "0006_admin_settings", AdminSettings, "admin_settings"),
    step!(7, "0007_admin_audit_log", AdminAuditLog, "admin_audit_log"),
    step!(8, "0008_refresh_tokens", RefreshTokens, "factotum_refresh_tokens"),
    step!(9, "0009_password_resets", PasswordResets, "factotum_password_resets"),
];

/// Where the steps taken are remembered.
const MEMORY: &str = "factotum_migrations";

/// What happened to a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The tables were made.
    Made,
    /// The tables were there already, Django's usually, and stayed as they are.
    Found,
}

/// Why tables could not be made.
#[derive(Debug, thiserror::Error)]
pub enum TablesError {
    /// A step that was taken is not the one this program has.
    #[error("the tables of `{name}` were made by another version of this program, which spelled the step differently")]
    Changed {
        /// The step.
        name: String,
    },
    /// The database knows a step that this program does not.
    #[error("the database has had step {version} (`{name}`), which this program does not know: it is too old")]
    Newer {
        /// The step's number.
        version: i64,
        /// The step.
        name: String,
    },
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes the tables of these parts where they are missing. What is there stays as it is. Safe to run at every start and
/// from several processes at once.
///
/// # Errors
/// [`TablesError`]; the steps before the failed one stand.
pub async fn migrate(store: &dyn Store, parts: &[Part]) -> Result<Vec<(&'static str, Outcome)>, TablesError> {
    let known = Known::ask(store).await?;
    known.check(store.dialect())?;
    let mut outcomes = Vec::new();
    for step in known.missing(parts) {
        let found = known.tables.iter().any(|table| table == step.sign);
        store.script(&script(step, store.dialect(), found)).await?;
        outcomes.push((step.name, if found { Outcome::Found } else { Outcome::Made }));
    }
    Ok(outcomes)
}

/// The steps that [`migrate`] would take; nothing is changed.
///
/// # Errors
/// [`TablesError`], as [`migrate`] would.
pub async fn pending(store: &dyn Store, parts: &[Part]) -> Result<Vec<&'static str>, TablesError> {
    let known = Known::ask(store).await?;
    known.check(store.dialect())?;
    Ok(known.missing(parts).map(|step| step.name).collect())
}

/// What the database has: its tables, and the steps it remembers.
struct Known {
    tables: Vec<String>,
    taken: Vec<Taken>,
}

struct Taken {
    version: i64,
    name: String,
    checksum: String,
}

impl Known {
    async fn ask(store: &dyn Store) -> Result<Known, StoreError> {
        let rows = store.catalogue(all_tables(store.dialect()), Vec::new()).await?;
        let tables: Vec<String> = rows.iter().map(|row| text(row, 0)).collect();
        let taken = if tables.iter().any(|table| table == MEMORY) {
            store.catalogue("SELECT version, name, checksum FROM factotum_migrations", Vec::new()).await?
        } else {
            Vec::new()
        };
        let taken = taken.iter().map(|row| Taken {
            version: row.first().and_then(Value::as_int).unwrap_or_default(),
            name: text(row, 1),
            checksum: text(row, 2),
        });
        Ok(Known { taken: taken.collect(), tables })
    }

    /// Refuses a memory that this program cannot have written.
    fn check(&self, dialect: Dialect) -> Result<(), TablesError> {
        for taken in &self.taken {
            let name = taken.name.clone();
            match STEPS.iter().find(|step| step.version == taken.version) {
                None => return Err(TablesError::Newer { version: taken.version, name }),
                Some(step) if checksum(step.sql(dialect)) != taken.checksum => {
                    return Err(TablesError::Changed { name });
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    fn missing(&self, parts: &[Part]) -> impl Iterator<Item = &'static Step> {
        STEPS
            .iter()
            .filter(|step| parts.contains(&step.part) && !self.taken.iter().any(|taken| taken.version == step.version))
    }
}

fn text(row: &[Value], at: usize) -> String {
    row.get(at).and_then(Value::as_text).unwrap_or_default().to_owned()
}

fn all_tables(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')",
        Dialect::Postgres => {
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = ANY (current_schemas(false))"
        }
    }
}

/// A step with its note in the memory, to be run in one transaction. The tables are made only if they are missing, so
/// two processes that both want to take the step do no harm; on PostgreSQL the second waits for the first.
fn script(step: &Step, dialect: Dialect, found: bool) -> String {
    let sql = step.sql(dialect);
    let (lock, applied, or_ignore) = match dialect {
        Dialect::Sqlite => ("", "datetime NOT NULL DEFAULT CURRENT_TIMESTAMP", "INSERT OR IGNORE"),
        Dialect::Postgres => (
            "SELECT pg_advisory_xact_lock(7021992611846011);\n",
            "timestamp with time zone NOT NULL DEFAULT now()",
            "INSERT",
        ),
    };
    let on_conflict = if dialect == Dialect::Postgres { " ON CONFLICT DO NOTHING" } else { "" };
    format!(
        "{lock}CREATE TABLE IF NOT EXISTS {MEMORY} (version integer NOT NULL PRIMARY KEY, name varchar(100) NOT NULL, \
         checksum varchar(64) NOT NULL, applied {applied});\n{tables}\n\
         {or_ignore} INTO {MEMORY} (version, name, checksum) VALUES ({version}, '{name}', '{sum}'){on_conflict};",
        tables = if found { "" } else { sql },
        version = step.version,
        name = step.name,
        sum = checksum(sql),
    )
}

/// Line ends do not count, so that a checkout on another system is the same step.
fn checksum(sql: &str) -> String {
    let digest = Sha256::digest(sql.replace("\r\n", "\n"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    use super::*;
    use crate::store::Sqlite;

    #[tokio::test]
    async fn tables_are_made_once() {
        let store = Sqlite::in_memory().unwrap();
        assert_eq!(pending(store.as_ref(), &Part::ALL).await.unwrap().len(), 9);
        let made = migrate(store.as_ref(), &Part::ALL).await.unwrap();
        assert!(made.iter().all(|(_, outcome)| *outcome == Outcome::Made));
        assert_eq!(migrate(store.as_ref(), &Part::ALL).await.unwrap(), []);
        assert!(pending(store.as_ref(), &Part::ALL).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_part_that_was_not_asked_for_is_not_made() {
        let store = Sqlite::in_memory().unwrap();
        migrate(store.as_ref(), &[Part::Accounts]).await.unwrap();
        let known = Known::ask(store.as_ref()).await.unwrap();
        assert!(known.tables.iter().any(|table| table == "auth_user"));
        assert!(!known.tables.iter().any(|table| table == "conjure_audit_log"));
        assert_eq!(pending(store.as_ref(), &Part::ALL).await.unwrap().len(), 8);
    }

    #[tokio::test]
    async fn tables_of_django_stay_as_they_are() {
        let store = Sqlite::in_memory().unwrap();
        store.script("CREATE TABLE auth_user (id integer PRIMARY KEY, nickname text);").await.unwrap();
        let outcomes = migrate(store.as_ref(), &[Part::Accounts, Part::Sessions]).await.unwrap();
        assert_eq!(outcomes, [("0001_accounts", Outcome::Found), ("0002_sessions", Outcome::Made)]);
        let columns = store.catalogue("SELECT name FROM pragma_table_info('auth_user')", Vec::new()).await.unwrap();
        assert_eq!(columns.len(), 2);
    }

    #[tokio::test]
    async fn a_strange_memory_is_refused() {
        let store = Sqlite::in_memory().unwrap();
        migrate(store.as_ref(), &[Part::Accounts]).await.unwrap();
        store.script("UPDATE factotum_migrations SET checksum = 'x';").await.unwrap();
        let changed = migrate(store.as_ref(), &Part::ALL).await;
        assert!(matches!(changed, Err(TablesError::Changed { .. })));
        store.script("UPDATE factotum_migrations SET version = 99;").await.unwrap();
        let newer = migrate(store.as_ref(), &Part::ALL).await;
        assert!(matches!(newer, Err(TablesError::Newer { version: 99, .. })));
    }
}
