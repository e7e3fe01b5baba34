//! The kind of a field from the declared type of its column.

use crate::model::facts::{Column, Table};
use crate::model::{FieldKind, Storage, TextFormat, Width};

use super::check;

/// Where a column stands, as far as it tells the kind.
pub(super) struct Place<'t> {
    pub(super) table: &'t Table,
    /// Whether Django made the table: then its spellings are known.
    pub(super) django: bool,
    /// Whether no two rows have the same value here.
    pub(super) alone: bool,
    /// Whether the database keeps to declared types.
    pub(super) strict: bool,
}

/// What a column holds.
pub(super) struct Typed {
    pub(super) kind: FieldKind,
    pub(super) storage: Storage,
    /// Whether we can write it.
    pub(super) writable: bool,
}

impl Typed {
    fn of(kind: FieldKind) -> Typed {
        Typed { kind, storage: Storage::Native, writable: true }
    }

    fn stored(self, storage: Storage) -> Typed {
        Typed { storage, ..self }
    }

    fn read_only(self) -> Typed {
        Typed { writable: false, ..self }
    }
}

/// Digits of a decimal column that declares none: what SQLite keeps exactly, with places for money.
const DIGITS: (u32, u32) = (15, 2);
/// Digits of a PostgreSQL `numeric` without any.
const ANY_DIGITS: (u32, u32) = (38, 10);

/// The kind of a column.
pub(super) fn of(column: &Column, place: &Place<'_>) -> Typed {
    let (words, sizes) = parts(&column.declared);
    if column.identity {
        return Typed::of(FieldKind::Auto(if place.strict { width(&words) } else { Width::Big }));
    }
    if !column.labels.is_empty() {
        return text(None, TextFormat::Line);
    }
    if words.ends_with("[]") {
        return text(None, TextFormat::Long).read_only();
    }
    number(&words, &sizes, column, place)
        .or_else(|| written(&words, &sizes, column, place))
        .or_else(|| moment(&words, place))
        .unwrap_or_else(|| by_affinity(&words, place))
}

/// The words of a type without its sizes, in lower case, and the sizes: `VARCHAR(20)` is `varchar` and 20.
fn parts(declared: &str) -> (String, Vec<u32>) {
    let lower = declared.to_lowercase();
    let Some((before, rest)) = lower.split_once('(') else { return (lower.trim().to_owned(), Vec::new()) };
    let (inside, after) = rest.split_once(')').unwrap_or((rest, ""));
    let sizes = inside.split(',').filter_map(|size| size.trim().parse().ok()).collect();
    (format!("{} {}", before.trim(), after.trim()).trim().replace(" []", "[]"), sizes)
}

fn width(words: &str) -> Width {
    match words.split(' ').next().unwrap_or_default() {
        "smallint" | "int2" | "smallserial" | "tinyint" => Width::Small,
        "integer" | "int" | "int4" | "serial" | "mediumint" => Width::Normal,
        _ => Width::Big,
    }
}

fn number(words: &str, sizes: &[u32], column: &Column, place: &Place<'_>) -> Option<Typed> {
    let first = words.split(' ').next().unwrap_or_default();
    let kind = match first {
        "tinyint" if sizes == [1] => FieldKind::Bool,
        "bool" | "boolean" => FieldKind::Bool,
        "smallint" | "integer" | "int" | "bigint" | "int2" | "int4" | "int8" | "tinyint" | "mediumint" => {
            let positive = words.contains("unsigned") || check::not_negative(place.table, column);
            // SQLite keeps 64 bits in any of them; only Django's own names mean less.
            let width = if place.strict || place.django { width(words) } else { Width::Big };
            FieldKind::Int { width, positive }
        }
        "real" | "float" | "double" | "float4" | "float8" => FieldKind::Float,
        "decimal" | "numeric" => {
            let unsaid = if place.strict { ANY_DIGITS } else { DIGITS };
            let (digits, places) = match sizes {
                [] => unsaid,
                [digits] => (*digits, 0),
                [digits, places, ..] => (*digits, *places),
            };
            FieldKind::Decimal { digits, places }
        }
        _ => return None,
    };
    Some(Typed::of(kind))
}

