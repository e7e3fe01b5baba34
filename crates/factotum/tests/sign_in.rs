//! Signing in and being let in, through the Conjure door: sessions, forged requests, tokens, the order of checks.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "every test uses its part")]
mod fakes;

use std::sync::Arc;
use std::time::Duration;

use factotum::contract::conjure::Conjure;
use factotum::http::csrf::TrustedOrigins;
use factotum::http::limit::Throttle;
use factotum::http::token::Tokens;
use fakes::{Got, PASSWORD, SECRET, send, site};
use serde_json::json;

type Headers<'h> = Vec<(&'h str, &'h str)>;
/// A request with its headers, and the status and detail of its answer.
type Case<'c> = (&'c str, &'c [(&'c str, &'c str)], u16, &'c str);

fn by_session() -> axum::Router {
    factotum::router(site(), Conjure::default().brand("name", "Shop"))
}

fn by_token() -> axum::Router {
    factotum::router(site(), Conjure::default().jwt(SECRET))
}

async fn post(router: &axum::Router, path: &str, body: serde_json::Value) -> Got {
    send(router, &format!("POST {path}"), &[("content-type", "application/json")], &body.to_string()).await
}

async fn login(router: &axum::Router, username: &str, password: &str) -> Got {
    post(router, "/conjure/auth/login/", json!({"username": username, "password": password})).await
}

/// The cookies of somebody signed in, as a header, and the CSRF secret among them.
async fn cookies(router: &axum::Router, username: &str) -> (String, String) {
    let got = login(router, username, PASSWORD).await;
    let csrf = got.cookie("csrftoken").unwrap();
    (format!("csrftoken={csrf}; sessionid={}", got.cookie("sessionid").unwrap()), csrf)
}

#[tokio::test]
async fn a_session_is_opened_and_ended() {
    let router = by_session();
    let got = login(&router, "root", PASSWORD).await;
    let root = json!({"id": 1, "username": "root", "name": "Root User", "is_superuser": true});
    assert_eq!((got.status.as_u16(), got.json()), (200, json!({ "user": root })));
    let set: Vec<&str> = got.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap()).collect();
    assert!(set[0].ends_with("; Max-Age=31449600; Path=/; SameSite=Lax"), "{}", set[0]);
    assert!(set[1].ends_with("; Max-Age=1209600; Path=/; SameSite=Lax; HttpOnly"), "{}", set[1]);
    let (cookies, csrf) = cookies(&router, "root").await;
    let me = send(&router, "GET /conjure/auth/me/", &[("cookie", &cookies)], "").await;
    assert_eq!(me.json(), root);
    assert_eq!(me.cookie("csrftoken").as_deref(), Some(csrf.as_str()));
    let headers = [("cookie", cookies.as_str()), ("x-csrftoken", csrf.as_str())];
    let out = send(&router, "POST /conjure/auth/logout/", &headers, "").await;
    assert_eq!((out.status.as_u16(), out.text.as_str(), out.header("content-type")), (204, "", ""));
    assert_eq!(out.cookie("sessionid").as_deref(), Some(""));
    let me = send(&router, "GET /conjure/auth/me/", &[("cookie", &cookies)], "").await;
    assert_eq!((me.status.as_u16(), me.detail().as_str()), (403, "Authentication credentials were not provided."));
}

#[tokio::test]
async fn cookies_are_secure_where_the_client_sees_a_secure_site() {
    use axum::extract::ConnectInfo;
    let near: std::net::SocketAddr = "127.0.0.1:9".parse().unwrap();
    let router = by_session().layer(axum::Extension(ConnectInfo(near)));
    let headers = [("content-type", "application/json"), ("x-forwarded-proto", "https")];
    let body = json!({"username": "root", "password": PASSWORD}).to_string();
    let got = send(&router, "POST /conjure/auth/login/", &headers, &body).await;
    let set: Vec<_> = got.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap()).collect();
    assert_eq!(set.iter().filter(|line| line.ends_with("; Secure")).count(), 2);
}

#[tokio::test]
async fn refusals_of_a_session_say_little() {
    let router = by_session();
    for (username, password) in [("root", "nope"), ("ghost", PASSWORD), ("inactive", PASSWORD), ("ROOT", PASSWORD)] {
        let got = login(&router, username, password).await;
        assert_eq!((got.status.as_u16(), got.detail().as_str()), (403, "Invalid credentials."), "{username}");
        assert_eq!(got.cookie("sessionid"), None);
    }
    let got = login(&router, "plain", PASSWORD).await;
    assert_eq!((got.status.as_u16(), got.detail().as_str()), (403, "This account has no admin access."));
    for body in [json!({}), json!([1]), json!("x"), json!({"username": null, "password": 5})] {
        let got = post(&router, "/conjure/auth/login/", body).await;
        assert_eq!((got.status.as_u16(), got.detail().as_str()), (403, "Invalid credentials."));
    }
}

