//! What is told of every form, made at the first question and kept: pieces of fields, heads of inlines, names.

use std::collections::HashMap;
use std::sync::OnceLock;

use factotum_engine::{ModelKey, Resource, Site};

use super::descriptor::Pieces;
use super::inlines::InlineTold;

/// What is worked out of the site's forms once and kept.
#[derive(Default)]
pub struct Forms(OnceLock<HashMap<ModelKey, Form>>);

/// What is told of one model's form.
pub(super) struct Form {
    pub(super) pieces: Pieces,
    pub(super) inlines: Vec<InlineTold>,
}

impl std::fmt::Debug for Forms {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Forms").finish_non_exhaustive()
    }
}

impl Forms {
    /// What is told of a resource's form.
    pub(super) fn of(&self, site: &Site, resource: &Resource) -> &Form {
        let all = self.0.get_or_init(|| {
            site.resources().map(|resource| (resource.model.key.clone(), Form::of(site, resource))).collect()
        });
        all.get(&resource.model.key).expect("every resource of the site has its form")
    }
}

impl Form {
    fn of(site: &Site, resource: &Resource) -> Form {
        Form { pieces: Pieces::of(site, resource), inlines: InlineTold::all(site, resource) }
    }
}
