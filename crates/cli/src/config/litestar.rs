//! `[contracts.litestar]` and `[model.litestar]`: the litestar contract as typed.

use super::files::LitestarFilesWritten;
use super::mail::{OauthSection, ResetSection};
use super::node::{Node, Table};
use super::options::OptionsWritten;
use super::reader::{Reader, Said};
use crate::complaint::Place;

/// The settings of the litestar contract.
#[derive(Debug, Default)]
pub(crate) struct LitestarSection {
    pub(crate) enabled: Option<bool>,
    pub(crate) mount: Option<Said>,
    pub(crate) title: Option<String>,
    pub(crate) theme: Option<Said>,
    pub(crate) auth: Option<Said>,
    pub(crate) accounts: Option<Said>,
    pub(crate) roles: Option<Table>,
    pub(crate) secret_key: Option<String>,
    pub(crate) algorithm: Option<Said>,
    pub(crate) issuer: Option<String>,
    pub(crate) audience: Option<String>,
    pub(crate) access_lifetime: Option<u64>,
    pub(crate) refresh_lifetime: Option<u64>,
    pub(crate) rotate_refresh: Option<bool>,
    pub(crate) token_location: Option<Said>,
    pub(crate) stealth: Option<bool>,
    pub(crate) naive_datetimes: Option<bool>,
    pub(crate) query_tokens: Option<bool>,
    pub(crate) defused_exports: Option<bool>,
    pub(crate) log: Option<bool>,
    pub(crate) frontend: Option<Said>,
    pub(crate) files: Option<LitestarFilesWritten>,
    pub(crate) docs: Option<Said>,
    pub(crate) api_title: Option<String>,
    pub(crate) api_version: Option<String>,
    pub(crate) reset: Option<ResetSection>,
    pub(crate) oauth: Option<OauthSection>,
    pub(crate) widgets: Vec<LitestarWidgetWritten>,
    pub(crate) pages: Vec<LitestarPageWritten>,
    pub(crate) links: Vec<LitestarLinkWritten>,
    pub(crate) embeds: Vec<LitestarEmbedWritten>,
    pub(crate) auto_register: Option<bool>,
    pub(crate) auto_register_exclude: Vec<Said>,
    /// Where the table was written.
    pub(crate) place: Place,
}

/// Something that the dashboard shows.
#[derive(Debug, Default)]
pub(crate) struct LitestarWidgetWritten {
    pub(crate) id: Option<String>,
    pub(crate) kind: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) data: Option<Table>,
    pub(crate) config: Option<Table>,
}

/// What every view without a model has.
#[derive(Debug, Default)]
pub(crate) struct LitestarHeadingWritten {
    pub(crate) name: Option<String>,
    pub(crate) identity: Option<String>,
    pub(crate) icon: Option<String>,
    pub(crate) category: Option<String>,
    pub(crate) permission: Option<String>,
    /// Where the table was written.
    pub(crate) place: Place,
}

/// A page with a text.
#[derive(Debug, Default)]
pub(crate) struct LitestarPageWritten {
    pub(crate) heading: LitestarHeadingWritten,
    pub(crate) content: Option<String>,
    pub(crate) content_type: Option<Said>,
    pub(crate) layout: Option<Said>,
    pub(crate) refresh_interval: Option<u64>,
}

/// A link.
#[derive(Debug, Default)]
pub(crate) struct LitestarLinkWritten {
    pub(crate) heading: LitestarHeadingWritten,
    pub(crate) url: Option<String>,
    pub(crate) same_window: Option<bool>,
}

/// A page of somebody else's, or a component of the front end.
#[derive(Debug, Default)]
pub(crate) struct LitestarEmbedWritten {
    pub(crate) heading: LitestarHeadingWritten,
    pub(crate) url: Option<String>,
    pub(crate) component: Option<String>,
    pub(crate) props: Option<Table>,
    pub(crate) width: Option<String>,
    pub(crate) height: Option<String>,
    pub(crate) min_height: Option<String>,
    pub(crate) layout: Option<Said>,
    pub(crate) sandbox: Option<String>,
    pub(crate) allow: Option<String>,
    pub(crate) refresh_interval: Option<u64>,
    pub(crate) show_toolbar: Option<bool>,
}

/// How the litestar contract shows a model.
#[derive(Debug, Default)]
pub(crate) struct LitestarModelWritten {
    pub(crate) name: Option<String>,
    pub(crate) identity: Option<String>,
    pub(crate) icon: Option<String>,
    pub(crate) category: Option<String>,
    pub(crate) can_create: Option<bool>,
    pub(crate) can_edit: Option<bool>,
    pub(crate) can_delete: Option<bool>,
    pub(crate) can_view_details: Option<bool>,
    pub(crate) can_export: Option<bool>,
    pub(crate) column_list: Option<Vec<Said>>,
    pub(crate) column_exclude_list: Vec<Said>,
    pub(crate) column_searchable_list: Option<Vec<Said>>,
    pub(crate) column_sortable_list: Option<Vec<Said>>,
    pub(crate) column_default_sort: Option<Said>,
    pub(crate) form_columns: Option<Vec<Said>>,
    pub(crate) form_excluded_columns: Vec<Said>,
    pub(crate) form_fieldsets: Option<Node>,
    pub(crate) form_extra_fields: Option<Table>,
    pub(crate) form_widgets: Option<Table>,
    pub(crate) rich_text_fields: Option<Table>,
    pub(crate) relationship_search_fields: Option<Table>,
    pub(crate) relationship_display_fields: Option<Table>,
    pub(crate) plain_foreign_keys: Vec<Said>,
    pub(crate) microseconds: Vec<Said>,
    /// Options of every contract, for this one.
    pub(crate) options: OptionsWritten,
}

