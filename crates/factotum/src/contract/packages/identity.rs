//! Who asks: nobody in particular. What is published is everybody's to see, and nobody's to change.

use factotum_engine::admin::{ModelAdmin, Options};
use factotum_engine::site::Builder;
use factotum_engine::{Principal, Resource, Row, Verb};

use super::settings::Packages;

/// The admin of a model that is published: everybody may see its rows, and nobody may change any.
#[derive(Debug, Clone, Copy, Default)]
pub struct Published;

impl ModelAdmin for Published {
    fn options(&self) -> Options {
        Options { read_only: true, ..Options::default() }
    }

    fn allows(&self, _who: &Principal, verb: Verb, _resource: &Resource, _row: Option<&Row>) -> bool {
        verb == Verb::View
    }
}

impl Packages {
    /// The site with the models of all collections registered as [`Published`], but for those that are registered
    /// already: an admin of one's own may show fewer rows and hide fields.
    #[must_use]
    pub fn register(&self, site: Builder) -> Builder {
        self.collections.iter().fold(site, |site, collection| {
            if site.has(&collection.model) { site } else { site.admin(collection.model.clone(), Published) }
        })
    }
}
