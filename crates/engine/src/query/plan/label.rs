//! How rows are called, read in the same select as the rows: the columns that labels need, and labels made of them.

use std::borrow::Cow;
use std::sync::Arc;

use crate::model::{FieldKind, Model};
use crate::query::path;
use crate::store::statement::Output;
use crate::value::Value;

use super::tables::Tables;
use super::{Ground, output};

/// Labels that name rows with labels that name rows are followed so far; circles end there.
const DEEPEST: usize = 4;

/// The labels of a row and of the rows it points to.
#[derive(Debug)]
pub(crate) struct Labels {
    own: Template,
    related: Vec<(usize, Template)>,
    paths: Vec<Part>,
    /// The columns of other tables that the labels need.
    pub(crate) outputs: Vec<Output>,
}

/// A label whose names were found.
#[derive(Debug)]
struct Template {
    model: Arc<Model>,
    key: Source,
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Nothing,
    Value(Source),
    /// How the row is called that a foreign key points to.
    Label(Source, Box<Template>),
}

/// Where a label finds a value: in the row, or among the columns read beside it.
#[derive(Debug, Clone, Copy)]
enum Source {
    Own(usize),
    Beside(usize),
}

impl Labels {
    /// The label of a model's rows, of the rows that these fields point to, and what is at the end of these paths.
    pub(crate) fn new(
        ground: &Ground<'_>,
        tables: &mut Tables<'_>,
        model: &Arc<Model>,
        fields: &[usize],
        paths: &[String],
    ) -> Labels {
        let root = tables.root();
        let mut maker = Maker { ground, tables, root: (model, root), outputs: Vec::new() };
        let own = maker.template(model, root, None, DEEPEST);
        let mut related = Vec::new();
        for &field in fields {
            if let Some(template) = maker.target(model, root, field, Source::Own(field), DEEPEST) {
                related.push((field, template));
            }
        }
        let open = |path: &&String| path::resolve(ground.schema(), model, path).is_ok_and(|path| !ground.hides(&path));
        let end = |path: &String| match Some(path).filter(open) {
            Some(path) => maker.part(model, root, path, DEEPEST),
            None => Part::Nothing,
        };
        let paths = paths.iter().map(end).collect();
        Labels { own, related, paths, outputs: maker.outputs }
    }

    /// Which of the row's own fields the labels need.
    pub(crate) fn needs(&self) -> Vec<usize> {
        let mut needed = Vec::new();
        self.own.collect(&mut needed);
        for (field, template) in &self.related {
            needed.push(*field);
            template.collect(&mut needed);
        }
        for part in &self.paths {
            if let Part::Value(Source::Own(at)) | Part::Label(Source::Own(at), _) = part {
                needed.push(*at);
            }
        }
        needed
    }

    /// What is at the end of each path; where a row is, how it is called too.
    pub(crate) fn paths(&self, row: &[Value], beside: &[Value]) -> Vec<(Value, Option<String>)> {
        let values = Values { row, beside };
        let end = |part: &Part| match part {
            Part::Value(source) => (values.of(*source).clone(), None),
            Part::Label(source, to) if !values.of(*source).is_null() && !to.is_dangling(&values) => {
                (values.of(*source).clone(), Some(to.render(&values)))
            }
            Part::Nothing | Part::Label(..) => (Value::Null, None),
        };
        self.paths.iter().map(end).collect()
    }

    /// How a row is called.
    pub(crate) fn own(&self, row: &[Value], beside: &[Value]) -> String {
        self.own.render(&Values { row, beside })
    }

    /// How the rows are called that a row points to, by field.
    pub(crate) fn related<'a>(
        &'a self,
        row: &'a [Value],
        beside: &'a [Value],
    ) -> impl Iterator<Item = (usize, String)> + 'a {
        let values = Values { row, beside };
        let there = move |(field, template): &&(usize, Template)| {
            !values.row[*field].is_null() && !template.is_dangling(&values)
        };
        let name = move |(field, template): &(usize, Template)| (*field, template.render(&values));
        self.related.iter().filter(there).map(name)
    }
}

#[derive(Clone, Copy)]
struct Values<'a> {
    row: &'a [Value],
    beside: &'a [Value],
}

impl<'a> Values<'a> {
    fn of(&self, source: Source) -> &'a Value {
        match source {
            Source::Own(at) => &self.row[at],
            Source::Beside(at) => &self.beside[at],
        }
    }
}

