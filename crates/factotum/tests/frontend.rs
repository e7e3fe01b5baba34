//! The front end around a contract: its page, its headers, its files, and what is left to the contract.
#![cfg(feature = "django-admin")]

#[allow(dead_code, reason = "every test uses its part")]
mod fakes;

use std::sync::Arc;

use factotum::contract::django_admin::frontend::{Frontend, Icon, Settings};
use factotum::http::body::Incoming;
use factotum::http::contract::{Contract, Visit};
use factotum::http::endpoint::post;
use factotum::http::{Call, Endpoint, Fault, Head, Reply};
use factotum::{Edge, Principal, Site};
use fakes::{Got, ask, site};
use futures_util::future::BoxFuture;
use http::StatusCode;
use serde_json::{Value as Json, json};

struct Echo;

impl Contract for Echo {
    fn title(&self) -> &'static str {
        "echo"
    }
    fn endpoints(&self) -> Vec<Endpoint<Echo>> {
        let said =
            |call: Call<Echo>| async move { Ok(Reply::json(StatusCode::OK, call.head.path.clone().into_bytes())) };
        vec![post("login", "/api/v1/login/", said)]
    }
    fn identify<'a>(
        &'a self,
        _visit: &'a Visit<'a, Echo>,
        _body: &'a mut Incoming,
    ) -> BoxFuture<'a, Result<Arc<Principal>, Fault>> {
        Box::pin(async { Ok(Arc::new(Principal::anonymous())) })
    }
    fn admit(&self, _visit: &Visit<'_, Echo>, _who: &Principal) -> Result<(), Fault> {
        Ok(())
    }
    fn refuse(&self, _site: &Site, _head: &Head, _fault: &Fault) -> Reply {
        Reply::json(StatusCode::IM_A_TEAPOT, b"{}".to_vec())
    }
}

/// The folder of a package installer.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let built = folder.path().join("django_admin_react/static/admin_react");
    let manifest = r#"{"index.html": {"file": "assets/index-DN3-BsxA.js", "css": ["assets/index-D14R0lak.css"]}}"#;
    let files = [
        (".vite/manifest.json", manifest),
        ("assets/index-DN3-BsxA.js", "start()"),
        ("assets/index-D14R0lak.css", "body {}"),
    ];
    for (path, content) in files {
        let path = built.join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, content).expect("a file");
    }
    folder
}

fn app(change: fn(&mut Settings)) -> axum::Router {
    let folder = folder();
    let mut settings = Settings::new(folder.path());
    change(&mut settings);
    let edge = Edge { hosts: vec!["shop.test".into()], ..Edge::default() };
    Frontend::open(settings).expect("a front end").router(edge.clone(), site(), factotum::router_at(edge, site(), Echo))
}

async fn get(path: &str, headers: &[(&str, &str)]) -> Got {
    ask(app(|_| ()), &format!("GET {path}"), headers, "").await
}

fn meta(page: &str, name: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("<meta name=\"{name}\" content=\""))?;
    rest.split_once('"').map(|(content, _)| content.to_owned())
}

