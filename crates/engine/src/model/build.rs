//! Declaring models in Rust: short constructors for every field kind, chained settings.

use indexmap::IndexMap;

use super::{
    Check, Field, FieldKind, Flaw, Initial, Label, Model, ModelKey, OnDelete, Order, Stamp, Storage, TextFormat,
    Through, Unique, Width,
};
use crate::value::Value;

impl Model {
    /// A model with nothing but its name. The table is `app_model` in lower case, the names for people come from the
    /// class name, and until a primary key is declared there is Django's implicit one, `id`.
    ///
    /// ```
    /// use factotum_engine::model::{Field, Model};
    /// let tag = Model::new("shop", "Tag").with(Field::line("name", 40).unique()).label("{{ name }}").order_by(&["name"]);
    /// assert_eq!((tag.table.as_str(), tag.plural.as_str()), ("shop_tag", "tags"));
    /// ```
    #[must_use]
    pub fn new(app: &str, name: &str) -> Model {
        let key = ModelKey::new(app, name);
        let singular = words_of(name);
        Model {
            table: format!("{app}_{}", key.lower_name()),
            key,
            plural: format!("{singular}s"),
            singular,
            fields: vec![Field::new("id", FieldKind::Auto(Width::Big)).titled("ID").blank()],
            primary_key: "id".to_owned(),
            label: Label::of_key(),
            ordering: Vec::new(),
            unique_together: Vec::new(),
            indexes: Vec::new(),
            auto_made: false,
        }
    }

    /// The table's name.
    #[must_use]
    pub fn table(mut self, table: &str) -> Model {
        table.clone_into(&mut self.table);
        self
    }

    /// The names for people.
    #[must_use]
    pub fn named(mut self, singular: &str, plural: &str) -> Model {
        singular.clone_into(&mut self.singular);
        plural.clone_into(&mut self.plural);
        self
    }

    /// Adds a field; columns come before many-to-many fields.
    #[must_use]
    pub fn with(mut self, field: Field) -> Model {
        let at = if field.is_column() { self.columns().count() } else { self.fields.len() };
        self.fields.insert(at, field);
        self
    }

    /// Declares the primary key: the implicit `id` goes, unless it is replaced by one of that name.
    #[must_use]
    pub fn key(mut self, field: Field) -> Model {
        self.fields.retain(|known| known.name != self.primary_key);
        self.primary_key.clone_from(&field.name);
        self.fields.insert(0, Field { unique: true, ..field });
        self
    }

    /// How a row is called: a template such as `{{ name }} ({{ sku }})`.
    ///
    /// # Panics
    /// If the template cannot be read. Use [`Label::parse`] for templates that are data.
    #[must_use]
    pub fn label(mut self, template: &str) -> Model {
        self.label = Label::parse(template).expect("a label written in code can be read");
        self
    }

    /// The order of rows when nobody says, in Django's spelling.
    #[must_use]
    pub fn order_by(mut self, order: &[&str]) -> Model {
        self.ordering = order.iter().map(|text| Order::parse(text)).collect();
        self
    }

    /// Fields that no two rows may have alike.
    #[must_use]
    pub fn unique_together(mut self, fields: &[&str]) -> Model {
        let fields = fields.iter().map(|&name| name.to_owned()).collect();
        self.unique_together.push(Unique { fields, words: None });
        self
    }
}

impl Field {
    /// A field of any kind with nothing else said.
    #[must_use]
    pub fn new(name: &str, kind: FieldKind) -> Field {
        let column = if matches!(kind, FieldKind::One { .. }) { format!("{name}_id") } else { name.to_owned() };
        let unique = matches!(kind, FieldKind::One { unique: true, .. });
        Field {
            name: name.to_owned(),
            column,
            kind,
            title: name.replace('_', " "),
            help: String::new(),
            null: false,
            blank: false,
            editable: true,
            unique,
            secret: false,
            initial: None,
            stamp: None,
            choices: Vec::new(),
            checks: Vec::new(),
            unique_for: Vec::new(),
            taken_words: None,
            related_name: String::new(),
            storage: Storage::Native,
            declared: String::new(),
            found_by_start: false,
        }
    }

