//! Our forms against Django's own: a table of inputs that `scripts/django-forms.py` asked Django about.

use factotum_engine::model::{Check, Field, FieldKind, Reading, Schema, TextFormat, Width};
use factotum_engine::store::Dialect;
use factotum_engine::{Raw, Value};
use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};

use super::{error, response};

const TABLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../conversations/django-forms.json"));

fn number(spec: &Json, name: &str) -> u32 {
    u32::try_from(spec[name].as_u64().unwrap_or_default()).expect("numbers of the table are small")
}

fn kind(spec: &Json) -> FieldKind {
    let max = spec["max_length"].is_u64().then(|| number(spec, "max_length"));
    let text = |format| FieldKind::Text { max, format };
    let int = |width, positive| FieldKind::Int { width, positive };
    match spec["kind"].as_str().expect("a field has a kind") {
        "CharField" => text(TextFormat::Line),
        "TextField" => text(TextFormat::Long),
        "SlugField" => text(TextFormat::Slug),
        "EmailField" => text(TextFormat::Email),
        "URLField" => text(TextFormat::Url),
        "GenericIPAddressField" => text(match spec["protocol"].as_str() {
            Some("IPv4") => TextFormat::Ipv4,
            Some(_) => TextFormat::Ipv6,
            None => TextFormat::Ip,
        }),
        "IntegerField" => int(Width::Normal, false),
        "SmallIntegerField" => int(Width::Small, false),
        "BigIntegerField" => int(Width::Big, false),
        "PositiveIntegerField" => int(Width::Normal, true),
        "PositiveBigIntegerField" => int(Width::Big, true),
        "DecimalField" => {
            FieldKind::Decimal { digits: number(spec, "max_digits"), places: number(spec, "decimal_places") }
        }
        "FloatField" => FieldKind::Float,
        "BooleanField" => FieldKind::Bool,
        "DateField" => FieldKind::Date,
        "TimeField" => FieldKind::Time,
        "DateTimeField" => FieldKind::DateTime,
        "DurationField" => FieldKind::Duration,
        "UUIDField" => FieldKind::Uuid,
        "JSONField" => FieldKind::Json,
        other => panic!("{other}"),
    }
}

fn field(spec: &Json) -> Field {
    let mut field = Field::new("f", kind(spec));
    field.blank = spec["blank"] == true;
    field.null = spec["null"] == true;
    for (value, name) in
        spec["choices"].as_array().into_iter().flatten().filter_map(|pair| Some((&pair[0], pair[1].as_str()?)))
    {
        let value = value.as_i64().map_or_else(|| Value::from(value.as_str().unwrap_or_default()), Value::Int);
        field.choices.push((value, name.to_owned()));
    }
    let int = |name: &str| spec[name].as_i64().map(Value::Int);
    field.checks.extend(int("least").map(Check::Min));
    field.checks.extend(int("most").map(Check::Max));
    field.checks.extend(spec["shortest"].is_u64().then(|| Check::MinLength(number(spec, "shortest"))));
    field.checks.extend(spec["pattern"].as_str().map(|it| Check::pattern(it, None).expect("the pattern is right")));
    field
}

/// A value as the table shows it, without the offset that an instant was entered with.
fn shown(value: &Value) -> Json {
    let document = response::document(value);
    match value {
        Value::Decimal(_) => json!({ "decimal": document }),
        Value::DateTime(_) => json!({ "instant": document }),
        Value::Date(_) | Value::Time(_) => json!({ "iso": document }),
        Value::Duration(span) => {
            json!({ "micros": i64::try_from(span.as_micros()).expect("a span of the table is short") })
        }
        Value::Uuid(_) => json!({ "uuid": document }),
        Value::Float(number) => json!({ "float": number }),
        Value::Json(Json::Number(number)) if number.is_f64() => json!({ "float": number }),
        _ => json!({ "value": document }),
    }
}

/// What Django says, as we compare it.
fn expected(told: &Json) -> Json {
    let mut told = told.clone();
    if let Some(ok) = told.get_mut("ok").and_then(Json::as_object_mut) {
        ok.remove("entered");
        if let Some(text) = ok.get("float").and_then(Json::as_str) {
            let number: f64 = text.parse().expect("a float of the table");
            ok.insert("float".to_owned(), json!(number));
        }
    }
    told
}

/// What we do otherwise on purpose.
fn is_ours(field: &Field, sent: &Json) -> bool {
    let scalar = sent.is_string() || sent.is_number();
    let empty = sent.is_null() || *sent == json!([]) || *sent == json!({});
    match &field.kind {
        // Truth, lists and objects are no text.
        FieldKind::Text { .. } => field.choices.is_empty() && !scalar && !empty,
        // Empty lists and objects stay what they are, and a document has no NaN.
        FieldKind::Json => *sent == json!([]) || *sent == json!({}) || *sent == json!("NaN"),
        // JSON text cannot be told from a whole number beyond 64 bits once it is read.
        FieldKind::Int { .. } => sent.as_f64().is_some_and(|number| number.abs() >= 9.3e18),
        _ => false,
    }
}

#[test]
fn forms_read_as_django_s_do() {
    let table: Vec<Json> = serde_json::from_str(TABLE).expect("the table is JSON");
    let (schema, zone) = (Schema::new(Vec::new()), TimeZone::get("Europe/Oslo").expect("a zone"));
    let reading = Reading { schema: &schema, zone: &zone, dialect: Dialect::Sqlite };
    let (mut asked, mut faults) = (0, Vec::new());
    for entry in &table {
        let field = field(&entry["field"]);
        for case in entry["cases"].as_array().expect("a field has cases") {
            let raw = case[0].get("sent").cloned().map(Raw::Json);
            let ours = match field.read_input(raw.as_ref(), &reading) {
                Ok(value) => json!({ "ok": shown(&value) }),
                Err(flaws) => {
                    let words: Vec<String> = flaws.iter().map(|flaw| error::words(flaw, None, Some(&field))).collect();
                    json!({ "errors": words })
                }
            };
            asked += 1;
            let skipped = !case[1]["broken"].is_null() || is_ours(&field, &case[0]["sent"]);
            if !skipped && ours != expected(&case[1]) {
                faults.push(format!("{} {}\n  Django {}\n  we     {ours}", entry["field"], case[0], case[1]));
            }
        }
    }
    assert!(asked > 3_000, "{asked}");
    assert!(faults.is_empty(), "{} of {asked}:\n{}", faults.len(), faults.join("\n"));
}
