//! Resets of forgotten passwords: each is a secret that was sent to somebody, is good once and for a while. Only its
//! digest is kept, so whoever reads the table can use none.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::random::{self, LETTERS_AND_DIGITS};
use crate::context;
use crate::error::Result;
use crate::store::statement::{Arg, Compare, Cond, Delete, Expr, Insert, Output, Select, Statement};
use crate::store::{Cell, Mode, Store};
use crate::value::Value;

/// The table.
pub const TABLE: &str = "factotum_password_resets";
/// The letters of a secret: more than anybody can guess.
const LETTERS: usize = 43;

/// The resets of a database.
#[derive(Clone)]
pub struct Resets {
    store: Arc<dyn Store>,
}

impl std::fmt::Debug for Resets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Resets")
    }
}

impl Resets {
    /// The resets of a database.
    #[must_use]
    pub fn new(store: Arc<dyn Store>) -> Resets {
        Resets { store }
    }

    /// Begins a reset for somebody that ends at a Unix second, and gives its secret. Those that were begun before for
    /// the same account are over, and all that have ended are removed.
    ///
    /// # Errors
    /// What the database says.
    pub async fn begin(&self, owner: &str, until: i64) -> Result<String> {
        let secret = random::letters(LETTERS_AND_DIGITS, LETTERS);
        let text = |text: &str| Arg { value: text.into(), cell: Cell::Text };
        let values = vec![
            ("digest".to_owned(), text(&digest(&secret))),
            ("owner".to_owned(), text(owner)),
            ("until".to_owned(), Arg { value: Value::Int(until), cell: Cell::Int }),
        ];
        let insert = Insert { table: TABLE.to_owned(), values, ..Insert::default() };
        let mut session = self.store.begin(Mode::Write).await?;
        session.run(vec![delete(is("owner", owner)), delete(ended()), Statement::Insert(insert)]).await?;
        session.commit().await?;
        Ok(secret)
    }

    /// Uses a secret and gives whose it was; `None` if it was never given, was used, or is over. Of two that come at
    /// once one is served.
    ///
    /// # Errors
    /// What the database says.
    pub async fn take(&self, secret: &str) -> Result<Option<String>> {
        let filter = is("digest", &digest(secret));
        let owner = Output { expr: Expr::column("r", "owner"), cell: Cell::Text };
        let asked = Cond::is(Expr::column("r", "digest"), digest(secret).as_str().into(), Cell::Text);
        let question = Select { outputs: vec![owner], filter: asked, ..Select::from(TABLE, "r") };
        let mut session = self.store.begin(Mode::Write).await?;
        let answers = session.run(vec![delete(ended()), Statement::Select(question), delete(filter)]).await?;
        session.commit().await?;
        let [_, found, used] = answers.as_slice() else { return Ok(None) };
        let owner = found.rows.first().and_then(|row| row.first()).and_then(Value::as_text);
        Ok(owner.filter(|_| used.touched == 1).map(str::to_owned))
    }
}

fn digest(secret: &str) -> String {
    Sha256::digest(secret).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

fn is(column: &str, text: &str) -> Cond {
    Cond::is(Expr::column("", column), text.into(), Cell::Text)
}

fn ended() -> Cond {
    let now = Expr::arg(Value::Int(context::now().as_second()), Cell::Int);
    Cond::Compare(Expr::column("", "until"), Compare::Lte, now)
}

fn delete(filter: Cond) -> Statement {
    Statement::Delete(Delete { table: TABLE.to_owned(), filter })
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    use super::*;
    use crate::store::Sqlite;
    use crate::store::tables::{Part, migrate};

    async fn resets() -> Resets {
        let store = Sqlite::in_memory().expect("memory");
        migrate(store.as_ref(), &[Part::PasswordResets]).await.expect("tables");
        Resets::new(store)
    }

    fn later() -> i64 {
        context::now().as_second() + 100
    }

    #[tokio::test]
    async fn a_secret_is_good_once() {
        let resets = resets().await;
        let secret = resets.begin("1", later()).await.unwrap();
        assert_eq!(secret.len(), LETTERS);
        assert_eq!(resets.take("another").await.unwrap(), None);
        assert_eq!(resets.take(&secret).await.unwrap().as_deref(), Some("1"));
        assert_eq!(resets.take(&secret).await.unwrap(), None);
    }

    #[tokio::test]
    async fn older_ones_and_those_that_are_over_are_good_for_nothing() {
        let resets = resets().await;
        let older = resets.begin("1", later()).await.unwrap();
        let newer = resets.begin("1", later()).await.unwrap();
        let other = resets.begin("2", later()).await.unwrap();
        assert_eq!(resets.take(&older).await.unwrap(), None);
        assert_eq!(resets.take(&newer).await.unwrap().as_deref(), Some("1"));
        assert_eq!(resets.take(&other).await.unwrap().as_deref(), Some("2"));
        let over = resets.begin("1", context::now().as_second()).await.unwrap();
        assert_eq!(resets.take(&over).await.unwrap(), None);
    }

    #[tokio::test]
    async fn the_secret_is_not_kept() {
        let resets = resets().await;
        let secret = resets.begin("1", later()).await.unwrap();
        assert_eq!(resets.take(&digest(&secret)).await.unwrap(), None);
    }
}
