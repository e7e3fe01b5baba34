//! From what was sent to what may be written, in a fixed order.

mod ask;
mod body;
mod columns;
pub mod inline;
mod inquiry;
pub mod layout;
pub mod new_password;
mod paper;
mod sheet;
pub mod spec;
mod store_file;
mod unique_for;

use indexmap::IndexMap;
use jiff::tz::Offset;

use crate::admin::Draft;
use crate::context::Context;
use crate::error::{Conflict, Error, FieldErrors, Result};
use crate::model::{Field, FieldKind, FlawKind, Model, Row};
use crate::permit::Permit;
use crate::principal::Principal;
use crate::site::Resource;
use crate::value::{Raw, Value};

pub use body::raw_of_form;
pub use inline::{ChildForm, ChildForms};

use ask::Asked;
use sheet::Sheet;

/// What was sent: raw values by field. Unknown names are the contract's business.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Payload {
    /// Raw values by field.
    pub fields: IndexMap<String, Raw>,
    /// Whether absent fields are left as they are (an update of some fields).
    pub partial: bool,
    /// How it is read.
    pub manner: Manner,
    /// Children that were sent with it.
    pub children: Vec<ChildForms>,
    /// Values that no form sets, from who makes the payload: what is stored for a new password.
    pub given: Vec<(String, Value)>,
    /// File fields that are to be emptied (of a form).
    pub cleared: Vec<String>,
    /// Words in the names of fields that are in no form (of a form).
    pub withheld: &'static [&'static str],
}

/// How what was sent is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Manner {
    /// As a document: every value has its type, and an absent field of a new row has its initial value.
    #[default]
    Document,
    /// As the columns of a row: values are what their columns hold, untrimmed; null stands for the initial value of a new
    /// row. Whatever column may be set can be, also one that the engine sets by itself otherwise, and a change of
    /// nothing is none.
    Columns,
    /// As a form that somebody filled in: texts are parsed as Django's forms parse them, and what is absent was left
    /// empty; of a row that is there, it is as it was.
    Form,
}

/// Values that were judged and may be written. Only this room makes one.
#[derive(Debug)]
pub struct Clean {
    pub(crate) values: IndexMap<String, Value>,
    pub(crate) before: Option<Row>,
    /// The form's fields in order; empty where every field counts (a document).
    pub(crate) fields: Vec<String>,
    /// Values that look otherwise than they are stored.
    pub(crate) entered: IndexMap<String, Entered>,
    /// Whether a row that nothing changes in is left alone.
    pub(crate) idle: bool,
}

impl Clean {
    /// Whether the row that was there is left as it is, since the form gives it another key.
    pub(crate) fn is_copy(&self) -> bool {
        self.before
            .as_ref()
            .is_some_and(|row| self.values.get(&row.model.primary_key).is_some_and(|key| key != row.key()))
    }
}

/// A value as somebody entered it, where it looks otherwise than it is stored: a number with other digits, an instant
/// in another zone, an empty address.
#[derive(Debug, Clone, PartialEq)]
pub struct Entered {
    /// The value.
    pub value: Value,
    /// The offset from UTC of an instant.
    pub offset: Option<Offset>,
    /// What is stored of it.
    pub stored: Value,
}

/// Judges what was sent for a new row, or for a change of the row `before`. The order is fixed: every writable field is
/// read; if all could be, the admin's own rule speaks; then the database is asked, in one trip, what is taken and which
/// related rows exist; rules across fields are only looked at when no field failed. Uploads get their names last.
///
/// # Errors
/// [`Error::Invalid`] with every flaw found, fields in the order of [`field_order`]; what a hook or the database says.
pub async fn clean(cx: &mut Context, permit: &Permit<'_>, mut payload: Payload, before: Option<Row>) -> Result<Clean> {
    let given = std::mem::take(&mut payload.given);
    clean_given(cx, permit, payload, before, &given).await
}

/// The same where some values are given that no form can set: a child's foreign key to its parent.
pub(crate) async fn clean_given(
    cx: &mut Context,
    permit: &Permit<'_>,
    payload: Payload,
    before: Option<Row>,
    given: &[(String, Value)],
) -> Result<Clean> {
    match payload.manner {
        Manner::Form => return paper::clean(cx, permit, payload, before, given).await,
        Manner::Columns => return columns::clean(cx, permit, payload, before, given).await,
        Manner::Document => {}
    }
    let resource = permit.resource();
    let fields = writable(resource, cx.who(), before.as_ref());
    let mut draft = Draft::new(before);
    draft.values.extend(given.iter().cloned());
    let sheet = Sheet::read(cx, &resource.model, &fields, payload, &mut draft);
    if sheet.is_fine() {
        resource.admin.clean(cx, &mut draft).await?;
    }
    let asked = Asked::gather(cx, &resource.model, &sheet, &draft)?;
    let taken = asked.answer(cx, &resource.model, &draft).await?;
    gather(&resource.model, &sheet, &draft, taken).into_result()?;
    let (mut values, before) = draft.into_parts();
    store_file::stage_all(cx, &resource.model, sheet.uploads, &mut values).await?;
    Ok(Clean { values, before, fields: Vec::new(), entered: IndexMap::new(), idle: false })
}

