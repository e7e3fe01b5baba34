//! Limits, from words to what they mean.

use std::sync::Arc;
use std::time::Duration;

use factotum::ModelKey;
use factotum::http::limit::counts::Counts;
use factotum::http::limit::memory::Memory;
use factotum::http::limit::{Limiter, Rule, Scope, Throttle};

use crate::complaint::{Complaint, Place};
use crate::config::Written;
use crate::config::limits::{LimitWritten, RedisSection};
use crate::config::reader::Said;

/// How often somebody may fail to sign in, at all doors together: as often as they like, unless somebody says. What is
/// wrong with where it is counted is told with the limits.
pub(super) fn throttle(written: &Written) -> Option<Arc<Throttle>> {
    let most = u32::try_from(written.accounts.login_attempts?).ok()?;
    let within = Duration::from_secs(written.accounts.login_window.unwrap_or(300));
    Some(Arc::new(Throttle::kept_in(most, within, counts(written, &mut Vec::new()))))
}

/// The limits of all contracts; none if nobody says.
pub(super) fn limiter(written: &Written, complaints: &mut Vec<Complaint>) -> Option<Limiter> {
    let said = &written.limits;
    let scopes = [
        (Scope::Address, &said.address),
        (Scope::Login, &said.login),
        (Scope::User, &said.user),
        (Scope::Model, &said.model),
    ];
    let rules: Vec<Rule> = scopes
        .into_iter()
        .filter_map(|(scope, said)| Some(rule(scope, said.as_ref()?, complaints)))
        .filter(|rule| rule.per_minute.is_some() || rule.per_hour.is_some())
        .collect();
    let counts = counts(written, complaints);
    (!rules.is_empty()).then(|| Limiter::kept_in(rules, counts))
}

fn rule(scope: Scope, said: &LimitWritten, complaints: &mut Vec<Complaint>) -> Rule {
    let usual = Rule::new(scope);
    if let Some(said) = said.models.first().filter(|_| scope != Scope::Model) {
        let words = "'models' belongs to [limits.model]: this limit counts by something else";
        complaints.push(Complaint::new("C014", &said.place, words));
    }
    // Zero is no limit: one that lets nothing through would be no service.
    let most = |said: Option<u32>, usual: Option<u32>| said.or(usual).filter(|most| *most > 0);
    Rule {
        scope,
        per_minute: most(said.per_minute, usual.per_minute),
        per_hour: most(said.per_hour, usual.per_hour),
        include: paths(&said.include_paths, complaints),
        exclude: paths(&said.exclude_paths, complaints),
        models: said.models.iter().filter_map(|said| model(said, complaints)).collect(),
    }
}

fn paths(said: &[Said], complaints: &mut Vec<Complaint>) -> Vec<String> {
    for said in said.iter().filter(|said| !said.text.starts_with('/')) {
        let words = format!("'{}' is no path: write it with the mount, such as \"/conjure/r/\"", said.text);
        complaints.push(Complaint::new("C020", &said.place, words));
    }
    said.iter().map(|said| said.text.clone()).collect()
}

fn model(said: &Said, complaints: &mut Vec<Complaint>) -> Option<ModelKey> {
    let key = ModelKey::parse(&said.text);
    if key.is_none() {
        let words = format!("'{}' is no name of a model: write app.Model", said.text);
        complaints.push(Complaint::new("C013", &said.place, words));
    }
    key
}

/// Where is counted: in this process, unless a Redis is named.
fn counts(written: &Written, complaints: &mut Vec<Complaint>) -> Arc<dyn Counts> {
    let shared = written.limits.redis.as_ref().and_then(|section| match shared(section) {
        Ok(counts) => Some(counts),
        Err((place, words)) => {
            complaints.push(Complaint::new("C027", &place, words));
            None
        }
    });
    shared.unwrap_or_else(|| Arc::new(Memory::default()))
}

fn shared(section: &RedisSection) -> Result<Arc<dyn Counts>, (Place, String)> {
    let Some(url) = &section.url else {
        let words = "[limits.redis] needs 'url', such as \"redis://127.0.0.1:6379/0\"";
        return Err((Place::Nowhere, words.to_owned()));
    };
    open(&url.text, section.prefix.as_deref().unwrap_or("factotum")).map_err(|words| (url.place.clone(), words))
}

#[cfg(feature = "redis")]
fn open(url: &str, prefix: &str) -> Result<Arc<dyn Counts>, String> {
    use crate::config::print::without_password;
    let opened = factotum::http::limit::redis::Redis::shared(url, prefix);
    opened.map_err(|error| format!("cannot use '{}': {error}", without_password(url)))
}

#[cfg(not(feature = "redis"))]
fn open(_url: &str, _prefix: &str) -> Result<Arc<dyn Counts>, String> {
    Err("this program was built without Redis: build it with the feature 'redis'".to_owned())
}
