//! Signed claims (JSON Web Signatures with HMAC): one algorithm, which is the site's choice and never the token's.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use sha2::{Sha256, Sha384, Sha512};

/// How claims are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Algorithm {
    /// HMAC with SHA-256.
    #[default]
    Hs256,
    /// HMAC with SHA-384.
    Hs384,
    /// HMAC with SHA-512.
    Hs512,
}

impl Algorithm {
    /// The algorithm of this name; `None` if there is none such.
    ///
    /// ```
    /// use factotum::http::jws::Algorithm;
    /// assert_eq!((Algorithm::named("HS384"), Algorithm::named("none")), (Some(Algorithm::Hs384), None));
    /// ```
    #[must_use]
    pub fn named(name: &str) -> Option<Algorithm> {
        [Self::Hs256, Self::Hs384, Self::Hs512].into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// Its name in the header of a token.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
        }
    }

    fn mac(self, secret: &[u8], signed: &[u8]) -> Vec<u8> {
        match self {
            Self::Hs256 => mac::<Hmac<Sha256>>(secret, signed),
            Self::Hs384 => mac::<Hmac<Sha384>>(secret, signed),
            Self::Hs512 => mac::<Hmac<Sha512>>(secret, signed),
        }
    }
}

fn mac<M: Mac + KeyInit>(secret: &[u8], signed: &[u8]) -> Vec<u8> {
    let mut mac = <M as KeyInit>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(signed);
    mac.finalize().into_bytes().to_vec()
}

/// Signs claims and knows its own signature.
#[derive(Clone)]
pub struct Signer {
    algorithm: Algorithm,
    secret: String,
}

impl fmt::Debug for Signer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Signer({:?})", self.algorithm)
    }
}

impl Signer {
    /// A signer under a secret.
    pub fn new(algorithm: Algorithm, secret: impl Into<String>) -> Signer {
        Signer { algorithm, secret: secret.into() }
    }

    /// A token that says these claims, in their order.
    #[must_use]
    pub fn sign(&self, claims: &Map<String, Value>) -> String {
        let header = format!("{{\"alg\":\"{}\",\"typ\":\"JWT\"}}", self.algorithm.name());
        let body = serde_json::to_string(claims).expect("claims can be written");
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(body));
        let signature = URL_SAFE_NO_PAD.encode(self.algorithm.mac(self.secret.as_bytes(), signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    /// The claims of a token that we signed; `None` for any other text.
    #[must_use]
    pub fn open(&self, token: &str) -> Option<Map<String, Value>> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, body) = signed.split_once('.')?;
        let header: Map<String, Value> = decode(header)?;
        let is_plain = header.get("alg") == Some(&json!(self.algorithm.name()))
            && !header.contains_key("crit")
            && header.get("b64") != Some(&json!(false));
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let expected = self.algorithm.mac(self.secret.as_bytes(), signed.as_bytes());
        let is_ours: bool = subtle::ConstantTimeEq::ct_eq(expected.as_slice(), signature.as_slice()).into();
        if is_plain && is_ours { decode(body) } else { None }
    }
}

fn decode(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// A claim that is a moment, in whole seconds: `Some(None)` if it is not there, `None` if it is there and no number.
#[must_use]
pub fn seconds(claims: &Map<String, Value>, name: &str) -> Option<Option<i64>> {
    let Some(claim) = claims.get(name) else { return Some(None) };
    match (claim.as_i64(), claim.as_f64()) {
        (Some(whole), _) => Some(Some(whole)),
        (None, Some(broken)) => Some(Some(broken as i64)),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> Map<String, Value> {
        let Value::Object(claims) = json!({ "sub": "1", "exp": 5 }) else { return Map::new() };
        claims
    }

    #[test]
    fn each_algorithm_knows_its_own_signature_only() {
        let all = [Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512];
        for made in all {
            let token = Signer::new(made, "k").sign(&claims());
            for read in all {
                let opened = Signer::new(read, "k").open(&token);
                assert_eq!(opened, (made == read).then(claims));
            }
            assert_eq!(Signer::new(made, "other").open(&token), None);
        }
    }

    #[test]
    fn the_algorithm_is_not_the_tokens_choice() {
        let signer = Signer::new(Algorithm::Hs256, "k");
        let body = URL_SAFE_NO_PAD.encode(json!(claims()).to_string());
        for header in [
            r#"{"alg":"none"}"#,
            r#"{"alg":"HS512","typ":"JWT"}"#,
            r#"{"typ":"JWT"}"#,
            r#"{"alg":"HS256","crit":["x"]}"#,
            r#"["HS256"]"#,
        ] {
            let signed = format!("{}.{body}", URL_SAFE_NO_PAD.encode(header));
            let mac = Algorithm::Hs256.mac(b"k", signed.as_bytes());
            assert_eq!(signer.open(&format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac))), None);
            assert_eq!(signer.open(&format!("{signed}.")), None);
        }
    }

    #[test]
    fn moments_are_numbers_or_spoil_the_token() {
        let claims: Map<String, Value> =
            [("a".to_owned(), json!(1.5)), ("b".to_owned(), json!("soon"))].into_iter().collect();
        assert_eq!(
            (seconds(&claims, "a"), seconds(&claims, "b"), seconds(&claims, "c")),
            (Some(Some(1)), None, Some(None))
        );
    }
}
