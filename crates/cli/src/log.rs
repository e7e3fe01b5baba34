//! Logs on standard error and figures for Prometheus: what was asked, by whom, how it went; never bodies or secrets.

use std::io::IsTerminal;
use std::sync::OnceLock;
use std::time::Duration;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

static FIGURES: OnceLock<PrometheusHandle> = OnceLock::new();

/// Bounds of the histogram of durations, in seconds.
const BOUNDS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
/// How often figures are tidied, so that they take no more and more memory.
const UPKEEP: Duration = Duration::from_secs(5);

/// Starts logging: text on a terminal, a line of JSON for each event otherwise. `RUST_LOG` says how much.
pub(crate) fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Somebody else may have set up a log already: then that one is used.
    let _ = if std::io::stderr().is_terminal() {
        log.with_target(false).try_init()
    } else {
        log.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init()
    };
}

/// Starts counting.
pub(crate) fn count() {
    let Ok(builder) = PrometheusBuilder::new().set_buckets(&BOUNDS) else { return };
    let Ok(handle) = builder.install_recorder() else { return };
    let upkeep = handle.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            upkeep.run_upkeep();
        }
    });
    // The recorder can be installed only once, so the place is empty.
    let _ = FIGURES.set(handle);
}

/// The figures in the words of Prometheus.
pub(crate) fn metrics() -> String {
    FIGURES.get().map(PrometheusHandle::render).unwrap_or_default()
}