impl Template {
    fn render(&self, values: &Values<'_>) -> String {
        if self.model.label.is_of_key() {
            return format!("{} object ({})", self.model.key.name, values.of(self.key));
        }
        let parts: Vec<Cow<'_, Value>> = self.parts.iter().map(|part| part.value(values)).collect();
        self.model.label.render(&parts)
    }

    /// Whether a foreign key points to a row that is not there.
    fn is_dangling(&self, values: &Values<'_>) -> bool {
        values.of(self.key).is_null()
    }

    fn collect(&self, needed: &mut Vec<usize>) {
        let mut note = |source: &Source| {
            if let Source::Own(at) = source {
                needed.push(*at);
            }
        };
        note(&self.key);
        for part in &self.parts {
            match part {
                Part::Nothing => {}
                Part::Value(source) | Part::Label(source, _) => note(source),
            }
        }
    }
}

impl Part {
    fn value<'v>(&self, values: &Values<'v>) -> Cow<'v, Value> {
        match self {
            Part::Nothing => Cow::Owned(Value::Null),
            Part::Value(source) => Cow::Borrowed(values.of(*source)),
            Part::Label(source, _) if values.of(*source).is_null() => Cow::Owned(Value::Null),
            Part::Label(_, template) if template.is_dangling(values) => Cow::Owned(Value::Null),
            Part::Label(_, template) => Cow::Owned(Value::Text(template.render(values))),
        }
    }
}

struct Maker<'a, 'g, 'r> {
    ground: &'a Ground<'g>,
    tables: &'a mut Tables<'r>,
    root: (&'a Arc<Model>, &'r str),
    outputs: Vec<Output>,
}

impl Maker<'_, '_, '_> {
    /// The label of a model's rows under an alias. The key's value may be known already.
    fn template(&mut self, model: &Arc<Model>, alias: &str, key: Option<Source>, depth: usize) -> Template {
        let key = key.unwrap_or_else(|| {
            let at = model.fields.iter().position(|field| field.name == model.primary_key);
            self.source(model, alias, at.expect("a model's primary key is one of its fields"))
        });
        let names: Vec<String> = model.label.names().into_iter().map(str::to_owned).collect();
        let parts = names.iter().map(|name| self.part(model, alias, name, depth)).collect();
        Template { model: model.clone(), key, parts }
    }

    fn part(&mut self, model: &Arc<Model>, alias: &str, name: &str, depth: usize) -> Part {
        if let Some(at) = by_column(model, name) {
            return Part::Value(self.source(model, alias, at));
        }
        let Ok(path) = path::resolve(self.ground.schema(), model, name) else { return Part::Nothing };
        let mut at = alias.to_owned();
        for hop in &path.hops {
            let Some(next) = self.tables.follow(&at, hop) else { return Part::Nothing };
            at = next;
        }
        if !path.field().is_column() {
            return Part::Nothing;
        }
        let source = self.source(&path.model, &at, path.field);
        match self.target(&path.model, &at, path.field, source, depth) {
            Some(template) => Part::Label(source, Box::new(template)),
            None => Part::Value(source),
        }
    }

    /// The label of the row that a foreign key points to; `None` for other fields, and too far away.
    fn target(&mut self, model: &Arc<Model>, alias: &str, field: usize, key: Source, depth: usize) -> Option<Template> {
        let field = &model.fields[field];
        let FieldKind::One { to, to_field, .. } = &field.kind else { return None };
        let to = self.ground.schema().model(to)?.clone();
        let depth = depth.checked_sub(1)?;
        let to_column = path::target_column(&to, to_field.as_deref());
        if to.label.is_of_key() && to_column == to.key_field().column {
            return Some(Template { model: to, key, parts: Vec::new() });
        }
        let target = self.tables.join(alias, &field.column, &to.table, &to_column);
        Some(self.template(&to, &target, None, depth))
    }

    /// Where a field's value is found; columns of other tables are asked for once.
    fn source(&mut self, model: &Arc<Model>, alias: &str, field: usize) -> Source {
        if alias == self.root.1 && Arc::ptr_eq(model, self.root.0) {
            return Source::Own(field);
        }
        let field = &model.fields[field];
        let output = output(alias, &field.column, self.ground.cell(field));
        let known = self.outputs.iter().position(|known| *known == output);
        Source::Beside(known.unwrap_or_else(|| {
            self.outputs.push(output);
            self.outputs.len() - 1
        }))
    }
}

/// A foreign key named by its column (`product_id`): its value, not how the row is called.
fn by_column(model: &Model, name: &str) -> Option<usize> {
    model
        .fields
        .iter()
        .position(|field| field.is_column() && field.target().is_some() && field.column == name && field.name != name)
}
