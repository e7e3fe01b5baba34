//! Items of another service, by its HTTP API: each question is one of theirs, and each answer is read as they say.

use std::fmt;
use std::time::Duration;

use factotum_engine::error::{Error, FieldErrors, Missing};
use factotum_engine::model::Flaw;
use factotum_engine::{Context, Result};
use futures_util::future::BoxFuture;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Client, Response, Url};
use serde_json::Value as Json;

use super::{Item, Items, ItemsAsked, ItemsPage};
use crate::http::client::patient;

/// The most bytes of an answer.
const MOST: usize = 16 * 1024 * 1024;
/// How long somebody may take for each part of an answer, if nothing is said.
const PATIENCE: Duration = Duration::from_secs(30);
/// What need not be encoded in a part of a path.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// How an HTTP API is asked, and how its answers are read. Paths come after `base_url`; `{id}` in them is the key.
#[derive(Clone)]
pub struct HttpApi {
    /// The address that all paths come after.
    pub base_url: String,
    /// Headers of every request, such as `authorization`.
    pub headers: Vec<(String, String)>,
    /// How long to wait for each part of an answer; 30 seconds if not said.
    pub timeout: Duration,
    /// The path of the list (GET).
    pub list_path: String,
    /// The path of one item (GET): `/{id}` if not said.
    pub detail_path: String,
    /// The path that items are made at (POST).
    pub create_path: String,
    /// The path that an item is changed at (PATCH): `/{id}` if not said.
    pub update_path: String,
    /// The path that an item is deleted at (DELETE): `/{id}` if not said.
    pub delete_path: String,
    /// The member of a list's answer that holds the items, `items` if not said; without one the answer is the list.
    pub items_key: Option<String>,
    /// The member that says how many there are in all: `total` if not said.
    pub total_key: Option<String>,
    /// The parameter of the page's number: `page`.
    pub page_param: String,
    /// The parameter of the items on a page: `page_size`.
    pub page_size_param: String,
    /// The parameter of what to look for: `search`.
    pub search_param: String,
    /// The parameter of the column to sort by: `sort_by`.
    pub sort_param: String,
    /// The parameter of the order, `asc` or `desc`: `sort_order`.
    pub order_param: String,
}

impl HttpApi {
    /// An API at an address, asked as litestar-admin itself is.
    #[must_use]
    pub fn at(base_url: &str) -> HttpApi {
        HttpApi {
            base_url: base_url.trim_end_matches('/').to_owned(),
            headers: Vec::new(),
            timeout: PATIENCE,
            list_path: String::new(),
            detail_path: "/{id}".to_owned(),
            create_path: String::new(),
            update_path: "/{id}".to_owned(),
            delete_path: "/{id}".to_owned(),
            items_key: Some("items".to_owned()),
            total_key: Some("total".to_owned()),
            page_param: "page".to_owned(),
            page_size_param: "page_size".to_owned(),
            search_param: "search".to_owned(),
            sort_param: "sort_by".to_owned(),
            order_param: "sort_order".to_owned(),
        }
    }

    fn parameters(&self, asked: &ItemsAsked) -> Vec<(&str, String)> {
        let mut parameters = vec![
            (self.page_param.as_str(), asked.page.to_string()),
            (&self.page_size_param, asked.page_size.to_string()),
        ];
        if let Some(search) = &asked.search {
            parameters.push((&self.search_param, search.clone()));
        }
        if let Some(by) = &asked.sort_by {
            let order = if asked.descending { "desc" } else { "asc" };
            parameters.extend([(self.sort_param.as_str(), by.clone()), (&self.order_param, order.to_owned())]);
        }
        parameters
    }

    /// The page of an answer. An API that gives everything at once is divided into pages here.
    fn page(&self, mut answer: Json, asked: &ItemsAsked) -> Result<ItemsPage> {
        let total = self.total_key.as_ref().and_then(|key| answer.get(key)?.as_u64());
        let listed = match &self.items_key {
            Some(key) => answer.get_mut(key).map_or_else(|| Json::Array(Vec::new()), Json::take),
            None => answer,
        };
        let Json::Array(listed) = listed else { return Err(Error::internal("the answer of the API holds no list")) };
        let items: Option<Vec<Item>> = listed.into_iter().map(object).collect();
        let items = items.ok_or_else(|| Error::internal("an item of the API is no object"))?;
        match total {
            Some(total) => Ok(ItemsPage { items, total }),
            None if items.len() as u64 > asked.page_size => Ok(asked.page_of(items)),
            None => Ok(ItemsPage { total: items.len() as u64, items }),
        }
    }
}

