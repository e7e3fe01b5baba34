//! Pages of somebody else's, inside ours: a frame, or a component of the front end.

use std::fmt;
use std::sync::Arc;

use factotum_engine::{Context, Result};
use futures_util::future::BoxFuture;
use http::StatusCode;
use serde_json::{Map, Value as Json, json};

use super::{Heading, ICON, Item, Kind, find, seen};
use crate::contract::litestar::{Call, error};
use crate::http::{Fault, Reply};

const KIND: Kind = Kind { name: "Embed", is: "an embed view" };

type Props = dyn for<'a> Fn(&'a mut Context) -> BoxFuture<'a, Result<Item>> + Send + Sync;

/// Something embedded.
///
/// ```
/// use factotum::contract::litestar::{EmbedView, Embedded, Frame};
/// let frame = Frame { sandbox: "allow-scripts".into(), ..Frame::new("https://stats.example") };
/// let view = EmbedView { layout: "card".into(), ..EmbedView::new("Statistics", Embedded::Frame(frame)) };
/// assert_eq!(view.width, "100%");
/// ```
#[derive(Clone)]
pub struct EmbedView {
    /// Its name and place.
    pub heading: Heading,
    /// What is embedded.
    pub embedded: Embedded,
    /// The width, in the words of a style sheet.
    pub width: String,
    /// The height.
    pub height: String,
    /// The least height.
    pub min_height: String,
    /// How it stands on the page: `full`, `sidebar` or `card`.
    pub layout: String,
    /// After so many seconds it is asked for again; 0: never.
    pub refresh_interval: u64,
    /// Whether a bar of tools stands above it.
    pub show_toolbar: bool,
    /// Code that makes what a component is given; see [`EmbedView::with_props`].
    pub props: Option<Arc<Props>>,
}

/// What is embedded.
#[derive(Debug, Clone, PartialEq)]
pub enum Embedded {
    /// A page in a frame.
    Frame(Frame),
    /// A component of the front end, with what it is given.
    Component {
        /// Its name.
        name: String,
        /// What it is given.
        props: Item,
    },
}

/// A page in a frame; the names are those of HTML's attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The page.
    pub url: String,
    /// What it may do.
    pub sandbox: String,
    /// What it may use of the browser.
    pub allow: String,
    /// When it is loaded: `lazy` or `eager`.
    pub loading: String,
    /// What it is told of where it stands.
    pub referrer_policy: String,
}

impl Frame {
    /// A frame with the usual rights.
    #[must_use]
    pub fn new(url: &str) -> Frame {
        Frame {
            url: url.to_owned(),
            sandbox: "allow-scripts allow-same-origin allow-forms allow-popups".to_owned(),
            allow: String::new(),
            loading: "lazy".to_owned(),
            referrer_policy: "strict-origin-when-cross-origin".to_owned(),
        }
    }
}

impl EmbedView {
    /// Something embedded, as wide and as high as there is room.
    #[must_use]
    pub fn new(name: &str, embedded: Embedded) -> EmbedView {
        EmbedView {
            heading: Heading::new(name),
            embedded,
            width: "100%".to_owned(),
            height: "100%".to_owned(),
            min_height: "400px".to_owned(),
            layout: "full".to_owned(),
            refresh_interval: 0,
            show_toolbar: true,
            props: None,
        }
    }

    /// Code that makes what the component is given, each time that it is asked for.
    #[must_use]
    pub fn with_props<F>(mut self, props: F) -> EmbedView
    where
        F: for<'a> Fn(&'a mut Context) -> BoxFuture<'a, Result<Item>> + Send + Sync + 'static,
    {
        self.props = Some(Arc::new(props));
        self
    }

    fn kind(&self) -> &'static str {
        if matches!(self.embedded, Embedded::Frame(_)) { "iframe" } else { "component" }
    }

    fn told(&self, for_frontend: bool) -> Json {
        let mut told = self.heading.told(ICON);
        told.insert("embed_type".to_owned(), json!(self.kind()));
        told.insert("layout".to_owned(), json!(self.layout));
        if let Embedded::Component { name, .. } = &self.embedded
            && for_frontend
        {
            told.insert("component_name".to_owned(), json!(name));
        }
        Json::Object(told)
    }

    /// What the component is given now.
    async fn given(&self, call: &Call) -> Result<Item, Fault> {
        let Some(props) = &self.props else {
            return Ok(match &self.embedded {
                Embedded::Component { props, .. } => props.clone(),
                Embedded::Frame(_) => Map::new(),
            });
        };
        Ok(props(&mut call.read().await?).await?)
    }

    fn config(&self, props: Item) -> Json {
        let frame = if let Embedded::Frame(frame) = &self.embedded { Some(frame) } else { None };
        let of_frame = |get: fn(&Frame) -> &String| frame.map(get);
        let (name, props) = match &self.embedded {
            Embedded::Component { name, .. } => (Some(name), Some(props)),
            Embedded::Frame(_) => (None, None),
        };
        json!({
            "type": self.kind(),
            "width": self.width,
            "height": self.height,
            "min_height": self.min_height,
            "layout": self.layout,
            "refresh_interval": self.refresh_interval,
            "show_toolbar": self.show_toolbar,
            "url": of_frame(|frame| &frame.url),
            "sandbox": of_frame(|frame| &frame.sandbox),
            "allow": of_frame(|frame| &frame.allow),
            "loading": of_frame(|frame| &frame.loading),
            "referrer_policy": of_frame(|frame| &frame.referrer_policy),
            "component_name": name,
            "props": props,
        })
    }
}

impl fmt::Debug for EmbedView {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let EmbedView { heading, embedded, .. } = self;
        out.debug_struct("EmbedView").field("heading", heading).field("embedded", embedded).finish_non_exhaustive()
    }
}

fn named(call: &Call) -> Result<&EmbedView, Fault> {
    find(call, &call.contract.site_views.embeds, |view| &view.heading, &KIND)
}

/// `GET views/embeds`
pub(crate) async fn list(call: Call) -> Result<Reply, Fault> {
    let embeds = seen(&call, &call.contract.site_views.embeds, |view: &EmbedView| &view.heading);
    Ok(error::reply(StatusCode::OK, &embeds.map(|view| view.told(call.contract.for_frontend)).collect()))
}

/// `GET views/embeds/{view}/config`
pub(crate) async fn config(call: Call) -> Result<Reply, Fault> {
    let view = named(&call)?;
    let props = view.given(&call).await?;
    Ok(error::reply(StatusCode::OK, &view.config(props)))
}

/// `GET views/embeds/{view}/props`
pub(crate) async fn props(call: Call) -> Result<Reply, Fault> {
    let props = named(&call)?.given(&call).await?;
    Ok(error::reply(StatusCode::OK, &json!({ "props": props })))
}
