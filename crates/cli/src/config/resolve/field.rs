//! A `[model.field.NAME]` on its column: what is written replaces what was found.

use factotum::model::{
    Check, DatePart, Field, FieldKind, Initial, Model, OnDelete, Stamp, Storage, TextFormat, Through, Width,
};
use factotum::{ModelKey, Raw, Value};

use super::Workshop;
use crate::complaint::{nearest, suggestion};
use crate::config::model::FieldWritten;
use crate::config::node::{Kind, Node};

/// Django's names of field classes, as far as a column can be one.
const CLASSES: [&str; 29] = [
    "AutoField",
    "BigAutoField",
    "SmallAutoField",
    "BooleanField",
    "IntegerField",
    "SmallIntegerField",
    "BigIntegerField",
    "PositiveIntegerField",
    "PositiveSmallIntegerField",
    "PositiveBigIntegerField",
    "FloatField",
    "DecimalField",
    "CharField",
    "TextField",
    "SlugField",
    "EmailField",
    "URLField",
    "GenericIPAddressField",
    "DateField",
    "TimeField",
    "DateTimeField",
    "DurationField",
    "UUIDField",
    "JSONField",
    "BinaryField",
    "FileField",
    "ImageField",
    "ForeignKey",
    "OneToOneField",
];

/// Changes a field of a model, or adds a many-to-many field.
pub(super) fn apply(model: &mut Model, written: &FieldWritten, shop: &mut Workshop<'_>) {
    let Some(at) = position(model, written) else {
        add(model, written, shop);
        return;
    };
    let mut field = model.fields[at].clone();
    if field.name != written.name {
        rename(model, &field.name, &written.name);
        field.name.clone_from(&written.name);
        field.title = written.name.replace('_', " ");
    }
    if let Some(kind) = kind(&field, written, shop) {
        if std::mem::discriminant(&kind) != std::mem::discriminant(&field.kind) {
            (field.storage, field.initial, field.editable) = (Storage::Native, None, true);
        }
        if written.kind.is_some() {
            field.declared.clear();
        }
        field.unique |= matches!(kind, FieldKind::One { unique: true, .. });
        field.kind = kind;
    }
    say(&mut field, written);
    unique_for(model, &mut field, written, shop);
    checks(&mut field, written, shop);
    values(&mut field, written, shop);
    model.fields[at] = field;
}

/// The field meant: of this column, of this name, or of the column that a relation of this name has.
fn position(model: &Model, written: &FieldWritten) -> Option<usize> {
    let of_column = |column: &str| model.fields.iter().position(|field| field.is_column() && field.column == column);
    match &written.column {
        Some(column) => of_column(&column.text),
        None => {
            let by_name = model.fields.iter().position(|field| field.name == written.name);
            by_name.or_else(|| of_column(&written.name)).or_else(|| of_column(&format!("{}_id", written.name)))
        }
    }
}

fn rename(model: &mut Model, from: &str, to: &str) {
    if model.primary_key == from {
        to.clone_into(&mut model.primary_key);
    }
    for unique in &mut model.unique_together {
        unique.fields.iter_mut().filter(|name| *name == from).for_each(|name| to.clone_into(name));
    }
    if model.label.names().contains(&from) {
        let source = model.label.source().replace(&format!("{{{{ {from} }}}}"), &format!("{{{{ {to} }}}}"));
        model.label = factotum::model::Label::parse(&source).unwrap_or_else(|_| factotum::model::Label::of_key());
    }
}

/// A field that no column stands for can only be a many-to-many relation.
fn add(model: &mut Model, written: &FieldWritten, shop: &mut Workshop<'_>) {
    let is_many = written.kind.as_ref().is_some_and(|kind| kind.text == "ManyToManyField");
    let parts = written
        .through
        .as_ref()
        .and_then(|through| Some((through, through.table.clone()?, through.near.clone()?, through.far.clone()?)));
    let (true, Some(to), Some((said, table, near, far))) = (is_many, target(written, shop), parts) else {
        let words = if is_many {
            "a ManyToManyField needs 'to' and 'through = { table = …, near = …, far = … }'".to_owned()
        } else {
            let column = written.column.as_ref().map_or(written.name.as_str(), |column| column.text.as_str());
            let columns = model.fields.iter().flat_map(|field| [field.name.as_str(), field.column.as_str()]);
            format!("{} has no column '{column}'{}", model.table, suggestion(column, columns))
        };
        shop.complain("C011", &written.place, words);
        return;
    };
    let through = Through {
        table,
        near,
        far,
        model: said.model.as_ref().and_then(|model| ModelKey::parse(&model.text)),
        symmetrical: said.symmetrical.unwrap_or(false),
    };
    let mut field = Field::new(&written.name, FieldKind::Many { to, through });
    say(&mut field, written);
    model.fields.push(field);
}

