//! The claims of this contract's tokens: whose they are, what for, and for how long.

use factotum_engine::Principal;
use serde_json::{Map, Value, json};

use crate::http::jws::{Signer, seconds};

/// An hour.
const ACCESS_SECONDS: i64 = 60 * 60;
/// A day.
const REFRESH_SECONDS: i64 = 24 * 60 * 60;

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It opens requests.
    Access,
    /// It gets new access tokens.
    Refresh,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Access => "access",
            Kind::Refresh => "refresh",
        }
    }
}

/// Makes and judges tokens.
///
/// ```
/// use factotum::contract::litestar::{Kind, Litestar, Tokens};
/// use factotum::Principal;
///
/// let contract = Litestar::new("a secret of 32 bytes or more, that nobody can guess");
/// let tokens = Tokens { access_seconds: 600, issuer: Some("shop".into()), ..contract.tokens };
/// let who = Principal { id: 7.into(), ..Principal::anonymous() };
/// let token = tokens.make(&who, Kind::Access, None, 0);
/// assert_eq!(tokens.judge(&token, Kind::Access, 599).unwrap().subject, "7");
/// assert!(tokens.judge(&token, Kind::Access, 600).is_none());
/// ```
#[derive(Debug, Clone)]
pub struct Tokens {
    /// Signs them.
    pub signer: Signer,
    /// For how many seconds an access token is good.
    pub access_seconds: i64,
    /// For how many seconds a refresh token is good.
    pub refresh_seconds: i64,
    /// Who issues them; checked where it is said.
    pub issuer: Option<String>,
    /// For whom they are; checked where it is said.
    pub audience: Option<String>,
}

/// A place in a family of refresh tokens: which family, and which of its tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The family, which began with a sign-in.
    pub family: String,
    /// The token.
    pub id: String,
}

/// What a believed token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Whose it is.
    pub subject: String,
    /// Its place among refresh tokens, where these are used only once.
    pub place: Option<Place>,
}

impl Tokens {
    /// Tokens with the usual lifetimes.
    #[must_use]
    pub fn new(signer: Signer) -> Tokens {
        Tokens {
            signer,
            access_seconds: ACCESS_SECONDS,
            refresh_seconds: REFRESH_SECONDS,
            issuer: None,
            audience: None,
        }
    }

    /// A token for somebody, at the Unix second `now`. The claims beside `sub` are for the client to read: a request is
    /// judged by what the person is then.
    #[must_use]
    pub fn make(&self, who: &Principal, kind: Kind, place: Option<&Place>, now: i64) -> String {
        let lifetime = match kind {
            Kind::Access => self.access_seconds,
            Kind::Refresh => self.refresh_seconds,
        };
        let mut claims = Map::new();
        let mut say = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        say("sub", json!(who.id.to_string()));
        say("email", json!(who.email));
        say("roles", json!(who.roles));
        say("permissions", json!(super::identity::permissions(who)));
        say("type", json!(kind.word()));
        say("iat", json!(now));
        say("exp", json!(now.saturating_add(lifetime)));
        for (name, value) in [("iss", &self.issuer), ("aud", &self.audience)] {
            if let Some(value) = value {
                say(name, json!(value));
            }
        }
        if let Some(place) = place {
            say("fam", json!(place.family));
            say("jti", json!(place.id));
        }
        self.signer.sign(&claims)
    }

    /// Reads a token of the given kind; `None` if it is not believed, whatever the reason.
    #[must_use]
    pub fn judge(&self, token: &str, kind: Kind, now: i64) -> Option<Said> {
        let claims = self.signer.open(token)?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let is_live = seconds(&claims, "exp")?? > now && seconds(&claims, "nbf")?.is_none_or(|begin| begin <= now);
        let is_ours = self.issuer.as_deref().is_none_or(|issuer| text("iss") == Some(issuer))
            && self.audience.as_deref().is_none_or(|audience| is_for(&claims, audience));
        if !is_live || !is_ours || text("type") != Some(kind.word()) {
            return None;
        }
        let place = text("fam").zip(text("jti"));
        let place = place.map(|(family, id)| Place { family: family.to_owned(), id: id.to_owned() });
        Some(Said { subject: text("sub")?.to_owned(), place })
    }
}

/// Whether a token is for an audience: one, or one of several.
fn is_for(claims: &Map<String, Value>, audience: &str) -> bool {
    match claims.get("aud") {
        Some(Value::String(one)) => one == audience,
        Some(Value::Array(several)) => several.iter().any(|one| one == audience),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::jws::Algorithm;

    const NOW: i64 = 1_704_099_600;

    fn tokens() -> Tokens {
        Tokens::new(Signer::new(Algorithm::Hs256, "shop-secret-0123456789-0123456789"))
    }

    fn who() -> Principal {
        Principal {
            id: "7".into(),
            email: "a@b.example".to_owned(),
            active: true,
            roles: vec!["viewer".to_owned()],
            ..Principal::anonymous()
        }
    }

    #[test]
    fn a_token_is_good_for_its_kind_and_its_time() {
        let token = tokens().make(&who(), Kind::Access, None, NOW);
        let said = Said { subject: "7".to_owned(), place: None };
        assert_eq!(tokens().judge(&token, Kind::Access, NOW + 3599), Some(said));
        assert_eq!(tokens().judge(&token, Kind::Access, NOW + 3600), None);
        assert_eq!(tokens().judge(&token, Kind::Refresh, NOW), None);
        assert_eq!(tokens().judge("junk.junk.junk", Kind::Access, NOW), None);
    }

    #[test]
    fn claims_come_in_order() {
        let token = tokens().make(&who(), Kind::Refresh, None, NOW);
        let claims = tokens().signer.open(&token).expect("ours");
        let names: Vec<&str> = claims.keys().map(String::as_str).collect();
        assert_eq!(names, ["sub", "email", "roles", "permissions", "type", "iat", "exp"]);
        assert_eq!(claims["exp"], json!(NOW + 86_400));
    }

    #[test]
    fn issuer_and_audience_are_checked_where_they_are_said() {
        let ours = Tokens { issuer: Some("shop".to_owned()), audience: Some("admin".to_owned()), ..tokens() };
        let token = ours.make(&who(), Kind::Access, None, NOW);
        assert!(ours.judge(&token, Kind::Access, NOW).is_some());
        assert!(tokens().judge(&token, Kind::Access, NOW).is_some());
        let plain = tokens().make(&who(), Kind::Access, None, NOW);
        assert_eq!(ours.judge(&plain, Kind::Access, NOW), None);
        let others = Tokens { audience: Some("shop".to_owned()), ..ours };
        assert_eq!(others.judge(&token, Kind::Access, NOW), None);
    }

    #[test]
    fn a_place_in_a_family_is_kept() {
        let place = Place { family: "f".to_owned(), id: "1".to_owned() };
        let token = tokens().make(&who(), Kind::Refresh, Some(&place), NOW);
        assert_eq!(tokens().judge(&token, Kind::Refresh, NOW).and_then(|said| said.place), Some(place));
    }
}