impl fmt::Debug for HttpApi {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Headers are secrets.
        out.debug_struct("HttpApi").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// Items of another service. What it refuses as wrong is told as a flaw; while it is away, or refuses us, nothing can be
/// shown (503).
///
/// ```
/// use factotum::contract::litestar::{Column, CustomView, HttpApi, HttpApiItems};
///
/// let tickets = HttpApi {
///     headers: vec![("authorization".into(), "Bearer a secret".into())],
///     items_key: None,
///     ..HttpApi::at("https://tickets.example.com/api/tickets")
/// };
/// let columns = vec![Column::new("id"), Column { sortable: true, ..Column::new("subject") }];
/// let view = CustomView::new("Tickets", columns, HttpApiItems::new(tickets)?);
/// assert!(!view.can_create, "only to look at, unless said otherwise");
/// # Ok::<(), factotum::Error>(())
/// ```
#[derive(Debug)]
pub struct HttpApiItems {
    api: HttpApi,
    client: Client,
    headers: HeaderMap,
}

impl HttpApiItems {
    /// Items of an API, which is asked nothing yet.
    ///
    /// # Errors
    /// When the address is none, or a header.
    pub fn new(api: HttpApi) -> Result<HttpApiItems> {
        let url = Url::parse(&api.base_url).map_err(|error| Error::Internal(error.into()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Error::internal(format!("'{}' is no address of an HTTP API", api.base_url)));
        }
        let mut headers = HeaderMap::new();
        for (name, value) in &api.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| Error::Internal(error.into()))?;
            let mut value = HeaderValue::from_str(value).map_err(|error| Error::Internal(error.into()))?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        let client = patient(api.timeout).map_err(|error| Error::Internal(error.into()))?;
        Ok(HttpApiItems { api, client, headers })
    }

    /// Asks, and gives the answer if it is one; `None` if there is nothing of this kind.
    async fn ask(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, String)],
        sent: Option<&Item>,
    ) -> Result<Option<Json>> {
        let url = format!("{}{path}", self.api.base_url);
        let mut request = self.client.request(method, url).headers(self.headers.clone()).query(query);
        if let Some(sent) = sent {
            let body = serde_json::to_vec(sent).map_err(|error| Error::Internal(error.into()))?;
            request = request.header("content-type", "application/json").body(body);
        }
        let answer = request.send().await.map_err(away)?;
        match answer.status() {
            StatusCode::NOT_FOUND | StatusCode::GONE => Ok(None),
            status if status.is_success() => read(answer).await.map(Some),
            status if status.is_client_error() && sent.is_some() && !is_about_us(status) => {
                let mut errors = FieldErrors::default();
                errors.add_whole(Flaw::custom(format!("The other service refused it ({status}).")));
                Err(Error::Invalid(errors))
            }
            status => {
                tracing::warn!(%status, api = self.api.base_url, "an API gives nothing");
                Err(Error::Unavailable)
            }
        }
    }
}

impl Items for HttpApiItems {
    fn are_elsewhere(&self) -> bool {
        true
    }

