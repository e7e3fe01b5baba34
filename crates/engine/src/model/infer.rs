//! Models from the facts of a live database: what is declared nowhere is concluded, by rules that only look.

mod check;
mod initial;
mod kind;
mod name;
mod relation;

use super::facts::{Column, DjangoModel, Facts, Table};
use super::{Field, FieldKind, Label, Model, ModelKey, TextFormat, Unique, Width};

/// What inference is told beforehand.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The application of models that no Django knows.
    pub app: String,
    /// Models that are known already; their tables are theirs, and so are the join tables of their relations.
    pub known: Vec<Model>,
    /// Tables that are nobody's business.
    pub passed_over: Vec<String>,
    /// Names that somebody gave to the models of tables.
    pub names: Vec<(String, ModelKey)>,
    /// Columns that somebody chose as the primary keys of tables.
    pub keys: Vec<(String, String)>,
}

/// What was concluded.
#[derive(Debug, Clone, Default)]
pub struct Inference {
    /// The models, in the order of the tables.
    pub models: Vec<Inferred>,
    /// Tables that no model stands for, each with the reason.
    pub left_out: Vec<(String, String)>,
}

/// A model that was concluded.
#[derive(Debug, Clone)]
pub struct Inferred {
    /// The model.
    pub model: Model,
    /// Whether it stands for a view, which nobody can write.
    pub view: bool,
    /// Its relations that no foreign key declares.
    pub guessed: Vec<String>,
}

/// A table on its way to a model.
struct Plan<'f> {
    table: &'f Table,
    key: ModelKey,
    django: Option<&'f DjangoModel>,
    /// The column of the primary key.
    key_column: String,
}

/// The number that SQLite gives every row of most tables.
const ROW_NUMBER: &str = "rowid";

/// Concludes models from facts.
#[must_use]
pub fn models(facts: &Facts, rules: &Rules) -> Inference {
    let mut inference = Inference::default();
    let joins = relation::join_tables(facts, rules);
    let mut plans = Vec::new();
    let taken = |name: &str| {
        rules.passed_over.iter().any(|other| other == name)
            || rules.known.iter().any(|model| relation::owns(model, name))
            || joins.iter().any(|join| join.table == name)
    };
    for table in facts.tables.iter().filter(|table| !taken(&table.name)) {
        let chosen = rules.keys.iter().find(|(name, column)| *name == table.name && table.column(column).is_some());
        match chosen.map_or_else(|| key_column(table), |(_, column)| Ok(column.clone())) {
            Ok(key_column) => plans.push(plan(table, facts, rules, key_column, &plans)),
            Err(reason) => inference.left_out.push((table.name.clone(), reason.to_owned())),
        }
    }
    let world = relation::World::new(&plans, &rules.known);
    inference.models = plans.iter().map(|plan| model(plan, facts, &world)).collect();
    for join in &joins {
        relation::add_many(&mut inference.models, join, &world);
    }
    inference
}

fn plan<'f>(table: &'f Table, facts: &'f Facts, rules: &Rules, key_column: String, before: &[Plan<'_>]) -> Plan<'f> {
    let of_table = |model: &&DjangoModel| format!("{}_{}", model.app, model.model) == table.name;
    let django = facts.django.iter().find(of_table);
    let given = rules.names.iter().find(|(name, _)| *name == table.name);
    let key = match (given, django) {
        (Some((_, key)), _) => key.clone(),
        (None, Some(django)) => ModelKey::new(&django.app, &name::django_class(django)),
        (None, None) => {
            let given = rules.names.iter().map(|(_, key)| key.name.as_str());
            let taken: Vec<&str> = before.iter().map(|plan| plan.key.name.as_str()).chain(given).collect();
            ModelKey::new(&rules.app, &name::free(&name::class(&table.name), &taken))
        }
    };
    Plan { table, key, django, key_column }
}

/// The column that tells rows apart: the primary key, else a lone unique column, else the row's own number.
fn key_column(table: &Table) -> Result<String, &'static str> {
    if let [column] = table.primary_key.as_slice() {
        return Ok(column.clone());
    }
    if table.view {
        return view_key(table).ok_or("a view without a column that tells its rows apart");
    }
    let mut lone = table.uniques.iter().filter_map(|unique| {
        let [column] = unique.as_slice() else { return None };
        table.column(column).filter(|column| !column.null)
    });
    if let Some(column) = lone.next() {
        return Ok(column.name.clone());
    }
    if table.numbered && table.column(ROW_NUMBER).is_none() {
        return Ok(ROW_NUMBER.to_owned());
    }
    match table.primary_key.len() {
        0 => Err("no primary key, and no column that is unique and never null"),
        _ => Err("a primary key of several columns, and no single column that is unique and never null"),
    }
}