    /// One line of text.
    #[must_use]
    pub fn line(name: &str, max: u32) -> Field {
        Field::text_of(name, Some(max), TextFormat::Line)
    }

    /// Text of any length.
    #[must_use]
    pub fn long_text(name: &str) -> Field {
        Field::text_of(name, None, TextFormat::Long)
    }

    /// Text of a format.
    #[must_use]
    pub fn text_of(name: &str, max: Option<u32>, format: TextFormat) -> Field {
        Field::new(name, FieldKind::Text { max, format })
    }

    /// Truth.
    #[must_use]
    pub fn truth(name: &str) -> Field {
        Field::new(name, FieldKind::Bool)
    }

    /// A whole number of 32 bits.
    #[must_use]
    pub fn int(name: &str) -> Field {
        Field::new(name, FieldKind::Int { width: Width::Normal, positive: false })
    }

    /// A whole number of any width that is not negative.
    #[must_use]
    pub fn count(name: &str, width: Width) -> Field {
        Field::new(name, FieldKind::Int { width, positive: true })
    }

    /// A binary number.
    #[must_use]
    pub fn float(name: &str) -> Field {
        Field::new(name, FieldKind::Float)
    }

    /// An exact number.
    #[must_use]
    pub fn decimal(name: &str, digits: u32, places: u32) -> Field {
        Field::new(name, FieldKind::Decimal { digits, places })
    }

    /// A foreign key; the column is the name with `_id`.
    #[must_use]
    pub fn one(name: &str, to: ModelKey, on_delete: OnDelete) -> Field {
        Field::new(name, FieldKind::One { to, to_field: None, unique: false, on_delete })
    }

    /// A one-to-one relation; the column is the name with `_id`.
    #[must_use]
    pub fn one_to_one(name: &str, to: ModelKey, on_delete: OnDelete) -> Field {
        Field::new(name, FieldKind::One { to, to_field: None, unique: true, on_delete })
    }

    /// A many-to-many relation over a join table with two columns.
    #[must_use]
    pub fn many(name: &str, to: ModelKey, table: &str, near: &str, far: &str) -> Field {
        let through = Through {
            table: table.to_owned(),
            near: near.to_owned(),
            far: far.to_owned(),
            model: None,
            symmetrical: false,
        };
        Field::new(name, FieldKind::Many { to, through })
    }

    /// The name of the relation from the other end (Django's `related_name`).
    #[must_use]
    pub fn seen_as(mut self, related_name: &str) -> Field {
        related_name.clone_into(&mut self.related_name);
        self
    }

    /// The column's name.
    #[must_use]
    pub fn in_column(mut self, column: &str) -> Field {
        column.clone_into(&mut self.column);
        self
    }

    /// The name for people.
    #[must_use]
    pub fn titled(mut self, title: &str) -> Field {
        title.clone_into(&mut self.title);
        self
    }

    /// A hint for people.
    #[must_use]
    pub fn helped(mut self, help: &str) -> Field {
        help.clone_into(&mut self.help);
        self
    }

    /// The column may be null and the form may leave it empty.
    #[must_use]
    pub fn optional(mut self) -> Field {
        (self.null, self.blank) = (true, true);
        self
    }

    /// The column may be null.
    #[must_use]
    pub fn null(mut self) -> Field {
        self.null = true;
        self
    }

    /// A form may leave it empty.
    #[must_use]
    pub fn blank(mut self) -> Field {
        self.blank = true;
        self
    }

    /// No two rows may have the same value.
    #[must_use]
    pub fn unique(mut self) -> Field {
        self.unique = true;
        self
    }

    /// No two rows may have the same value, and this is what is said otherwise.
    #[must_use]
    pub fn unique_or(mut self, words: &str) -> Field {
        self.taken_words = Some(words.to_owned());
        self.unique()
    }