    fn list<'a>(&'a self, _: &'a mut Context, asked: &'a ItemsAsked) -> BoxFuture<'a, Result<ItemsPage>> {
        Box::pin(async {
            let mut query = self.api.parameters(asked);
            let filters = asked.filters.as_ref().and_then(Json::as_object);
            for (name, value) in filters.into_iter().flatten() {
                if !query.iter().any(|(known, _)| *known == name.as_str()) {
                    query.push((name.as_str(), text(value)));
                }
            }
            let answer = self.ask(Method::GET, &self.api.list_path, &query, None).await?;
            answer.map_or_else(|| Ok(ItemsPage::default()), |answer| self.api.page(answer, asked))
        })
    }

    fn get<'a>(&'a self, _: &'a mut Context, id: &'a str) -> BoxFuture<'a, Result<Option<Item>>> {
        Box::pin(async move {
            let Some(path) = place(&self.api.detail_path, id) else { return Ok(None) };
            Ok(self.ask(Method::GET, &path, &[], None).await?.and_then(object))
        })
    }

    fn create<'a>(&'a self, _: &'a mut Context, sent: Item) -> BoxFuture<'a, Result<Item>> {
        Box::pin(async move {
            let answer = self.ask(Method::POST, &self.api.create_path, &[], Some(&sent)).await?;
            answer.map(|answer| object(answer).unwrap_or(sent)).ok_or(Error::NotFound(Missing::Other))
        })
    }

    fn update<'a>(&'a self, cx: &'a mut Context, id: &'a str, sent: Item) -> BoxFuture<'a, Result<Item>> {
        Box::pin(async move {
            let path = place(&self.api.update_path, id).ok_or(Error::NotFound(Missing::Row))?;
            let answer = self.ask(Method::PATCH, &path, &[], Some(&sent)).await?;
            match answer.ok_or(Error::NotFound(Missing::Row))? {
                Json::Object(item) => Ok(item),
                // Done, and nothing said about it.
                _ => self.get(cx, id).await?.ok_or(Error::NotFound(Missing::Row)),
            }
        })
    }

    fn delete<'a>(&'a self, _: &'a mut Context, id: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let Some(path) = place(&self.api.delete_path, id) else { return Ok(false) };
            Ok(self.ask(Method::DELETE, &path, &[], None).await?.is_some())
        })
    }
}

fn away(error: reqwest::Error) -> Error {
    tracing::warn!(error = %error.without_url(), "an API does not answer");
    Error::Unavailable
}

/// Whether a refusal is about who we are or how often we ask, and not about what was sent.
fn is_about_us(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::UNAUTHORIZED
            | StatusCode::FORBIDDEN
            | StatusCode::PROXY_AUTHENTICATION_REQUIRED
            | StatusCode::REQUEST_TIMEOUT
            | StatusCode::TOO_MANY_REQUESTS
    )
}

/// The JSON of an answer; null where nothing was said.
async fn read(mut answer: Response) -> Result<Json> {
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(away)? {
        if piece.len() > MOST.saturating_sub(body.len()) {
            return Err(Error::internal("the answer of an API is too large"));
        }
        body.extend_from_slice(&piece);
    }
    if body.is_empty() {
        return Ok(Json::Null);
    }
    serde_json::from_slice(&body).map_err(|error| Error::Internal(error.into()))
}

/// The path of an item; `None` for a key that would lead to another path.
fn place(path: &str, id: &str) -> Option<String> {
    let plain = !matches!(id, "" | "." | "..");
    plain.then(|| path.replace("{id}", &utf8_percent_encode(id, PLAIN).to_string()))
}

fn object(json: Json) -> Option<Item> {
    if let Json::Object(item) = json { Some(item) } else { None }
}

/// A value as a parameter.
fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_key_leads_nowhere_else() {
        assert_eq!(place("/a/{id}", "x y/../z?q#é").as_deref(), Some("/a/x%20y%2F..%2Fz%3Fq%23%C3%A9"));
        assert_eq!(place("/{id}", "a.b"), Some("/a.b".to_owned()));
        for id in ["", ".", ".."] {
            assert_eq!(place("/{id}", id), None, "{id}");
        }
    }

    #[test]
    fn answers_are_read_as_the_api_says() {
        let api = HttpApi::at("http://api.test/");
        let asked = ItemsAsked { page: 2, page_size: 1, ..ItemsAsked::default() };
        let one = json!({ "id": 1 });
        let page = api.page(json!({ "items": [one], "total": 9 }), &asked).unwrap();
        assert_eq!((page.items.len(), page.total), (1, 9));
        let bare = HttpApi { items_key: None, ..api.clone() };
        let page = bare.page(json!([{ "id": 1 }, { "id": 2 }, { "id": 3 }]), &asked).unwrap();
        assert_eq!((page.items[0]["id"].clone(), page.total), (json!(2), 3));
        assert!(api.page(json!({ "items": [1] }), &asked).is_err() && bare.page(json!({}), &asked).is_err());
        assert_eq!(api.page(json!({}), &asked).unwrap(), ItemsPage::default());
        let sorted = ItemsAsked { sort_by: Some("a".into()), descending: true, ..asked };
        let names: Vec<&str> = api.parameters(&sorted).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["page", "page_size", "sort_by", "sort_order"]);
    }
}
