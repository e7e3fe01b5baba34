//! What the router does for every contract, seen through a contract that only echoes.

#[allow(dead_code, reason = "every test uses its part")]
mod fakes;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use factotum::http::body::Incoming;
use factotum::http::contract::{Contract, Visit};
use factotum::http::endpoint::{get, post};
use factotum::http::{Call, Endpoint, Fault, Head, Reply, Route};
use factotum::{Edge, Principal, Site};
use fakes::{send, site};
use futures_util::future::BoxFuture;
use http::{Method, Request, StatusCode};
use tower::ServiceExt;

struct Echo;

async fn echo(call: Call<Echo>) -> Result<Reply, Fault> {
    let route = call.head.route.unwrap_or_default();
    let words = format!("{route} {:?} {} {}", call.head.params, call.head.path, call.body.len());
    Ok(Reply::json(StatusCode::OK, words.into_bytes()))
}

async fn break_down(_call: Call<Echo>) -> Result<Reply, Fault> {
    panic!("out of order")
}

impl Contract for Echo {
    fn title(&self) -> &'static str {
        "echo"
    }
    fn endpoints(&self) -> Vec<Endpoint<Echo>> {
        vec![
            get("one", "/r/{key}/{pk}/", echo),
            get("related", "/r/{key}/{pk}/related/", echo),
            get("bulk", "/r/{key}/bulk/", echo),
            post("post", "/r/{key}/", echo),
            get("rest", "/f/{*path}", echo),
            get("info", "/f/info/{*path}", echo),
            get("panic", "/panic/", break_down),
        ]
    }
    fn identify<'a>(
        &'a self,
        _visit: &'a Visit<'a, Echo>,
        _body: &'a mut Incoming,
    ) -> BoxFuture<'a, Result<Arc<Principal>, Fault>> {
        Box::pin(async { Ok(Arc::new(Principal::anonymous())) })
    }
    fn admit(&self, visit: &Visit<'_, Echo>, _who: &Principal) -> Result<(), Fault> {
        if visit.head.asked("closed").is_some() { Err(Fault::NotAdmitted) } else { Ok(()) }
    }
    fn methods(&self, route: &Route<Echo>) -> Vec<Method> {
        route.methods()
    }
    fn refuse(&self, _site: &Site, _head: &Head, fault: &Fault) -> Reply {
        Reply::json(StatusCode::IM_A_TEAPOT, format!("{fault:?}").into_bytes())
    }
}

async fn said(request: &str) -> String {
    send(&factotum::router(site(), Echo), request, &[], "").await.text
}

#[tokio::test]
async fn literal_words_go_before_parameters() {
    assert!(said("GET /conjure/r/a/bulk/").await.starts_with("/r/{key}/bulk/ "));
    assert!(said("GET /conjure/r/a/%62ulk/").await.starts_with("/r/{key}/bulk/ "));
    assert!(said("GET /conjure/r/bulk/x/").await.starts_with("/r/{key}/{pk}/ "));
}

#[tokio::test]
async fn segments_are_decoded_after_routing() {
    let expected = r#"/r/{key}/{pk}/ [("key", "a"), ("pk", "a/b c?é")] /conjure/r/a/a%2Fb%20c%3f%C3%A9/ 0"#;
    assert_eq!(said("GET /conjure/r/a/a%2Fb%20c%3f%C3%A9/").await, expected);
    assert!(said("GET /conjure/r/a/a%2Frelated/").await.contains(r#"("pk", "a/related")"#));
    assert!(said("GET /conjure/r/a/%FF%zz/").await.contains("\"pk\", \"\u{fffd}%zz\""));
    for nothing in ["GET /conjure/r//x/", "GET /conjure/r/a/b/c/", "GET /conjure/r/", "GET /conjure/R/a/b/"] {
        assert_eq!(said(nothing).await, "NoSuchPath", "{nothing}");
    }
}

#[tokio::test]
async fn a_rest_of_a_path_may_be_a_parameter() {
    assert!(said("GET /conjure/f/a/b%2Fc/d.txt").await.starts_with(r#"/f/{*path} [("path", "a/b/c/d.txt")]"#));
    assert!(said("GET /conjure/f/info/a/b").await.starts_with(r#"/f/info/{*path} [("path", "a/b")]"#));
    assert!(said("GET /conjure/f/info").await.starts_with(r#"/f/{*path} [("path", "info")]"#));
    assert_eq!(said("GET /conjure/f/").await, "NoSuchPath");
}

#[tokio::test]
async fn a_missing_slash_is_added_before_all_else() {
    let got = send(&factotum::router(site(), Echo), "DELETE /conjure/r/a/b?closed=&x=%20", &[], "").await;
    assert_eq!((got.status.as_u16(), got.header("location")), (301, "/conjure/r/a/b/?closed=&x=%20"));
    assert_eq!(said("GET /conjure/r/a").await, "");
    assert_eq!(said("GET /conjure/x").await, "NoSuchPath");
}

#[tokio::test]
async fn a_redirect_stays_on_this_host() {
    let asked = Request::get("//evil.test/panic").body(Body::empty()).unwrap();
    let got = factotum::router(site(), Echo).oneshot(asked).await.unwrap();
    assert_ne!(got.status(), 301);
    let asked = Request::get("/panic").header("host", "a").body(Body::empty()).unwrap();
    let got = factotum::router(site(), Echo).oneshot(asked).await.unwrap();
    assert_eq!(got.headers()["location"], "/panic/");
}

#[tokio::test]
async fn the_gate_is_asked_before_the_method() {
    assert_eq!(said("PUT /conjure/r/a/?closed=1").await, "NotAdmitted");
    assert_eq!(said("PUT /conjure/r/a/").await, "WrongMethod { allowed: [POST] }");
    assert_eq!(said("OPTIONS /conjure/r/a/").await, "WrongMethod { allowed: [POST] }");
    let head = send(&factotum::router(site(), Echo), "HEAD /conjure/r/a/b/", &[], "").await;
    assert_eq!((head.status.as_u16(), head.text.as_str()), (418, ""));
}

#[tokio::test]
async fn a_panic_is_an_answer() {
    let got = said("GET /conjure/panic/").await;
    assert_eq!(got, "Engine(Internal(\"panicked: out of order\"))");
}

#[tokio::test]
async fn bodies_are_limited_in_size_and_time() {
    let edge = Edge { most_body: 10, body_time: Duration::from_millis(20), ..Edge::default() };
    let router = factotum::router_at(edge, site(), Echo);
    assert!(send(&router, "POST /conjure/r/a/", &[], "1234567890").await.text.ends_with(" 10"));
    assert_eq!(send(&router, "POST /conjure/r/a/", &[], "12345678901").await.text, "TooLarge { most: 10 }");
    let endless = futures_util::stream::pending::<Result<bytes::Bytes, std::io::Error>>();
    let asked = Request::post("/r/a/").header("host", "a").body(Body::from_stream(endless)).unwrap();
    let got = router.oneshot(asked).await.unwrap();
    let text = axum::body::to_bytes(got.into_body(), 1000).await.unwrap();
    assert_eq!(text, "BadBody(Cut)");
}
