//! How each fault looks on this wire, and which words each flaw has: those of Django's forms.

use std::time::Duration;

use factotum_engine::error::Missing;
use factotum_engine::model::{DatePart, FieldKind, Flaw, FlawKind};
use factotum_engine::{Error, Field, FieldErrors, Model, Site};
use http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::{identity, inlines, request};
use crate::http::python::capfirst;
use crate::http::{BadBody, Fault, Head, Reply, json as text, session};

/// When to come back while the database is away.
const AWAY: Duration = Duration::from_secs(1);
/// What is said of values that cannot be stored.
pub(super) const INVALID: &str = "One or more fields are invalid.";
/// What is said when the database refuses what validation let pass.
pub(super) const CONFLICT: &str = "This change conflicts with an existing record \u{2014} a database uniqueness or integrity constraint was violated.";
/// What is said of a form that is too big.
pub(super) const CROWDED: &str = "Upload exceeds the configured size or field limits.";
/// What is said when other rows stand in the way of a delete.
pub(super) const PROTECTED: &str = "Cannot delete: protected by related objects.";

/// A JSON document as a reply.
pub(super) fn reply(status: StatusCode, document: &Value) -> Reply {
    let mut out = Vec::new();
    text::value(&mut out, document);
    Reply::json(status, out)
}

/// The envelope of an error.
pub(super) fn envelope(code: &str, message: &str) -> Value {
    json!({ "error": { "code": code, "message": message } })
}

fn coded(status: StatusCode, code: &str, message: &str) -> Reply {
    reply(status, &envelope(code, message))
}

/// A request that cannot be understood, with what is wrong with it.
pub(super) fn bad_request(message: &str) -> Fault {
    Fault::Said(Box::new(coded(StatusCode::BAD_REQUEST, "bad_request", message)))
}

/// How a fault is told.
pub(super) fn refuse(site: &Site, head: &Head, fault: &Fault) -> Reply {
    if identity::is_expired(head, fault) {
        let words = "Your session has expired. Please sign in again.";
        return session::ended(coded(StatusCode::FORBIDDEN, "session_expired", words), head);
    }
    match fault {
        Fault::Engine(error) => refuse_error(site, head, error),
        Fault::NotSignedIn | Fault::NotAdmitted | Fault::BadToken(_) => forbidden(),
        Fault::BadCsrf(reason) => page(StatusCode::FORBIDDEN, "403 Forbidden", &forged(&reason.to_string())),
        Fault::NoSuchPath => {
            page(StatusCode::NOT_FOUND, "Not Found", "The requested resource was not found on this server.")
        }
        Fault::WrongMethod { allowed } => {
            let allow: Vec<&str> = allowed.iter().map(Method::as_str).collect();
            let refusal = coded(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "Method not allowed.");
            refusal.with(ALLOW, &allow.join(", "))
        }
        Fault::NotAcceptable => coded(StatusCode::NOT_ACCEPTABLE, "bad_request", "Malformed request."),
        Fault::BadBody(BadBody::Json(_)) => {
            coded(StatusCode::BAD_REQUEST, "bad_request", "Request body must be valid UTF-8 JSON.")
        }
        Fault::BadBody(BadBody::Crowded { .. }) => coded(StatusCode::BAD_REQUEST, "bad_request", CROWDED),
        Fault::BadHost
        | Fault::TooLarge { .. }
        | Fault::WrongMedia { .. }
        | Fault::BadBody(BadBody::Form(_) | BadBody::Cut) => bad_page(),
        Fault::Limited { retry_after } => {
            let words = "Too many attempts. Try again later.";
            later(coded(StatusCode::TOO_MANY_REQUESTS, "forbidden", words), *retry_after)
        }
        Fault::Said(reply) => (**reply).clone(),
    }
}

fn refuse_error(site: &Site, head: &Head, error: &Error) -> Reply {
    match error {
        Error::BadCredentials => {
            let words = "Invalid credentials or insufficient permissions.";
            coded(StatusCode::FORBIDDEN, "invalid_credentials", words)
        }
        Error::Forbidden { .. } => forbidden(),
        Error::NotFound(Missing::Model | Missing::Row | Missing::Action | Missing::Page | Missing::Other) => {
            coded(StatusCode::NOT_FOUND, "not_found", "Not found.")
        }
        Error::BadQuery(_) | Error::TooMany { .. } => {
            coded(StatusCode::BAD_REQUEST, "bad_request", "Malformed request.")
        }
        Error::Invalid(errors) => {
            let mut document = envelope("validation_failed", INVALID);
            let resource = request::named(site, head);
            let mut told = fields(errors, resource.map(|resource| &*resource.model));
            if let Some(resource) = resource.filter(|_| !errors.children.is_empty()) {
                told.insert("inlines".to_owned(), inlines::flaws(resource, errors));
            }
            document["error"]["fields"] = Value::Object(told);
            reply(StatusCode::BAD_REQUEST, &document)
        }
        Error::Conflict(_) => coded(StatusCode::CONFLICT, "conflict", CONFLICT),
        Error::Protected { .. } => coded(StatusCode::CONFLICT, "conflict", PROTECTED),
        Error::Unavailable => {
            let words = "The database is not available.";
            later(coded(StatusCode::SERVICE_UNAVAILABLE, "internal_error", words), AWAY)
        }
        Error::Internal(_) => coded(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "An internal error occurred."),
    }
}

