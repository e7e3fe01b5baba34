//! PostgreSQL: indexes over expressions of the table itself, which are always in step.

use super::{Made, Source, Standing, number, quoted};
use crate::store::sql::vector_text;
use crate::store::{Store, StoreError};
use crate::value::Value;

const MEASURES: &str = "SELECT to_regprocedure('similarity(text, text)') IS NOT NULL";

/// An index is known by what was written on it when it was made.
const INDEXED: &str = "SELECT count(*) FROM pg_class c WHERE c.relkind = 'i' AND c.relname = $1 \
    AND pg_table_is_visible(c.oid) AND obj_description(c.oid, 'pg_class') = $2";

/// Whether the extension is there that says how alike two texts are.
pub(super) async fn measures(store: &dyn Store) -> Result<bool, StoreError> {
    let rows = store.catalogue(MEASURES, Vec::new()).await?;
    Ok(rows.first().and_then(|row| row.first()) == Some(&Value::Bool(true)))
}

pub(super) async fn standing(store: &dyn Store, source: &Source) -> Result<Standing, StoreError> {
    let measures = measures(store).await?;
    let indexable = source.own().is_some();
    let note = note(source);
    let indexed = match &note {
        Some(note) => {
            let args = vec![source.index.as_str().into(), note.as_str().into()];
            number(&store.catalogue(INDEXED, args).await?) > 0
        }
        None => false,
    };
    Ok(Standing { measures, indexed, stale: 0, triggers: indexed, indexable })
}

/// Everything in one transaction. Who writes to the table waits until its indexes are made.
pub(super) async fn make(store: &dyn Store, source: &Source) -> Result<Made, StoreError> {
    let extension = !source.alike.is_empty() && !measures(store).await?;
    let mut script = "SET LOCAL statement_timeout = 0;\n".to_owned();
    if extension {
        script.push_str("CREATE EXTENSION IF NOT EXISTS pg_trgm;\n");
    }
    script.push_str(&dropped(source));
    let table = quoted(&source.rows.table);
    if let (Some(document), Some(note)) = (source.own(), note(source)) {
        let index = quoted(&source.index);
        let vector = vector_text(&document);
        script.push_str(&format!("CREATE INDEX {index} ON {table} USING gin (({vector}));\n"));
        script.push_str(&format!("COMMENT ON INDEX {index} IS '{}';\n", note.replace('\'', "''")));
    }
    let mut alike = 0;
    for column in source.own_alike() {
        alike += 1;
        let index = quoted(&format!("{}_{alike}", source.index));
        script.push_str(&format!("CREATE INDEX {index} ON {table} USING gin ({} gin_trgm_ops);\n", quoted(column)));
    }
    store.script(&script).await?;
    Ok(Made { extension, index: source.own().is_some(), alike, triggers: false })
}

/// The indexes of texts that may only be alike are numbered.
pub(super) fn dropped(source: &Source) -> String {
    const MOST: usize = 9;
    let numbered = (1..=MOST).map(|number| format!("{}_{number}", source.index));
    let names = std::iter::once(source.index.clone()).chain(numbered);
    names.map(|name| format!("DROP INDEX IF EXISTS {};\n", quoted(&name))).collect()
}

/// What is written on the index: what it was made from.
fn note(source: &Source) -> Option<String> {
    let document = source.own()?;
    Some(format!("factotum search: {}", vector_text(&document)))
}