/// Puts all flaws in order: per field what reading said, with what is taken in its place, then what the admin said.
fn gather(model: &Model, sheet: &Sheet, draft: &Draft, mut found: FieldErrors) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for at in field_order(model) {
        let name = &model.fields[at].name;
        let line = sheet.lines.get(&at);
        let asked = found.fields.shift_remove(name);
        // A related row that is missing was sent before the key that could not be read: it is the one to be named.
        let missing = asked.iter().flatten().any(|flaw| matches!(flaw.kind, FlawKind::NoTarget { .. }));
        let said = [
            line.filter(|_| !missing).map(|line| line.early.clone()),
            asked,
            line.map(|line| line.late.clone()),
            draft.errors.fields.get(name).cloned(),
        ];
        let flaws: Vec<_> = said.into_iter().flatten().flatten().collect();
        if !flaws.is_empty() {
            errors.fields.insert(name.clone(), flaws);
        }
    }
    let strange = draft.errors.fields.iter().filter(|(name, _)| model.field(name).is_none());
    errors.fields.extend(strange.map(|(name, flaws)| (name.clone(), flaws.clone())));
    errors.whole = draft.errors.whole.iter().cloned().chain(found.whole).collect();
    if !errors.is_empty() {
        sheet.blame_cleared_files(model, &mut errors);
    }
    errors
}

/// The fields that a form of a resource may set, in the order of [`field_order`]: not what the database or the engine
/// gives, not what is fixed, read-only or excluded, not the key of a row that is there, and no relation whose join
/// table has a model of its own.
#[must_use]
pub fn writable(resource: &Resource, who: &Principal, before: Option<&Row>) -> Vec<usize> {
    let model = &resource.model;
    let kept = resource.admin.read_only(who, before);
    let open = |field: &Field| {
        let options = &resource.options;
        let named = |names: &[String]| names.contains(&field.name);
        let through = matches!(&field.kind, FieldKind::Many { through, .. } if through.model.is_some());
        let fixed = field.is_auto() || !field.takes_input() || field.stamp.is_some();
        let key = before.is_some() && field.name == model.primary_key;
        !(fixed || through || key || named(&options.readonly_fields) || named(&options.exclude) || named(&kept))
    };
    field_order(model).into_iter().filter(|at| open(&model.fields[*at])).collect()
}

/// The order in which fields are reported and shown: the key, plain columns, foreign keys, many-to-many.
#[must_use]
pub fn field_order(model: &Model) -> Vec<usize> {
    let rank = |field: &Field| match &field.kind {
        _ if field.name == model.primary_key => 0,
        FieldKind::One { .. } => 2,
        FieldKind::Many { .. } => 3,
        _ => 1,
    };
    let mut order: Vec<usize> = (0..model.fields.len()).collect();
    order.sort_by_key(|at| rank(&model.fields[*at]));
    order
}

/// Whether a form for a new row must say something for a field: it has no initial value, may not be null, and is no
/// text, file or relation to many that may be left empty.
#[must_use]
pub fn is_required(field: &Field) -> bool {
    let empty = field.is_text() || matches!(field.kind, FieldKind::File { .. } | FieldKind::Many { .. });
    field.initial.is_none() && field.stamp.is_none() && !field.null && !(field.blank && empty)
}

/// The value that a new row has in a field of which nobody said anything; `None` leaves it to the database.
pub(crate) fn starting_value(cx: &Context, field: &Field) -> Option<Value> {
    if field.stamp.is_some() {
        return Some(field.moment(cx.now(), cx.site().zone()));
    }
    let text = field.is_text() || matches!(field.kind, FieldKind::File { .. });
    let empty = || (text && !field.null).then(|| Value::from(""));
    field.initial_value(cx.now(), cx.site().zone()).or_else(empty)
}

/// The error of a unique rule that the database found broken, in the form's own words: somebody else was faster than
/// the checks.
#[must_use]
pub fn unique_flaw(model: &Model, columns: &[String]) -> Error {
    let bare = |column: &String| column.rsplit('.').next().unwrap_or(column).trim_matches('"').to_owned();
    let columns: Vec<String> = columns.iter().map(bare).collect();
    let name_of = |column: &String| {
        model.columns().find(|field| field.column == *column || field.name == *column).map(|field| field.name.clone())
    };
    let Some(names) = columns.iter().map(name_of).collect::<Option<Vec<_>>>().filter(|names| !names.is_empty()) else {
        return Error::Conflict(Conflict::Rule(format!("unique: {}", columns.join(", "))));
    };
    if let [name] = names.as_slice() {
        return Error::flaw(name, model.field(name).map_or_else(|| FlawKind::Taken.into(), Field::taken));
    }
    let same = |fields: &[String]| fields.len() == names.len() && fields.iter().all(|field| names.contains(field));
    let rule = model.unique_together.iter().find(|rule| same(&rule.fields));
    let mut errors = FieldErrors::default();
    errors.add_whole(ask::together_flaw(rule.map_or(names, |rule| rule.fields.clone()), rule));
    Error::Invalid(errors)
}
