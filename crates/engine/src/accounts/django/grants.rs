//! The rows that permissions consist of: a content type and four permissions for every model.

use std::collections::{HashMap, HashSet};

use super::people::outputs;
use crate::error::Result;
use crate::model::{Model, ModelKey};
use crate::principal::Verb;
use crate::store::statement::{Arg, Insert, Select, Statement};
use crate::store::{Answer, Cell, Mode, Session, Store};
use crate::value::Value;

/// The order in which Django makes the permissions of a model.
const VERBS: [Verb; 4] = [Verb::Add, Verb::Change, Verb::Delete, Verb::View];

/// The most characters of a permission's name.
const LONGEST_NAME: usize = 255;

/// Makes the content types and permissions that these models lack, and says how many permissions were made.
/// What is there, Django's or ours, stays as it is.
///
/// # Errors
/// When the database refuses, or has no such tables.
pub async fn ensure<'m>(store: &dyn Store, models: impl IntoIterator<Item = &'m Model>) -> Result<u64> {
    let models: Vec<&Model> = models.into_iter().filter(|model| !model.auto_made).collect();
    let known = Known::ask(store.begin(Mode::Read).await?.as_mut()).await?;
    if models.iter().all(|model| known.lacks(model).is_empty()) {
        return Ok(0);
    }
    let mut transaction = store.begin(Mode::Write).await?;
    // Asked again, because somebody else may have made them before this transaction began.
    let mut known = Known::ask(transaction.as_mut()).await?;
    known.make_types(transaction.as_mut(), &models).await?;
    let missing = models.iter().flat_map(|model| known.lacks(model)).collect::<Vec<_>>();
    let made = missing.len() as u64;
    transaction.run(missing).await?;
    transaction.commit().await?;
    Ok(made)
}

/// The content types and permissions there are.
struct Known {
    types: HashMap<(String, String), i64>,
    codenames: HashSet<(i64, String)>,
}

impl Known {
    async fn ask(session: &mut dyn Session) -> Result<Known> {
        let mut types = Select::from("django_content_type", "c");
        types.outputs = outputs("c", &[("id", Cell::Int), ("app_label", Cell::Text), ("model", Cell::Text)]);
        let mut codenames = Select::from("auth_permission", "p");
        codenames.outputs = outputs("p", &[("content_type_id", Cell::Int), ("codename", Cell::Text)]);
        let answers = session.run(vec![Statement::Select(types), Statement::Select(codenames)]).await?;
        let rows = |at: usize| answers.get(at).map(|answer: &Answer| answer.rows.as_slice()).unwrap_or_default();
        let types = rows(0).iter().filter_map(|row| match row.as_slice() {
            [Value::Int(id), Value::Text(app), Value::Text(model)] => Some(((app.clone(), model.clone()), *id)),
            _ => None,
        });
        let codenames = rows(1).iter().filter_map(|row| match row.as_slice() {
            [Value::Int(id), Value::Text(codename)] => Some((*id, codename.clone())),
            _ => None,
        });
        Ok(Known { types: types.collect(), codenames: codenames.collect() })
    }

    fn type_of(&self, key: &ModelKey) -> Option<i64> {
        self.types.get(&(key.app.clone(), key.lower_name())).copied()
    }

    async fn make_types(&mut self, session: &mut dyn Session, models: &[&Model]) -> Result<()> {
        let mut seen = HashSet::new();
        let missing: Vec<(String, String)> = models
            .iter()
            .filter(|model| self.type_of(&model.key).is_none())
            .map(|model| (model.key.app.clone(), model.key.lower_name()))
            .filter(|name| seen.insert(name.clone()))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let answers = session.run(missing.iter().map(insert_type).collect()).await?;
        for (name, answer) in missing.into_iter().zip(&answers) {
            if let Some(id) = answer.rows.first().and_then(|row| row.first()).and_then(Value::as_int) {
                self.types.insert(name, id);
            }
        }
        Ok(())
    }

    /// The permissions that a model lacks; all four while it has no content type.
    fn lacks(&self, model: &Model) -> Vec<Statement> {
        let of_type = self.type_of(&model.key).unwrap_or_default();
        VERBS
            .iter()
            .map(|verb| (verb, format!("{}_{}", verb.name(), model.key.lower_name())))
            .filter(|(_, codename)| !self.codenames.contains(&(of_type, codename.clone())))
            .map(|(verb, codename)| {
                insert_permission(of_type, codename, &format!("Can {} {}", verb.name(), model.singular))
            })
            .collect()
    }
}

fn insert_type((app, model): &(String, String)) -> Statement {
    let values = vec![text("app_label", app.clone()), text("model", model.clone())];
    let returning = Some(("id".to_owned(), Cell::Int));
    Statement::Insert(Insert { table: "django_content_type".to_owned(), values, returning, ..Insert::default() })
}

fn insert_permission(of_type: i64, codename: String, name: &str) -> Statement {
    let of_type = ("content_type_id".to_owned(), Arg { value: Value::Int(of_type), cell: Cell::Int });
    let name: String = name.chars().take(LONGEST_NAME).collect();
    let values = vec![of_type, text("codename", codename), text("name", name)];
    // Two models whose names differ only in case share a content type and its permissions.
    Statement::Insert(Insert { table: "auth_permission".to_owned(), values, or_ignore: true, ..Insert::default() })
}

fn text(column: &str, value: String) -> (String, Arg) {
    (column.to_owned(), Arg { value: Value::Text(value), cell: Cell::Text })
}
