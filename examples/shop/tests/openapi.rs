//! The OpenAPI document of the shop: it is sound, and what the conversations recorded is what it says.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use axum::body::Body;
use axum::http::Request;
use factotum::Site;
use factotum::contract::django_admin::DjangoAdmin;
use factotum::http::openapi;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A folder with a database in it that has no tables: a document is made of models, not of rows.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("shop.sqlite3"), "").unwrap();
    folder
}

fn database(folder: &tempfile::TempDir) -> String {
    format!("sqlite:{}", folder.path().join("shop.sqlite3").display())
}

fn site(folder: &tempfile::TempDir) -> Site {
    shop::site(&database(folder), folder.path()).unwrap()
}

fn document(jwt: bool) -> Value {
    let folder = folder();
    openapi::document(&site(&folder), &shop::conjure(jwt))
}

static BY_SESSION: LazyLock<Value> = LazyLock::new(|| document(false));
static BY_TOKEN: LazyLock<Value> = LazyLock::new(|| document(true));
static OF_ADMIN: LazyLock<Value> = LazyLock::new(|| {
    let folder = folder();
    openapi::document(&shop::admin_site(&database(&folder), folder.path()).unwrap(), &DjangoAdmin::default())
});

static OF_TOKENS: LazyLock<Value> = LazyLock::new(|| {
    let folder = folder();
    let site = shop::token_site(&database(&folder), folder.path()).unwrap();
    openapi::below(openapi::document(&site, &shop::litestar()), "/admin")
});

/// That of a site which is nothing but a file, as it is served.
static OF_PACKAGES: LazyLock<Value> = LazyLock::new(|| {
    let folder = folder();
    let examples = root().join("examples/packages");
    let seed = std::fs::read_to_string(examples.join("seed/packages.sql")).unwrap();
    rusqlite::Connection::open(folder.path().join("shop.sqlite3")).unwrap().execute_batch(&seed).unwrap();
    let site = std::fs::read_to_string(examples.join("factotum.toml")).unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let app = factotum_cli::app(&site, &database(&folder), &factotum_cli::Plain).await.unwrap();
        let asked = Request::get("/api/v4/openapi.json").header("host", "packages.test");
        answer(&app, asked.body(Body::empty()).unwrap()).await.1
    })
});

/// Operations: path, method, operation.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, item)| {
            item.as_object().unwrap().iter().map(|(method, operation)| (path.as_str(), method.as_str(), operation))
        })
        .collect()
}

/// Every object in the document.
fn objects<'v>(value: &'v Value, found: &mut Vec<&'v serde_json::Map<String, Value>>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| objects(item, found)),
        Value::Object(members) => {
            found.push(members);
            members.values().for_each(|member| objects(member, found));
        }
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere() {
    [&*BY_TOKEN, &*OF_ADMIN, &*OF_TOKENS, &*OF_PACKAGES].into_iter().for_each(check_references);
}

