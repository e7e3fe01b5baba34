//! Fields: kinds, relations, defaults and checks. Plain data until the site is built.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::ModelKey;
use super::flaw::{Flaw, FlawKind};
use crate::value::Value;

/// One field of a model: a column, or a many-to-many relation.
#[derive(Debug, Clone)]
pub struct Field {
    /// The field's name: what questions and forms use (`category`).
    pub name: String,
    /// The column's name (`category_id`); unused by a many-to-many field.
    pub column: String,
    /// What it holds.
    pub kind: FieldKind,
    /// The name for people (Django's `verbose_name`).
    pub title: String,
    /// A hint for people.
    pub help: String,
    /// Whether the column may be null.
    pub null: bool,
    /// Whether a form may leave it empty.
    pub blank: bool,
    /// Whether a form may set it at all.
    pub editable: bool,
    /// Whether no two rows may have the same value.
    pub unique: bool,
    /// What is said of a value that another row has, instead of the contract's own words.
    pub taken_words: Option<String>,
    /// Whether it is never shown, asked about, exported or put into an audit record.
    pub secret: bool,
    /// The value of a row that does not say (Django's `default`).
    pub initial: Option<Initial>,
    /// Set by the engine at a moment (Django's `auto_now_add`, `auto_now`).
    pub stamp: Option<Stamp>,
    /// The values allowed, with their names.
    pub choices: Vec<(Value, String)>,
    /// Declared checks, in order.
    pub checks: Vec<Check>,
    /// Unique within the day, month or year of another field.
    pub unique_for: Vec<(super::flaw::DatePart, String)>,
    /// The name of a relation from its other end; empty: the lower-case name of the model that has the field.
    pub related_name: String,
    /// How the database spells the value where it has no type of its own.
    pub storage: Storage,
    /// The column's type as the database declares it, where that says more than the kind; else empty.
    pub declared: String,
    /// Whether an index of the database finds texts by how they begin, in any case of their letters.
    pub found_by_start: bool,
}

/// Deviations in how a value is stored. The default is what Django does on that database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Storage {
    /// As Django stores this kind on this database.
    #[default]
    Native,
    /// UUID as text with hyphens (SQLite: not the 32 digits of Django).
    Hyphenated,
    /// A date with time as ISO text with `T` (SQLite).
    Iso,
    /// A date with time without zone (PostgreSQL `timestamp`), read as UTC.
    Zoneless,
    /// A duration, decimal, address or JSON document as plain text.
    Text,
}

/// What a field holds; close to Django's classes, so that a Django site loses nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldKind {
    /// A whole number that the database gives (Django's `AutoField` family).
    Auto(Width),
    /// Truth.
    Bool,
    /// A whole number.
    Int {
        /// The column's width.
        width: Width,
        /// Whether negative numbers are refused.
        positive: bool,
    },
    /// A binary number.
    Float,
    /// An exact number.
    Decimal {
        /// All digits.
        digits: u32,
        /// Digits after the point.
        places: u32,
    },
    /// Text.
    Text {
        /// The most characters, if limited.
        max: Option<u32>,
        /// Which texts are allowed.
        format: TextFormat,
    },
    /// A calendar day.
    Date,
    /// A time of day.
    Time,
    /// An instant.
    DateTime,
    /// A span of time.
    Duration,
    /// A UUID.
    Uuid,
    /// A JSON document.
    Json,
    /// Bytes. No form sets them; as the column of a row they can be emptied.
    Bytes,
    /// The stored name of a file.
    File {
        /// The folder of uploads (`upload_to`).
        folder: String,
        /// The most characters of the stored name.
        max: u32,
        /// Whether the file must be an image.
        image: bool,
    },
    /// A foreign key or a one-to-one relation.
    One {
        /// The model pointed to.
        to: ModelKey,
        /// The field pointed to, when it is not the primary key.
        to_field: Option<String>,
        /// Whether it is one-to-one.
        unique: bool,
        /// What happens to this row when the target goes.
        on_delete: OnDelete,
    },
    /// A many-to-many relation.
    Many {
        /// The model pointed to.
        to: ModelKey,
        /// The join table.
        through: Through,
    },
}

/// Width of a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// 16 bits.
    Small,
    /// 32 bits.
    Normal,
    /// 64 bits.
    Big,
}

/// Which texts a text field allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFormat {
    /// One line (`CharField`).
    Line,
    /// Many lines (`TextField`).
    Long,
    /// Letters, digits, hyphens and underscores.
    Slug,
    /// An e-mail address.
    Email,
    /// A URL.
    Url,
    /// An IP address of either family.
    Ip,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
}

/// What happens to rows that point to a row that is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDelete {
    /// They go too.
    Cascade,
    /// They refuse.
    Protect,
    /// They refuse, unless they go for another reason in the same delete.
    Restrict,
    /// They point nowhere.
    SetNull,
    /// They point to their default.
    SetDefault,
    /// Nothing is done; the database may object.
    DoNothing,
}

/// The join table of a many-to-many relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Through {
    /// The join table.
    pub table: String,
    /// The column that points to the row with the field.
    pub near: String,
    /// The column that points to the other row.
    pub far: String,
    /// The hand-made model of the join table, if it has one; then the field cannot be written.
    pub model: Option<ModelKey>,
    /// Whether a pair is always stored both ways (a relation of a model to itself).
    pub symmetrical: bool,
}

/// The value of a row that does not say.
#[derive(Clone)]
pub enum Initial {
    /// A fixed value.
    Value(Value),
    /// A new random UUID.
    NewUuid,
    /// The present moment.
    Now,
    /// Something computed for each row.
    Call(Arc<dyn Fn() -> Value + Send + Sync>),
}

