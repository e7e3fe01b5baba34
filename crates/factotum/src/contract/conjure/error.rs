//! How each fault looks on this wire, and which words each flaw has.

use std::time::Duration;

use factotum_engine::error::{Conflict, Missing};
use factotum_engine::model::{DatePart, FieldKind, Flaw, FlawKind, Received};
use factotum_engine::query::{BadQuery, Op};
use factotum_engine::{Error, Field, FieldErrors, Model, ModelKey, Site};
use http::StatusCode;
use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use serde_json::{Map, Value, json};

use super::settings::{Auth, Conjure};
use crate::http::{BadBody, BadToken, Fault, Head, Reply, json};

/// When to come back while the database is away.
const AWAY: Duration = Duration::from_secs(1);

/// A JSON document as a reply.
pub(super) fn reply(status: StatusCode, document: &Value) -> Reply {
    let mut text = Vec::new();
    json::value(&mut text, document);
    Reply::json(status, text)
}

/// One sentence.
pub(super) fn detail(status: StatusCode, words: &str) -> Reply {
    reply(status, &json!({ "detail": words }))
}

/// Sentences about fields.
pub(super) fn invalid(flaws: &[(&str, &str)]) -> Reply {
    let fields: Map<String, Value> = flaws.iter().map(|(field, words)| ((*field).to_owned(), json!([words]))).collect();
    reply(StatusCode::BAD_REQUEST, &Value::Object(fields))
}

/// A token that is not believed.
pub(super) fn token(words: &str, code: &str) -> Reply {
    unauthorized(&json!({ "detail": words, "code": code }))
}

fn unauthorized(document: &Value) -> Reply {
    reply(StatusCode::UNAUTHORIZED, document).with(WWW_AUTHENTICATE, "Bearer realm=\"api\"")
}

/// How a fault is told.
pub(super) fn refuse(conjure: &Conjure, site: &Site, head: &Head, fault: &Fault) -> Reply {
    match fault {
        Fault::Engine(error) => refuse_error(site, head, error),
        Fault::NotSignedIn => {
            let document = json!({ "detail": "Authentication credentials were not provided." });
            match conjure.auth {
                Auth::Session => reply(StatusCode::FORBIDDEN, &document),
                Auth::Jwt(_) => unauthorized(&document),
            }
        }
        Fault::NotAdmitted => forbidden(),
        Fault::BadToken(bad) => refuse_token(*bad),
        Fault::BadCsrf(reason) => detail(StatusCode::FORBIDDEN, &format!("CSRF Failed: {reason}")),
        Fault::NoSuchPath => not_found(),
        Fault::WrongMethod { .. } => {
            detail(StatusCode::METHOD_NOT_ALLOWED, &format!("Method \"{}\" not allowed.", head.method))
        }
        Fault::NotAcceptable => detail(StatusCode::NOT_ACCEPTABLE, "Could not satisfy the request Accept header."),
        Fault::BadHost => detail(StatusCode::BAD_REQUEST, "Invalid Host header."),
        Fault::BadBody(bad) => detail(StatusCode::BAD_REQUEST, &body_words(bad)),
        Fault::TooLarge { most } => {
            detail(StatusCode::PAYLOAD_TOO_LARGE, &format!("Request body is larger than {most} bytes."))
        }
        Fault::WrongMedia { given } => {
            let words = format!("Unsupported media type \"{given}\" in request.");
            detail(StatusCode::UNSUPPORTED_MEDIA_TYPE, &words)
        }
        Fault::Limited { retry_after } => {
            let seconds = retry_after.as_secs().max(1);
            let words = format!("Request was throttled. Expected available in {seconds} seconds.");
            later(detail(StatusCode::TOO_MANY_REQUESTS, &words), *retry_after)
        }
        Fault::Said(reply) => (**reply).clone(),
    }
}

