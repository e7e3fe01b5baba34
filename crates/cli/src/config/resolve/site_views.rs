//! What the litestar contract shows beside tables and can be said as data: pages with a text, links, embedded pages.

use factotum::contract::litestar::{Content, EmbedView, Embedded, Frame, Heading, LinkView, PageView, Views};

use super::Workshop;
use super::litestar::choose;
use crate::config::{
    LitestarEmbedWritten, LitestarHeadingWritten, LitestarLinkWritten, LitestarPageWritten, LitestarSection,
};

const CONTENTS: [(&str, &str); 3] = [("markdown", "markdown"), ("html", "html"), ("text", "text")];
const PAGE_LAYOUTS: [(&str, &str); 3] = [("default", "default"), ("full-width", "full-width"), ("sidebar", "sidebar")];
const EMBED_LAYOUTS: [(&str, &str); 3] = [("full", "full"), ("sidebar", "sidebar"), ("card", "card")];

/// The declared views; one that means nothing is complained of.
pub(super) fn all(section: &LitestarSection, shop: &mut Workshop<'_>) -> Views {
    Views {
        pages: section.pages.iter().filter_map(|said| page(said, shop)).collect(),
        links: section.links.iter().filter_map(|said| link(said, shop)).collect(),
        embeds: section.embeds.iter().filter_map(|said| embed(said, shop)).collect(),
        ..Views::default()
    }
}

fn heading(said: &LitestarHeadingWritten, shop: &mut Workshop<'_>) -> Option<Heading> {
    let Some(name) = said.name.clone() else {
        shop.complain("C005", &said.place, "a page, a link or an embedded page needs a 'name'");
        return None;
    };
    let (identity, icon) = (said.identity.clone(), said.icon.clone());
    Some(Heading { name, identity, icon, category: said.category.clone(), permission: said.permission.clone() })
}

fn page(said: &LitestarPageWritten, shop: &mut Workshop<'_>) -> Option<PageView> {
    let heading = heading(&said.heading, shop)?;
    let kind = said.content_type.as_ref().and_then(|said| choose(said, "content_type", &CONTENTS, shop));
    let layout = said.layout.as_ref().and_then(|said| choose(said, "layout", &PAGE_LAYOUTS, shop));
    let content = Content::Text(said.content.clone().unwrap_or_default());
    let usual = PageView::new(&heading.name, kind.unwrap_or("markdown"), content);
    Some(PageView {
        layout: layout.map_or(usual.layout, str::to_owned),
        refresh_interval: said.refresh_interval.unwrap_or(0),
        heading,
        ..usual
    })
}

fn link(said: &LitestarLinkWritten, shop: &mut Workshop<'_>) -> Option<LinkView> {
    let heading = heading(&said.heading, shop)?;
    let Some(url) = said.url.clone() else {
        shop.complain("C005", &said.heading.place, "a link needs a 'url'");
        return None;
    };
    Some(LinkView { heading, url, same_window: said.same_window.unwrap_or(false) })
}

fn embed(said: &LitestarEmbedWritten, shop: &mut Workshop<'_>) -> Option<EmbedView> {
    let heading = heading(&said.heading, shop)?;
    let Some(embedded) = embedded(said) else {
        shop.complain("C005", &said.heading.place, "an embedded page needs either a 'url' or a 'component'");
        return None;
    };
    let layout = said.layout.as_ref().and_then(|said| choose(said, "layout", &EMBED_LAYOUTS, shop));
    let usual = EmbedView::new(&heading.name, embedded);
    Some(EmbedView {
        heading,
        width: said.width.clone().unwrap_or(usual.width),
        height: said.height.clone().unwrap_or(usual.height),
        min_height: said.min_height.clone().unwrap_or(usual.min_height),
        layout: layout.map_or(usual.layout, str::to_owned),
        refresh_interval: said.refresh_interval.unwrap_or(0),
        show_toolbar: said.show_toolbar.unwrap_or(true),
        embedded: usual.embedded,
        props: None,
    })
}

fn embedded(said: &LitestarEmbedWritten) -> Option<Embedded> {
    match (&said.url, &said.component) {
        (Some(url), None) => {
            let usual = Frame::new(url);
            Some(Embedded::Frame(Frame {
                sandbox: said.sandbox.clone().unwrap_or(usual.sandbox.clone()),
                allow: said.allow.clone().unwrap_or_default(),
                ..usual
            }))
        }
        (None, Some(name)) => {
            let props = said.props.iter().flatten().map(|(key, entry)| (key.clone(), entry.node.json())).collect();
            Some(Embedded::Component { name: name.clone(), props })
        }
        _ => None,
    }
}