#[tokio::test]
async fn every_path_below_the_mount_is_the_page() {
    for path in ["/admin2/", "/admin2/shop/product", "/admin2/shop/product/1/change", "/admin2/a/b?c=d", "/admin2/api/"]
    {
        let got = get(path, &[]).await;
        assert_eq!((got.status, got.header("content-type")), (StatusCode::OK, "text/html; charset=utf-8"), "{path}");
        assert_eq!(got.header("cache-control"), "no-cache, no-store, must-revalidate");
        assert_eq!(meta(&got.text, "dar-mount").as_deref(), Some("/admin2/"));
        assert_eq!(meta(&got.text, "dar-api-prefix").as_deref(), Some("/admin2/api/v1/"));
    }
    let got = get("/admin2", &[]).await;
    assert_eq!((got.status, got.header("location")), (StatusCode::FOUND, "/admin2/"));
    assert_eq!(ask(app(|_| ()), "POST /admin2/", &[], "").await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(ask(app(|_| ()), "HEAD /admin2/x", &[], "").await.text, "");
    assert_eq!(get("/admin2/", &[("host", "evil.test")]).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_page_loads_the_entry_and_nothing_from_elsewhere() {
    let got = get("/admin2/", &[]).await;
    let script = "<script type=\"module\" src=\"/static/admin_react/assets/index-DN3-BsxA.js\"></script>";
    assert!(got.text.contains(script), "{}", got.text);
    assert!(got.text.contains("<link rel=\"stylesheet\" href=\"/static/admin_react/assets/index-D14R0lak.css\">"));
    assert!(got.text.contains("<link rel=\"manifest\" href=\"/admin2/web.manifest\">"));
    assert!(got.text.contains("<style>:root { --dar-primary: #2563eb; }</style>"));
    assert!(got.text.contains("<div id=\"root\">") && got.text.contains("<title>Django site admin</title>"));
    let policy = got.header("content-security-policy");
    // The hash of the one style sheet that stands in the page.
    assert!(policy.contains("style-src 'self' 'sha256-NTfbGshK/0yC6RowcZm49Sui3XT49WMBnhvWy8FFacQ='"), "{policy}");
    assert!(policy.contains("script-src 'self';") && policy.contains("frame-ancestors 'none'"), "{policy}");
}

#[tokio::test]
async fn the_page_brings_a_cookie_that_scripts_can_read() {
    let got = get("/admin2/", &[]).await;
    let line = got.headers["set-cookie"].to_str().expect("text").to_owned();
    let secret = got.cookie("csrftoken").expect("a cookie");
    assert_eq!(secret.len(), 32);
    assert!(line.contains("SameSite=Lax") && line.contains("Max-Age=31449600") && !line.contains("HttpOnly"), "{line}");
    assert!(!line.contains("Secure"));
    let again = get("/admin2/", &[("cookie", &format!("csrftoken={secret}"))]).await;
    assert_eq!(again.cookie("csrftoken"), Some(secret));
    let bad = get("/admin2/", &[("cookie", "csrftoken=\"><script>")]).await;
    assert_eq!(bad.cookie("csrftoken").map(|secret| secret.len()), Some(32));
    assert!(!bad.text.contains("\"><script>"));
}

#[tokio::test]
async fn the_theme_is_painted_before_any_script_runs() {
    let is_dark = async |cookie: &str| get("/admin2/", &[("cookie", cookie)]).await.text.contains("class=\"dark\"");
    assert!(is_dark("dar-theme=dark").await);
    assert!(!is_dark("dar-theme=light").await && !is_dark("dar-theme=x\" class=\"dark").await && !is_dark("a=b").await);
}

#[tokio::test]
async fn the_page_says_what_the_settings_say_and_cannot_be_broken_out_of() {
    let page = ask(
        app(|settings| {
            settings.mount = "back-office".into();
            settings.static_url = "/s/".into();
            settings.api_prefix = Some("/admin-api/api/v1".into());
            settings.legacy_admin_prefix = Some("/admin/".into());
            settings.brand_title = "A & <B> \"C\" 'D'".into();
            settings.title = "</title><script>".into();
            settings.brand_logo = Some("/logo.svg?a=1&b=2".into());
            settings.primary_color = "#abc".into();
            settings.language = "de".into();
        }),
        "GET /back-office/",
        &[],
        "",
    );
    let page = page.await.text;
    let says = |name: &str, content: &str| assert_eq!(meta(&page, name).as_deref(), Some(content), "{page}");
    says("dar-mount", "/back-office/");
    says("dar-api-prefix", "/admin-api/api/v1/");
    says("dar-legacy-admin-prefix", "admin/");
    says("dar-brand-title", "A &amp; &lt;B&gt; &quot;C&quot; &#x27;D&#x27;");
    says("dar-brand-logo", "/logo.svg?a=1&amp;b=2");
    says("dar-language", "de");
    assert!(page.contains("<title>&lt;/title&gt;&lt;script&gt;</title>") && page.contains("--dar-primary: #abc;"));
    assert!(page.contains("src=\"/s/admin_react/assets/"));
}

#[tokio::test]
async fn the_contract_answers_below_the_mount() {
    let got = ask(app(|_| ()), "POST /admin2/api/v1/login/", &[], "").await;
    assert_eq!((got.status, got.text.as_str()), (StatusCode::OK, "/admin2/api/v1/login/"));
    assert_eq!(get("/admin2/api/v1/nothing/", &[]).await.status, StatusCode::IM_A_TEAPOT);
    assert_eq!(get("/api/v1/login/", &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn files_are_served_under_their_own_url() {
    let got = get("/static/admin_react/assets/index-DN3-BsxA.js", &[]).await;
    assert_eq!((got.status, got.text.as_str()), (StatusCode::OK, "start()"));
    assert_eq!(got.header("cache-control"), "public, max-age=31536000, immutable");
    for path in
        ["/static/admin_react/", "/static/admin_react/../x", "/static/x.js", "/static/admin_react/.vite/manifest.json"]
    {
        assert_eq!(get(path, &[]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn sign_in_and_sign_out_are_drawn_by_the_app() {
    for path in ["/admin2/login/?next=https://evil.test/", "/admin2/logout/"] {
        let got = get(path, &[]).await;
        assert_eq!((got.status, got.header("location")), (StatusCode::FOUND, "/admin2/"), "{path}");
    }
    assert_eq!(ask(app(|_| ()), "POST /admin2/logout/", &[], "").await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn the_app_can_be_installed() {
    let got = get("/admin2/web.manifest", &[]).await;
    assert_eq!(got.header("content-type"), "application/manifest+json");
    assert_eq!(got.header("vary"), "Sec-CH-Prefers-Color-Scheme");
    let mut document = got.json();
    let icon = document["icons"][0].take();
    assert!(icon["src"].as_str().is_some_and(|src| src.contains("fill='%232563eb'")), "{icon}");
    let expected = json!({
        "name": "Django administration", "short_name": "Admin", "start_url": "/admin2/", "scope": "/admin2/",
        "display": "standalone", "orientation": "any", "background_color": "#ffffff", "theme_color": "#2563eb",
        "icons": [null],
    });
    assert_eq!(document, expected);
    let dark = get("/admin2/web.manifest", &[("sec-ch-prefers-color-scheme", "dark")]).await.json();
    assert_eq!((&dark["background_color"], &dark["theme_color"]), (&json!("#0b0f19"), &json!("#3b82f6")));
    let worker = get("/admin2/sw.js", &[]).await;
    assert_eq!(worker.header("content-type"), "application/javascript");
    assert_eq!(worker.header("service-worker-allowed"), "/admin2/");
    assert_eq!(worker.header("cache-control"), "no-cache");
}

#[tokio::test]
async fn the_installed_app_is_called_as_the_settings_say() {
    let app = app(|settings| {
        settings.app_name = Some("Shop".into());
        settings.app_short_name = "S".into();
        let icon = Icon { src: "/i.png".into(), sizes: "192x192".into(), media: "image/png".into(), purpose: None };
        settings.icons = vec![icon.clone(), Icon { purpose: Some("maskable".into()), ..icon }];
    });
    let document: Json = ask(app, "GET /admin2/web.manifest", &[], "").await.json();
    assert_eq!((&document["name"], &document["short_name"]), (&json!("Shop"), &json!("S")));
    let icon = json!({ "src": "/i.png", "sizes": "192x192", "type": "image/png" });
    assert_eq!(document["icons"][0], icon);
    assert_eq!(document["icons"][1]["purpose"], "maskable");
}