fn check_references(document: &Value) {
    let mut all = Vec::new();
    objects(document, &mut all);
    let references: Vec<&str> = all.iter().filter_map(|members| members.get("$ref")?.as_str()).collect();
    assert!(references.len() > 30, "{}", references.len());
    for reference in references {
        let pointer = reference.strip_prefix('#').expect("within the document");
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

#[test]
fn every_operation_is_whole() {
    for document in [&*BY_SESSION, &*BY_TOKEN, &*OF_ADMIN, &*OF_TOKENS, &*OF_PACKAGES] {
        assert_eq!(document["openapi"], "3.1.0");
        let schemes = document["components"]["securitySchemes"].as_object().unwrap();
        let mut ids = HashSet::new();
        for (path, method, operation) in operations(document) {
            let what = format!("{method} {path}");
            assert!(path.starts_with('/'), "{what}");
            assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{what}: its id is not its own");
            assert_ne!(operation["summary"], "", "{what}");
            let named: HashSet<&str> =
                path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
            let params = operation["parameters"].as_array().unwrap();
            let told: HashSet<&str> = params
                .iter()
                .filter(|param| param["in"] == "path")
                .map(|param| param["name"].as_str().unwrap())
                .collect();
            assert_eq!(named, told, "{what}");
            let names: HashSet<&str> = params.iter().map(|param| param["name"].as_str().unwrap()).collect();
            assert_eq!(names.len(), params.len(), "{what}");
            let responses = operation["responses"].as_object().unwrap();
            // Whoever signs in elsewhere is sent there.
            assert!(responses.keys().any(|status| status.starts_with(['2', '3'])), "{what}");
            for requirement in operation["security"].as_array().unwrap() {
                assert!(requirement.as_object().unwrap().keys().all(|name| schemes.contains_key(name)), "{what}");
            }
        }
    }
}

#[test]
fn every_schema_is_a_schema() {
    [&*BY_TOKEN, &*OF_ADMIN, &*OF_TOKENS, &*OF_PACKAGES].into_iter().for_each(check_schemas);
}

fn check_schemas(document: &Value) {
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(jsonschema::meta::is_valid(schema), "{name}: {:?}", jsonschema::meta::validate(schema).err());
    }
    for (path, method, operation) in operations(document) {
        let bodies = operation["requestBody"]["content"].as_object().into_iter().flat_map(|content| content.values());
        let params = operation["parameters"].as_array().unwrap();
        for holder in params.iter().chain(bodies) {
            assert!(jsonschema::meta::is_valid(&holder["schema"]), "{method} {path}: {}", holder["schema"]);
        }
    }
}

#[test]
fn what_nobody_can_do_is_not_offered() {
    let paths = &BY_SESSION["paths"];
    assert!(paths["/r/shop.ActivityLog/"].get("post").is_none(), "a read-only model");
    assert!(paths["/r/shop.ActivityLog/action/{name}/"].get("post").is_some(), "its action runs all the same");
    assert!(paths.get("/r/shop.Tag/action/{name}/").is_none(), "no actions");
    assert!(paths.get("/auth/refresh/").is_none(), "no tokens");
    assert!(BY_TOKEN["paths"].get("/auth/refresh/").is_some());
    assert!(!BY_SESSION.to_string().contains("api_token"), "a hidden field is nowhere");
    let paths = &OF_ADMIN["paths"];
    assert!(paths["/api/v1/auth/user/{pk}/password/"].get("post").is_some(), "people have passwords");
    assert!(paths.get("/api/v1/shop/tag/{pk}/password/").is_none(), "tags have none");
    assert!(!OF_ADMIN.to_string().contains("api_token"), "a hidden field is nowhere");
}

#[test]
fn the_document_of_tokens_is_as_the_contract_spells_it() {
    assert_eq!((&OF_TOKENS["info"]["title"], &OF_TOKENS["info"]["version"]), (&json!("Litestar API"), &json!("1.0.0")));
    let paths = OF_TOKENS["paths"].as_object().unwrap();
    assert!(paths.contains_key("/admin/api/models/{model_name}/{record_id}"));
    assert!(paths.keys().all(|path| !path.ends_with('/')), "no path ends in a slash");
    let known: HashSet<&str> =
        OF_TOKENS["tags"].as_array().unwrap().iter().filter_map(|tag| tag["name"].as_str()).collect();
    for (path, method, operation) in operations(&OF_TOKENS) {
        assert!(known.contains(operation["tags"][0].as_str().unwrap()), "{method} {path}");
    }
    assert_eq!(paths["/admin/api/models/{model_name}"]["get"]["tags"], json!(["Models"]));
    assert!(!OF_TOKENS.to_string().contains("api_token"), "a hidden column is nowhere");
}

#[test]
fn a_row_and_its_form_are_exact() {
    let schemas = &BY_SESSION["components"]["schemas"];
    let product = &schemas["shop.Product"];
    let names: Vec<&str> = product["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names[..6], ["id", "_label", "category_label", "status_display", "name", "sku"]);
    assert_eq!(product["properties"]["price"]["pattern"], r"^-?\d+\.\d{2}$");
    let form = &schemas["shop.Product.Create"];
    assert_eq!(form["required"], json!(["name", "sku", "price", "category"]));
    assert_eq!(form["properties"]["sku"]["pattern"], r"^[A-Z]{3}-\d{4,}$");
    assert!(form["properties"].get("weight").is_none() && form["properties"].get("id").is_none());
    assert!(schemas["shop.Order.Create"]["properties"].get("number").is_some(), "a key that is typed");
    assert!(schemas["shop.Order.Update"]["properties"].get("number").is_none(), "but not changed");
    let filters = schemas["shop.Product.Filters"]["properties"].as_object().unwrap();
    for name in ["category", "category__slug__in", "created_at__date", "tags"] {
        assert!(filters.contains_key(name), "{name}");
    }
    assert!(!filters.contains_key("category__icontains") && !filters.contains_key("name__date"));
}

/// Whether a path is one that the document's pattern means; models are named in any case.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    let same = |(expected, given): (&&str, &&str)| expected.starts_with('{') || expected.eq_ignore_ascii_case(given);
    pattern.len() == path.len() && pattern.iter().zip(&path).all(same)
}

/// The schema of an answer: of its operation and status, or, where there is no such operation, of refusals in general.
fn schema<'d>(document: &'d Value, method: &str, path: &str, status: u64) -> Option<&'d Value> {
    let matching = document["paths"].as_object()?.iter().filter(|(known, _)| fits(known, path));
    let item = matching.min_by_key(|(known, _)| known.matches('{').count()).map(|(_, item)| item);
    let response = match item.and_then(|item| item.get(method.to_ascii_lowercase())) {
        Some(operation) => operation["responses"].get(status.to_string())?,
        None if status >= 400 => &document["components"]["responses"]["Other"],
        None => return None,
    };
    let response = match response.get("$ref").and_then(Value::as_str) {
        Some(reference) => document.pointer(reference.strip_prefix('#')?)?,
        None => response,
    };
    Some(response)
}

