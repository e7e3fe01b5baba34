//! Takes connections until it is told to stop, then lets the requests in flight finish.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{HeaderValue, Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

use crate::app::Always;
use crate::quotes::Quotes;
use crate::stop::Stop;

/// How long a client may take to send its headers, also between two requests.
const HEADERS: Duration = Duration::from_secs(10);
/// How long requests in flight may take after the stop.
const PATIENCE: Duration = Duration::from_secs(9);
/// How long to wait when the system has no more files or memory for connections.
const BREATH: Duration = Duration::from_millis(100);

/// Opens a listener, with one clear sentence if that cannot be.
pub(crate) async fn listen(address: &str) -> Result<TcpListener, Stop> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            Stop::Failure(format!("cannot listen on {address}: the port is in use; choose another with --listen"))
        }
        std::io::ErrorKind::PermissionDenied => {
            Stop::Failure(format!("cannot listen on {address}: this needs more rights; choose a port above 1023"))
        }
        _ => Stop::Failure(format!("cannot listen on {address}: {error}")),
    })
}

/// Serves until the process is asked to end.
pub(crate) async fn run(
    listener: TcpListener,
    app: Router,
    metrics: Option<(TcpListener, Router)>,
) -> Result<(), Stop> {
    let graceful = GracefulShutdown::new();
    let mut asked = std::pin::pin!(asked_to_stop());
    let (metrics_listener, metrics_app) = metrics.unzip();
    loop {
        let (accepted, app) = tokio::select! {
            accepted = listener.accept() => (accepted, &app),
            Some(accepted) = accept_if(metrics_listener.as_ref()) => (accepted, metrics_app.as_ref().unwrap_or(&app)),
            () = &mut asked => break,
        };
        match accepted {
            Ok((stream, peer)) => take(stream, peer, app.clone(), &graceful),
            Err(error) => rest_after(&error).await,
        }
    }
    drop(listener);
    tracing::info!("stopping: no new connections, requests in flight are finished");
    tokio::select! {
        () = graceful.shutdown() => tracing::info!("stopped"),
        () = tokio::time::sleep(PATIENCE) => tracing::warn!("stopped with requests in flight"),
    }
    Ok(())
}

async fn accept_if(listener: Option<&TcpListener>) -> Option<std::io::Result<(TcpStream, SocketAddr)>> {
    match listener {
        Some(listener) => Some(listener.accept().await),
        None => None,
    }
}

/// A client that went away is no reason to pause; a system without files is.
async fn rest_after(error: &std::io::Error) {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "cannot take a connection");
        tokio::time::sleep(BREATH).await;
    }
}

fn take(stream: TcpStream, peer: SocketAddr, app: Router, graceful: &GracefulShutdown) {
    // Without it small answers wait for more to send.
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let app = app.clone();
        async move { Always::Ok(serve(app, request, peer).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .serve_connection(TokioIo::new(Quotes::new(stream)), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended early");
        }
    });
}

async fn serve(app: Router, request: Request<Incoming>, peer: SocketAddr) -> Response<Body> {
    let started = Instant::now();
    let id = request_id();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    let mut response = app.oneshot(request).await.unwrap_or_else(|never| match never {});
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    let (status, took) = (response.status().as_u16(), started.elapsed());
    let noted = response.extensions().get::<factotum::http::reply::Noted>().cloned().unwrap_or_default();
    let route = noted.route.unwrap_or("-");
    metrics::counter!("http_requests_total", "method" => method.to_string(), "route" => route, "status" => status.to_string())
        .increment(1);
    metrics::histogram!("http_request_duration_seconds", "route" => route).record(took.as_secs_f64());
    let milliseconds = took.as_secs_f64() * 1000.0;
    let user = noted.user.as_deref().unwrap_or("-");
    tracing::info!(request = id, user, %method, path, route, status, milliseconds, %peer, "request");
    response
}

/// A number for a request, unlike any other of this or another process.
fn request_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    static START: std::sync::OnceLock<u64> = std::sync::OnceLock::new();
    let start = START.get_or_init(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_nanos() & u128::from(u64::MAX)).unwrap_or_default()
    });
    format!("{start:016x}-{:x}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// What asks a process to end: the terminal's interrupt, or the system's termination. From this call on neither ends
/// it by itself, so that nobody who was answered can stop it too early.
fn asked_to_stop() -> impl Future<Output = ()> {
    use tokio::signal::unix::{Signal, SignalKind, signal};
    let [interrupt, terminate] = [SignalKind::interrupt(), SignalKind::terminate()].map(|kind| signal(kind).ok());
    let arrives = async |signal: Option<Signal>| match signal {
        Some(mut signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    };
    async move {
        tokio::select! {
            () = arrives(interrupt) => {}
            () = arrives(terminate) => {}
        }
    }
}