fn refuse_error(site: &Site, head: &Head, error: &Error) -> Reply {
    match error {
        Error::BadCredentials => detail(StatusCode::FORBIDDEN, "Invalid credentials."),
        Error::Forbidden { .. } => forbidden(),
        Error::NotFound(Missing::Model) if head.route.is_some_and(|route| route.starts_with("/r/")) => {
            detail(StatusCode::NOT_FOUND, "Unregistered model.")
        }
        Error::NotFound(Missing::Action) => detail(StatusCode::NOT_FOUND, "Unknown action."),
        Error::NotFound(Missing::Page) => detail(StatusCode::NOT_FOUND, "Invalid page."),
        Error::NotFound(Missing::Model | Missing::Row | Missing::Other) => not_found(),
        Error::BadQuery(bad) => {
            let (BadQuery::UnknownPath { path }
            | BadQuery::UnsupportedOp { path, .. }
            | BadQuery::BadTerm { path, .. }) = bad;
            invalid(&[(path, &format!("Invalid filter value: {}", filter_words(bad)))])
        }
        Error::Invalid(errors) => refuse_form(site, head, errors),
        Error::Conflict(Conflict::Version) => detail(StatusCode::CONFLICT, "This record was changed in the meantime."),
        Error::Conflict(Conflict::Rule(_)) => {
            detail(StatusCode::CONFLICT, "This change conflicts with a rule of the database.")
        }
        Error::Protected { by } => protected(site, by),
        Error::TooMany { most } => {
            detail(StatusCode::BAD_REQUEST, &format!("No more than {most} are allowed at once."))
        }
        Error::Unavailable => {
            later(detail(StatusCode::SERVICE_UNAVAILABLE, "Service temporarily unavailable, try again later."), AWAY)
        }
        Error::Internal(_) => detail(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error."),
    }
}

fn forbidden() -> Reply {
    detail(StatusCode::FORBIDDEN, "You do not have permission to perform this action.")
}

fn not_found() -> Reply {
    detail(StatusCode::NOT_FOUND, "Not found.")
}

fn later(reply: Reply, wait: Duration) -> Reply {
    reply.with(RETRY_AFTER, &wait.as_secs().max(1).to_string())
}

fn body_words(bad: &BadBody) -> String {
    match bad {
        BadBody::Json(words) => format!("JSON parse error - {words}"),
        BadBody::Form(words) => format!("Multipart form parse error - {words}"),
        BadBody::Crowded { most } => format!("Multipart form parse error - more than {most} fields"),
        BadBody::Cut => "The request body did not arrive.".to_owned(),
    }
}

fn refuse_token(bad: BadToken) -> Reply {
    use crate::http::token::Refused;
    match bad {
        BadToken::Header => {
            token("Authorization header must contain two space-delimited values", "bad_authorization_header")
        }
        BadToken::Refused(reason @ Refused::NoUser) => token(&reason.to_string(), "token_not_valid"),
        BadToken::Refused(reason) => unauthorized(&json!({
            "detail": "Given token not valid for any token type",
            "code": "token_not_valid",
            "messages": [{ "token_class": "AccessToken", "token_type": "access", "message": reason.to_string() }],
        })),
        BadToken::UserGone => token("User not found", "user_not_found"),
        BadToken::UserInactive => token("User is inactive", "user_inactive"),
    }
}

fn protected(site: &Site, by: &[(ModelKey, u64)]) -> Reply {
    let name =
        |key: &ModelKey| site.schema().model(key).map_or_else(|| key.lower_name(), |model| model.singular.clone());
    let by: Vec<Value> = by
        .iter()
        .map(|(key, count)| json!({ "model": key.to_string(), "verbose_name": name(key), "count": count }))
        .collect();
    let words = "Cannot delete: protected by related objects.";
    reply(StatusCode::CONFLICT, &json!({ "detail": words, "protected": by }))
}

fn filter_words(bad: &BadQuery) -> String {
    match bad {
        BadQuery::UnknownPath { path } => format!("Cannot resolve '{path}'."),
        BadQuery::UnsupportedOp { op, class, .. } => format!("Unsupported lookup '{}' for {class}.", lookup(*op)),
        BadQuery::BadTerm { flaw, .. } => words(flaw, None),
    }
}

/// The name of a test in a parameter.
fn lookup(op: Op) -> &'static str {
    match op {
        Op::In => "in",
        Op::Gte => "gte",
        Op::Lte => "lte",
        Op::Gt => "gt",
        Op::Lt => "lt",
        Op::IsNull => "isnull",
        Op::Contains => "icontains",
        Op::OnDay => "date",
        _ => "exact",
    }
}

