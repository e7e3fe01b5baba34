//! The public listener as a router: contracts, media, health.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use factotum::Edge;
use factotum::store::Store;
use http::{Response, StatusCode, header};

use crate::complaint::{Complaint, Place};
use crate::config::resolve::{self, Mounted, Resolved};
use crate::config::{self, Written};
use crate::ground;
use crate::media;
use crate::stop::Stop;
use crate::{Program, log};

/// The public listener of a site that a text configures, as `serve` would mount it; `database` is a URL. For tests and
/// for programs that listen themselves.
///
/// # Errors
/// Everything that is wrong with the configuration or the database.
pub async fn app(toml: &str, database: &str, program: &dyn Program) -> Result<Router, Vec<Complaint>> {
    let written = config::read_text(program.defaults(), toml, database)?;
    let made = async {
        let ground = ground::prepared(&written, program).await?;
        ground::people(&written, &ground)?;
        let resolved = resolve::resolve(&written, &ground, program)?;
        Ok::<_, Stop>(router(&written, resolved, true)?)
    };
    made.await.map_err(|stop| match stop {
        Stop::Config(complaints) => complaints,
        other => vec![Complaint::new("C033", &Place::Nowhere, other.to_string())],
    })
}

/// Contracts, media and health under one roof.
pub(crate) fn router(written: &Written, resolved: Resolved, with_metrics: bool) -> Result<Router, Vec<Complaint>> {
    let edge: Edge = resolve::edge(written)?;
    let Resolved { contracts, store, files } = resolved;
    let health = health(store, with_metrics);
    let media = media::service(files.clone());
    let on = |router: Router, mounted: Mounted| mounted.on(router, edge.clone());
    let mut router = contracts.into_iter().fold(Router::new(), on);
    if files.url != "/" {
        router = router.nest_service(files.url.trim_end_matches('/'), media);
    }
    Ok(router
        .merge(health)
        .fallback(|| async { text(StatusCode::NOT_FOUND, "application/json", "{\"detail\":\"Not found.\"}") }))
}

/// `/livez`, `/readyz`, and `/metrics` where it may be public.
pub(crate) fn health(store: Arc<dyn Store>, with_metrics: bool) -> Router {
    let live = || async { text(StatusCode::OK, "text/plain; charset=utf-8", "ok\n") };
    let ready = move || {
        let store = store.clone();
        async move {
            match store.ping().await {
                Ok(()) => text(StatusCode::OK, "text/plain; charset=utf-8", "ok\n"),
                Err(error) => {
                    tracing::warn!(%error, "not ready");
                    text(StatusCode::SERVICE_UNAVAILABLE, "text/plain; charset=utf-8", "the database does not answer\n")
                }
            }
        }
    };
    let router = Router::new().route("/livez", axum::routing::get(live)).route("/readyz", axum::routing::get(ready));
    if with_metrics { router.merge(metrics()) } else { router }
}

/// `/metrics` in the words of Prometheus.
pub(crate) fn metrics() -> Router {
    let render = || async { text(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", &log::metrics()) };
    Router::new().route("/metrics", axum::routing::get(render))
}

fn text(status: StatusCode, media: &'static str, text: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(text.to_owned()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(media));
    response
}

/// What never fails: the type of a service that always answers.
pub(crate) type Always<T> = Result<T, Infallible>;