impl fmt::Debug for Initial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Initial::Value(value) => f.debug_tuple("Value").field(value).finish(),
            Initial::NewUuid => f.write_str("NewUuid"),
            Initial::Now => f.write_str("Now"),
            Initial::Call(_) => f.write_str("Call"),
        }
    }
}

/// When the engine sets a field by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamp {
    /// When the row is made.
    Created,
    /// At every save.
    Saved,
}

/// A declared check of a value.
#[derive(Debug, Clone)]
pub enum Check {
    /// At least this.
    Min(Value),
    /// At most this.
    Max(Value),
    /// At least so many characters.
    MinLength(u32),
    /// At most so many characters.
    MaxLength(u32),
    /// A regular expression that must be found in the text.
    Pattern {
        /// The expression.
        pattern: regex::Regex,
        /// What to say otherwise.
        words: Option<String>,
    },
}

impl Field {
    /// The flaw of a value that another row has.
    #[must_use]
    pub fn taken(&self) -> Flaw {
        Flaw { kind: FlawKind::Taken, words: self.taken_words.clone() }
    }

    /// Whether the field is a column of the model's own table (all but many-to-many).
    #[must_use]
    pub fn is_column(&self) -> bool {
        !matches!(self.kind, FieldKind::Many { .. })
    }

    /// The model that a relation points to.
    #[must_use]
    pub fn target(&self) -> Option<&ModelKey> {
        match &self.kind {
            FieldKind::One { to, .. } | FieldKind::Many { to, .. } => Some(to),
            _ => None,
        }
    }

    /// The name of a value among the choices.
    #[must_use]
    pub fn choice_name(&self, value: &Value) -> Option<&str> {
        self.choices.iter().find(|(choice, _)| choice == value).map(|(_, name)| name.as_str())
    }

    /// Whether somebody can fill it in: that no form may set it is said of it, and goes without saying of bytes.
    #[must_use]
    pub fn takes_input(&self) -> bool {
        self.editable && self.kind != FieldKind::Bytes
    }

    /// The value of a row that does not say, where one is declared.
    #[must_use]
    pub fn initial_value(&self, now: Timestamp, zone: &TimeZone) -> Option<Value> {
        self.initial.as_ref().map(|initial| match initial {
            Initial::Value(value) => value.clone(),
            Initial::NewUuid => Value::Uuid(Uuid::new_v4()),
            Initial::Now => self.moment(now, zone),
            Initial::Call(call) => call(),
        })
    }

    /// An instant as the field keeps it: days and times of day are those of the zone.
    #[must_use]
    pub fn moment(&self, now: Timestamp, zone: &TimeZone) -> Value {
        match self.kind {
            FieldKind::Date => Value::Date(now.to_zoned(zone.clone()).date()),
            FieldKind::Time => Value::Time(now.to_zoned(zone.clone()).time()),
            _ => Value::DateTime(now),
        }
    }

    /// Whether the field holds text of any format (Django's `CharField` and its kin, and `TextField`).
    #[must_use]
    pub fn is_text(&self) -> bool {
        matches!(self.kind, FieldKind::Text { .. })
    }

    /// Whether the field holds an IP address.
    #[must_use]
    pub fn is_address(&self) -> bool {
        let FieldKind::Text { format, .. } = &self.kind else { return false };
        matches!(format, TextFormat::Ip | TextFormat::Ipv4 | TextFormat::Ipv6)
    }

    /// Whether the database gives the value.
    #[must_use]
    pub fn is_auto(&self) -> bool {
        matches!(self.kind, FieldKind::Auto(_))
    }

    /// The name of Django's class for this kind: the word that schemas and settings use for it.
    #[must_use]
    pub fn class_name(&self) -> &'static str {
        match &self.kind {
            FieldKind::Auto(Width::Small) => "SmallAutoField",
            FieldKind::Auto(Width::Normal) => "AutoField",
            FieldKind::Auto(Width::Big) => "BigAutoField",
            FieldKind::Bool => "BooleanField",
            FieldKind::Int { width: Width::Small, positive: false } => "SmallIntegerField",
            FieldKind::Int { width: Width::Normal, positive: false } => "IntegerField",
            FieldKind::Int { width: Width::Big, positive: false } => "BigIntegerField",
            FieldKind::Int { width: Width::Small, positive: true } => "PositiveSmallIntegerField",
            FieldKind::Int { width: Width::Normal, positive: true } => "PositiveIntegerField",
            FieldKind::Int { width: Width::Big, positive: true } => "PositiveBigIntegerField",
            FieldKind::Float => "FloatField",
            FieldKind::Decimal { .. } => "DecimalField",
            FieldKind::Text { format, .. } => match format {
                TextFormat::Line => "CharField",
                TextFormat::Long => "TextField",
                TextFormat::Slug => "SlugField",
                TextFormat::Email => "EmailField",
                TextFormat::Url => "URLField",
                TextFormat::Ip | TextFormat::Ipv4 | TextFormat::Ipv6 => "GenericIPAddressField",
            },
            FieldKind::Date => "DateField",
            FieldKind::Time => "TimeField",
            FieldKind::DateTime => "DateTimeField",
            FieldKind::Duration => "DurationField",
            FieldKind::Uuid => "UUIDField",
            FieldKind::Json => "JSONField",
            FieldKind::Bytes => "BinaryField",
            FieldKind::File { image: false, .. } => "FileField",
            FieldKind::File { image: true, .. } => "ImageField",
            FieldKind::One { unique: false, .. } => "ForeignKey",
            FieldKind::One { unique: true, .. } => "OneToOneField",
            FieldKind::Many { .. } => "ManyToManyField",
        }
    }
}