/// A form's flaws: by field, and those of the whole under a name of their own.
fn refuse_form(site: &Site, head: &Head, errors: &FieldErrors) -> Reply {
    let model =
        ModelKey::parse(head.param("key")).and_then(|key| site.find(&key).ok()).map(|resource| &*resource.model);
    let mut fields = Map::new();
    for (name, flaws) in &errors.fields {
        let of = model.and_then(|model| Some((model, model.field(name)?)));
        fields.insert(name.clone(), flaws.iter().map(|flaw| words(flaw, of)).collect());
    }
    if !errors.whole.is_empty() {
        let whole = errors.whole.iter().map(|flaw| words(flaw, None)).collect();
        fields.insert("non_field_errors".to_owned(), whole);
    }
    reply(StatusCode::BAD_REQUEST, &Value::Object(fields))
}

/// The words of a flaw, of a field of a model where that is known.
#[must_use]
pub fn words(flaw: &Flaw, of: Option<(&Model, &Field)>) -> String {
    if let Some(words) = &flaw.words {
        return words.clone();
    }
    match &flaw.kind {
        FlawKind::Required => "This field is required.".to_owned(),
        FlawKind::Null => "This field may not be null.".to_owned(),
        FlawKind::Blank => "This field may not be blank.".to_owned(),
        FlawKind::NotText => "Not a valid string.".to_owned(),
        FlawKind::TooLong { max, .. } => format!("Ensure this field has no more than {max} characters."),
        FlawKind::TooShort { min, .. } => format!("Ensure this field has at least {min} characters."),
        FlawKind::NulCharacter => "Null characters are not allowed.".to_owned(),
        FlawKind::BadEmail => "Enter a valid email address.".to_owned(),
        FlawKind::BadUrl => "Enter a valid URL.".to_owned(),
        FlawKind::BadSlug => {
            "Enter a valid \"slug\" consisting of letters, numbers, underscores or hyphens.".to_owned()
        }
        FlawKind::BadIp { only_v4: true, .. } => "Enter a valid IPv4 address.".to_owned(),
        FlawKind::BadIpv6 | FlawKind::BadIp { only_v6: true, .. } => "Enter a valid IPv6 address.".to_owned(),
        FlawKind::BadIp { .. } => "Enter a valid IPv4 or IPv6 address.".to_owned(),
        FlawKind::BadPattern | FlawKind::Custom => "Enter a valid value.".to_owned(),
        FlawKind::Repeated | FlawKind::RepeatedValues { .. } => "Another row of this form has this value.".to_owned(),
        FlawKind::OtherParent => "This row belongs to another parent.".to_owned(),
        FlawKind::NotChoice { given } => format!("\"{given}\" is not a valid choice."),
        FlawKind::NotBool => "Must be a valid boolean.".to_owned(),
        FlawKind::NotInt { big: false } => "A valid integer is required.".to_owned(),
        FlawKind::NotInt { big: true } => "A valid biginteger is required.".to_owned(),
        FlawKind::NotNumber => "A valid number is required.".to_owned(),
        FlawKind::TextTooLarge => "String value too large.".to_owned(),
        FlawKind::FloatOverflow => "Integer value too large to convert to float".to_owned(),
        FlawKind::TooLow { min } => format!("Ensure this value is greater than or equal to {min}."),
        FlawKind::TooHigh { max } => format!("Ensure this value is less than or equal to {max}."),
        FlawKind::TooManyDigits { max } => format!("Ensure that there are no more than {max} digits in total."),
        FlawKind::TooManyPlaces { max } => format!("Ensure that there are no more than {max} decimal places."),
        FlawKind::TooManyWholeDigits { max } => {
            format!("Ensure that there are no more than {max} digits before the decimal point.")
        }
        FlawKind::BadDate | FlawKind::DateTimeForDate => wrong_format("Date", "YYYY-MM-DD"),
        FlawKind::BadTime => wrong_format("Time", "hh:mm[:ss[.uuuuuu]]"),
        FlawKind::BadDateTime => wrong_format("Datetime", "YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]"),
        FlawKind::NotInZone { zone, .. } => format!("Invalid datetime for the timezone \"{zone}\"."),
        FlawKind::DateTimeRange => "Datetime value out of range.".to_owned(),
        FlawKind::BadDuration => wrong_format("Duration", "[DD] [HH:[MM:]]ss[.uuuuuu]"),
        FlawKind::DurationRange => "The number of days must be between -999999999 and 999999999.".to_owned(),
        FlawKind::BadUuid { given, as_key: true } => format!("“{given}” is not a valid UUID."),
        FlawKind::BadUuid { as_key: false, .. } => "Must be a valid UUID.".to_owned(),
        FlawKind::BadJson => "Value must be valid JSON.".to_owned(),
        FlawKind::NotFile => "The submitted data was not a file. Check the encoding type on the form.".to_owned(),
        FlawKind::NoFile => "No file was submitted.".to_owned(),
        FlawKind::FileAndClear => "Submit a file or empty the field, not both.".to_owned(),
        FlawKind::EmptyFile => "The submitted file is empty.".to_owned(),
        FlawKind::NoFileName => "No filename could be determined.".to_owned(),
        FlawKind::FileNameTooLong { max, length } => {
            format!("Ensure this filename has at most {max} characters (it has {length}).")
        }
        FlawKind::NotImage => {
            "Upload a valid image. The file you uploaded was either not an image or a corrupted image.".to_owned()
        }
        FlawKind::NotImageName { extension } => format!(
            "File extension “{extension}” is not allowed. Allowed extensions are: {}.",
            factotum_engine::files::IMAGE_EXTENSIONS
        ),
        FlawKind::BadKeyType { .. } if named_target(of).is_some() => "Invalid value.".to_owned(),
        FlawKind::BadKeyType { received } => {
            format!("Incorrect type. Expected pk value, received {}.", python_type(*received))
        }
        FlawKind::BadKey { given } => format!("“{given}” is not a valid value."),
        FlawKind::NoTarget { key } => match named_target(of) {
            Some(name) => format!("Object with {name}={key} does not exist."),
            None => format!("Invalid pk \"{key}\" - object does not exist."),
        },
        FlawKind::NotList { received } => {
            format!("Expected a list of items but got type \"{}\".", python_type(*received))
        }
        FlawKind::EmptyList => "This list may not be empty.".to_owned(),
        FlawKind::Taken => match of {
            Some((model, field)) => format!("{} with this {} already exists.", model.singular, field.title),
            None => "This field must be unique.".to_owned(),
        },
        FlawKind::TakenTogether { fields } => format!("The fields {} must make a unique set.", fields.join(", ")),
        FlawKind::TakenForDate { date_field, part } => {
            let part = match part {
                DatePart::Date => "date",
                DatePart::Month => "month",
                DatePart::Year => "year",
            };
            format!("This field must be unique for the \"{date_field}\" {part}.")
        }
    }
}

