//! Families of refresh tokens: each begins with a sign-in, and only the newest of its tokens may be used, once.

use std::sync::Arc;

use uuid::Uuid;

use crate::context;
use crate::error::Result;
use crate::store::statement::{Arg, Compare, Cond, Delete, Expr, Insert, Statement, Update};
use crate::store::{Answer, Cell, Mode, Store, StoreError};
use crate::value::Value;

/// The table.
pub const TABLE: &str = "factotum_refresh_tokens";

/// The families of a database. Whoever uses a token a second time ends its family: one of the two users has stolen it.
#[derive(Clone)]
pub struct Families {
    store: Arc<dyn Store>,
}

impl std::fmt::Debug for Families {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Families")
    }
}

impl Families {
    /// The families of a database.
    #[must_use]
    pub fn new(store: Arc<dyn Store>) -> Families {
        Families { store }
    }

    /// Begins a family for somebody that ends at a Unix second, and gives it with its first token. Families that have
    /// ended by themselves are removed with it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn begin(&self, owner: &str, until: i64) -> Result<(String, String)> {
        let (family, token) = (fresh(), fresh());
        let text = |text: &str| Arg { value: text.into(), cell: Cell::Text };
        let values = vec![
            ("family".to_owned(), text(&family)),
            ("token".to_owned(), text(&token)),
            ("owner".to_owned(), text(owner)),
            ("until".to_owned(), Arg { value: Value::Int(until), cell: Cell::Int }),
        ];
        let over = Expr::arg(Value::Int(context::now().as_second()), Cell::Int);
        let ended = Cond::Compare(Expr::column("", "until"), Compare::Lte, over);
        let insert = Insert { table: TABLE.to_owned(), values, ..Insert::default() };
        self.write(vec![delete(ended), Statement::Insert(insert)]).await?;
        Ok((family, token))
    }

    /// Uses a token and gives the next one; `None` if it was used before, which ends the family, or if there is no such
    /// family of this owner. Of two that come at once one is served.
    ///
    /// # Errors
    /// What the database says.
    pub async fn follow(&self, family: &str, token: &str, owner: &str) -> Result<Option<String>> {
        if [family, token, owner].iter().any(|text| text.contains('\0')) {
            return Ok(None);
        }
        let next = fresh();
        let filter = is("family", family).and(is("token", token)).and(is("owner", owner));
        let set = vec![("token".to_owned(), Expr::arg(next.as_str().into(), Cell::Text))];
        let update = Statement::Update(Update { table: TABLE.to_owned(), set, filter });
        let answers = self.write(vec![update]).await?;
        if answers.first().is_some_and(|answer| answer.touched == 1) {
            return Ok(Some(next));
        }
        self.end(family).await?;
        Ok(None)
    }

    /// Ends a family.
    ///
    /// # Errors
    /// What the database says.
    pub async fn end(&self, family: &str) -> Result<()> {
        self.write(vec![delete(is("family", family))]).await?;
        Ok(())
    }

    /// Ends all families of somebody.
    ///
    /// # Errors
    /// What the database says.
    pub async fn end_all(&self, owner: &str) -> Result<()> {
        self.write(vec![delete(is("owner", owner))]).await?;
        Ok(())
    }

    async fn write(&self, batch: Vec<Statement>) -> Result<Vec<Answer>, StoreError> {
        let mut session = self.store.begin(Mode::Write).await?;
        let answers = session.run(batch).await?;
        session.commit().await?;
        Ok(answers)
    }
}

fn fresh() -> String {
    Uuid::new_v4().simple().to_string()
}

fn is(column: &str, text: &str) -> Cond {
    Cond::is(Expr::column("", column), text.into(), Cell::Text)
}

fn delete(filter: Cond) -> Statement {
    Statement::Delete(Delete { table: TABLE.to_owned(), filter })
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    use super::*;
    use crate::store::Sqlite;
    use crate::store::tables::{Part, migrate};

    async fn families() -> Families {
        let store = Sqlite::in_memory().expect("memory is there");
        migrate(store.as_ref(), &[Part::RefreshTokens]).await.expect("a new database takes tables");
        Families::new(store)
    }

    fn later() -> i64 {
        context::now().as_second() + 100
    }

    #[tokio::test]
    async fn a_token_is_used_once_and_reuse_ends_the_family() {
        let families = families().await;
        let (family, first) = families.begin("1", later()).await.unwrap();
        let second = families.follow(&family, &first, "1").await.unwrap().unwrap();
        assert_eq!(families.follow(&family, &first, "1").await.unwrap(), None);
        assert_eq!(families.follow(&family, &second, "1").await.unwrap(), None);
    }

    #[tokio::test]
    async fn families_end_by_sign_out_by_owner_and_by_time() {
        let families = families().await;
        let (one, first) = families.begin("1", later()).await.unwrap();
        families.end(&one).await.unwrap();
        assert_eq!(families.follow(&one, &first, "1").await.unwrap(), None);
        let (two, second) = families.begin("1", later()).await.unwrap();
        let (three, third) = families.begin("2", 5).await.unwrap();
        families.end_all("1").await.unwrap();
        assert_eq!(families.follow(&two, &second, "1").await.unwrap(), None);
        families.begin("3", later()).await.unwrap();
        assert_eq!(families.follow(&three, &third, "2").await.unwrap(), None);
    }
}
