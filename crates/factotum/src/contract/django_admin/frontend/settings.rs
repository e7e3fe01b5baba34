//! What a site's owner says of the front end, and whether it can be.

use std::fmt;
use std::path::PathBuf;

/// What a site's owner says of the front end. All but the folder has a default.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder of the built files, or one that holds the package `django_admin_react`.
    pub folder: PathBuf,
    /// The path that the front end is mounted at: `/admin2/`.
    pub mount: String,
    /// The path under which its files are served, in `admin_react/` below it: `/static/`.
    pub static_url: String,
    /// The path of the API that it asks instead of the one below its mount.
    pub api_prefix: Option<String>,
    /// The path of Django's own admin, where there is one: every page then links to its twin.
    pub legacy_admin_prefix: Option<String>,
    /// What stands above the menu.
    pub brand_title: String,
    /// What stands on the browser's tab.
    pub title: String,
    /// The address of a logo.
    pub brand_logo: Option<String>,
    /// The colour of buttons and links, in hexadecimal: `#2563eb`.
    pub primary_color: String,
    /// The language of the app's own words, as `en-us`; what it does not speak becomes English.
    pub language: String,
    /// The app's name where it is installed; `brand_title` if not said.
    pub app_name: Option<String>,
    /// The app's name where there is little room.
    pub app_short_name: String,
    /// The app's icons where it is installed; the logo, or a plain one, if none is named.
    pub icons: Vec<Icon>,
}

/// An icon of the installed app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Icon {
    /// Its address.
    pub src: String,
    /// Its sizes, as `192x192`.
    pub sizes: String,
    /// Its media type.
    pub media: String,
    /// What it may be used for, as `maskable`.
    pub purpose: Option<String>,
}

/// A setting that cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    /// The setting's name, as it is spelt in [`Settings`].
    pub setting: &'static str,
    /// What is wrong with it.
    pub words: String,
}

impl fmt::Display for Unfit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.setting, self.words)
    }
}

impl std::error::Error for Unfit {}

impl Unfit {
    pub(super) fn new(setting: &'static str, words: impl Into<String>) -> Unfit {
        Unfit { setting, words: words.into() }
    }
}

impl Settings {
    /// The usual settings for a folder.
    pub fn new(folder: impl Into<PathBuf>) -> Settings {
        Settings {
            folder: folder.into(),
            mount: "/admin2/".to_owned(),
            static_url: "/static/".to_owned(),
            api_prefix: None,
            legacy_admin_prefix: None,
            brand_title: "Django administration".to_owned(),
            title: "Django site admin".to_owned(),
            brand_logo: None,
            primary_color: "#2563eb".to_owned(),
            language: "en-us".to_owned(),
            app_name: None,
            app_short_name: "Admin".to_owned(),
            icons: Vec::new(),
        }
    }

    /// The URL of the files.
    pub(super) fn files_url(&self) -> String {
        format!("{}admin_react/", self.static_url)
    }

    /// The URL of the API.
    pub(super) fn api_url(&self) -> String {
        self.api_prefix.clone().unwrap_or_else(|| format!("{}api/v1/", self.mount))
    }

    /// The settings with each path in one spelling, if each can be.
    pub(super) fn judged(mut self) -> Result<Settings, Unfit> {
        self.mount = path("mount", &self.mount)?;
        self.static_url = path("static_url", &self.static_url)?;
        self.api_prefix = self.api_prefix.as_deref().map(|prefix| path("api_prefix", prefix)).transpose()?;
        let legacy = self.legacy_admin_prefix.as_deref().map(|prefix| path("legacy_admin_prefix", prefix));
        self.legacy_admin_prefix = legacy.transpose()?;
        if self.mount == "/" {
            return Err(Unfit::new("mount", "the front end needs a path of its own, such as \"/admin2/\""));
        }
        if self.files_url() == self.mount {
            let words = format!("'{}' is where the front end's files are; choose another path", self.mount);
            return Err(Unfit::new("mount", words));
        }
        if !is_color(&self.primary_color) {
            let words = format!("'{}' is no colour such as \"#2563eb\"", self.primary_color);
            return Err(Unfit::new("primary_color", words));
        }
        Ok(self)
    }
}

/// A path with a slash before and after, of letters that stand for themselves.
fn path(setting: &'static str, text: &str) -> Result<String, Unfit> {
    let inner = text.trim_matches('/');
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.~".contains(c);
    let is_segment = |segment: &str| !segment.trim_matches('.').is_empty() && segment.chars().all(is_plain);
    if inner.is_empty() {
        return Ok("/".to_owned());
    }
    if !inner.split('/').all(is_segment) {
        return Err(Unfit::new(setting, format!("'{text}' is no path such as \"/admin2/\"")));
    }
    Ok(format!("/{inner}/"))
}

/// Whether a text is a colour in hexadecimal and nothing else: it is written into a style sheet.
fn is_color(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or_default();
    matches!(digits.len(), 3 | 4 | 6 | 8) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_one_spelling() {
        for (given, expected) in [("admin2", "/admin2/"), ("/a/b", "/a/b/"), ("//a//", "/a/"), ("/", "/")] {
            assert_eq!(path("mount", given).as_deref(), Ok(expected), "{given}");
        }
        for bad in ["/a//b", "/a b/", "/a?b", "/a/../b", "/{a}/", "/\"/", "https://a", "/é/"] {
            assert!(path("mount", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_cannot_be_is_told_by_its_name() {
        let unfit = |change: fn(&mut Settings)| {
            let mut settings = Settings::new("x");
            change(&mut settings);
            settings.judged().err().map(|unfit| unfit.setting)
        };
        assert_eq!(unfit(|_| ()), None);
        assert_eq!(unfit(|settings| settings.mount = "/".into()), Some("mount"));
        assert_eq!(unfit(|settings| settings.mount = "/static/admin_react".into()), Some("mount"));
        assert_eq!(unfit(|settings| settings.static_url = "https://cdn".into()), Some("static_url"));
        assert_eq!(unfit(|settings| settings.api_prefix = Some("a b".into())), Some("api_prefix"));
        assert_eq!(unfit(|settings| settings.legacy_admin_prefix = Some("<".into())), Some("legacy_admin_prefix"));
        for bad in ["red", "#12", "#12345", "#2563eb;}", "#2563eg", "", "#"] {
            let settings = Settings { primary_color: bad.into(), ..Settings::new("x") };
            assert_eq!(settings.judged().err().map(|unfit| unfit.setting), Some("primary_color"), "{bad}");
        }
    }
}