/// The refusal of somebody who may not do this.
pub(super) fn forbidden() -> Reply {
    coded(StatusCode::FORBIDDEN, "forbidden", "You do not have permission.")
}

fn later(reply: Reply, wait: Duration) -> Reply {
    reply.with(RETRY_AFTER, &wait.as_secs().max(1).to_string())
}

fn forged(reason: &str) -> String {
    let reason = reason.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("CSRF verification failed. Request aborted.</p><p>{reason}")
}

fn bad_page() -> Reply {
    page(StatusCode::BAD_REQUEST, "Bad Request (400)", "The request cannot be read.")
}

/// A page for people: what Django itself answers before this contract is asked.
fn page(status: StatusCode, title: &str, words: &str) -> Reply {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n  <title>{title}</title>\n</head>\n<body>\n  <h1>{title}</h1><p>{words}</p>\n</body>\n</html>\n"
    );
    let mut reply = Reply { body: html.into_bytes().into(), ..Reply::empty(status) };
    reply.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    reply
}

/// Flaws by field; those of the whole stand under the empty name.
pub(super) fn fields(errors: &FieldErrors, model: Option<&Model>) -> Map<String, Value> {
    let mut fields = Map::new();
    for (name, flaws) in &errors.fields {
        let of = model.and_then(|model| Some((model, model.field(name)?)));
        fields.insert(name.clone(), flaws.iter().map(|flaw| words(flaw, model, of.map(|(_, field)| field))).collect());
    }
    if !errors.whole.is_empty() {
        let whole = errors.whole.iter().map(|flaw| words(flaw, model, None)).collect();
        fields.insert(String::new(), whole);
    }
    fields
}

/// The words of a flaw, of a field of a model where that is known.
pub(super) fn words(flaw: &Flaw, model: Option<&Model>, field: Option<&Field>) -> String {
    if let Some(words) = &flaw.words {
        return words.clone();
    }
    match &flaw.kind {
        FlawKind::Required | FlawKind::Null | FlawKind::Blank | FlawKind::EmptyList => {
            "This field is required.".to_owned()
        }
        FlawKind::TooLong { max, length } => {
            format!("Ensure this value has at most {} (it has {length}).", counted(*max, "character"))
        }
        FlawKind::TooShort { min, length } => {
            format!("Ensure this value has at least {} (it has {length}).", counted(*min, "character"))
        }
        FlawKind::NulCharacter => "Null characters are not allowed.".to_owned(),
        FlawKind::BadEmail => "Enter a valid email address.".to_owned(),
        FlawKind::BadUrl => "Enter a valid URL.".to_owned(),
        FlawKind::BadSlug => "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.".to_owned(),
        FlawKind::BadIp { only_v4: true, .. } => "Enter a valid IPv4 address.".to_owned(),
        FlawKind::BadIp { only_v6: true, .. } => "Enter a valid IPv6 address.".to_owned(),
        FlawKind::BadIp { .. } => "Enter a valid IPv4 or IPv6 address.".to_owned(),
        FlawKind::BadIpv6 => "This is not a valid IPv6 address.".to_owned(),
        FlawKind::NotText | FlawKind::BadPattern | FlawKind::NotBool | FlawKind::Custom => {
            "Enter a valid value.".to_owned()
        }
        FlawKind::NotChoice { given } => not_a_choice(given),
        FlawKind::NotInt { .. } => "Enter a whole number.".to_owned(),
        FlawKind::NotNumber | FlawKind::TextTooLarge | FlawKind::FloatOverflow => "Enter a number.".to_owned(),
        FlawKind::TooLow { min } => format!("Ensure this value is greater than or equal to {min}."),
        FlawKind::TooHigh { max } => format!("Ensure this value is less than or equal to {max}."),
        FlawKind::TooManyDigits { max } => {
            format!("Ensure that there are no more than {} in total.", counted(*max, "digit"))
        }
        FlawKind::TooManyPlaces { max } => {
            format!("Ensure that there are no more than {}.", counted(*max, "decimal place"))
        }
        FlawKind::TooManyWholeDigits { max } => {
            format!("Ensure that there are no more than {} before the decimal point.", counted(*max, "digit"))
        }
        FlawKind::BadDate | FlawKind::DateTimeForDate => "Enter a valid date.".to_owned(),
        FlawKind::BadTime => "Enter a valid time.".to_owned(),
        FlawKind::BadDateTime | FlawKind::DateTimeRange => "Enter a valid date/time.".to_owned(),
        FlawKind::NotInZone { local, zone } => {
            format!("{local} couldn’t be interpreted in time zone {zone}; it may be ambiguous or it may not exist.")
        }
        FlawKind::BadDuration => "Enter a valid duration.".to_owned(),
        FlawKind::DurationRange => "The number of days must be between -999999999 and 999999999.".to_owned(),
        FlawKind::BadUuid { given, as_key: true } => format!("“{given}” is not a valid UUID."),
        FlawKind::BadUuid { as_key: false, .. } => "Enter a valid UUID.".to_owned(),
        FlawKind::BadJson => "Enter a valid JSON.".to_owned(),
        FlawKind::BadKey { given } => format!("“{given}” is not a valid value."),
        FlawKind::NotList { .. } => "Enter a list of values.".to_owned(),
        FlawKind::BadKeyType { .. } => no_such_choice(),
        FlawKind::NoTarget { key } => match field.map(|field| &field.kind) {
            Some(FieldKind::Many { .. }) => not_a_choice(key),
            _ => no_such_choice(),
        },
        kind => words_of_file(kind).unwrap_or_else(|| words_of_rule(kind, model, field)),
    }
}