/// Whether a conversation leaves a place open: what is recorded there may be anything.
fn is_masked(step: &Value, place: &str) -> bool {
    let masks = step["mask"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let parts = |pointer: &str| pointer.split('/').map(str::to_owned).collect::<Vec<_>>();
    let given = parts(place);
    masks.map(parts).any(|mask| {
        mask.len() == given.len() && mask.iter().zip(&given).all(|(mask, given)| mask == "*" || mask == given)
    })
}

/// What is wrong with a recorded answer, by the document.
fn complaint(document: &Value, mount: &str, step: &Value) -> Option<String> {
    let (send, expect) = (&step["send"], &step["expect"]);
    let (method, status) = (send["method"].as_str()?, expect["status"].as_u64()?);
    let is_page = send["path"].as_str()?.starts_with("/schema");
    if matches!(method, "HEAD" | "OPTIONS") || matches!(status, 301 | 302) || is_page {
        return None;
    }
    let path = send["path"].as_str()?.split('?').next()?.strip_prefix(mount)?;
    // Where no path ends in a slash one at the end counts for nothing.
    let path = if mount.is_empty() { path.trim_end_matches('/') } else { path };
    // A suffix is another spelling of a path.
    let spelled = path.trim_end_matches('/').strip_suffix(".json").filter(|_| mount == "/api/v4");
    let spelled = spelled.map(|path| format!("{}/", path.trim_end_matches('/')));
    let path = spelled.as_deref().unwrap_or(path);
    let what = format!("{method} {path} {status}");
    let Some(response) = schema(document, method, path, status) else {
        return Some(format!("{what}: the document knows no such answer"));
    };
    let schema = &response["content"]["application/json"]["schema"];
    match (expect.get("json"), schema) {
        (None, _) => None,
        // A file may hold anything.
        (Some(_), Value::Null) if response["content"]["application/json"].is_object() => None,
        (Some(_), Value::Null) => Some(format!("{what}: the document says that there is no body")),
        (Some(body), schema) => {
            let whole = json!({ "allOf": [schema], "components": document["components"] });
            let validator = jsonschema::options().should_validate_formats(true).build(&whole).unwrap();
            let first = validator.iter_errors(body).find(|error| !is_masked(step, error.instance_path().as_str()))?;
            Some(format!("{what}: {} at {}", first, first.instance_path()))
        }
    }
}

#[test]
fn recorded_answers_are_what_the_document_says() {
    let folders = [
        "conjure",
        "conjure-decisions",
        "conjure-jwt",
        "conjure-jwt-decisions",
        "django-admin",
        "litestar",
        "packages",
    ];
    let (mut played, mut complaints) = (0, Vec::new());
    for folder in folders {
        let (document, mount) = match folder {
            "django-admin" => (&*OF_ADMIN, "/admin-api"),
            "litestar" => (&*OF_TOKENS, ""),
            "packages" => (&*OF_PACKAGES, "/api/v4"),
            folder if folder.contains("jwt") => (&*BY_TOKEN, "/conjure"),
            _ => (&*BY_SESSION, "/conjure"),
        };
        for file in std::fs::read_dir(root().join("conversations").join(folder)).unwrap() {
            let path = file.unwrap().path();
            let conversation: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            for step in conversation["steps"].as_array().unwrap() {
                played += 1;
                let name = format!("{}#{}", path.file_stem().unwrap().display(), step["id"]);
                complaints.extend(complaint(document, mount, step).map(|complaint| format!("{name}: {complaint}")));
            }
        }
    }
    assert!(played > 1_500, "{played}");
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[tokio::test]
async fn the_document_is_served_to_staff() {
    let folder = folder();
    let seed = std::fs::read_to_string(root().join("examples/shop/seed/shop.sqlite.sql")).unwrap();
    rusqlite::Connection::open(folder.path().join("shop.sqlite3")).unwrap().execute_batch(&seed).unwrap();
    let app = shop::app(&database(&folder), true, folder.path()).await.unwrap();
    let ask = |token: Option<String>| {
        let mut asked = Request::get("/conjure/openapi.json").header("host", "shop.test");
        if let Some(token) = token {
            asked = asked.header("authorization", format!("Bearer {token}"));
        }
        answer(&app, asked.body(Body::empty()).unwrap())
    };
    assert_eq!(ask(None).await.0, 401);
    let credentials = json!({ "username": "root", "password": "correct-horse-9" }).to_string();
    let login = Request::post("/conjure/auth/login/").header("host", "shop.test");
    let login = login.header("content-type", "application/json").body(Body::from(credentials)).unwrap();
    let (_, signed_in) = answer(&app, login).await;
    let token = signed_in["access"].as_str().unwrap().to_owned();
    let (status, mut served) = ask(Some(token)).await;
    assert_eq!(status, 200);
    let servers = served.as_object_mut().unwrap().shift_remove("servers");
    assert_eq!(servers, Some(json!([{ "url": "/conjure" }])));
    assert_eq!(served, *BY_TOKEN);
}

async fn answer(app: &axum::Router, request: Request<Body>) -> (u16, Value) {
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}
