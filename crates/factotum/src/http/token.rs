//! Bearer tokens as djangorestframework-simplejwt makes and judges them: HS256, and nothing else.

use std::fmt;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::http::jws::{Algorithm, Signer, seconds};

const ACCESS_SECONDS: i64 = 5 * 60;
const REFRESH_SECONDS: i64 = 24 * 60 * 60;

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It opens requests, for minutes.
    Access,
    /// It gets new access tokens, for a day.
    Refresh,
}

impl Kind {
    /// The word in the claim `token_type`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
        }
    }
}

/// Why a token is refused. `Display` gives simplejwt's English words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It cannot be read, or somebody else signed it, or it is not valid yet.
    Invalid,
    /// Its time is over.
    Expired,
    /// It does not say when it expires.
    NoExpiry,
    /// It has no `jti`.
    NoId,
    /// It does not say what it is for.
    NoType,
    /// It is for something else.
    WrongType,
    /// It does not say whose it is.
    NoUser,
}

impl fmt::Display for Refused {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Invalid => "Token is invalid",
            Self::Expired => "Token is expired",
            Self::NoExpiry => "Token has no 'exp' claim",
            Self::NoId => "Token has no id",
            Self::NoType => "Token has no type",
            Self::WrongType => "Token has wrong type",
            Self::NoUser => "Token contained no recognizable user identification",
        })
    }
}

/// What a believed token says.
#[derive(Clone, Debug, PartialEq)]
pub struct Claims(Map<String, Value>);

impl Claims {
    /// The key of the user, as text. A number is taken for its digits; anything else matches no user.
    pub fn user_id(&self) -> Result<String, Refused> {
        match self.0.get("user_id") {
            None => Err(Refused::NoUser),
            Some(Value::String(id)) => Ok(id.clone()),
            Some(other) => Ok(other.to_string()),
        }
    }

    /// One claim, as sent.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
}

/// The two tokens of a sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// For new access tokens.
    pub refresh: String,
    /// For requests.
    pub access: String,
}

/// Makes and judges tokens under one secret.
#[derive(Clone, Debug)]
pub struct Tokens(Signer);

impl Tokens {
    /// Tokens under the site's secret key.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(Signer::new(Algorithm::Hs256, secret))
    }

    /// Both tokens for somebody who has just signed in, at the Unix second `now`.
    pub fn pair(&self, user_id: &str, now: i64) -> Pair {
        let mut claims = fresh(Kind::Refresh, now);
        claims.insert("user_id".to_owned(), json!(user_id));
        let refresh = Claims(claims);
        Pair { access: self.access(&refresh, now), refresh: self.0.sign(&refresh.0) }
    }

    /// A new access token with every claim of a refresh token but its type, its end and its id.
    pub fn access(&self, refresh: &Claims, now: i64) -> String {
        let mut claims = fresh(Kind::Access, now);
        let kept = refresh.0.iter().filter(|(name, _)| !["token_type", "exp", "jti"].contains(&name.as_str()));
        claims.extend(kept.map(|(name, value)| (name.clone(), value.clone())));
        self.0.sign(&claims)
    }

    /// Reads a token of the given kind, and believes it or says why not.
    pub fn judge(&self, token: &str, kind: Kind, now: i64) -> Result<Claims, Refused> {
        let claims = self.0.open(token).ok_or(Refused::Invalid)?;
        check_times(&claims, now)?;
        check_form(&claims, kind)?;
        Ok(Claims(claims))
    }
}