/// The field by which a relation finds its target, where that is not the key.
fn named_target<'f>(of: Option<(&Model, &'f Field)>) -> Option<&'f str> {
    match &of?.1.kind {
        FieldKind::One { to_field, .. } => to_field.as_deref(),
        _ => None,
    }
}

fn wrong_format(what: &str, format: &str) -> String {
    format!("{what} has wrong format. Use one of these formats instead: {format}.")
}

/// Python's name of a type.
pub(super) fn python_type(received: Received) -> &'static str {
    match received {
        Received::Null => "NoneType",
        Received::Bool => "bool",
        Received::Int => "int",
        Received::Float => "float",
        Received::Text => "str",
        Received::List => "list",
        Received::Object => "dict",
        Received::File => "InMemoryUploadedFile",
    }
}

/// A text as Python's `str` prints a JSON value.
pub(super) fn python_text(json: &Value) -> String {
    match json {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(_) | Value::Array(_) | Value::Object(_) => json.to_string(),
    }
}

/// The flaw of a body, or a part of one, that should be an object.
pub(super) fn not_a_dictionary(received: Received) -> Flaw {
    Flaw::custom(format!("Invalid data. Expected a dictionary, but got {}.", python_type(received)))
}

#[cfg(test)]
mod tests {
    use factotum_engine::model::OnDelete;

