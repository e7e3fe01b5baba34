//! Proof that a question was asked and the answer was yes; nobody writes without one.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::Row;
use crate::principal::Verb;
use crate::site::Resource;

/// Proof that a verb on a resource was asked for and granted. Only [`ask`] makes one.
#[derive(Debug, Clone, Copy)]
pub struct Permit<'r> {
    resource: &'r Resource,
    verb: Verb,
}

impl<'r> Permit<'r> {
    /// The resource it is for.
    #[must_use]
    pub fn resource(&self) -> &'r Resource {
        self.resource
    }

    /// The verb it is for.
    #[must_use]
    pub fn verb(&self) -> Verb {
        self.verb
    }
}

/// Asks whether who is in the context may do something to a model, or to one row of it.
///
/// # Errors
/// [`Error::Forbidden`] if not.
pub fn ask<'r>(cx: &Context, resource: &'r Resource, verb: Verb, row: Option<&Row>) -> Result<Permit<'r>> {
    if allows(cx, resource, verb, row) {
        Ok(Permit { resource, verb })
    } else {
        Err(Error::Forbidden { verb, model: resource.model.key.clone() })
    }
}

/// The same question where a refusal is an answer, not a failure.
#[must_use]
pub fn allows(cx: &Context, resource: &Resource, verb: Verb, row: Option<&Row>) -> bool {
    (verb == Verb::View || !resource.options.read_only) && resource.admin.allows(cx.who(), verb, resource, row)
}