fn written(words: &str, sizes: &[u32], column: &Column, place: &Place<'_>) -> Option<Typed> {
    let name = column.name.to_lowercase();
    let like_uuid = name.contains("uuid") || name.contains("guid");
    let typed = match words {
        "char" | "character" if !place.strict && sizes == [32] && (place.django || place.alone || like_uuid) => {
            Typed::of(FieldKind::Uuid)
        }
        "char" | "character" if !place.strict && sizes == [36] && (place.alone || like_uuid) => {
            Typed::of(FieldKind::Uuid).stored(Storage::Hyphenated)
        }
        "char" if !place.strict && sizes == [39] && place.django => text(Some(39), TextFormat::Ip),
        "inet" if place.strict => text(Some(39), TextFormat::Ip),
        "uuid" | "guid" if place.strict => Typed::of(FieldKind::Uuid),
        "uuid" | "guid" => Typed::of(FieldKind::Uuid).stored(Storage::Hyphenated),
        "json" | "jsonb" => Typed::of(FieldKind::Json),
        "text" | "clob" | "mediumtext" | "longtext" | "citext" if check::is_json(place.table, column) => {
            Typed::of(FieldKind::Json)
        }
        "text" | "clob" | "mediumtext" | "longtext" | "citext" => text(None, length_of(&name, column, place)),
        "char" | "character" | "bpchar" | "varchar" | "character varying" | "nvarchar" | "nchar" | "tinytext"
        | "varying character" | "native character" => text(sizes.first().copied(), TextFormat::Line),
        "blob" | "bytea" | "binary" | "varbinary" | "longblob" => Typed::of(FieldKind::Bytes),
        _ => return None,
    };
    Some(typed)
}

/// Many a database knows no other type for text than `text`: there, names that call something mean one line.
fn length_of(name: &str, column: &Column, place: &Place<'_>) -> TextFormat {
    const SHORT: [&str; 22] = [
        "name", "title", "label", "username", "email", "slug", "code", "sku", "status", "state", "type", "kind",
        "city", "country", "phone", "url", "number", "color", "colour", "currency", "locale", "language",
    ];
    let last = name.rsplit(['_', ' ', '-']).next().unwrap_or(name);
    let short = SHORT.contains(&last) || place.alone || !check::choices(place.table, column).is_empty();
    if short && !place.django { TextFormat::Line } else { TextFormat::Long }
}

fn moment(words: &str, place: &Place<'_>) -> Option<Typed> {
    let typed = match words {
        "date" => Typed::of(FieldKind::Date),
        "time" | "time without time zone" => Typed::of(FieldKind::Time),
        "timestamp without time zone" if place.strict => Typed::of(FieldKind::DateTime).stored(Storage::Zoneless),
        "datetime" | "timestamp" | "timestamptz" | "timestamp with time zone" | "timestamp without time zone" => {
            Typed::of(FieldKind::DateTime)
        }
        "interval" if place.strict => Typed::of(FieldKind::Duration),
        _ => return None,
    };
    Some(typed)
}

/// A type that nobody knows is shown as text; SQLite says by its name what it is likely to hold.
fn by_affinity(words: &str, place: &Place<'_>) -> Typed {
    if place.strict {
        return text(None, TextFormat::Long).read_only();
    }
    let has = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    if has(&["int"]) {
        Typed::of(FieldKind::Int { width: Width::Big, positive: words.contains("unsigned") })
    } else if has(&["blob"]) {
        Typed::of(FieldKind::Bytes)
    } else if has(&["real", "floa", "doub"]) {
        Typed::of(FieldKind::Float)
    } else {
        text(None, TextFormat::Long)
    }
}

fn text(max: Option<u32>, format: TextFormat) -> Typed {
    Typed::of(FieldKind::Text { max, format })
}