impl LitestarSection {
    pub(super) fn of(reader: &mut Reader<'_>) -> LitestarSection {
        LitestarSection {
            enabled: reader.truth("enabled"),
            mount: reader.said("mount"),
            title: reader.text("title"),
            theme: reader.said("theme"),
            auth: reader.said("auth"),
            accounts: reader.said("accounts"),
            roles: reader.table("roles"),
            secret_key: reader.text("secret_key"),
            algorithm: reader.said("algorithm"),
            issuer: reader.text("issuer"),
            audience: reader.text("audience"),
            access_lifetime: reader.number("access_lifetime"),
            refresh_lifetime: reader.number("refresh_lifetime"),
            rotate_refresh: reader.truth("rotate_refresh"),
            token_location: reader.said("token_location"),
            stealth: reader.truth("stealth"),
            naive_datetimes: reader.truth("naive_datetimes"),
            query_tokens: reader.truth("query_tokens"),
            defused_exports: reader.truth("defused_exports"),
            log: reader.truth("log"),
            frontend: reader.said("frontend"),
            files: reader.section("files", LitestarFilesWritten::of),
            docs: reader.said("docs"),
            api_title: reader.text("api_title"),
            api_version: reader.text("api_version"),
            reset: reader.section("reset", ResetSection::of),
            oauth: reader.section("oauth", OauthSection::of),
            widgets: reader.sections("widgets", LitestarWidgetWritten::of),
            pages: reader.sections("pages", LitestarPageWritten::of),
            links: reader.sections("links", LitestarLinkWritten::of),
            embeds: reader.sections("embeds", LitestarEmbedWritten::of),
            auto_register: reader.truth("auto_register"),
            auto_register_exclude: reader.texts("auto_register_exclude").unwrap_or_default(),
            place: reader.own_place(),
        }
    }
}

impl LitestarWidgetWritten {
    fn of(reader: &mut Reader<'_>) -> LitestarWidgetWritten {
        LitestarWidgetWritten {
            id: reader.text("id"),
            kind: reader.text("type"),
            title: reader.text("title"),
            data: reader.table("data"),
            config: reader.table("config"),
        }
    }
}

/// The keys that every view without a model has.
fn heading(reader: &mut Reader<'_>) -> LitestarHeadingWritten {
    LitestarHeadingWritten {
        name: reader.text("name"),
        identity: reader.text("identity"),
        icon: reader.text("icon"),
        category: reader.text("category"),
        permission: reader.text("permission"),
        place: reader.own_place(),
    }
}

impl LitestarPageWritten {
    fn of(reader: &mut Reader<'_>) -> LitestarPageWritten {
        LitestarPageWritten {
            heading: heading(reader),
            content: reader.text("content"),
            content_type: reader.said("content_type"),
            layout: reader.said("layout"),
            refresh_interval: reader.number("refresh_interval"),
        }
    }
}

impl LitestarLinkWritten {
    fn of(reader: &mut Reader<'_>) -> LitestarLinkWritten {
        LitestarLinkWritten {
            heading: heading(reader),
            url: reader.text("url"),
            same_window: reader.truth("same_window"),
        }
    }
}

impl LitestarEmbedWritten {
    fn of(reader: &mut Reader<'_>) -> LitestarEmbedWritten {
        LitestarEmbedWritten {
            heading: heading(reader),
            url: reader.text("url"),
            component: reader.text("component"),
            props: reader.table("props"),
            width: reader.text("width"),
            height: reader.text("height"),
            min_height: reader.text("min_height"),
            layout: reader.said("layout"),
            sandbox: reader.text("sandbox"),
            allow: reader.text("allow"),
            refresh_interval: reader.number("refresh_interval"),
            show_toolbar: reader.truth("show_toolbar"),
        }
    }
}

impl LitestarModelWritten {
    pub(super) fn of(reader: &mut Reader<'_>) -> LitestarModelWritten {
        LitestarModelWritten {
            name: reader.text("name"),
            identity: reader.text("identity"),
            icon: reader.text("icon"),
            category: reader.text("category"),
            can_create: reader.truth("can_create"),
            can_edit: reader.truth("can_edit"),
            can_delete: reader.truth("can_delete"),
            can_view_details: reader.truth("can_view_details"),
            can_export: reader.truth("can_export"),
            column_list: reader.texts("column_list"),
            column_exclude_list: reader.texts("column_exclude_list").unwrap_or_default(),
            column_searchable_list: reader.texts("column_searchable_list"),
            column_sortable_list: reader.texts("column_sortable_list"),
            column_default_sort: reader.said("column_default_sort"),
            form_columns: reader.texts("form_columns"),
            form_excluded_columns: reader.texts("form_excluded_columns").unwrap_or_default(),
            form_fieldsets: reader.node("form_fieldsets"),
            form_extra_fields: reader.table("form_extra_fields"),
            form_widgets: reader.table("form_widgets"),
            rich_text_fields: reader.table("rich_text_fields"),
            relationship_search_fields: reader.table("relationship_search_fields"),
            relationship_display_fields: reader.table("relationship_display_fields"),
            plain_foreign_keys: reader.texts("plain_foreign_keys").unwrap_or_default(),
            microseconds: reader.texts("microseconds").unwrap_or_default(),
            options: OptionsWritten::of(reader, true),
        }
    }
}
