//! A site without a database: people from a list, sessions from a map, and a store that is always away.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use axum::body::Body;
use factotum::admin::Options;
use factotum::principal::{Accounts, SessionState, SignedIn};
use factotum::store::{Dialect, Mode, Session, Store, StoreError};
use factotum::{Error, Model, Principal, Site, Value};
use futures_util::future::BoxFuture;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value as Json;
use tower::ServiceExt;

pub(crate) const PASSWORD: &str = "correct-horse-9";
pub(crate) const SECRET: &str = "reference-site-secret-key-not-for-production-0123456789";

struct Away;

fn away<T>() -> Result<T, StoreError> {
    Err(StoreError::Unavailable("a test".to_owned()))
}

impl Store for Away {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }
    fn begin(&self, _mode: Mode) -> BoxFuture<'_, Result<Box<dyn Session>, StoreError>> {
        Box::pin(async { away() })
    }
    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async { away() })
    }
    fn catalogue<'a>(
        &'a self,
        _sql: &'static str,
        _args: Vec<Value>,
    ) -> BoxFuture<'a, Result<Vec<Vec<Value>>, StoreError>> {
        Box::pin(async { away() })
    }
    fn script<'a>(&'a self, _sql: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async { away() })
    }
}

/// People from a list; everybody has the same password.
#[derive(Default)]
pub(crate) struct People {
    people: Vec<Arc<Principal>>,
    sessions: Mutex<HashMap<String, Value>>,
}

impl People {
    fn add(&mut self, username: &str, full_name: &str, rights: &[&str], change: fn(&mut Principal)) {
        let id = i64::try_from(self.people.len()).expect("few people") + 1;
        let mut who = Principal {
            id: Value::Int(id),
            username: username.to_owned(),
            full_name: full_name.to_owned(),
            active: true,
            staff: true,
            permissions: rights.iter().map(|&right| right.to_owned()).collect::<HashSet<_>>(),
            ..Principal::anonymous()
        };
        change(&mut who);
        self.people.push(Arc::new(who));
    }

    fn by_id(&self, id: &Value) -> Option<Arc<Principal>> {
        self.people.iter().find(|who| who.id == *id).cloned()
    }
}

impl Accounts for People {
    fn check<'a>(&'a self, username: &'a str, password: &'a str) -> BoxFuture<'a, factotum::Result<Arc<Principal>>> {
        let found = self.people.iter().find(|who| who.username == username && who.active && password == PASSWORD);
        Box::pin(async move { found.cloned().ok_or(Error::BadCredentials) })
    }
    fn load<'a>(&'a self, id: &'a Value) -> BoxFuture<'a, factotum::Result<Option<Arc<Principal>>>> {
        Box::pin(async move { Ok(self.by_id(id)) })
    }
    fn read_id(&self, text: &str) -> Option<Value> {
        text.parse().ok().map(Value::Int)
    }
    fn session<'a>(&'a self, key: &'a str) -> BoxFuture<'a, factotum::Result<SessionState>> {
        let id = self.sessions.lock().expect("free").get(key).cloned();
        let who = id.and_then(|id| self.by_id(&id)).filter(|who| who.active);
        let state = match who {
            Some(who) => SessionState::Live(SignedIn { session: key.to_owned(), who }),
            None => SessionState::Nobody,
        };
        Box::pin(async move { Ok(state) })
    }
    fn open_session<'a>(
        &'a self,
        who: &'a Principal,
        former: Option<&'a str>,
    ) -> BoxFuture<'a, factotum::Result<String>> {
        let mut sessions = self.sessions.lock().expect("free");
        former.map(|former| sessions.remove(former));
        let key = format!("session{}of{}", sessions.len(), who.username);
        sessions.insert(key.clone(), who.id.clone());
        Box::pin(async move { Ok(key) })
    }
    fn end_session<'a>(&'a self, key: &'a str) -> BoxFuture<'a, factotum::Result<()>> {
        self.sessions.lock().expect("free").remove(key);
        Box::pin(async { Ok(()) })
    }
}

/// A site with two models, one of them read only, and five people: root, a viewer and an editor of tags, somebody who
/// is no staff and somebody who is switched off.
pub(crate) fn site() -> Site {
    let mut people = People::default();
    people.add("root", "Root User", &[], |who| who.superuser = true);
    people.add("viewer", " ", &["shop.view_tag"], |_| {});
    people.add("editor", "Ed", &["shop.view_tag", "shop.change_tag"], |_| {});
    people.add("plain", "", &[], |who| who.staff = false);
    people.add("inactive", "", &[], |who| who.active = false);
    let log = Options { read_only: true, ..Options::default() };
    Site::builder(Arc::new(Away), Arc::new(people))
        .register(Model::new("shop", "Tag"), Options::default())
        .register(Model::new("shop", "Log"), log)
        .build()
        .expect("a site without problems")
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Got {
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap_or(Json::Null)
    }
    pub(crate) fn detail(&self) -> String {
        self.json()["detail"].as_str().unwrap_or_default().to_owned()
    }
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }
    /// The value of a cookie that was set.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        let lines = self.headers.get_all("set-cookie").iter().map(|line| line.to_str().expect("text"));
        let start = format!("{name}=");
        lines
            .filter_map(|line| line.strip_prefix(&start))
            .map(|rest| rest.split(';').next().unwrap_or("").to_owned())
            .next()
    }
}

/// Sends one request to a host that mounts the router under `/conjure`.
pub(crate) async fn send(router: &axum::Router, request: &str, headers: &[(&str, &str)], body: &str) -> Got {
    ask(axum::Router::new().nest("/conjure", router.clone()), request, headers, body).await
}

/// Sends one request to a host.
pub(crate) async fn ask(host: axum::Router, request: &str, headers: &[(&str, &str)], body: &str) -> Got {
    let (method, path) = request.split_once(' ').expect("a method and a path");
    let mut asked = Request::builder().method(method).uri(path);
    if !headers.iter().any(|(name, _)| *name == "host") {
        asked = asked.header("host", "shop.test");
    }
    for (name, value) in headers {
        asked = asked.header(*name, *value);
    }
    let response = host.oneshot(asked.body(Body::from(body.to_owned())).expect("a request")).await.expect("an answer");
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.expect("a body").to_bytes();
    Got { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.to_vec()).expect("text") }
}
