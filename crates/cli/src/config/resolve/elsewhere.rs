//! What the litestar contract does with the help of others, from words to what it means: mails, and providers that say
//! who somebody is.

use std::sync::Arc;

use factotum::accounts::resets::{self, Resets};
use factotum::accounts::roles::ROLES;
use factotum::contract::litestar::{OAuth, Reset};
use factotum::http::gateway::Gateway;
use factotum::http::mail::{Folder, Mailer};

use super::{Ground, Workshop};
use crate::complaint::suggestion;
use crate::config::Written;
use crate::config::mail::{OauthSection, ProviderWritten};
use crate::config::reader::said;

/// How forgotten passwords are reset: not, unless somebody says where a new one is chosen.
pub(super) fn reset(written: &Written, ground: &Ground, shop: &mut Workshop<'_>) -> Option<Reset> {
    let section = written.litestar.reset.as_ref()?;
    let Some(url) = section.url.as_ref().filter(|said| said.text.contains("{token}")) else {
        let words = "[contracts.litestar.reset] needs 'url', the page where a password is chosen, with {token} in it";
        shop.complain("C005", &section.place, words);
        return None;
    };
    if !ground.has(resets::TABLE) {
        let words = format!("there is no table '{}' for resets of passwords: run 'migrate'", resets::TABLE);
        shop.complain("C021", &section.place, words);
    }
    let Some(mailer) = mailer(written, shop) else {
        let words = "passwords are reset by mail: say under [mail] who carries them, with 'server' or 'folder'";
        shop.complain("C005", &section.place, words);
        return None;
    };
    let mut reset = Reset::new(Resets::new(ground.store.clone()), mailer, &url.text);
    let lifetime = section.lifetime.and_then(|seconds| i64::try_from(seconds).ok());
    reset.lifetime = lifetime.unwrap_or(reset.lifetime).max(1);
    Some(reset)
}

fn mailer(written: &Written, shop: &mut Workshop<'_>) -> Option<Arc<dyn Mailer>> {
    if let Some(folder) = &written.mail.folder {
        return Some(Arc::new(Folder::new(&folder.text)));
    }
    let server = written.mail.server.as_ref()?;
    let made = smtp(&server.text, written.mail.from.as_deref().unwrap_or_default());
    made.map_err(|words| shop.complain("C028", &server.place, words)).ok()
}

#[cfg(feature = "smtp")]
fn smtp(server: &str, from: &str) -> Result<Arc<dyn Mailer>, String> {
    let made = factotum::http::mail::smtp::Smtp::new(server, from);
    made.map(|smtp| Arc::new(smtp) as Arc<dyn Mailer>).map_err(|error| format!("mails cannot be sent: {error}"))
}

#[cfg(not(feature = "smtp"))]
fn smtp(_server: &str, _from: &str) -> Result<Arc<dyn Mailer>, String> {
    Err("this program was built without SMTP: build it with the feature 'smtp'".to_owned())
}

/// Sign-in by other sites: by none, unless somebody says.
pub(super) fn oauth(written: &Written, shop: &mut Workshop<'_>) -> OAuth {
    let Some(section) = &written.litestar.oauth else { return OAuth::default() };
    OAuth {
        providers: section.providers.iter().filter_map(|said| provider(said, shop)).collect(),
        create: create(written, section, shop),
        for_frontend: section.for_frontend.unwrap_or(false),
    }
}

fn create(written: &Written, section: &OauthSection, shop: &mut Workshop<'_>) -> Option<Vec<String>> {
    for said in section.create_roles.iter().filter(|said| !ROLES.contains(&said.text.as_str())) {
        let near = suggestion(&said.text, ROLES);
        shop.complain("C014", &said.place, format!("unknown role '{}'{near}", said.text));
    }
    if written.litestar.accounts.as_ref().is_some_and(|said| said.text == "django") {
        let roles = written.litestar.roles.iter().flatten().filter_map(|(_, entry)| said(&entry.node));
        let known: Vec<String> = roles.map(|said| said.text).collect();
        for said in section.create_roles.iter().filter(|said| !known.contains(&said.text)) {
            shop.complain("C014", &said.place, format!("no group stands for the role '{}': see 'roles'", said.text));
        }
    }
    let roles = || section.create_roles.iter().map(|said| said.text.clone()).collect();
    section.create.unwrap_or(false).then(roles)
}

fn provider(said: &ProviderWritten, shop: &mut Workshop<'_>) -> Option<Arc<dyn Gateway>> {
    let (Some(name), Some(issuer), Some(client)) = (&said.name, &said.issuer, &said.client_id) else {
        shop.complain("C005", &said.place, "a provider needs 'name', 'issuer' and 'client_id'");
        return None;
    };
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    if name.text.is_empty() || !name.text.chars().all(is_letter) {
        let words = format!("'{}' cannot stand in an address: use letters, digits, '-' and '_'", name.text);
        shop.complain("C014", &name.place, words);
    }
    let made = open(&name.text, &issuer.text, client, said);
    made.map_err(|words| shop.complain("C028", &issuer.place, words)).ok()
}

#[cfg(feature = "oidc")]
fn open(name: &str, issuer: &str, client: &str, said: &ProviderWritten) -> Result<Arc<dyn Gateway>, String> {
    let made = factotum::http::gateway::oidc::Provider::new(name, issuer, (client, said.client_secret.as_deref()));
    let mut provider = made.map_err(|error| error.to_string())?;
    if let Some(display_name) = &said.display_name {
        provider = provider.called(display_name);
    }
    if let Some(scopes) = &said.scopes {
        provider = provider.asking_for(scopes.iter().map(|said| said.text.clone()).collect());
    }
    Ok(Arc::new(provider))
}

#[cfg(not(feature = "oidc"))]
fn open(_name: &str, _issuer: &str, _client: &str, said: &ProviderWritten) -> Result<Arc<dyn Gateway>, String> {
    let (_, _, _) = (&said.display_name, &said.client_secret, &said.scopes);
    Err("this program was built without OpenID Connect: build it with the feature 'oidc'".to_owned())
}
