//! How the fields of a form look, as data, for any face that draws one. Nothing here depends on who asks or on a row.

use crate::admin::options::{Direction, Options, Widget};
use crate::model::{Field, FieldKind, Model, TextFormat};
use crate::site::{Resource, Site};

/// A field of a form, or something that a form only shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// A hint for people.
    pub help: String,
    /// What it shows.
    pub source: Source,
    /// Whether it must be filled in.
    pub required: bool,
    /// How it is filled in; nothing for what is no field.
    pub input: Option<Input>,
    /// Whether the admin chose the input instead of the usual one.
    pub chosen: bool,
}

/// What an entry shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A field, by its position in the model.
    Field(usize),
    /// A computed column, by its position.
    Column(usize),
    /// How the row is called.
    Label,
    /// Nothing: no such thing is known.
    Nothing,
}

/// How a field is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// One line of text.
    Text,
    /// Many lines of text.
    LongText,
    /// One line that is an e-mail address.
    Email,
    /// One line that is a URL.
    Url,
    /// A number.
    Number,
    /// A text that is not shown, and whose value is never sent.
    Password,
    /// Not drawn.
    Hidden,
    /// A box that is ticked.
    Tick,
    /// Boxes of which several are ticked.
    Ticks,
    /// A list of which one is chosen.
    Choice,
    /// A list of which several are chosen.
    Choices,
    /// Yes, no, or nothing said.
    YesNo,
    /// Buttons of which one is pressed; without a direction where the admin gave none.
    Radio(Option<Direction>),
    /// A calendar day.
    Date,
    /// A time of day.
    Time,
    /// An instant.
    DateTime,
    /// An instant, its day and its time apart.
    DateAndTime,
    /// A file.
    File,
    /// A picture.
    Image,
    /// The key of a row, typed; or several keys.
    Key,
    /// A row that is searched for; or several.
    Search,
    /// Two lists between which rows are moved.
    Shuttle(Direction),
}

impl Entry {
    /// The entry of a name: a field, a computed column, `__str__` for how the row is called, or nothing known.
    #[must_use]
    pub fn of(site: &Site, resource: &Resource, name: &str) -> Entry {
        let model = &resource.model;
        if let Some(at) = model.fields.iter().position(|field| field.name == name) {
            return of_field(site, resource, at);
        }
        if let Some(at) = resource.columns.iter().position(|column| column.name == name) {
            let title = Some(&resource.columns[at].title).filter(|title| !title.is_empty());
            return shown(name, title.cloned().unwrap_or_else(|| words(name)), Source::Column(at));
        }
        if name == "__str__" {
            return shown(name, model.singular.clone(), Source::Label);
        }
        shown(name, words(name), Source::Nothing)
    }

    /// The field that it shows.
    #[must_use]
    pub fn field<'m>(&self, model: &'m Model) -> Option<&'m Field> {
        if let Source::Field(at) = self.source { model.fields.get(at) } else { None }
    }
}

fn shown(name: &str, title: String, source: Source) -> Entry {
    Entry { name: name.to_owned(), title, help: String::new(), source, required: false, input: None, chosen: false }
}

fn of_field(site: &Site, resource: &Resource, at: usize) -> Entry {
    let field = &resource.model.fields[at];
    let (input, chosen) = input(site, resource, field);
    Entry {
        name: field.name.clone(),
        title: field.title.clone(),
        help: field.help.clone(),
        source: Source::Field(at),
        required: must_be_filled(field),
        input: Some(input),
        chosen,
    }
}

/// Whether a form must fill a field in: a box that is not ticked says no.
#[must_use]
pub fn must_be_filled(field: &Field) -> bool {
    let is_box = field.kind == FieldKind::Bool && field.choices.is_empty();
    !(is_box || field.blank)
}