/// Unique within the day, month or year of other fields.
fn unique_for(model: &Model, field: &mut Field, written: &FieldWritten, shop: &mut Workshop<'_>) {
    let parts = [DatePart::Date, DatePart::Month, DatePart::Year];
    for (part, said) in parts.into_iter().zip(&written.unique_for) {
        let Some(said) = said else { continue };
        let is_date = |field: &Field| matches!(field.kind, FieldKind::Date | FieldKind::DateTime);
        if model.field(&said.text).is_some_and(is_date) {
            field.unique_for.push((part, said.text.clone()));
        } else {
            shop.complain("C011", &said.place, format!("{} has no date '{}'", model.key, said.text));
        }
    }
}

/// What needs no further reading.
fn say(field: &mut Field, written: &FieldWritten) {
    let text = |from: &Option<String>, to: &mut String| {
        if let Some(text) = from {
            to.clone_from(text);
        }
    };
    text(&written.verbose_name, &mut field.title);
    text(&written.help_text, &mut field.help);
    text(&written.related_name, &mut field.related_name);
    field.null = written.null.unwrap_or(field.null);
    field.blank = written.blank.unwrap_or(field.blank);
    field.editable = written.editable.unwrap_or(field.editable);
    field.unique = written.unique.unwrap_or(field.unique);
    field.secret = written.secret.unwrap_or(field.secret);
    let stamp = if written.auto_now { Some(Stamp::Saved) } else { written.auto_now_add.then_some(Stamp::Created) };
    if let Some(stamp) = stamp {
        (field.stamp, field.blank, field.editable) = (Some(stamp), true, false);
    }
}

fn kind(field: &Field, written: &FieldWritten, shop: &mut Workshop<'_>) -> Option<FieldKind> {
    if let Some(storage) = &written.storage {
        let words = ["native", "hyphenated", "iso", "zoneless", "text"];
        if !words.contains(&storage.text.as_str()) {
            let near = suggestion(&storage.text, words);
            shop.complain("C014", &storage.place, format!("unknown storage '{}'{near}", storage.text));
        }
    }
    let relation = written.to.is_some() && !matches!(field.kind, FieldKind::One { .. } | FieldKind::Many { .. });
    let class = match &written.kind {
        Some(kind) => kind.text.as_str(),
        None if relation => "ForeignKey",
        None => field.class_name(),
    };
    let found = of_class(class, field, written, shop);
    if found.is_none()
        && let Some(kind) = &written.kind
    {
        let near = nearest(class, CLASSES).map_or_else(String::new, |name| format!(", did you mean '{name}'?"));
        shop.complain("C014", &kind.place, format!("unknown kind '{class}'{near}"));
    }
    found
}

