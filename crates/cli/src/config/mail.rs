//! `[mail]`, and what of the litestar contract needs it or another site: resets of passwords, sign-in by providers.

use super::reader::{Reader, Said};
use crate::complaint::Place;

/// Who carries mails.
#[derive(Debug, Default)]
pub(crate) struct MailSection {
    pub(crate) server: Option<Said>,
    pub(crate) from: Option<String>,
    pub(crate) folder: Option<Said>,
}

/// Resets of forgotten passwords.
#[derive(Debug, Default)]
pub(crate) struct ResetSection {
    pub(crate) url: Option<Said>,
    pub(crate) lifetime: Option<u64>,
    /// Where the table was written.
    pub(crate) place: Place,
}

/// Sign-in by other sites.
#[derive(Debug, Default)]
pub(crate) struct OauthSection {
    pub(crate) create: Option<bool>,
    pub(crate) create_roles: Vec<Said>,
    pub(crate) for_frontend: Option<bool>,
    pub(crate) providers: Vec<ProviderWritten>,
}

/// A provider.
#[derive(Debug, Default)]
pub(crate) struct ProviderWritten {
    pub(crate) name: Option<Said>,
    pub(crate) display_name: Option<String>,
    pub(crate) issuer: Option<Said>,
    pub(crate) client_id: Option<String>,
    pub(crate) client_secret: Option<String>,
    pub(crate) scopes: Option<Vec<Said>>,
    /// Where the table was written.
    pub(crate) place: Place,
}

impl MailSection {
    pub(super) fn of(reader: &mut Reader<'_>) -> MailSection {
        MailSection { server: reader.said("server"), from: reader.text("from"), folder: reader.said("folder") }
    }
}

impl ResetSection {
    pub(super) fn of(reader: &mut Reader<'_>) -> ResetSection {
        ResetSection { url: reader.said("url"), lifetime: reader.number("lifetime"), place: reader.own_place() }
    }
}

impl OauthSection {
    pub(super) fn of(reader: &mut Reader<'_>) -> OauthSection {
        OauthSection {
            create: reader.truth("create"),
            create_roles: reader.texts("create_roles").unwrap_or_default(),
            for_frontend: reader.truth("for_frontend"),
            providers: reader.sections("providers", ProviderWritten::of),
        }
    }
}

impl ProviderWritten {
    fn of(reader: &mut Reader<'_>) -> ProviderWritten {
        ProviderWritten {
            name: reader.said("name"),
            display_name: reader.text("display_name"),
            issuer: reader.said("issuer"),
            client_id: reader.text("client_id"),
            client_secret: reader.text("client_secret"),
            scopes: reader.texts("scopes"),
            place: reader.own_place(),
        }
    }
}
