//! The algorithms behind a password string: parsed once, with limits, then asked whether a password fits.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::Preferred;

// A stored string is trusted no further than this: who can write one must not be able to stop the server.
const MOST_ROUNDS: u32 = 10_000_000;
const MOST_ARGON2_KIBIBYTES: u32 = 256 * 1024;
const MOST_ARGON2_WORK: u64 = 2 * 1024 * 1024;
const MOST_ARGON2_LANES: u32 = 64;
const MOST_BCRYPT_COST: u32 = 15;
const MOST_SCRYPT_BYTES: u64 = 256 * 1024 * 1024;
const MOST_SCRYPT_WORK: u64 = 1024 * 1024 * 1024;
const MOST_HASH_BYTES: usize = 128;

// What a new password costs with Argon2id: 64 MiB, passed over four times, in two lanes.
const ARGON2_KIBIBYTES: u32 = 64 * 1024;
const ARGON2_PASSES: u32 = 4;
const ARGON2_LANES: u32 = 2;
const ARGON2_HASH_BYTES: usize = 32;

/// Django asks for 128 bits of salt; its letters carry a little under six bits each.
const LEAST_SALT_LETTERS: usize = 22;

/// A stored password, taken apart.
pub(super) enum Scheme {
    Pbkdf2Sha256 {
        rounds: u32,
        salt: String,
        hash: Vec<u8>,
    },
    Pbkdf2Sha1 {
        rounds: u32,
        salt: String,
        hash: Vec<u8>,
    },
    Argon2 {
        hasher: Argon2<'static>,
        salt: Vec<u8>,
        hash: Vec<u8>,
    },
    /// Bcrypt over the hexadecimal SHA-256 of the password, which has no length limit.
    BcryptSha256(String),
    Bcrypt(String),
    Scrypt {
        params: scrypt::Params,
        salt: String,
        hash: Vec<u8>,
    },
}

impl Scheme {
    /// Reads a stored string; one that is malformed, unknown, unusable or asks for too much is `None`.
    pub(super) fn parse(encoded: &str) -> Option<Self> {
        let (name, rest) = encoded.split_once('$')?;
        match name {
            "pbkdf2_sha256" => pbkdf2(rest).map(|(rounds, salt, hash)| Self::Pbkdf2Sha256 { rounds, salt, hash }),
            "pbkdf2_sha1" => pbkdf2(rest).map(|(rounds, salt, hash)| Self::Pbkdf2Sha1 { rounds, salt, hash }),
            "argon2" => argon2(rest),
            "bcrypt_sha256" => bcrypt(rest).map(Self::BcryptSha256),
            "bcrypt" => bcrypt(rest).map(Self::Bcrypt),
            "scrypt" => scrypt(rest),
            // The algorithms' own strings, without a name of Django's before them.
            "" if rest.starts_with("argon2") => argon2(rest),
            "" => bcrypt(encoded).map(Self::Bcrypt),
            _ => None,
        }
    }

    /// Whether this is the string of `password`. The comparison takes the same time wherever they differ.
    pub(super) fn fits(&self, password: &str) -> bool {
        match self {
            Self::Pbkdf2Sha256 { rounds, salt, hash } => same(&pbkdf2_sha256(password, salt, *rounds), hash),
            Self::Pbkdf2Sha1 { rounds, salt, hash } => same(&pbkdf2_sha1(password, salt, *rounds), hash),
            Self::Argon2 { hasher, salt, hash } => {
                let mut made = vec![0; hash.len()];
                hasher.hash_password_into(password.as_bytes(), salt, &mut made).is_ok() && same(&made, hash)
            }
            Self::BcryptSha256(stored) => ::bcrypt::verify(hex_sha256(password), stored).is_ok_and(|right| right),
            Self::Bcrypt(stored) => ::bcrypt::verify(password, stored).is_ok_and(|right| right),
            Self::Scrypt { params, salt, hash } => {
                let mut made = vec![0; hash.len()];
                scrypt::scrypt(password.as_bytes(), salt.as_bytes(), params, &mut made).is_ok() && same(&made, hash)
            }
        }
    }

    /// Whether a new password would be stored like this one.
    pub(super) fn is_preferred(&self, preferred: Preferred) -> bool {
        match (self, preferred) {
            (Self::Pbkdf2Sha256 { rounds, salt, .. }, Preferred::Pbkdf2(wanted)) => {
                *rounds == wanted && salt.chars().count() >= LEAST_SALT_LETTERS
            }
            (Self::Argon2 { hasher, .. }, Preferred::Argon2) => {
                let costs = hasher.params();
                (costs.m_cost(), costs.t_cost(), costs.p_cost()) == (ARGON2_KIBIBYTES, ARGON2_PASSES, ARGON2_LANES)
            }
            _ => false,
        }
    }

    /// The rounds that a check against this string saved, compared with a preferred one.
    pub(super) fn rounds_short_of(&self, preferred: Preferred) -> u32 {
        match (self, preferred) {
            (Self::Pbkdf2Sha256 { rounds, .. } | Self::Pbkdf2Sha1 { rounds, .. }, Preferred::Pbkdf2(wanted)) => {
                wanted.saturating_sub(*rounds)
            }
            // The others are slow in ways that rounds do not measure.
            _ => 0,
        }
    }
}