fn of_class(class: &str, field: &Field, written: &FieldWritten, shop: &mut Workshop<'_>) -> Option<FieldKind> {
    let int = |width, positive| FieldKind::Int { width, positive };
    let had = match &field.kind {
        FieldKind::Text { max, .. } => *max,
        FieldKind::File { max, .. } => Some(*max),
        _ => None,
    };
    let max = written.max_length.or(had);
    let text = |max, format| FieldKind::Text { max, format };
    let kind = match class {
        "SmallAutoField" => FieldKind::Auto(Width::Small),
        "AutoField" => FieldKind::Auto(Width::Normal),
        "BigAutoField" => FieldKind::Auto(Width::Big),
        "BooleanField" => FieldKind::Bool,
        "SmallIntegerField" => int(Width::Small, false),
        "IntegerField" => int(Width::Normal, false),
        "BigIntegerField" => int(Width::Big, false),
        "PositiveSmallIntegerField" => int(Width::Small, true),
        "PositiveIntegerField" => int(Width::Normal, true),
        "PositiveBigIntegerField" => int(Width::Big, true),
        "FloatField" => FieldKind::Float,
        "DecimalField" => {
            let (digits, places) =
                if let FieldKind::Decimal { digits, places } = field.kind { (digits, places) } else { (15, 2) };
            FieldKind::Decimal { digits: written.digits.unwrap_or(digits), places: written.places.unwrap_or(places) }
        }
        "CharField" => text(max, TextFormat::Line),
        "TextField" => text(written.max_length, TextFormat::Long),
        "SlugField" => text(max.or(Some(50)), TextFormat::Slug),
        "EmailField" => text(max.or(Some(254)), TextFormat::Email),
        "URLField" => text(max.or(Some(200)), TextFormat::Url),
        "GenericIPAddressField" => text(Some(39), address(field, written, shop)),
        "DateField" => FieldKind::Date,
        "TimeField" => FieldKind::Time,
        "DateTimeField" => FieldKind::DateTime,
        "DurationField" => FieldKind::Duration,
        "UUIDField" => FieldKind::Uuid,
        "JSONField" => FieldKind::Json,
        "BinaryField" => FieldKind::Bytes,
        "FileField" | "ImageField" => {
            let known = if let FieldKind::File { folder, .. } = &field.kind { folder.as_str() } else { "" };
            let folder = written.upload_to.clone().unwrap_or_else(|| known.to_owned());
            FieldKind::File { folder, max: max.unwrap_or(100), image: class == "ImageField" }
        }
        "ForeignKey" | "OneToOneField" => return one(field, written, class == "OneToOneField", shop),
        "ManyToManyField" => return many(field, written, shop),
        _ => return None,
    };
    Some(kind)
}

/// Which addresses a field takes.
fn address(field: &Field, written: &FieldWritten, shop: &mut Workshop<'_>) -> TextFormat {
    let known = match field.kind {
        FieldKind::Text { format: format @ (TextFormat::Ipv4 | TextFormat::Ipv6), .. } => format,
        _ => TextFormat::Ip,
    };
    let Some(said) = &written.protocol else { return known };
    match said.text.to_ascii_lowercase().as_str() {
        "ipv4" => TextFormat::Ipv4,
        "ipv6" => TextFormat::Ipv6,
        "both" => TextFormat::Ip,
        _ => {
            let words = format!("'protocol' must be \"IPv4\", \"IPv6\" or \"both\", not '{}'", said.text);
            shop.complain("C014", &said.place, words);
            known
        }
    }
}

fn one(field: &Field, written: &FieldWritten, unique: bool, shop: &mut Workshop<'_>) -> Option<FieldKind> {
    let (known, known_field, known_rule) = match &field.kind {
        FieldKind::One { to, to_field, on_delete, .. } => (Some(to.clone()), to_field.clone(), *on_delete),
        _ => (None, None, OnDelete::Protect),
    };
    let Some(to) = target(written, shop).or(known) else {
        shop.complain("C015", &written.place, format!("'{}' needs 'to': the model it points to", written.name));
        return None;
    };
    let on_delete = match &written.on_delete {
        None => known_rule,
        Some(said) => match rule(&said.text) {
            Some(rule) => rule,
            None => {
                let near = suggestion(&said.text, RULES.map(|(name, _)| name));
                shop.complain("C014", &said.place, format!("unknown on_delete '{}'{near}", said.text));
                known_rule
            }
        },
    };
    Some(FieldKind::One { to, to_field: written.to_field.clone().or(known_field), unique, on_delete })
}

fn many(field: &Field, written: &FieldWritten, shop: &mut Workshop<'_>) -> Option<FieldKind> {
    let FieldKind::Many { to, through } = &field.kind else { return None };
    let mut through = through.clone();
    if let Some(said) = &written.through {
        through.symmetrical = said.symmetrical.unwrap_or(through.symmetrical);
        through.model = said.model.as_ref().and_then(|model| ModelKey::parse(&model.text)).or(through.model);
    }
    Some(FieldKind::Many { to: target(written, shop).unwrap_or_else(|| to.clone()), through })
}

const RULES: [(&str, OnDelete); 6] = [
    ("CASCADE", OnDelete::Cascade),
    ("PROTECT", OnDelete::Protect),
    ("RESTRICT", OnDelete::Restrict),
    ("SET_NULL", OnDelete::SetNull),
    ("SET_DEFAULT", OnDelete::SetDefault),
    ("DO_NOTHING", OnDelete::DoNothing),
];

