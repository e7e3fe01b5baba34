//! From an endpoint table to an axum router: finds the endpoint, asks the contract its questions in order, answers.

use std::any::Any;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::extract::{ConnectInfo, OriginalUri};
use factotum_engine::{Error, Origin, Principal, Site};
use futures_util::FutureExt;
use http::header::{HeaderName, HeaderValue};
use http::request::Parts;
use http::{Method, Request, Response, StatusCode, Uri};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::http::body::Incoming;
use crate::http::contract::Visit;
use crate::http::edge::Edge;
use crate::http::head::pairs;
use crate::http::limit::Standing;
use crate::http::pattern::{Params, Pattern, segments};
use crate::http::reply::Noted;
use crate::http::{Call, Contract, Fault, Head, Reply, Route};

/// A router that speaks a contract, to be nested where the host likes.
pub fn router<C: Contract>(site: Site, contract: C) -> axum::Router {
    router_at(Edge::default(), site, contract)
}

/// The same, where the surroundings are not the usual ones.
pub fn router_at<C: Contract>(edge: Edge, site: Site, contract: C) -> axum::Router {
    let routes = table(&contract).into_iter().map(|route| (Pattern::new(route.path), route)).collect();
    let desk = Arc::new(Desk { edge, site, contract: Arc::new(contract), routes });
    let service = tower::service_fn(move |request: Request<axum::body::Body>| {
        let desk = desk.clone();
        async move { Ok::<_, Infallible>(desk.serve(request).await) }
    });
    axum::Router::new().fallback_service(service)
}

/// Endpoints by path, in the order in which paths first appear.
fn table<C: Contract>(contract: &C) -> Vec<Route<C>> {
    let mut routes: Vec<Route<C>> = Vec::new();
    for endpoint in contract.endpoints() {
        match routes.iter_mut().find(|route| route.path == endpoint.path) {
            Some(route) => route.endpoints.push(endpoint),
            None => routes.push(Route { path: endpoint.path, endpoints: vec![endpoint] }),
        }
    }
    routes
}

/// What came out about a request on its way, whatever became of it.
#[derive(Default)]
struct Learnt {
    who: Option<Arc<Principal>>,
    standing: Option<Standing>,
}

/// What is needed to answer: one per router.
struct Desk<C> {
    edge: Edge,
    site: Site,
    contract: Arc<C>,
    routes: Vec<(Pattern, Route<C>)>,
}

impl<C: Contract> Desk<C> {
    async fn serve(&self, request: Request<axum::body::Body>) -> Response<axum::body::Body> {
        let (parts, stream) = request.into_parts();
        let mut within = within(&parts, self.contract.trims());
        if self.contract.trims() && within.len() > 1 && within.ends_with('/') {
            within.pop();
        }
        let (mut head, is_host_good) = self.head(parts);
        let is_head = head.method == Method::HEAD;
        let found = self.find(&within, &head.method);
        let route = found.as_ref().map(|(route, _)| *route);
        let mut noted = Noted { route: route.map(|route| route.path), user: None };
        let mut learnt = Learnt::default();
        let params = found.map(|(_, params)| params);
        head.route = noted.route;
        head.params = params.unwrap_or_default();
        let head = Arc::new(head);
        let outcome = match route {
            _ if !is_host_good => Err(Fault::BadHost),
            None => match self.enter(None, &head, &mut learnt).await {
                Ok(()) => self.redirect(&within, &head).ok_or(Fault::NoSuchPath),
                Err(limited) => Err(limited),
            },
            Some(route) => {
                let mut body = Incoming::new(stream, &head, &self.edge);
                let answer = AssertUnwindSafe(self.answer(route, &head, &mut body, &mut learnt)).catch_unwind().await;
                body.discard().await;
                answer.unwrap_or_else(|panic| Err(panicked(panic.as_ref())))
            }
        };
        noted.user = learnt.who.as_ref().map(|who| who.username.clone()).filter(|name| !name.is_empty());
        let mut reply = outcome.unwrap_or_else(|fault| self.refuse(&head, learnt.who.as_deref(), &fault));
        if let Some(standing) = &learnt.standing {
            reply = self.contract.limited(reply, standing);
        }
        let mut reply = guard(self.contract.finish(&head, route, reply), self.contract.guards());
        if is_head {
            (reply.body, reply.flow) = (bytes::Bytes::new(), None);
        }
        let mut response = reply.into_response();
        response.extensions_mut().insert(noted);
        response
    }

    fn head(&self, parts: Parts) -> (Head, bool) {
        let uri: &Uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
        let peer: Option<IpAddr> = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let authority = uri.authority().map(http::uri::Authority::as_str);
        let seen = self.edge.look(&parts.headers, peer, authority);
        let is_good = seen.is_some();
        let (ip, scheme, host) = seen.map_or((peer, "http", String::new()), |seen| (seen.ip, seen.scheme, seen.host));
        let query_text = uri.query().map(str::to_owned);
        let head = Head {
            method: parts.method,
            path: uri.path().to_owned(),
            query: query_text.as_deref().map(pairs).unwrap_or_default(),
            query_text,
            headers: parts.headers,
            ip,
            scheme,
            host,
            route: None,
            params: Vec::new(),
        };
        (head, is_good)
    }

