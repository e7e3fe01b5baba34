//! Numbered complaints about models and options, all found at start and all told at once.

mod changelist;
mod feeds;
mod form;
mod indexes;
mod inlines;
mod models;
mod parts;
mod searches;

use crate::model::{ModelKey, Schema};
use crate::site::Resource;

pub(crate) use feeds::of_plans;
pub use indexes::{ADVICE, advice};
pub use models::of_schema;
pub use searches::of_searches;

/// A fault of configuration: a number to look up, where it is, and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The number, as `F012`.
    pub code: &'static str,
    /// The model concerned.
    pub model: String,
    /// The option or field concerned; may be empty.
    pub place: String,
    /// What is wrong.
    pub words: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Problem { code, model, place, words } = self;
        if place.is_empty() {
            write!(f, "{code} {model}: {words}")
        } else {
            write!(f, "{code} {model}.{place}: {words}")
        }
    }
}

/// Every number with what it stands for; the reference page is made from it.
pub const NUMBERS: &[(&str, &str)] = &[
    ("F001", "a model is registered but not declared"),
    ("F002", "the primary key is not a field"),
    ("F003", "a relation points to a model that is not declared"),
    ("F004", "two fields have the same name, or two columns"),
    ("F005", "a label uses a name that is neither a field nor a path"),
    ("F006", "a uniqueness rule or the model's ordering names what is no field"),
    ("F007", "a relation points to a field that its target does not have"),
    ("F008", "a relation sets null where the column may not be null, or a default where there is none"),
    ("F010", "search_fields, list_filter or autocomplete_search_fields names what is no field and no path"),
    ("F011", "list_display names what is neither a field nor a computed column"),
    ("F012", "ordering names what is no field and no path"),
    ("F013", "an inline's model or foreign key does not exist"),
    ("F014", "two actions have the same name"),
    ("F015", "list_display names a many-to-many field, for a contract that has no room for it"),
    ("F016", "readonly_fields names what is neither a field nor a computed column, for a contract that shows it"),
    ("F017", "list_display_links names what is not in list_display"),
    ("F018", "list_editable names what is no field"),
    ("F019", "list_editable names what is not in list_display"),
    ("F020", "a column is both in list_editable and in list_display_links"),
    ("F021", "list_editable names the first column, which is the link unless list_display_links says otherwise"),
    ("F022", "list_editable names what no form may set"),
    ("F023", "date_hierarchy names what is no field"),
    ("F024", "date_hierarchy names a field that is no date"),
    ("F025", "raw_id_fields names what is no field"),
    ("F026", "raw_id_fields names a field that is no relation"),
    ("F027", "autocomplete_fields names what is no field"),
    ("F028", "autocomplete_fields names a field that is no relation"),
    ("F029", "autocomplete_fields names a relation to a model that is not registered"),
    ("F030", "autocomplete_fields names a relation to a model that is not searched"),
    ("F031", "both fields and fieldsets are said"),
    ("F032", "fields names a field twice"),
    ("F033", "fieldsets name a field twice"),
    ("F034", "a form names a many-to-many field whose join table is a model of its own"),
    ("F035", "exclude names a field twice"),
    ("F036", "filter_horizontal or filter_vertical names what is no field"),
    ("F037", "filter_horizontal or filter_vertical names a field that is not many-to-many"),
    ("F038", "radio_fields names what is no field"),
    ("F039", "radio_fields names a field that is no relation and has no choices"),
    ("F040", "prepopulated_fields names what is no field"),
    ("F041", "prepopulated_fields fills a date-time or a relation"),
    ("F042", "prepopulated_fields fills a field from what is no field"),
    ("F043", "an inline excludes the foreign key to its parent"),
    ("F044", "fields or fieldsets name what is neither a field nor a computed column"),
    ("F045", "formfield_overrides names what is neither a field nor a class of fields"),
    ("F046", "limit_choices_to names what is no relation"),
    ("F047", "two computed columns, filters, panels or pages have the same name, or a column that of a field"),
    ("F048", "the name of a page does not begin with the model's, or its path with a slash"),
    ("F049", "a computed column is ordered by what is no field and no path, or counts what does not point here"),
    ("F050", "two searches have the same name, or one has a name with other signs than letters, digits and `_`"),
    ("F051", "a search is over a model that is not registered, or has no texts"),
    ("F052", "a search names what is no field and no path over relations to one row"),
    ("F053", "a search names a field of the wrong kind: texts are searched and compared, a number boosts"),
    ("F054", "a number of a search is out of its range"),
    ("F055", "a search's language has other signs than letters, digits and `_`, or the database does not know it"),
    ("F056", "the key of a feed is missing, is not filled by every source, or does not tell rows of sources apart"),
    ("F057", "a feed has no sources, two of one name, or one of a model that is not declared or is the search's own"),
    ("F058", "a feed fills what is no field of the search's model, or leaves one empty that cannot be"),
    ("F059", "a feed takes what is secret, no field and no path to one row, or counts or joins what is no relation"),
    ("F060", "a feed puts values of one kind into a field of another"),
    (
        "F061",
        "a rule of a feed looks at a field of the wrong kind, has a number out of its range, or begins with nothing",
    ),
];

impl Problem {
    /// A complaint.
    #[must_use]
    pub fn new(code: &'static str, model: &ModelKey, place: &str, words: String) -> Problem {
        Problem { code, model: model.to_string(), place: place.to_owned(), words }
    }

    /// A model was registered that nobody declared.
    #[must_use]
    pub fn unknown_model(key: &ModelKey) -> Problem {
        Problem::new("F001", key, "", "the model is registered but not declared".to_owned())
    }
}

/// What is wrong with a model's admin; `find` knows the other ones.
#[must_use]
pub fn of_resource<'r>(
    schema: &Schema,
    resource: &'r Resource,
    find: &dyn Fn(&ModelKey) -> Option<&'r Resource>,
) -> Vec<Problem> {
    let mut desk = Desk { owner: &resource.model.key, child: None, problems: Vec::new() };
    changelist::check(&mut desk, schema, resource);
    form::check(&mut desk, resource, find);
    parts::check(&mut desk, schema, resource);
    inlines::check(&mut desk, schema, resource, find);
    desk.problems
}

/// Where complaints about an admin's options gather. Those about the options of an inline stand under `inlines`.
struct Desk<'d> {
    owner: &'d ModelKey,
    child: Option<ModelKey>,
    problems: Vec<Problem>,
}

impl Desk<'_> {
    fn complain(&mut self, code: &'static str, option: &str, words: String) {
        self.problems.push(match &self.child {
            None => Problem::new(code, self.owner, option, words),
            Some(child) => Problem::new(code, self.owner, "inlines", format!("{child}, {option}: {words}")),
        });
    }
}

/// The names that stand more than once, each told once.
fn doubles<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    let mut seen: Vec<&str> = Vec::new();
    let mut doubles: Vec<&str> = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
        } else if !doubles.contains(&name) {
            doubles.push(name);
        }
    }
    doubles
}

#[cfg(test)]
mod tests;
