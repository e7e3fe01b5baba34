//! A `[[model.panel]]`: templates over a row, and what is asked about the rows that point to it.

use factotum::admin::Panel;
use factotum::error::Error;
use factotum::model::{Model, Order, Row};
use factotum::query::{Filter, Query, Window, field};
use factotum::{Context, ModelKey, Result, Value, ops};
use serde_json::{Map, Value as Json};

use super::column::{Pointing, pointing};
use super::template::Template;
use super::widget::{USUAL_LIMIT, listed, plain};
use super::{Workshop, rows};
use crate::complaint::suggestion;
use crate::config::parts::{PanelWritten, PartWritten};
use crate::config::reader::Said;

/// One part of a panel.
#[derive(Debug, Clone)]
enum Part {
    /// Of the row itself.
    Row(Template),
    /// The same as yes or no.
    Truth(Template),
    /// How many rows point to it.
    Count(Asked),
    /// What a column of those rows adds up to.
    Sum(Asked, String),
    /// Some columns of some of those rows.
    List { of: Asked, fields: Vec<String>, order: Vec<Order>, limit: u64 },
}

/// Which rows are asked about.
#[derive(Debug, Clone)]
struct Asked {
    from: Pointing,
    rows: Filter,
}

/// The panel that is written.
pub(super) fn panel(written: &PanelWritten, model: &Model, shop: &mut Workshop<'_>) -> Option<Panel> {
    let name = &written.name.as_ref()?.text;
    let parts: Vec<(String, Part)> =
        written.parts.iter().filter_map(|said| Some((said.name.clone()?, part(said, model, shop)?))).collect();
    Some(Panel::new(name, move |cx, row| {
        let parts = parts.clone();
        Box::pin(async move {
            let mut shown = Map::new();
            for (name, part) in &parts {
                shown.insert(name.clone(), show(cx, row, part).await?);
            }
            Ok(Json::Object(shown))
        })
    }))
}

fn part(written: &PartWritten, model: &Model, shop: &mut Workshop<'_>) -> Option<Part> {
    if let Some(template) = &written.template {
        let of_row = if written.boolean { Part::Truth } else { Part::Row };
        return Template::read(template, model, shop).map(of_row);
    }
    let of = written.count.as_ref().or(written.sum.as_ref()).or(written.list.as_ref())?;
    let from = pointing(of, model, shop)?;
    let other = shop.schema.model(&from.model)?.clone();
    for column in written.field.iter().chain(written.fields.iter().flatten()) {
        known_column(column, &other, shop);
    }
    let rows = written.rows.as_ref().map_or(Filter::All, |table| rows::filter(table, &other, shop));
    let asked = Asked { from, rows };
    Some(match (&written.field, &written.fields) {
        (Some(column), _) => Part::Sum(asked, column.text.clone()),
        (None, Some(fields)) => Part::List {
            of: asked,
            fields: fields.iter().map(|said| said.text.clone()).collect(),
            order: written.ordering.iter().flatten().map(|said| Order::parse(&said.text)).collect(),
            limit: written.limit.unwrap_or(USUAL_LIMIT),
        },
        (None, None) => Part::Count(asked),
    })
}

fn known_column(said: &Said, model: &Model, shop: &mut Workshop<'_>) {
    if model.field(&said.text).is_none_or(|known| !known.is_column() || known.secret) {
        let near = suggestion(&said.text, model.columns().map(|field| field.name.as_str()));
        shop.complain("C011", &said.place, format!("{} has no column '{}'{near}", model.key, said.text));
    }
}

/// What a part shows of a row. What somebody may not see is null, so that they still see the rest.
async fn show(cx: &mut Context, row: &Row, part: &Part) -> Result<Json> {
    let shown = match part {
        Part::Row(template) => Ok(plain(&template.value(row))),
        Part::Truth(template) => Ok(plain(&template.truth(row))),
        Part::Count(of) => ops::count(cx, of.model(), of.filter(row)).await.map(Json::from),
        Part::Sum(of, column) => ops::tally(cx, of.model(), column, of.filter(row)).await.map(|counts| sum(&counts)),
        Part::List { of, fields, order, limit } => {
            let query = Query {
                filter: of.filter(row),
                order: order.clone(),
                window: Window { offset: 0, limit: Some(*limit) },
                fields: Some(fields.clone()),
                labels: false,
                ..Query::all(of.model().clone())
            };
            ops::list(cx, query).await.map(|page| listed(&page.records, fields))
        }
    };
    match shown {
        Err(Error::Forbidden { .. }) => Ok(Json::Null),
        other => other,
    }
}

impl Asked {
    fn model(&self) -> &ModelKey {
        &self.from.model
    }

    fn filter(&self, row: &Row) -> Filter {
        let Pointing { field: name, many, to_field, .. } = &self.from;
        let path = if *many { format!("{name}__pk") } else { name.clone() };
        field(&path).is(row.get(to_field).clone()).and(self.rows.clone())
    }
}

/// The sum of a column, from how many rows have each of its values: exact for decimals, whatever the database does.
/// Nothing adds up to zero; what cannot be added counts as nothing.
fn sum(counts: &[(Value, u64)]) -> Json {
    let mut whole: i128 = 0;
    let mut parts: Option<Value> = None;
    for (value, count) in counts {
        parts = match (value, parts) {
            (Value::Int(number), parts) => {
                whole += i128::from(*number) * i128::from(*count);
                parts
            }
            (Value::Float(number), Some(Value::Float(sum))) => Some(Value::Float(sum + number * *count as f64)),
            (Value::Float(number), _) => Some(Value::Float(number * *count as f64)),
            (Value::Decimal(number), Some(Value::Decimal(sum))) => Some(Value::Decimal(sum + number.clone() * *count)),
            (Value::Decimal(number), _) => Some(Value::Decimal(number.clone() * *count)),
            (_, parts) => parts,
        };
    }
    match parts {
        Some(sum) => plain(&sum),
        None => i64::try_from(whole).map_or_else(|_| whole.to_string().into(), Json::from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(counts: &[(Value, u64)], expected: &Json) {
        assert_eq!(sum(counts), *expected, "{counts:?}");
    }

    #[test]
    fn sums_are_exact() {
        let decimal = |text: &str| Value::Decimal(text.parse().expect("a decimal"));
        check(&[], &0.into());
        check(&[(Value::Null, 3)], &0.into());
        check(&[(Value::Int(2), 3), (Value::Int(5), 1)], &11.into());
        check(&[(decimal("0.10"), 3), (decimal("1.05"), 2)], &"2.40".into());
        check(&[(Value::Float(0.5), 3)], &1.5.into());
        check(&[(Value::Int(i64::MAX), 2)], &"18446744073709551614".into());
    }
}
