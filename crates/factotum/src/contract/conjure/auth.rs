//! Sign-in, sign-out, tokens, and what a dashboard asks first.

use factotum_engine::model::Received;
use factotum_engine::{Error, Principal};
use http::StatusCode;
use serde_json::{Value, json};

use super::identity::now;
use super::settings::{Auth, Conjure};
use super::{Call, error};
use crate::http::limit::throttle;
use crate::http::session::{CSRF, SESSION};
use crate::http::token::{Kind, Refused, Tokens};
use crate::http::{Body, Fault, Reply, cookie, csrf, session};

/// `POST auth/login/`
pub(super) async fn login(call: Call) -> Result<Reply, Fault> {
    let sent = Sent::read(&call).await?;
    match &call.contract.auth {
        Auth::Session => by_session(&call, &sent).await,
        Auth::Jwt(tokens) => by_token(&call, &sent, tokens).await,
    }
}

async fn by_session(call: &Call, sent: &Sent) -> Result<Reply, Fault> {
    let (Some(username), Some(password)) = (sent.text("username"), sent.text("password")) else {
        return Ok(error::detail(StatusCode::FORBIDDEN, "Invalid credentials."));
    };
    let who = match check(call, &username, &password).await? {
        Ok(who) => who,
        Err(Refusal::Credentials) => return Ok(error::detail(StatusCode::FORBIDDEN, "Invalid credentials.")),
        Err(Refusal::NotStaff) => return Ok(not_staff()),
    };
    let key = call.site.accounts().open_session(&who, session::key(&call.head)).await?;
    let reply = error::reply(StatusCode::OK, &json!({ "user": payload(&call.contract, &who) }));
    let reply = session::with_csrf(reply, &call.head, &csrf::new_secret());
    Ok(session::opened(reply, &call.head, &key, call.contract.session_age))
}

async fn by_token(call: &Call, sent: &Sent, tokens: &Tokens) -> Result<Reply, Fault> {
    if let Some(refusal) = sent.is_no_dictionary() {
        return Ok(refusal);
    }
    let (username, password) = (sent.required("username"), sent.required("password"));
    let (username, password) = match (username, password) {
        (Ok(username), Ok(password)) => (username, password),
        (username, password) => {
            let flaws = [("username", username.err()), ("password", password.err())];
            let flaws: Vec<(&str, &str)> =
                flaws.iter().filter_map(|(field, words)| Some((*field, (*words)?))).collect();
            return Ok(error::invalid(&flaws));
        }
    };
    let who = match check(call, &username, &password).await? {
        Ok(who) => who,
        Err(Refusal::Credentials) => {
            let words = "No active account found with the given credentials";
            return Ok(error::detail(StatusCode::FORBIDDEN, words));
        }
        Err(Refusal::NotStaff) => return Ok(not_staff()),
    };
    let pair = tokens.pair(&who.id.to_string(), now());
    let document = json!({ "refresh": pair.refresh, "access": pair.access, "user": payload(&call.contract, &who) });
    let reply = error::reply(StatusCode::OK, &document);
    Ok(session::with_csrf(reply, &call.head, &csrf::new_secret()))
}

/// Why somebody is not let in.
enum Refusal {
    Credentials,
    NotStaff,
}

type Checked = Result<std::sync::Arc<Principal>, Refusal>;

/// Who has these credentials. Failures are counted by name and by address, if the site wants it.
async fn check(call: &Call, username: &str, password: &str) -> Result<Checked, Fault> {
    let check = async {
        let who = call.site.accounts().check(username, password).await?;
        if who.active { Ok(who) } else { Err(Error::BadCredentials) }
    };
    match throttle::guard(call.contract.throttle.as_deref(), (username, call.head.ip), check).await {
        Ok(who) if who.staff => Ok(Ok(who)),
        Ok(_) => Ok(Err(Refusal::NotStaff)),
        Err(Fault::Engine(Error::BadCredentials)) => Ok(Err(Refusal::Credentials)),
        Err(other) => Err(other),
    }
}

fn not_staff() -> Reply {
    error::detail(StatusCode::FORBIDDEN, "This account has no admin access.")
}