/// A view declares nothing: `id`, or a first column whose name says that it is a key.
fn view_key(table: &Table) -> Option<String> {
    let named_id = table.columns.iter().find(|column| column.name.eq_ignore_ascii_case("id"));
    let first = table.columns.first().filter(|column| {
        let name = column.name.to_lowercase();
        ["id", "uuid", "guid", "key", "code", "slug"].iter().any(|end| name.ends_with(end))
    });
    named_id.or(first).map(|column| column.name.clone())
}

fn model(plan: &Plan<'_>, facts: &Facts, world: &relation::World<'_>) -> Inferred {
    let table = plan.table;
    let mut model = Model::new(&plan.key.app, &plan.key.name).table(&table.name);
    (model.singular, model.plural) = name::words(plan.django, &table.name);
    model.fields.clear();
    let mut guessed = Vec::new();
    if table.column(&plan.key_column).is_none() {
        let number = Field::new(ROW_NUMBER, FieldKind::Auto(Width::Big)).titled("row number").blank();
        model.fields.push(number);
    }
    for column in &table.columns {
        let related = relation::one(plan, column, world, facts.strict);
        let taken: Vec<&str> = model.fields.iter().map(|field| field.name.as_str()).collect();
        let name = name::field(table, column, related.is_some(), &taken);
        if related.as_ref().is_some_and(|related| related.guessed) {
            guessed.push(name.clone());
        }
        let kind = related.map(|related| related.kind);
        model.fields.push(field(plan, column, &name, kind, facts.strict));
    }
    finish(&mut model, plan);
    Inferred { model, view: table.view, guessed }
}

fn field(plan: &Plan<'_>, column: &Column, name: &str, relation: Option<FieldKind>, strict: bool) -> Field {
    let table = plan.table;
    let is_key = column.name == plan.key_column;
    let alone = is_key || table.uniques.iter().any(|unique| unique.as_slice() == [column.name.as_str()]);
    let typed = kind::of(column, &kind::Place { table, django: plan.django.is_some(), alone, strict });
    let is_relation = relation.is_some();
    let mut field = Field::new(name, relation.unwrap_or(typed.kind)).in_column(&column.name);
    field.storage = if is_relation { field.storage } else { typed.storage };
    // Django has one class of binary numbers, and PostgreSQL one name for two declarations of them.
    if plan.django.is_none() && !strict && !is_relation {
        field.declared.clone_from(&column.declared);
    }
    field.unique = alone;
    field.null = column.null && !is_key;
    field.help.clone_from(&column.comment);
    field.editable = typed.writable || is_relation;
    if column.generated {
        (field.editable, field.blank) = (false, true);
    }
    if field.is_auto() {
        if name == "id" {
            "ID".clone_into(&mut field.title);
        }
        field.blank = true;
        return field;
    }
    field.choices = check::choices(table, column);
    field.initial = column.default.as_deref().and_then(|default| initial::of(default, &field.kind));
    let says_nothing = field.is_text() && initial::is_empty(field.initial.as_ref());
    field.blank = field.blank || field.null || says_nothing;
    field.secret = !is_key && !is_relation && name::sounds_secret(&column.name);
    field
}

/// What is said of the model as a whole, once its fields are known.
fn finish(model: &mut Model, plan: &Plan<'_>) {
    let of_column = |column: &str| model.fields.iter().find(|field| field.column == column);
    if let Some(key) = of_column(&plan.key_column) {
        model.primary_key = key.name.clone();
    }
    let composite = Some(&plan.table.primary_key).filter(|key| key.len() > 1);
    let together = plan.table.uniques.iter().filter(|unique| unique.len() > 1).chain(composite);
    let together: Vec<Unique> = together
        .map(|unique| Unique {
            fields: unique.iter().filter_map(|column| of_column(column)).map(|field| field.name.clone()).collect(),
            words: None,
        })
        .collect();
    model.unique_together = together;
    model.label = label(model);
}

/// How rows are called: by the first field whose name says so, else by the first short text that is always there.
fn label(model: &Model) -> Label {
    let can = |field: &&Field| field.is_text() && !field.secret && field.name.is_ascii();
    let named = ["name", "title", "label", "username", "email", "slug"];
    let by_name = named.iter().find_map(|name| model.fields.iter().filter(can).find(|field| field.name == *name));
    let short = |field: &&Field| {
        let line = matches!(field.kind, FieldKind::Text { format: TextFormat::Line, .. });
        line && !field.null && field.choices.is_empty() && field.initial.is_none()
    };
    let found = by_name.or_else(|| model.fields.iter().filter(can).find(short));
    found.and_then(|field| Label::parse(&format!("{{{{ {} }}}}", field.name)).ok()).unwrap_or_else(Label::of_key)
}
