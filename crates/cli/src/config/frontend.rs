//! `[contracts.django_admin.frontend]`: a front end that the program serves itself, as typed.

use super::node::{Kind, Node};
use super::reader::{Reader, Said, said};
use crate::complaint::Place;

/// The front end of the django-admin contract.
#[derive(Debug, Default)]
pub(crate) struct FrontendSection {
    pub(crate) folder: Option<Said>,
    pub(crate) mount: Option<Said>,
    pub(crate) static_url: Option<String>,
    pub(crate) api_prefix: Option<String>,
    pub(crate) legacy_admin_prefix: Option<String>,
    pub(crate) brand_title: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) brand_logo: Option<String>,
    pub(crate) primary_color: Option<String>,
    pub(crate) language: Option<String>,
    pub(crate) app_name: Option<String>,
    pub(crate) app_short_name: Option<String>,
    pub(crate) icons: Vec<IconWritten>,
    /// Where each key was written.
    pub(crate) places: Vec<(&'static str, Place)>,
}

/// An icon of the installed app.
#[derive(Debug, Default)]
pub(crate) struct IconWritten {
    pub(crate) src: String,
    pub(crate) sizes: String,
    pub(crate) media: String,
    pub(crate) purpose: Option<String>,
}

/// The table, or only the folder.
pub(super) fn frontend(reader: &mut Reader<'_>) -> Option<FrontendSection> {
    let node = reader.node("frontend")?;
    if let Some(folder) = said(&node) {
        let places = vec![("folder", folder.place.clone())];
        return Some(FrontendSection { folder: Some(folder), places, ..FrontendSection::default() });
    }
    let Node { place, kind } = node;
    if let Kind::Table(table) = kind {
        return Some(reader.inner("frontend", place, table, FrontendSection::of));
    }
    let words = format!("'frontend' must be a folder, or a table with 'folder', not {}", kind.name());
    reader.complain("C004", "frontend", words);
    None
}

impl FrontendSection {
    fn of(reader: &mut Reader<'_>) -> FrontendSection {
        let mut section = FrontendSection {
            folder: reader.said("folder"),
            mount: reader.said("mount"),
            static_url: reader.text("static_url"),
            api_prefix: reader.text("api_prefix"),
            legacy_admin_prefix: reader.text("legacy_admin_prefix"),
            brand_title: reader.text("brand_title"),
            title: reader.text("title"),
            brand_logo: reader.text("brand_logo"),
            primary_color: reader.text("primary_color"),
            language: reader.text("language"),
            app_name: reader.text("app_name"),
            app_short_name: reader.text("app_short_name"),
            icons: reader.sections("icons", IconWritten::of),
            places: Vec::new(),
        };
        section.places = reader.places();
        if section.folder.is_none() {
            reader.complain("C005", "folder", "a front end needs 'folder': where its built files are".to_owned());
        }
        section
    }
}

impl IconWritten {
    fn of(reader: &mut Reader<'_>) -> IconWritten {
        let src = reader.text("src");
        if src.is_none() {
            reader.complain("C005", "src", "an icon needs 'src': its address".to_owned());
        }
        IconWritten {
            src: src.unwrap_or_default(),
            sizes: reader.text("sizes").unwrap_or_else(|| "any".to_owned()),
            media: reader.text("media").unwrap_or_else(|| "image/png".to_owned()),
            purpose: reader.text("purpose"),
        }
    }
}
