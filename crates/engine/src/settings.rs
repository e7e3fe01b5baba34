//! Settings that people change while a site runs: a key with a JSON value, in a category. Some are sensitive: their
//! values are stored and used, and never told again.

mod table;

use std::fmt;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde_json::Value as Json;

use crate::context::Context;
use crate::error::Result;

pub use table::{SettingsTable, TABLE, model_key};

/// What stands for a value that is not told.
pub const MASK: &str = "***";

/// The most characters of a key.
pub const LONGEST_KEY: usize = 255;
/// The most characters of a category's name.
pub const LONGEST_CATEGORY: usize = 100;

/// A setting.
#[derive(Clone, PartialEq)]
pub struct Setting {
    /// The key.
    pub key: String,
    /// The value, even of a sensitive one: for the program. What people are told is [`Setting::told`].
    pub value: Json,
    /// What it is for.
    pub description: Option<String>,
    /// The category.
    pub category: String,
    /// Whether the value is told to nobody.
    pub sensitive: bool,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it was set last.
    pub updated_at: Option<Timestamp>,
}

impl fmt::Debug for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setting").field("key", &self.key).field("value", &self.told()).finish_non_exhaustive()
    }
}

impl Setting {
    /// The value as people are told it.
    #[must_use]
    pub fn told(&self) -> Json {
        if self.sensitive { Json::from(MASK) } else { self.value.clone() }
    }
}

/// A setting to be set. One that is there already keeps its category and its sensitivity, and its description if none
/// is given. A sensitive one that is set to [`MASK`] keeps its value: whoever sends that has read it here.
#[derive(Clone, PartialEq)]
pub struct NewSetting {
    /// The key, at most [`LONGEST_KEY`] characters without NUL.
    pub key: String,
    /// The value.
    pub value: Json,
    /// What it is for.
    pub description: Option<String>,
    /// The category of a new one, at most [`LONGEST_CATEGORY`] characters.
    pub category: String,
    /// Whether the value of a new one is told to nobody.
    pub sensitive: bool,
}

impl fmt::Debug for NewSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewSetting").field("key", &self.key).finish_non_exhaustive()
    }
}

/// Where settings are kept. [`SettingsTable`] keeps them in the site's database; a site may bring its own.
///
/// Whatever is done belongs to the transaction of the context, as far as the place allows. Whoever keeps settings
/// writes the records of their changes, with [`MASK`] for sensitive values.
///
/// ```
/// use factotum_engine::settings::{NewSetting, SettingsStore};
/// use factotum_engine::{Context, error::Result};
///
/// async fn close_the_shop(cx: &mut Context, settings: &dyn SettingsStore) -> Result<()> {
///     let closed = NewSetting {
///         key: "shop.open".into(),
///         value: false.into(),
///         description: None,
///         category: "general".into(),
///         sensitive: false,
///     };
///     settings.set(cx, vec![closed]).await?;
///     Ok(())
/// }
/// ```
pub trait SettingsStore: Send + Sync + 'static {
    /// All settings, or those of a category, ordered by category and key.
    fn all<'a>(&'a self, cx: &'a mut Context, category: Option<&'a str>) -> BoxFuture<'a, Result<Vec<Setting>>>;

    /// The categories that are used, in the order of their names.
    fn categories<'a>(&'a self, cx: &'a mut Context) -> BoxFuture<'a, Result<Vec<String>>>;

    /// The settings with these keys, in any order; keys without a setting are left out.
    fn find<'a>(&'a self, cx: &'a mut Context, keys: &'a [String]) -> BoxFuture<'a, Result<Vec<Setting>>>;

    /// Sets several settings, each key at most once, and gives them in the order in which they came: all or none.
    fn set<'a>(&'a self, cx: &'a mut Context, settings: Vec<NewSetting>) -> BoxFuture<'a, Result<Vec<Setting>>>;

    /// Removes a setting; false if there is none.
    fn remove<'a>(&'a self, cx: &'a mut Context, key: &'a str) -> BoxFuture<'a, Result<bool>>;
}
