//! A test's term, read by the kind of the field it meets: what is left is a comparison with arguments.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::model::{Field, FieldKind, Flaw, FlawKind, Reading, TermValue, Width};
use crate::query::{BadQuery, Op, Term, Test};
use crate::store::Dialect;
use crate::store::statement::{Arg, Cell, Compare, Cond, Expr, Place};
use crate::value::{Raw, Value};

use super::Ground;

/// Longer texts are found nowhere: SQLite refuses patterns that are much longer.
const LONGEST_PATTERN: usize = 20_000;

/// What a test asks of one column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Asked {
    /// Nothing: every row will do.
    Always,
    /// What no row can give.
    Never,
    /// A comparison.
    Compare(Compare, Arg),
    /// One of several.
    In(Vec<Arg>),
    /// From a value until before another.
    Between(Arg, Arg),
    /// Null, or not.
    Null(bool),
    /// A text somewhere in it, in any case or in the same.
    Like(String, Place, bool),
    /// A text at its start in any case, where an index has it from a text until before another.
    Starts(String, (Arg, Arg)),
}

impl Asked {
    /// The condition on a column.
    pub(crate) fn of(&self, expr: &Expr, is_text: bool) -> Cond {
        match self {
            Asked::Always => Cond::True,
            Asked::Never => Cond::False,
            Asked::Compare(compare, arg) => Cond::Compare(expr.clone(), *compare, Expr::Arg(arg.clone())),
            Asked::In(args) => Cond::In(expr.clone(), args.clone()),
            Asked::Between(from, until) => {
                let from = Cond::Compare(expr.clone(), Compare::Gte, Expr::Arg(from.clone()));
                from.and(Cond::Compare(expr.clone(), Compare::Lt, Expr::Arg(until.clone())))
            }
            Asked::Null(true) => Cond::Null(expr.clone()),
            Asked::Null(false) => Cond::Not(Box::new(Cond::Null(expr.clone()))),
            Asked::Like(text, place, case_sensitive) => {
                let expr = if is_text { expr.clone() } else { Expr::Text(Box::new(expr.clone())) };
                Cond::Like { expr, text: text.clone(), place: *place, case_sensitive: *case_sensitive }
            }
            Asked::Starts(text, (from, until)) => {
                let any_case = || Expr::AnyCase(Box::new(expr.clone()));
                let from = Cond::Compare(any_case(), Compare::Gte, Expr::Arg(from.clone()));
                let until = Cond::Compare(any_case(), Compare::Lt, Expr::Arg(until.clone()));
                let (place, case_sensitive) = (Place::Start, false);
                from.and(until).and(Cond::Like { expr: expr.clone(), text: text.clone(), place, case_sensitive })
            }
        }
    }

    /// Whether the answer is the same for every row, or never unknown.
    pub(crate) fn is_sure(&self) -> bool {
        matches!(self, Asked::Always | Asked::Never | Asked::Null(_))
    }
}

/// The field whose values a test compares with, beside the field that it names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meets<'a> {
    /// The field that the path names.
    pub(crate) named: &'a Field,
    /// The field that has the values: for a relation, the key it points to, however far.
    pub(crate) valued: &'a Field,
    /// How the column is spelled.
    pub(crate) cell: Cell,
}

/// Where a search text must be found. A text that no column can hold is found nowhere.
pub(crate) fn like(text: &str, (place, exactly): (Place, bool), meets: Meets<'_>, dialect: Dialect) -> Asked {
    if text.contains('\0') || text.len() > LONGEST_PATTERN {
        return Asked::Never;
    }
    if meets.named.found_by_start
        && (place, exactly) == (Place::Start, false)
        && let Some(bounds) = bounds(text)
    {
        return Asked::Starts(text.to_owned(), bounds);
    }
    let digits_only = meets.cell == Cell::Uuid && dialect == Dialect::Sqlite;
    Asked::Like(if digits_only { text.replace('-', "") } else { text.to_owned() }, place, exactly)
}

/// The texts between which an index in the order of small letters has all that begin with a text: from it until before
/// the next one that does not. Others may be there too. `None` if there is no next one.
fn bounds(text: &str) -> Option<(Arg, Arg)> {
    let from = text.to_ascii_lowercase();
    let mut until: Vec<char> = from.chars().collect();
    let last = until.pop()?;
    until.push((last..=char::MAX).nth(1)?);
    let arg = |text: String| Arg { value: Value::Text(text), cell: Cell::Text };
    Some((arg(from), arg(until.into_iter().collect())))
}