fn fresh(kind: Kind, now: i64) -> Map<String, Value> {
    let lifetime = match kind {
        Kind::Access => ACCESS_SECONDS,
        Kind::Refresh => REFRESH_SECONDS,
    };
    let claims = [
        ("token_type", json!(kind.word())),
        ("exp", json!(now.saturating_add(lifetime))),
        ("iat", json!(now)),
        ("jti", json!(Uuid::new_v4().simple().to_string())),
    ];
    claims.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The moments of the claims, in the order in which the original looks at them.
fn check_times(claims: &Map<String, Value>, now: i64) -> Result<(), Refused> {
    for begins in ["iat", "nbf"] {
        if seconds(claims, begins).ok_or(Refused::Invalid)?.is_some_and(|moment| moment > now) {
            return Err(Refused::Invalid);
        }
    }
    match seconds(claims, "exp").ok_or(Refused::Invalid)? {
        Some(end) if end <= now => Err(Refused::Expired),
        _ => Ok(()),
    }
}

fn check_form(claims: &Map<String, Value>, kind: Kind) -> Result<(), Refused> {
    for text in ["sub", "jti"] {
        if claims.get(text).is_some_and(|claim| !claim.is_string()) {
            return Err(Refused::Invalid);
        }
    }
    if !claims.contains_key("exp") {
        return Err(Refused::NoExpiry);
    }
    if !claims.contains_key("jti") {
        return Err(Refused::NoId);
    }
    match claims.get("token_type") {
        None => Err(Refused::NoType),
        Some(word) if *word == json!(kind.word()) => Ok(()),
        Some(_) => Err(Refused::WrongType),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_704_099_600;

    fn tokens() -> Tokens {
        Tokens::new("reference-site-secret-key-not-for-production-0123456789")
    }

    fn claims() -> Map<String, Value> {
        let mut claims = fresh(Kind::Access, NOW);
        claims.insert("user_id".to_owned(), json!("1"));
        claims
    }

    fn judged(claims: &Map<String, Value>) -> Result<Claims, Refused> {
        tokens().judge(&tokens().0.sign(claims), Kind::Access, NOW)
    }

    fn without(name: &str) -> Result<Claims, Refused> {
        let mut claims = claims();
        claims.shift_remove(name);
        judged(&claims)
    }

    fn with(name: &str, value: Value) -> Result<Claims, Refused> {
        let mut claims = claims();
        claims.insert(name.to_owned(), value);
        judged(&claims)
    }

    #[test]
    fn a_pair_has_the_claims_in_order() {
        let pair = tokens().pair("1", NOW);
        let access = tokens().judge(&pair.access, Kind::Access, NOW).expect("good");
        let names: Vec<&str> = access.0.keys().map(String::as_str).collect();
        assert_eq!(names, ["token_type", "exp", "iat", "jti", "user_id"]);
        assert_eq!(access.get("exp"), Some(&json!(NOW + 300)));
        assert_eq!(access.user_id().as_deref(), Ok("1"));
        let refresh = tokens().judge(&pair.refresh, Kind::Refresh, NOW).expect("good");
        assert_eq!(refresh.get("exp"), Some(&json!(NOW + 86_400)));
        assert_ne!(refresh.get("jti"), access.get("jti"));
    }

    #[test]
    fn refreshing_keeps_what_was_said_at_the_sign_in() {
        let mut claims = fresh(Kind::Refresh, NOW);
        claims.insert("user_id".to_owned(), json!("7"));
        claims.insert("shop".to_owned(), json!("north"));
        let refresh = Claims(claims);
        let later = NOW + 1000;
        let access = tokens().access(&refresh, later);
        let access = tokens().judge(&access, Kind::Access, later).expect("good");
        assert_eq!(access.get("iat"), Some(&json!(NOW)));
        assert_eq!(access.get("exp"), Some(&json!(later + 300)));
        assert_eq!(access.get("shop"), Some(&json!("north")));
        assert_ne!(access.get("jti"), refresh.get("jti"));
    }

    #[test]
    fn a_token_of_another_library_is_read() {
        // Made with PyJWT from the same claims and the key "k".
        let token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0b2tlbl90eXBlIjoiYWNjZXNzIiwiZXhwIjo0MTAyNDQ0ODAwLCJpYXQiOjE3MDQwOTk2MDAsImp0aSI6IngiLCJ1c2VyX2lkIjoxfQ.5c6Nej4qZ3yL9v0fIDkmvdZbr8SSatMO-ATz2rIJkAw";
        let claims = Tokens::new("k").judge(token, Kind::Access, NOW).expect("good");
        assert_eq!(claims.user_id().as_deref(), Ok("1"));
    }

    #[test]
    fn every_missing_claim_has_its_word() {
        assert_eq!(without("exp"), Err(Refused::NoExpiry));
        assert_eq!(without("jti"), Err(Refused::NoId));
        assert_eq!(without("token_type"), Err(Refused::NoType));
        assert_eq!(with("token_type", json!("refresh")), Err(Refused::WrongType));
        let nobody = without("user_id").expect("good but for the user");
        assert_eq!(nobody.user_id(), Err(Refused::NoUser));
        assert_eq!(with("user_id", Value::Null).expect("good").user_id().as_deref(), Ok("null"));
    }

    #[test]
    fn time_has_no_leeway() {
        assert_eq!(with("exp", json!(NOW)), Err(Refused::Expired));
        assert!(with("exp", json!(NOW + 1)).is_ok());
        assert_eq!(with("iat", json!(NOW + 1)), Err(Refused::Invalid));
        assert_eq!(with("nbf", json!(NOW + 1)), Err(Refused::Invalid));
        assert_eq!(with("exp", json!("soon")), Err(Refused::Invalid));
        assert_eq!(with("exp", json!(1e300)).map(|_| ()), Ok(()));
        assert_eq!(with("jti", json!(5)), Err(Refused::Invalid));
    }

    #[test]
    fn nobody_else_can_sign() {
        let token = tokens().0.sign(&claims());
        let other = Tokens::new("another");
        assert_eq!(other.judge(&token, Kind::Access, NOW), Err(Refused::Invalid));
        let cut = &token[..token.len() - 1];
        for bad in ["", ".", "..", "a.b.c", "a.b.c.d", cut] {
            assert_eq!(tokens().judge(bad, Kind::Access, NOW), Err(Refused::Invalid));
        }
    }

    #[test]
    fn the_secret_does_not_print() {
        assert_eq!(format!("{:?}", tokens()), "Tokens(Signer(Hs256))");
    }
}