    /// The route of a path. A literal segment goes before a parameter, segment by segment; a route that only helps out
    /// is passed by where it has no such method.
    fn find(&self, path: &str, method: &Method) -> Option<(&Route<C>, Params)> {
        let given = segments(path);
        let fitting = self.routes.iter().filter_map(|(pattern, route)| Some((pattern, route, pattern.params(&given)?)));
        let serving = fitting.filter(|(_, route, _)| !route.helps_out() || route.endpoint(method).is_some());
        serving.min_by_key(|(pattern, _, _)| pattern.rank()).map(|(_, route, params)| (route, params))
    }

    /// A path that lacks only its last slash is sent there, before anything else is asked.
    fn redirect(&self, within: &str, head: &Head) -> Option<Reply> {
        if within.ends_with('/') || self.contract.trims() {
            return None;
        }
        self.find(&format!("{within}/"), &head.method)?;
        let query = head.query_text.as_ref().filter(|query| !query.is_empty());
        let query = query.map_or(String::new(), |query| format!("?{query}"));
        // A path that begins with two slashes would be read as the address of another host.
        let path = format!("/{}", head.path.trim_start_matches('/'));
        let reply = Reply::empty(StatusCode::MOVED_PERMANENTLY);
        Some(
            reply
                .with(http::header::LOCATION, &format!("{path}/{query}"))
                .with(http::header::CONTENT_TYPE, "text/html; charset=utf-8"),
        )
    }

    async fn answer(
        &self,
        route: &Route<C>,
        head: &Arc<Head>,
        body: &mut Incoming,
        learnt: &mut Learnt,
    ) -> Result<Reply, Fault> {
        self.enter(Some(route), head, learnt).await?;
        self.contract.negotiate(head)?;
        let visit = Visit { site: &self.site, head, route, endpoint: route.endpoint(&head.method) };
        let who = self.contract.identify(&visit, body).await?;
        learnt.who = Some(who.clone());
        self.count(head, &who, learnt).await?;
        self.contract.admit(&visit, &who)?;
        let allowed = self.contract.methods(route);
        if !allowed.contains(&head.method) {
            return Err(Fault::WrongMethod { allowed });
        }
        match visit.endpoint {
            Some(endpoint) if endpoint.spools => {
                let arriving = Arc::new(Mutex::new(body.of_spool(&self.edge)));
                let mut call = self.call(head, who, bytes::Bytes::new());
                call.arriving = Some(arriving.clone());
                let answer = endpoint.answer(call).await;
                // What nobody has read is listened to, as with any other body.
                if let Ok(rest) = Arc::try_unwrap(arriving) {
                    *body = rest.into_inner();
                }
                answer
            }
            Some(endpoint) => endpoint.answer(self.call(head, who, body.read().await?)).await,
            None => Ok(self.contract.options(&self.call(head, who, body.read().await?), route)),
        }
    }

    /// Counts a request before anything is asked about it.
    async fn enter(&self, route: Option<&Route<C>>, head: &Head, learnt: &mut Learnt) -> Result<(), Fault> {
        let Some(limiter) = &self.edge.limiter else { return Ok(()) };
        limiter.enter(head, route.is_some_and(Route::signs_in), &mut learnt.standing).await
    }

    /// Counts a request by who asks, once that is known.
    async fn count(&self, head: &Head, who: &Principal, learnt: &mut Learnt) -> Result<(), Fault> {
        let Some(limiter) = &self.edge.limiter else { return Ok(()) };
        let resource = if limiter.asks_for_models() { self.contract.model(&self.site, head) } else { None };
        limiter.known(head, (who, resource.map(|resource| &resource.model.key)), &mut learnt.standing).await
    }

    fn call(&self, head: &Arc<Head>, who: Arc<Principal>, body: bytes::Bytes) -> Call<C> {
        let request = Uuid::now_v7().simple().to_string();
        let agent = head.header("user-agent").map(str::to_owned);
        let origin = Origin { ip: head.ip, base: Some(head.base()), request: Some(request), agent, named: None };
        let (contract, site) = (self.contract.clone(), self.site.clone());
        Call { contract, site, head: head.clone(), who, origin, body, arriving: None }
    }

    fn refuse(&self, head: &Head, who: Option<&Principal>, fault: &Fault) -> Reply {
        if let Fault::Engine(Error::Internal(source)) = fault {
            let (contract, method, path) = (self.contract.title(), &head.method, &head.path);
            tracing::error!(contract, %method, path, error = %source, "a request failed");
        }
        self.contract.witness(head, who, fault);
        self.contract.refuse(&self.site, head, fault)
    }
}

fn panicked(panic: &(dyn Any + Send)) -> Fault {
    let words = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    Error::internal(format!("panicked: {}", words.unwrap_or("without words"))).into()
}

/// The path below the mount. Whoever asks for the mount without its slash asks for less than the slash, and whoever asks
/// with two for more, where slashes count: the one that the nesting took is put back.
fn within(parts: &Parts, trims: bool) -> String {
    let path = parts.uri.path();
    let whole = parts.extensions.get::<OriginalUri>().map_or(path, |original| original.0.path());
    let mount = whole.strip_suffix(path);
    match mount {
        None if path == "/" => String::new(),
        Some(mount) if mount.ends_with('/') && !trims => format!("/{path}"),
        _ => path.to_owned(),
    }
}

/// The headers that every answer gets, unless the contract has its own.
fn guard(mut reply: Reply, headers: &[(&'static str, &'static str)]) -> Reply {
    for (name, value) in headers {
        reply.headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    reply
}