/// Reads a test.
pub(crate) fn read(ground: &Ground<'_>, meets: Meets<'_>, test: &Test) -> Result<Asked, BadQuery> {
    if !test.op.fits(meets.named) {
        let class = meets.named.class_name();
        return Err(BadQuery::UnsupportedOp { path: test.path.clone(), op: test.op, class });
    }
    match test.op {
        Op::IsNull => Ok(Asked::Null(truth_of(&test.term))),
        Op::Contains => Ok(like(&text_of(&test.term), (Place::Anywhere, false), meets, ground.dialect())),
        Op::StartsWith => Ok(like(&text_of(&test.term), (Place::Start, false), meets, ground.dialect())),
        Op::In => one_of(ground, meets, test),
        Op::OnDay => on_day(ground, meets, test),
        Op::Is => compared(ground, meets, test, Compare::Is),
        Op::Lt => compared(ground, meets, test, Compare::Lt),
        Op::Lte => compared(ground, meets, test, Compare::Lte),
        Op::Gt => compared(ground, meets, test, Compare::Gt),
        Op::Gte => compared(ground, meets, test, Compare::Gte),
    }
}

/// A value read, or known to lie beyond what the column can hold.
enum Read {
    Value(Value),
    Below,
    Above,
    /// A text that no database keeps.
    Impossible,
}

fn compared(ground: &Ground<'_>, meets: Meets<'_>, test: &Test, compare: Compare) -> Result<Asked, BadQuery> {
    let read = match &test.term {
        Term::Value(value) => read_value(ground, meets, &test.path, value)?,
        Term::Raw(raw) => read_raw(ground, meets, &test.path, raw)?,
        Term::Values(_) | Term::Raws(_) => Read::Impossible,
    };
    let value = match (read, compare) {
        (Read::Value(value), _) => value,
        (Read::Below, Compare::Gt | Compare::Gte) | (Read::Above, Compare::Lt | Compare::Lte) => {
            return Ok(Asked::Always);
        }
        _ => return Ok(Asked::Never),
    };
    Ok(match (value.is_null(), compare) {
        (false, _) => Asked::Compare(compare, Arg { value, cell: meets.cell }),
        (true, Compare::Is) => Asked::Null(true),
        (true, _) => Asked::Never,
    })
}

fn one_of(ground: &Ground<'_>, meets: Meets<'_>, test: &Test) -> Result<Asked, BadQuery> {
    let typed = |values: &[Value]| -> Result<Vec<Read>, BadQuery> {
        values.iter().map(|value| read_value(ground, meets, &test.path, value)).collect()
    };
    let read: Vec<Read> = match &test.term {
        Term::Values(values) | Term::Value(Value::Keys(values)) => typed(values)?,
        Term::Value(value) => typed(std::slice::from_ref(value))?,
        Term::Raws(raws) => read_all(ground, meets, test, raws)?,
        Term::Raw(Raw::Texts(texts)) => {
            let raws: Vec<Raw> = texts.iter().map(|text| Raw::Text(text.clone())).collect();
            read_all(ground, meets, test, &raws)?
        }
        Term::Raw(Raw::Json(serde_json::Value::Array(items))) => {
            let raws: Vec<Raw> = items.iter().map(|item| Raw::Json(item.clone())).collect();
            read_all(ground, meets, test, &raws)?
        }
        Term::Raw(raw) => vec![read_raw(ground, meets, &test.path, raw)?],
    };
    let args: Vec<Arg> = read
        .into_iter()
        .filter_map(|read| if let Read::Value(value) = read { Some(value) } else { None })
        .filter(|value| !value.is_null())
        .map(|value| Arg { value, cell: meets.cell })
        .collect();
    Ok(if args.is_empty() { Asked::Never } else { Asked::In(args) })
}

fn read_all(ground: &Ground<'_>, meets: Meets<'_>, test: &Test, raws: &[Raw]) -> Result<Vec<Read>, BadQuery> {
    raws.iter().map(|raw| read_raw(ground, meets, &test.path, raw)).collect()
}

/// The local day of an instant, as the two instants that bound it, so that an index serves.
fn on_day(ground: &Ground<'_>, meets: Meets<'_>, test: &Test) -> Result<Asked, BadQuery> {
    let day = match &test.term {
        Term::Value(Value::Date(day)) => *day,
        Term::Raw(raw) => day_of(raw).ok_or_else(|| bad(meets, &test.path, FlawKind::BadDate.into(), raw))?,
        Term::Value(_) | Term::Values(_) | Term::Raws(_) => return Ok(Asked::Never),
    };
    if meets.named.kind == FieldKind::Date {
        return Ok(Asked::Compare(Compare::Is, Arg { value: Value::Date(day), cell: meets.cell }));
    }
    let bounds = start_of(day, ground.zone()).zip(day.tomorrow().ok().and_then(|next| start_of(next, ground.zone())));
    let arg = |instant| Arg { value: Value::DateTime(instant), cell: meets.cell };
    Ok(bounds.map_or(Asked::Never, |(from, until)| Asked::Between(arg(from), arg(until))))
}