/// The whole string of a password stored with Argon2id.
pub(super) fn argon2_text(password: &str, salt: &[u8]) -> String {
    let params = Params::new(ARGON2_KIBIBYTES, ARGON2_PASSES, ARGON2_LANES, Some(ARGON2_HASH_BYTES));
    let params = params.expect("the costs are within the limits of the algorithm");
    let mut hash = vec![0; ARGON2_HASH_BYTES];
    let made = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(
        password.as_bytes(),
        salt,
        &mut hash,
    );
    made.expect("password and salt are within the limits of the algorithm");
    let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
    format!("$argon2id$v=19$m={ARGON2_KIBIBYTES},t={ARGON2_PASSES},p={ARGON2_LANES}${salt}${hash}")
}

/// The whole string of a password stored with PBKDF2 and SHA-256.
pub(super) fn pbkdf2_sha256_text(password: &str, salt: &str, rounds: u32) -> String {
    let hash = STANDARD.encode(pbkdf2_sha256(password, salt, rounds));
    format!("pbkdf2_sha256${rounds}${salt}${hash}")
}

fn pbkdf2_sha256(password: &str, salt: &str, rounds: u32) -> [u8; 32] {
    pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(password.as_bytes(), salt.as_bytes(), rounds)
}

fn pbkdf2_sha1(password: &str, salt: &str, rounds: u32) -> [u8; 20] {
    pbkdf2::pbkdf2_hmac_array::<Sha1, 20>(password.as_bytes(), salt.as_bytes(), rounds)
}

/// `rounds$salt$hash`
fn pbkdf2(rest: &str) -> Option<(u32, String, Vec<u8>)> {
    let mut parts = rest.splitn(3, '$');
    let rounds = number(parts.next()?, 1, MOST_ROUNDS)?;
    let salt = salt(parts.next()?)?;
    let hash = bytes(STANDARD.decode(parts.next()?).ok()?)?;
    Some((rounds, salt, hash))
}

/// `argon2id$v=19$m=102400,t=2,p=8$salt$hash`; strings of the first version leave out `v=`.
fn argon2(rest: &str) -> Option<Scheme> {
    let parts: Vec<&str> = rest.split('$').collect();
    let (variety, version, costs, salt, hash) = match parts[..] {
        [variety, version, costs, salt, hash] => (variety, version, costs, salt, hash),
        [variety, costs, salt, hash] => (variety, "v=16", costs, salt, hash),
        _ => return None,
    };
    let algorithm = Algorithm::new(variety).ok()?;
    let version = match version {
        "v=19" => Version::V0x13,
        "v=16" => Version::V0x10,
        _ => return None,
    };
    let hash = bytes(STANDARD_NO_PAD.decode(hash).ok()?)?;
    let params = argon2_params(costs, hash.len())?;
    Some(Scheme::Argon2 {
        hasher: Argon2::new(algorithm, version, params),
        salt: bytes(STANDARD_NO_PAD.decode(salt).ok()?)?,
        hash,
    })
}

/// `m=102400,t=2,p=8`
fn argon2_params(costs: &str, length: usize) -> Option<Params> {
    let mut costs = costs.split(',');
    let mut cost = |name: &str, most: u32| {
        let value = costs.next()?.strip_prefix(name)?;
        number(value, 1, most)
    };
    let memory = cost("m=", MOST_ARGON2_KIBIBYTES)?;
    let passes = cost("t=", u32::MAX)?;
    let lanes = cost("p=", MOST_ARGON2_LANES)?;
    if costs.next().is_some() || u64::from(memory) * u64::from(passes) > MOST_ARGON2_WORK {
        return None;
    }
    Params::new(memory, passes, lanes, Some(length)).ok()
}

/// `$2b$12$…`: bcrypt's own string, of which only the cost is judged here.
fn bcrypt(rest: &str) -> Option<String> {
    let cost = rest.get(4..6)?;
    number(cost, 4, MOST_BCRYPT_COST)?;
    (rest.len() == 60 && rest.is_ascii()).then(|| rest.to_owned())
}

/// `16384$salt$8$5$hash`
fn scrypt(rest: &str) -> Option<Scheme> {
    let [work, salted, block, lanes, hash] = <[&str; 5]>::try_from(rest.split('$').collect::<Vec<_>>()).ok()?;
    let work = number(work, 2, 1 << 24)?;
    let block = number(block, 1, 64)?;
    let lanes = number(lanes, 1, 64)?;
    let memory = 128 * u64::from(work) * u64::from(block);
    if !work.is_power_of_two() || memory > MOST_SCRYPT_BYTES || memory * u64::from(lanes) > MOST_SCRYPT_WORK {
        return None;
    }
    let log_work = u8::try_from(work.ilog2()).ok()?;
    Some(Scheme::Scrypt {
        params: scrypt::Params::new(log_work, block, lanes).ok()?,
        salt: salt(salted)?,
        hash: bytes(STANDARD.decode(hash).ok()?)?,
    })
}

fn number(text: &str, least: u32, most: u32) -> Option<u32> {
    let value: u32 = text.parse().ok()?;
    (least..=most).contains(&value).then_some(value)
}

fn salt(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn bytes(bytes: Vec<u8>) -> Option<Vec<u8>> {
    (!bytes.is_empty() && bytes.len() <= MOST_HASH_BYTES).then_some(bytes)
}

fn same(made: &[u8], stored: &[u8]) -> bool {
    made.ct_eq(stored).into()
}

fn hex_sha256(password: &str) -> String {
    use std::fmt::Write;
    let digest = Sha256::digest(password.as_bytes());
    digest.iter().fold(String::with_capacity(64), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a string takes any text");
        hex
    })
}