    /// No form may set it.
    #[must_use]
    pub fn fixed(mut self) -> Field {
        self.editable = false;
        self
    }

    /// Never shown, asked about, exported or put into an audit record.
    #[must_use]
    pub fn secret(mut self) -> Field {
        self.secret = true;
        self
    }

    /// The value of a row that does not say.
    #[must_use]
    pub fn initially(mut self, value: impl Into<Value>) -> Field {
        self.initial = Some(Initial::Value(value.into()));
        self
    }

    /// The value of a row that does not say, computed.
    #[must_use]
    pub fn initially_by(mut self, initial: Initial) -> Field {
        self.initial = Some(initial);
        self
    }

    /// Set by the engine; no form may.
    #[must_use]
    pub fn stamped(mut self, stamp: Stamp) -> Field {
        self.stamp = Some(stamp);
        self.blank = true;
        self.fixed()
    }

    /// The values allowed, with their names.
    #[must_use]
    pub fn choices<V: Into<Value>, const N: usize>(mut self, choices: [(V, &str); N]) -> Field {
        self.choices = choices.into_iter().map(|(value, name)| (value.into(), name.to_owned())).collect();
        self
    }

    /// Adds a check.
    #[must_use]
    pub fn checked(mut self, check: Check) -> Field {
        self.checks.push(check);
        self
    }

    /// Adds a check by a regular expression with its own words.
    ///
    /// # Panics
    /// If the expression cannot be read.
    #[must_use]
    pub fn matching(self, pattern: &str, words: &str) -> Field {
        let pattern = regex::Regex::new(pattern).expect("a pattern written in code can be read");
        self.checked(Check::Pattern { pattern, words: Some(words.to_owned()) })
    }
}

impl Check {
    /// A regular expression that must be found in the text, with what to say otherwise.
    ///
    /// # Errors
    /// What is wrong with the expression.
    pub fn pattern(pattern: &str, words: Option<&str>) -> Result<Check, String> {
        let pattern = regex::Regex::new(pattern).map_err(|error| error.to_string())?;
        Ok(Check::Pattern { pattern, words: words.map(str::to_owned) })
    }

    /// Judges a value that has the field's type; null passes.
    ///
    /// # Errors
    /// The flaw found.
    pub fn judge(&self, value: &Value) -> Result<(), Flaw> {
        super::read::check::judge(self, value)
    }
}

/// The words of a class name: `OrderLine` is "order line".
#[must_use]
pub fn words_of(class: &str) -> String {
    let mut words = String::new();
    let letters: Vec<char> = class.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        let starts_word = letter.is_uppercase()
            && at > 0
            && (letters[at - 1].is_lowercase() || letters.get(at + 1).is_some_and(|next| next.is_lowercase()));
        if starts_word && !words.ends_with(' ') {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words.replace('_', " ")
}

/// The model of a join table that nobody declared: its name is `Model_field`, its rows go with either end.
pub(super) fn join_model(model: &Model, field: &Field, declared: &IndexMap<ModelKey, Model>) -> Option<Model> {
    let FieldKind::Many { to, through } = &field.kind else { return None };
    if through.model.is_some() {
        return None;
    }
    let to_self = *to == model.key;
    let (near, far) = if to_self {
        (format!("from_{}", model.key.lower_name()), format!("to_{}", to.lower_name()))
    } else {
        (model.key.lower_name(), to.lower_name())
    };
    let title = format!("{near}-{far} relationship");
    let end =
        |name: &str, column: &str, to: &ModelKey| Field::one(name, to.clone(), OnDelete::Cascade).in_column(column);
    let mut join = Model::new(&model.key.app, &format!("{}_{}", model.key.name, field.name))
        .table(&through.table)
        .named(&title, &format!("{title}s"))
        .with(end(&near, &through.near, &model.key));
    if declared.contains_key(to) {
        join = join.with(end(&far, &through.far, to));
    }
    join.auto_made = true;
    Some(join)
}
