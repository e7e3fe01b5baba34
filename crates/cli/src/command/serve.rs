//! `serve`: the site, until the process is asked to end.

use super::{check, search};
use crate::config::Written;
use crate::config::resolve::{self, Resolved};
use crate::ground;
use crate::stop::Stop;
use crate::{Program, app, log, server};

const USUAL_ADDRESS: &str = "127.0.0.1:8000";

/// Serves what is configured.
pub(super) async fn serve(written: &Written, program: &dyn Program) -> Result<(), Stop> {
    log::start();
    resolve::secret(written)?;
    let listener = server::listen(&address(written)).await?;
    let ground = ground::prepared(written, program).await?;
    ground::people(written, &ground)?;
    let resolved = resolve::resolve(written, &ground, program)?;
    for complaint in search::complaints(written, &resolved).await? {
        tracing::warn!("{complaint}");
    }
    for doubt in check::doubts(&resolved) {
        tracing::warn!("{doubt}");
    }
    run(written, resolved, listener).await
}

/// Serves a site on a listener that is open already.
pub(super) async fn run(written: &Written, resolved: Resolved, listener: tokio::net::TcpListener) -> Result<(), Stop> {
    log::count();
    // Uploads whose transaction never ended, because a process did.
    if let Err(error) = resolved.files.sweep().await {
        tracing::warn!(%error, "the folder of uploads cannot be tidied");
    }
    let metrics = match &written.server.metrics_listen {
        Some(address) => {
            let health = app::health(resolved.store.clone(), true);
            Some((server::listen(&address.text).await?, health))
        }
        None => None,
    };
    let mounts: Vec<String> = resolved.contracts.iter().map(|mounted| mounted.mount.clone()).collect();
    let router = app::router(written, resolved, metrics.is_none())?;
    if let Ok(address) = listener.local_addr() {
        for mount in mounts {
            tracing::info!(address = %format_args!("http://{address}{mount}/"), "serving");
        }
    }
    server::run(listener, router, metrics).await
}

/// Where to listen: said in full, or only the port as many a host says it, which then means every address.
fn address(written: &Written) -> String {
    match (&written.server.listen, written.server.port) {
        (Some(listen), _) => listen.text.clone(),
        (None, Some(port)) => format!("0.0.0.0:{port}"),
        (None, None) => USUAL_ADDRESS.to_owned(),
    }
}
