//! The endpoint that serves a contract's own document.

use std::future::{Ready, ready};
use std::sync::OnceLock;

use http::StatusCode;

use super::document;
use crate::http::{Call, Contract, Fault, Reply, json};

/// `GET openapi.json`: the document is made at the first call, once for each router.
pub(crate) fn serve<C: Contract>() -> impl Fn(Call<C>) -> Ready<Result<Reply, Fault>> + Send + Sync + 'static {
    let made: OnceLock<Vec<u8>> = OnceLock::new();
    move |call| {
        let document = made.get_or_init(|| {
            let mut out = Vec::new();
            json::value(&mut out, &document(&call.site, &*call.contract));
            out
        });
        // Only the request tells where the contract is mounted.
        let mount = call.head.mount();
        let mut out = b"{\"servers\":[{\"url\":".to_vec();
        json::text(&mut out, if mount.is_empty() { "/" } else { mount });
        out.extend_from_slice(b"}],");
        out.extend_from_slice(&document[1..]);
        ready(Ok(Reply::json(StatusCode::OK, out)))
    }
}