/// `POST auth/refresh/`
pub(super) async fn refresh(call: Call) -> Result<Reply, Fault> {
    let Auth::Jwt(tokens) = &call.contract.auth else {
        return Ok(error::detail(StatusCode::NOT_FOUND, "Not found."));
    };
    let sent = Sent::read(&call).await?;
    if let Some(refusal) = sent.is_no_dictionary() {
        return Ok(refusal);
    }
    let token = match sent.required("refresh") {
        Ok(token) => token,
        Err(words) => return Ok(error::invalid(&[("refresh", words)])),
    };
    let claims = match tokens.judge(&token, Kind::Refresh, now()) {
        Ok(claims) => claims,
        Err(refused) => return Ok(error::token(&refused.to_string(), "token_not_valid")),
    };
    let Ok(id) = claims.user_id() else {
        return Ok(error::token(&Refused::NoUser.to_string(), "token_not_valid"));
    };
    let accounts = call.site.accounts();
    let who = match accounts.read_id(&id) {
        Some(id) => accounts.load(&id).await?,
        None => None,
    };
    Ok(match who {
        None => error::token("User not found", "user_not_found"),
        Some(who) if !who.active => error::token("No active account found for the given token.", "no_active_account"),
        Some(_) => error::reply(StatusCode::OK, &json!({ "access": tokens.access(&claims, now()) })),
    })
}

/// `POST auth/logout/`: tokens cannot be called back, so only a session ends.
pub(super) async fn logout(call: Call) -> Result<Reply, Fault> {
    let reply = Reply::no_content();
    if let (Auth::Session, Some(key)) = (&call.contract.auth, cookie::find(&call.head, SESSION)) {
        call.site.accounts().end_session(key).await?;
        return Ok(session::ended(reply, &call.head));
    }
    Ok(reply)
}

/// `GET auth/me/`
pub(super) async fn me(call: Call) -> Result<Reply, Fault> {
    let known = cookie::find(&call.head, CSRF).and_then(|cookie| csrf::secret(cookie).ok());
    let secret = known.unwrap_or_else(csrf::new_secret);
    let reply = error::reply(StatusCode::OK, &payload(&call.contract, &call.who));
    Ok(session::with_csrf(reply, &call.head, &secret))
}

/// `GET config/`
pub(super) async fn config(call: Call) -> Result<Reply, Fault> {
    let auth = match call.contract.auth {
        Auth::Session => "session",
        Auth::Jwt(_) => "jwt",
    };
    Ok(error::reply(StatusCode::OK, &json!({ "brand": call.contract.brand, "auth": auth })))
}

/// What somebody is told of themselves.
fn payload(conjure: &Conjure, who: &Principal) -> Value {
    if let Some(payload) = &conjure.user_payload {
        return payload(who);
    }
    let id = match &who.id {
        factotum_engine::Value::Int(id) => json!(id),
        other => json!(other.to_string()),
    };
    let name = Some(who.full_name.trim()).filter(|name| !name.is_empty()).unwrap_or(&who.username);
    json!({ "id": id, "username": who.username, "name": name, "is_superuser": who.superuser })
}

/// What was sent to one of these endpoints, whatever its form.
struct Sent(Value);

impl Sent {
    async fn read(call: &Call) -> Result<Sent, Fault> {
        Ok(Sent(match call.content().await? {
            Body::Empty => json!({}),
            Body::Json(json) => json,
            Body::Form(form) => form.fields.into_iter().map(|(name, value)| (name, Value::String(value))).collect(),
        }))
    }

    /// The refusal of what is no object.
    fn is_no_dictionary(&self) -> Option<Reply> {
        let words = match &self.0 {
            Value::Object(_) => return None,
            Value::Null => "No data provided".to_owned(),
            other => error::words(&error::not_a_dictionary(Received::of(other)), None),
        };
        Some(error::invalid(&[("non_field_errors", &words)]))
    }

    /// A text, as it is.
    fn text(&self, field: &str) -> Option<String> {
        self.0.get(field)?.as_str().map(str::to_owned)
    }

    /// A text that must be there, trimmed; or what is wrong with it.
    fn required(&self, field: &str) -> Result<String, &'static str> {
        let text = match self.0.get(field) {
            None => return Err("This field is required."),
            Some(Value::Null) => return Err("This field may not be null."),
            Some(Value::String(text)) => text.trim().to_owned(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Bool(_) | Value::Array(_) | Value::Object(_)) => return Err("Not a valid string."),
        };
        if text.is_empty() { Err("This field may not be blank.") } else { Ok(text) }
    }
}