fn words_of_file(kind: &FlawKind) -> Option<String> {
    Some(match kind {
        FlawKind::NotFile | FlawKind::NoFile | FlawKind::NoFileName => {
            "No file was submitted. Check the encoding type on the form.".to_owned()
        }
        FlawKind::FileAndClear => "Please either submit a file or check the clear checkbox, not both.".to_owned(),
        FlawKind::EmptyFile => "The submitted file is empty.".to_owned(),
        FlawKind::FileNameTooLong { max, length } => {
            format!("Ensure this filename has at most {} (it has {length}).", counted(*max, "character"))
        }
        FlawKind::NotImage => {
            "Upload a valid image. The file you uploaded was either not an image or a corrupted image.".to_owned()
        }
        FlawKind::NotImageName { extension } => format!(
            "File extension “{extension}” is not allowed. Allowed extensions are: {}.",
            factotum_engine::files::IMAGE_EXTENSIONS
        ),
        _ => return None,
    })
}

/// The words of rules that need the names of their model and fields.
fn words_of_rule(kind: &FlawKind, model: Option<&Model>, field: Option<&Field>) -> String {
    let row = model.map_or_else(String::new, |model| capfirst(&model.singular));
    let title = |name: &str| {
        let field = model.and_then(|model| model.field(name));
        capfirst(field.map_or(name, |field| field.title.as_str()))
    };
    let own = field.map_or_else(String::new, |field| capfirst(&field.title));
    match kind {
        FlawKind::Taken => format!("{row} with this {own} already exists."),
        FlawKind::TakenTogether { fields } => {
            let titles: Vec<String> = fields.iter().map(|name| title(name)).collect();
            format!("{row} with this {} already exists.", listed(&titles))
        }
        FlawKind::TakenForDate { date_field, part } => {
            let part = match part {
                DatePart::Date => "date",
                DatePart::Month => "month",
                DatePart::Year => "year",
            };
            format!("{own} must be unique for {} {part}.", title(date_field))
        }
        FlawKind::Repeated => "Please correct the duplicate values below.".to_owned(),
        FlawKind::RepeatedValues { fields } if fields.len() > 1 => {
            format!("Please correct the duplicate data for {}, which must be unique.", listed(fields))
        }
        FlawKind::RepeatedValues { fields } => format!("Please correct the duplicate data for {}.", listed(fields)),
        FlawKind::OtherParent => "The inline value did not match the parent instance.".to_owned(),
        _ => "Enter a valid value.".to_owned(),
    }
}

fn not_a_choice(given: &str) -> String {
    format!("Select a valid choice. {given} is not one of the available choices.")
}

fn no_such_choice() -> String {
    "Select a valid choice. That choice is not one of the available choices.".to_owned()
}

/// `1 digit`, `2 digits`.
fn counted(number: u32, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// `A`, `A and B`, `A, B and C`.
pub(super) fn listed(names: &[String]) -> String {
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: FlawKind, expected: &str) {
        assert_eq!(words(&kind.into(), None, None), expected);
    }

    #[test]
    fn numbers_have_one_and_many() {
        check(FlawKind::TooLong { max: 1, length: 2 }, "Ensure this value has at most 1 character (it has 2).");
        check(FlawKind::TooManyPlaces { max: 2 }, "Ensure that there are no more than 2 decimal places.");
        check(FlawKind::TooManyDigits { max: 1 }, "Ensure that there are no more than 1 digit in total.");
    }

    #[test]
    fn rules_name_their_model_and_fields() {
        let model =
            Model::new("shop", "Product").with(Field::line("sku", 20).titled("SKU")).with(Field::line("name", 9));
        let taken = words(&FlawKind::Taken.into(), Some(&model), model.field("sku"));
        assert_eq!(taken, "Product with this SKU already exists.");
        let together = FlawKind::TakenTogether { fields: vec!["name".into(), "sku".into(), "x".into()] };
        let together = words(&together.into(), Some(&model), None);
        assert_eq!(together, "Product with this Name, SKU and X already exists.");
    }
}