/// A name in words, with a capital letter.
fn words(name: &str) -> String {
    let words = name.replace('_', " ");
    let words = words.trim();
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// How a field is filled in, and whether the admin chose it.
fn input(site: &Site, resource: &Resource, field: &Field) -> (Input, bool) {
    let options = &resource.options;
    if let Some(widget) = by_name(options, &field.name) {
        return (drawn(widget), true);
    }
    if field.target().is_some() {
        return of_relation(site, options, field);
    }
    if !field.choices.is_empty() {
        return (radio(options, field).unwrap_or(Input::Choice), false);
    }
    match by_class(options, field) {
        Some(widget) => (drawn(widget), true),
        None => (usual(field), false),
    }
}

fn of_relation(site: &Site, options: &Options, field: &Field) -> (Input, bool) {
    let named = |names: &[String]| names.contains(&field.name);
    let many = !field.is_column();
    let input = match () {
        () if named(&options.autocomplete_fields) && is_searched(site, field) => Input::Search,
        () if named(&options.raw_id_fields) => Input::Key,
        () if many && named(&options.filter_vertical) => Input::Shuttle(Direction::Vertical),
        () if many && named(&options.filter_horizontal) => Input::Shuttle(Direction::Horizontal),
        () => match (radio(options, field), by_class(options, field)) {
            (Some(radio), _) if !many => radio,
            (_, Some(widget)) => return (drawn(widget), true),
            (_, None) => {
                if many {
                    Input::Choices
                } else {
                    Input::Choice
                }
            }
        },
    };
    (input, false)
}

/// Whether the model that a relation points to can be searched.
fn is_searched(site: &Site, field: &Field) -> bool {
    let target = field.target().and_then(|to| site.resource(to).ok());
    target.is_some_and(|target| !target.search_fields().is_empty())
}

fn radio(options: &Options, field: &Field) -> Option<Input> {
    let said = options.radio_fields.iter().find(|(name, _)| *name == field.name);
    said.map(|(_, direction)| Input::Radio(Some(*direction)))
}

fn usual(field: &Field) -> Input {
    match &field.kind {
        FieldKind::Auto(_) | FieldKind::Int { .. } | FieldKind::Float | FieldKind::Decimal { .. } => Input::Number,
        FieldKind::Bool if field.null => Input::YesNo,
        FieldKind::Bool => Input::Tick,
        FieldKind::Text { format, .. } => match format {
            TextFormat::Long => Input::LongText,
            TextFormat::Email => Input::Email,
            TextFormat::Url => Input::Url,
            TextFormat::Line | TextFormat::Slug | TextFormat::Ip | TextFormat::Ipv4 | TextFormat::Ipv6 => Input::Text,
        },
        FieldKind::Json => Input::LongText,
        FieldKind::Date => Input::Date,
        FieldKind::Time => Input::Time,
        FieldKind::DateTime => Input::DateAndTime,
        FieldKind::Duration | FieldKind::Uuid | FieldKind::Bytes => Input::Text,
        FieldKind::File { image, .. } => {
            if *image {
                Input::Image
            } else {
                Input::File
            }
        }
        FieldKind::One { .. } => Input::Choice,
        FieldKind::Many { .. } => Input::Choices,
    }
}

fn drawn(widget: Widget) -> Input {
    match widget {
        Widget::TextInput => Input::Text,
        Widget::Textarea => Input::LongText,
        Widget::NumberInput => Input::Number,
        Widget::PasswordInput => Input::Password,
        Widget::HiddenInput => Input::Hidden,
        Widget::DateTimeInput => Input::DateTime,
        Widget::RadioSelect => Input::Radio(None),
        Widget::CheckboxSelectMultiple => Input::Ticks,
    }
}

fn by_name(options: &Options, name: &str) -> Option<Widget> {
    options.formfield_overrides.iter().find(|(said, _)| said == name).map(|(_, widget)| *widget)
}

/// What the admin says of a field's class, or of the class that it is made from.
fn by_class(options: &Options, field: &Field) -> Option<Widget> {
    let class = field.class_name();
    let above = match class {
        "SlugField" => "CharField",
        "SmallIntegerField" | "PositiveSmallIntegerField" | "PositiveIntegerField" => "IntegerField",
        "PositiveBigIntegerField" => "BigIntegerField",
        own => own,
    };
    by_name(options, class).or_else(|| by_name(options, above))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(field: &Field, options: &Options, expected: Option<Widget>) {
        assert_eq!(by_class(options, field), expected, "{}", field.name);
    }

    #[test]
    fn a_class_passes_its_input_on() {
        let options = Options {
            formfield_overrides: vec![
                ("CharField".to_owned(), Widget::Textarea),
                ("IntegerField".to_owned(), Widget::TextInput),
            ],
            ..Options::default()
        };
        check(&Field::line("name", 9), &options, Some(Widget::Textarea));
        check(&Field::text_of("slug", Some(9), TextFormat::Slug), &options, Some(Widget::Textarea));
        check(&Field::text_of("mail", Some(9), TextFormat::Email), &options, None);
        check(&Field::count("count", crate::model::Width::Small), &options, Some(Widget::TextInput));
        check(&Field::count("many", crate::model::Width::Big), &options, None);
    }

    #[test]
    fn a_box_need_not_be_ticked() {
        assert!(!must_be_filled(&Field::truth("yes")));
        assert!(must_be_filled(&Field::truth("yes").choices([(true, "Yes"), (false, "No")])));
        assert!(must_be_filled(&Field::line("name", 9).initially("x")));
        assert!(!must_be_filled(&Field::line("name", 9).blank()));
    }

    #[test]
    fn names_become_words() {
        assert_eq!(words("full_name"), "Full name");
        assert_eq!(words("_"), "");
    }
}