fn day_of(raw: &Raw) -> Option<Date> {
    let text = text_of_raw(raw);
    let text = text.trim();
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let digits = |part: &str, most: usize| part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit());
    if year.len() != 4 || !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn start_of(day: Date, zone: &TimeZone) -> Option<jiff::Timestamp> {
    let start: DateTime = day.at(0, 0, 0, 0);
    zone.to_ambiguous_timestamp(start).compatible().ok()
}

/// A hook's value. Numbers and texts that are not of the field's kind are read as if somebody had sent them, so that a
/// hook may write a date or a UUID as text.
fn read_value(ground: &Ground<'_>, meets: Meets<'_>, path: &str, value: &Value) -> Result<Read, BadQuery> {
    let foreign = match (&meets.valued.kind, value) {
        (FieldKind::Auto(_) | FieldKind::Int { .. }, Value::Int(_))
        | (FieldKind::Float, Value::Float(_))
        | (FieldKind::Text { .. } | FieldKind::File { .. }, Value::Text(_)) => false,
        (_, Value::Text(_) | Value::Int(_) | Value::Float(_)) => true,
        _ => false,
    };
    if foreign {
        return read_raw(ground, meets, path, &Raw::Text(value.to_string()));
    }
    Ok(within(meets.valued, value.clone()))
}

fn read_raw(ground: &Ground<'_>, meets: Meets<'_>, path: &str, raw: &Raw) -> Result<Read, BadQuery> {
    let reading = Reading { schema: ground.schema(), zone: ground.zone(), dialect: ground.dialect() };
    match meets.valued.read_term(raw, &reading) {
        Ok(TermValue::Value(value)) => Ok(within(meets.valued, value)),
        Ok(TermValue::Below) => Ok(Read::Below),
        Ok(TermValue::Above) => Ok(Read::Above),
        Err(flaw) if flaw.kind == FlawKind::NulCharacter => Ok(Read::Impossible),
        Err(flaw) => Err(bad(meets, path, flaw, raw)),
    }
}

/// The value of a key as somebody sent it; `None` if no row can have it.
pub(super) fn key<'a>(ground: &Ground<'a>, field: &'a Field, raw: &Raw) -> Option<Value> {
    let meets = Meets { named: field, valued: ground.key_behind(field), cell: ground.cell(field) };
    match read_raw(ground, meets, "pk", raw) {
        Ok(Read::Value(value)) if !value.is_null() => Some(value),
        _ => None,
    }
}

fn bad(meets: Meets<'_>, path: &str, flaw: Flaw, raw: &Raw) -> BadQuery {
    let (field, given) = (meets.valued.name.clone(), text_of_raw(raw));
    BadQuery::BadTerm { path: path.to_owned(), field, flaw, given }
}

/// Keeps a value within what the column can hold: a database may refuse to compare with more.
fn within(field: &Field, value: Value) -> Read {
    match (&field.kind, &value) {
        (FieldKind::Auto(width), Value::Int(number)) => within_width(*width, false, *number),
        (FieldKind::Int { width, positive }, Value::Int(number)) => within_width(*width, *positive, *number),
        (_, Value::Text(text)) if text.contains('\0') => Read::Impossible,
        (_, Value::Json(json)) if json.to_string().contains("\\u0000") => Read::Impossible,
        _ => Read::Value(value),
    }
}

fn within_width(width: Width, positive: bool, number: i64) -> Read {
    let (least, most) = match width {
        Width::Small => (i64::from(i16::MIN), i64::from(i16::MAX)),
        Width::Normal => (i64::from(i32::MIN), i64::from(i32::MAX)),
        Width::Big => (i64::MIN, i64::MAX),
    };
    if number < least.max(if positive { 0 } else { i64::MIN }) {
        Read::Below
    } else if number > most {
        Read::Above
    } else {
        Read::Value(Value::Int(number))
    }
}

/// The words for truth in a question; everything else is false.
fn is_true(text: &str) -> bool {
    ["true", "1", "yes"].iter().any(|word| text.trim().eq_ignore_ascii_case(word))
}

fn truth_of(term: &Term) -> bool {
    match term {
        Term::Value(Value::Bool(truth)) => *truth,
        other => is_true(&text_of(other)),
    }
}

fn text_of(term: &Term) -> String {
    match term {
        Term::Value(value) => value.to_string(),
        Term::Raw(raw) => text_of_raw(raw),
        Term::Values(values) => values.first().map(ToString::to_string).unwrap_or_default(),
        Term::Raws(raws) => raws.first().map(text_of_raw).unwrap_or_default(),
    }
}

/// What was sent, as text: a JSON value counts by how it is written.
fn text_of_raw(raw: &Raw) -> String {
    match raw {
        Raw::Text(text) | Raw::Json(serde_json::Value::String(text)) => text.clone(),
        Raw::Texts(texts) => texts.last().cloned().unwrap_or_default(),
        Raw::Json(json) => json.to_string(),
        Raw::File(upload) => upload.name.clone(),
    }
}