#[tokio::test]
async fn a_form_signs_in_too() {
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let got =
        send(&by_session(), "POST /conjure/auth/login/", &headers, "username=editor&password=correct-horse-9").await;
    assert_eq!(got.json()["user"]["name"], "Ed");
    let parts = "--x\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\nviewer\r\n--x\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\ncorrect-horse-9\r\n--x--\r\n";
    let headers = [("content-type", "multipart/form-data; boundary=x")];
    let got = send(&by_session(), "POST /conjure/auth/login/", &headers, parts).await;
    assert_eq!(got.json()["user"]["name"], "viewer");
}

#[tokio::test]
async fn guessing_can_be_limited() {
    let throttle = Some(Arc::new(Throttle::new(2, Duration::from_secs(600))));
    let router = factotum::router(site(), Conjure { throttle, ..Conjure::default() });
    for _ in 0..2 {
        assert_eq!(login(&router, "root", "nope").await.status, 403);
    }
    let got = login(&router, "root", PASSWORD).await;
    assert_eq!(got.status, 429);
    assert!(got.header("retry-after").parse::<u64>().unwrap() > 500);
    assert_eq!(login(&router, "editor", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn requests_of_other_sites_are_refused() {
    let router = by_session();
    let (cookies, csrf) = cookies(&router, "root").await;
    let (other, masked) = ("b".repeat(32), factotum::http::csrf::mask(&csrf));
    let no_csrf = cookies.split("; ").last().unwrap().to_owned();
    let foreign = ("origin", "http://evil.test");
    let cases: Vec<(&str, Headers<'_>, &str)> = vec![
        (&cookies, vec![], "CSRF token missing."),
        (&cookies, vec![("x-csrftoken", "bad")], "CSRF token from the 'X-Csrftoken' HTTP header has incorrect length."),
        (&cookies, vec![("x-csrftoken", &other)], "CSRF token from the 'X-Csrftoken' HTTP header incorrect."),
        (&no_csrf, vec![("x-csrftoken", &csrf)], "CSRF cookie not set."),
        (
            &cookies,
            vec![("x-csrftoken", &csrf), foreign],
            "Origin checking failed - http://evil.test does not match any trusted origins.",
        ),
        (&cookies, vec![("origin", "null")], "Origin checking failed - null does not match any trusted origins."),
    ];
    for (cookies, mut headers, reason) in cases {
        headers.push(("cookie", cookies));
        let got = send(&router, "POST /conjure/auth/logout/", &headers, "").await;
        assert_eq!((got.status.as_u16(), got.detail()), (403, format!("CSRF Failed: {reason}")));
    }
    let json = ("content-type", "application/json");
    let unread = send(&router, "POST /conjure/auth/logout/", &[("cookie", &cookies), json], "{").await;
    assert_eq!(unread.status, 400, "the token may be in what was posted, so that is read first: {}", unread.detail());
    let elsewhere = send(&router, "POST /conjure/auth/logout/", &[("cookie", &cookies), json, foreign], "{").await;
    assert_eq!(elsewhere.status, 403, "where a request comes from is looked at before");
    let good = [("cookie", cookies.as_str()), ("x-csrftoken", masked.as_str()), ("origin", "http://shop.test")];
    assert_eq!(send(&router, "POST /conjure/auth/logout/", &good, "").await.status, 204);
}

#[tokio::test]
async fn a_form_may_carry_its_token_and_origins_may_be_trusted() {
    let trusted_origins = TrustedOrigins::new(["http://localhost:5173"]);
    let router = factotum::router(site(), Conjure { trusted_origins, ..Conjure::default() });
    let (cookies, csrf) = cookies(&router, "root").await;
    let body = format!("csrfmiddlewaretoken={csrf}");
    let headers = [
        ("cookie", cookies.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", "http://localhost:5173"),
    ];
    assert_eq!(send(&router, "POST /conjure/auth/logout/", &headers, &body).await.status, 204);
}

#[tokio::test]
async fn tokens_are_given_and_renewed() {
    let router = by_token();
    let got = login(&router, " root ", PASSWORD).await;
    let names: Vec<String> = got.json().as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["refresh", "access", "user"]);
    assert!(got.cookie("csrftoken").is_some() && got.cookie("sessionid").is_none());
    let refresh = got.json()["refresh"].clone();
    let renewed = post(&router, "/conjure/auth/refresh/", json!({ "refresh": refresh })).await;
    let bearer = format!("Bearer {}", renewed.json()["access"].as_str().unwrap());
    let me = send(&router, "GET /conjure/auth/me/", &[("authorization", &bearer)], "").await;
    assert_eq!(me.json()["username"], "root");
    // A bearer token needs no protection against forged requests, and outlives a sign-out.
    let out = send(&router, "POST /conjure/auth/logout/", &[("authorization", &bearer)], "").await;
    assert_eq!(out.status, 204);
    assert_eq!(send(&router, "GET /conjure/auth/me/", &[("authorization", &bearer)], "").await.status, 200);
    assert_eq!(post(&by_session(), "/conjure/auth/refresh/", json!({"refresh": "x"})).await.status, 404);
}

#[tokio::test]
async fn refusals_of_a_token_sign_in() {
    let router = by_token();
    for (username, password) in [("root", "nope"), ("inactive", PASSWORD)] {
        let got = login(&router, username, password).await;
        let words = "No active account found with the given credentials";
        assert_eq!((got.status.as_u16(), got.detail().as_str(), got.header("www-authenticate")), (403, words, ""));
    }
    assert_eq!(login(&router, "plain", PASSWORD).await.detail(), "This account has no admin access.");
    let got = post(&router, "/conjure/auth/login/", json!({"username": " ", "password": null})).await;
    let flaws = json!({"username": ["This field may not be blank."], "password": ["This field may not be null."]});
    assert_eq!((got.status.as_u16(), got.json()), (400, flaws));
    let got = post(&router, "/conjure/auth/refresh/", json!({})).await;
    assert_eq!((got.status.as_u16(), got.json()), (400, json!({"refresh": ["This field is required."]})));
    let got = post(&router, "/conjure/auth/refresh/", json!([])).await;
    let words = "Invalid data. Expected a dictionary, but got list.";
    assert_eq!((got.status.as_u16(), got.json()), (400, json!({"non_field_errors": [words]})));
    let access = login(&router, "root", PASSWORD).await.json()["access"].clone();
    let got = post(&router, "/conjure/auth/refresh/", json!({ "refresh": access })).await;
    let wrong = json!({"detail": "Token has wrong type", "code": "token_not_valid"});
    assert_eq!((got.status.as_u16(), got.json(), got.header("www-authenticate")), (401, wrong, "Bearer realm=\"api\""));
}

#[tokio::test]
async fn every_bad_token_has_its_words() {
    let router = by_token();
    let tokens = Tokens::new(SECRET);
    let now = factotum::context::now().as_second();
    let class = |message: &str| {
        json!({
            "detail": "Given token not valid for any token type",
            "code": "token_not_valid",
            "messages": [{"token_class": "AccessToken", "token_type": "access", "message": message}],
        })
    };
    let bearer = |token: String| format!("Bearer {token}");
    let header = json!({
        "detail": "Authorization header must contain two space-delimited values",
        "code": "bad_authorization_header",
    });
    let nobody = json!({"detail": "Authentication credentials were not provided."});
    let gone = json!({"detail": "User not found", "code": "user_not_found"});
    let inactive = json!({"detail": "User is inactive", "code": "user_inactive"});
    let cases = [
        ("Bearer".to_owned(), header.clone()),
        ("Bearer a b".to_owned(), header),
        ("Bearer nonsense".to_owned(), class("Token is invalid")),
        (bearer(Tokens::new("another").pair("1", now).access), class("Token is invalid")),
        (bearer(tokens.pair("1", now - 400).access), class("Token is expired")),
        (bearer(tokens.pair("1", now).refresh), class("Token has wrong type")),
        (bearer(tokens.pair("99", now).access), gone.clone()),
        (bearer(tokens.pair("x", now).access), gone),
        (bearer(tokens.pair("5", now).access), inactive),
        ("bearer x".to_owned(), nobody.clone()),
        ("Token x".to_owned(), nobody),
    ];
    for (header, body) in cases {
        let got = send(&router, "GET /conjure/auth/me/", &[("authorization", &header)], "").await;
        assert_eq!(
            (got.status.as_u16(), got.json(), got.header("www-authenticate")),
            (401, body, "Bearer realm=\"api\"")
        );
    }
    let plain = bearer(tokens.pair("4", now).access);
    let got = send(&router, "GET /conjure/auth/me/", &[("authorization", &plain)], "").await;
    assert_eq!(
        (got.status.as_u16(), got.detail().as_str()),
        (403, "You do not have permission to perform this action.")
    );
}

#[tokio::test]
async fn a_bad_token_fails_beside_a_good_session() {
    let site = site();
    let (cookies, _) = cookies(&factotum::router(site.clone(), Conjure::default()), "root").await;
    let router = factotum::router(site, Conjure::default().jwt(SECRET));
    let both = [("cookie", cookies.as_str()), ("authorization", "Bearer x")];
    assert_eq!(send(&router, "GET /conjure/auth/me/", &both, "").await.status, 401);
    assert_eq!(send(&router, "GET /conjure/auth/me/", &both[..1], "").await.status, 200);
    assert_eq!(send(&router, "GET /conjure/config/", &both, "").await.status, 200);
}

#[tokio::test]
async fn checks_come_in_their_order() {
    let router = by_session();
    let (root, root_csrf) = cookies(&router, "root").await;
    let (viewer, viewer_csrf) = cookies(&router, "viewer").await;
    let (editor, editor_csrf) = cookies(&router, "editor").await;
    let forbidden = "You do not have permission to perform this action.";
    let nobody = "Authentication credentials were not provided.";
    let xml = [("accept", "application/xml")];
    let as_root = [("cookie", root.as_str()), ("x-csrftoken", root_csrf.as_str())];
    let as_viewer = [("cookie", viewer.as_str()), ("x-csrftoken", viewer_csrf.as_str())];
    let as_editor = [("cookie", editor.as_str()), ("x-csrftoken", editor_csrf.as_str())];
    let forged = [("cookie", viewer.as_str())];
    let put = "Method \"PUT\" not allowed.";
    let cases: Vec<Case<'_>> = vec![
        ("PUT /conjure/r/shop.Tag?a=1", &xml, 301, ""),
        ("PUT /conjure/r/shop.Tag/", &xml, 406, "Could not satisfy the request Accept header."),
        ("PUT /conjure/r/shop.Tag/?format=xml", &[], 404, "Not found."),
        ("PUT /conjure/r/shop.Tag/", &[], 403, nobody),
        ("PUT /conjure/r/shop.Tag/", &forged, 403, "CSRF Failed: CSRF token missing."),
        ("PUT /conjure/r/shop.Tag/", &as_viewer, 403, forbidden),
        ("PUT /conjure/r/shop.Tag/", &as_editor, 405, put),
        ("PUT /conjure/r/shop.Nope/", &as_viewer, 405, put),
        ("OPTIONS /conjure/r/shop.Tag/", &as_viewer, 403, forbidden),
        ("OPTIONS /conjure/r/shop.Tag/", &as_editor, 200, ""),
        ("OPTIONS /conjure/schema/", &as_viewer, 200, ""),
        ("POST /conjure/r/shop.Tag/", &as_viewer, 403, forbidden),
        ("POST /conjure/r/shop.Log/", &as_root, 403, forbidden),
        ("POST /conjure/r/shop.Log/bulk/", &as_root, 403, forbidden),
        ("DELETE /conjure/r/shop.Log/1/", &as_root, 403, forbidden),
        ("POST /conjure/r/shop.Tag/action/x/", &as_viewer, 403, forbidden),
        ("GET /conjure/r/shop.Log/", &as_viewer, 403, forbidden),
        ("POST /conjure/config/", &[], 405, "Method \"POST\" not allowed."),
        ("GET /conjure/auth/login/", &[], 405, "Method \"GET\" not allowed."),
        ("GET /conjure/nope/", &[], 404, "Not found."),
    ];
    for (request, headers, status, detail) in cases {
        let got = send(&router, request, headers, "").await;
        assert_eq!((got.status.as_u16(), got.detail().as_str()), (status, detail), "{request} {headers:?}");
    }
}

#[tokio::test]
async fn every_answer_has_its_headers() {
    let router = by_session();
    let config = send(&router, "GET /conjure/config/", &[], "").await;
    assert_eq!(config.text, r##"{"brand":{"name":"Shop","accent":"#4f46e5"},"auth":"session"}"##);
    assert_eq!((config.header("allow"), config.header("vary")), ("GET, HEAD, OPTIONS", "Accept"));
    assert_eq!(config.header("content-type"), "application/json");
    let tag = send(&router, "GET /conjure/r/shop.Tag/7/", &[], "").await;
    assert_eq!((tag.header("allow"), tag.header("vary")), ("GET, PATCH, DELETE, HEAD, OPTIONS", "Accept, Cookie"));
    for got in [&config, &tag, &send(&router, "GET /conjure/nope/", &[], "").await] {
        assert_eq!(got.header("x-content-type-options"), "nosniff");
        assert_eq!(got.header("referrer-policy"), "same-origin");
        assert_eq!(got.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(got.header("content-security-policy"), "frame-ancestors 'none'");
        assert_eq!(got.header("cache-control"), "no-store");
    }
    let head = send(&router, "HEAD /conjure/config/", &[], "").await;
    assert_eq!((head.status.as_u16(), head.text.as_str(), head.header("allow")), (200, "", "GET, HEAD, OPTIONS"));
    let moved = send(&router, "POST /conjure/schema?b=1&a=%20", &[], "").await;
    assert_eq!((moved.header("location"), moved.text.as_str()), ("/conjure/schema/?b=1&a=%20", ""));
}

#[tokio::test]
async fn answers_are_json_whatever_is_accepted() {
    let router = by_session();
    for accept in
        ["*/*", "application/*", "text/html", "text/plain, application/json;q=0.1", "application/json; indent=x"]
    {
        let got = send(&router, "GET /conjure/config/", &[("accept", accept)], "").await;
        assert_eq!((got.status.as_u16(), got.header("content-type")), (200, "application/json"), "{accept}");
        assert!(got.text.starts_with("{\"brand\""));
    }
    let got = send(&router, "GET /conjure/config/", &[("accept", "application/json; indent=2")], "").await;
    assert!(got.text.starts_with("{\n  \"brand\": {\n    \"name\": \"Shop\","), "{}", got.text);
    assert_eq!(send(&router, "GET /conjure/config/?format=json", &[], "").await.status, 200);
}

#[tokio::test]
async fn bodies_are_judged_by_what_they_claim() {
    let router = by_session();
    let with = async |media: &str, body: &str| {
        let got = send(&router, "POST /conjure/auth/login/", &[("content-type", media)], body).await;
        (got.status.as_u16(), got.detail())
    };
    let unsupported = |media: &str| (415, format!("Unsupported media type \"{media}\" in request."));
    assert_eq!(with("text/plain", "x").await, unsupported("text/plain"));
    assert_eq!(with("application/json; charset=utf-16", "x").await, unsupported("application/json; charset=utf-16"));
    for body in ["{", "nope", "{\"a\":NaN}", "[Infinity]", "{\"a\":\"\\ud800\"}", &"[".repeat(100_000)] {
        let (status, detail) = with("application/json", body).await;
        assert!(status == 400 && detail.starts_with("JSON parse error - "), "{status} {detail}");
    }
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert_eq!(with("application/json", &deep(64)).await.0, 403);
    assert_eq!(with("application/json", &deep(65)).await.0, 400);
    let repeated = format!("{{\"username\":\"x\",\"password\":\"{PASSWORD}\",\"username\":\"root\"}}");
    assert_eq!(with("application/json; charset=utf-8", &repeated).await.0, 200);
    let headers = [("content-type", "application/json"), ("content-encoding", "gzip")];
    assert_eq!(send(&router, "POST /conjure/auth/login/", &headers, "x").await.status, 415);
    let large = format!("\"{}\"", "x".repeat(3_000_000));
    assert_eq!(with("application/json", &large).await.0, 413);
    let (status, detail) = with("multipart/form-data", "x").await;
    assert!(status == 400 && detail.starts_with("Multipart form parse error - "), "{status} {detail}");
}

#[tokio::test]
async fn a_host_must_be_one() {
    let router = by_session();
    assert_eq!(send(&router, "GET /conjure/config/", &[("host", "a b")], "").await.status, 400);
    assert_eq!(send(&router, "GET /conjure/config/", &[("host", "[::1]:80")], "").await.status, 200);
    let edge = factotum::Edge { hosts: vec!["shop.test".to_owned()], ..factotum::Edge::default() };
    let router = factotum::router_at(edge, site(), Conjure::default());
    assert_eq!(send(&router, "GET /conjure/config/", &[("host", "evil.test")], "").await.status, 400);
    assert_eq!(send(&router, "GET /conjure/config/", &[("host", "shop.test:8000")], "").await.status, 200);
}