fn rule(word: &str) -> Option<OnDelete> {
    RULES.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, rule)| *rule)
}

fn target(written: &FieldWritten, shop: &mut Workshop<'_>) -> Option<ModelKey> {
    let said = written.to.as_ref()?;
    let found = ModelKey::parse(&said.text).and_then(|key| shop.schema.find(&key).map(|model| model.key.clone()));
    if found.is_none() {
        let models: Vec<String> = shop.schema.models().map(|model| model.key.to_string()).collect();
        let near = suggestion(&said.text, models.iter().map(String::as_str));
        shop.complain("C015", &said.place, format!("there is no model '{}'{near}", said.text));
    }
    found
}

fn checks(field: &mut Field, written: &FieldWritten, shop: &mut Workshop<'_>) {
    for (node, check) in [(&written.min, Check::Min as fn(Value) -> Check), (&written.max, Check::Max)] {
        if let Some(value) = node.as_ref().and_then(|node| value(field, node, shop)) {
            field.checks.push(check(value));
        }
    }
    field.checks.extend(written.min_length.map(Check::MinLength));
    if let Some(said) = &written.pattern {
        match Check::pattern(&said.text, written.message.as_deref()) {
            Ok(check) => field.checks.push(check),
            Err(words) => shop.complain("C012", &said.place, format!("the pattern cannot be read: {words}")),
        }
    }
}

fn values(field: &mut Field, written: &FieldWritten, shop: &mut Workshop<'_>) {
    if let Some(node) = &written.choices {
        field.choices = choices(field, node, shop);
    }
    if let Some(storage) = &written.storage {
        field.storage = match storage.text.as_str() {
            "hyphenated" => Storage::Hyphenated,
            "iso" => Storage::Iso,
            "zoneless" => Storage::Zoneless,
            "text" => Storage::Text,
            _ => Storage::Native,
        };
    }
    let Some(node) = &written.default else { return };
    let word = if let Kind::Text(word) = &node.kind { word.as_str() } else { "" };
    field.initial = match (&field.kind, word) {
        (FieldKind::Uuid, "uuid4") => Some(Initial::NewUuid),
        (FieldKind::DateTime | FieldKind::Date | FieldKind::Time, "now") => Some(Initial::Now),
        _ => value(field, node, shop).map(Initial::Value),
    };
}

/// `["a", "b"]`, or with names for people `[["a", "Apple"], [1, "One"]]`.
fn choices(field: &Field, node: &Node, shop: &mut Workshop<'_>) -> Vec<(Value, String)> {
    let Kind::List(items) = &node.kind else {
        shop.complain("C004", &node.place, "'choices' must be a list of values, or of [value, name]");
        return Vec::new();
    };
    let mut choices = Vec::new();
    for item in items {
        let (raw, name) = match &item.kind {
            Kind::List(pair) => match pair.as_slice() {
                [raw, Node { kind: Kind::Text(name), .. }] => (raw, Some(name.clone())),
                _ => {
                    shop.complain("C004", &item.place, "a choice must be a value, or [value, name]");
                    continue;
                }
            },
            _ => (item, None),
        };
        if let Some(value) = value(field, raw, shop) {
            let name = name.unwrap_or_else(|| value.to_string());
            choices.push((value, name));
        }
    }
    choices
}

/// A typed value, read as a form would read it.
pub(super) fn value(field: &Field, node: &Node, shop: &mut Workshop<'_>) -> Option<Value> {
    // A limit keeps the digits that were written: they are part of what people are told.
    if let (FieldKind::Decimal { .. }, Kind::Int(_) | Kind::Float(_)) = (&field.kind, &node.kind)
        && let Ok(number) = node.json().to_string().parse()
    {
        return Some(Value::Decimal(number));
    }
    let bare = Field { choices: Vec::new(), checks: Vec::new(), null: true, blank: true, ..field.clone() };
    let read = bare.read(&Raw::Json(node.json()), &shop.reading());
    if read.is_err() {
        let words = format!("'{}' is no value of the {} '{}'", node.json(), field.class_name(), field.name);
        shop.complain("C016", &node.place, words);
    }
    read.ok()
}