    use super::*;

    fn check(kind: FlawKind, expected: &str) {
        assert_eq!(words(&kind.into(), None), expected);
    }

    #[test]
    fn flaws_have_the_original_words() {
        check(FlawKind::TooLong { max: 120, length: 121 }, "Ensure this field has no more than 120 characters.");
        check(FlawKind::BadIp { only_v4: true, only_v6: false }, "Enter a valid IPv4 address.");
        check(FlawKind::BadIp { only_v4: false, only_v6: false }, "Enter a valid IPv4 or IPv6 address.");
        check(FlawKind::NotChoice { given: "zzz".to_owned() }, "\"zzz\" is not a valid choice.");
        check(
            FlawKind::NotInZone { local: "2024-03-31 02:30:00".to_owned(), zone: "Europe/Oslo".to_owned() },
            "Invalid datetime for the timezone \"Europe/Oslo\".",
        );
        check(FlawKind::BadUuid { given: "abc".to_owned(), as_key: true }, "“abc” is not a valid UUID.");
        let received = Received::Text;
        check(FlawKind::BadKeyType { received }, "Incorrect type. Expected pk value, received str.");
        check(FlawKind::NotList { received }, "Expected a list of items but got type \"str\".");
        let fields = vec!["name".to_owned(), "category".to_owned()];
        check(FlawKind::TakenTogether { fields }, "The fields name, category must make a unique set.");
        let (date_field, part) = ("held_on".to_owned(), DatePart::Month);
        check(FlawKind::TakenForDate { date_field, part }, "This field must be unique for the \"held_on\" month.");
    }

    #[test]
    fn a_taken_value_names_its_model_and_field() {
        let model = Model::new("shop", "Product").with(Field::line("sku", 20).titled("SKU"));
        let of = model.field("sku").map(|field| (&model, field));
        assert_eq!(words(&FlawKind::Taken.into(), of), "product with this SKU already exists.");
        assert_eq!(words(&Flaw::custom("No."), of), "No.");
    }

    #[test]
    fn a_target_found_by_another_field_is_called_by_it() {
        let mut field = Field::one("country", ModelKey::new("t", "Country"), OnDelete::Protect);
        if let FieldKind::One { to_field, .. } = &mut field.kind {
            *to_field = Some("title".to_owned());
        }
        let model = Model::new("t", "Author").with(field);
        let of = model.field("country").map(|field| (&model, field));
        let missing = FlawKind::NoTarget { key: "FI".to_owned() };
        assert_eq!(words(&missing.into(), of), "Object with title=FI does not exist.");
        let wrong = FlawKind::BadKeyType { received: Received::List };
        assert_eq!(words(&wrong.into(), of), "Invalid value.");
    }
}
