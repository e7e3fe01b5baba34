//! Uploads of the litestar contract: taken in, given out and removed, and nothing left behind by what is refused.
#![cfg(all(feature = "litestar", feature = "sqlite"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::sync::Arc;

use axum::body::Body;
use factotum::Site;
use factotum::accounts::admin_users::{AdminUsers, NewAdminUser};
use factotum::accounts::signing::Keys;
use factotum::contract::litestar::{Litestar, Uploads};
use factotum::files::Folder;
use factotum::store::tables::{Part, migrate};
use factotum::store::{Sqlite, Store};
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use serde_json::{Value as Json, json};
use tower::ServiceExt;

const KEY: &str = "a secret of 32 bytes or more, that nobody can guess";
/// What the password would be is of no matter: nobody signs in by it here.
const ENCODED: &str = "!";

/// A site with one person of each role, and their tokens.
struct World {
    site: Site,
    folder: tempfile::TempDir,
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl World {
    async fn new() -> World {
        let store: Arc<dyn Store> = Sqlite::in_memory().unwrap();
        migrate(store.as_ref(), &[Part::AdminUsers]).await.unwrap();
        let users = Arc::new(AdminUsers::new(store.clone(), Keys::new(KEY, Vec::new())));
        for role in ["viewer", "editor", "admin"] {
            let new = NewAdminUser { encoded: Some(ENCODED.into()), ..NewAdminUser::default() };
            let email = format!("{role}@shop.test");
            users.add(&NewAdminUser { id: Some(role.into()), email, roles: vec![role.into()], ..new }).await.unwrap();
        }
        let site = Site::builder(store, users).build().unwrap();
        World { site, folder: tempfile::tempdir().unwrap() }
    }

    fn uploads(&self) -> Uploads {
        Uploads { max_file_size: 40, ..Uploads::to(Arc::new(Folder::at(self.folder.path().join("kept")))) }
    }

    async fn ask(&self, role: &str, request: &str, uploads: Option<Uploads>, body: Option<(&str, &[u8])>) -> Answer {
        let contract = Litestar { uploads, ..Litestar::new(KEY) };
        let who = self.site.accounts().load(&role.into()).await.unwrap().unwrap();
        let now = factotum::context::now().as_second();
        let token = contract.tokens.make(&who, factotum::contract::litestar::Kind::Access, None, now);
        let app = axum::Router::new().nest_service("/admin", factotum::router(self.site.clone(), contract));
        let (method, path) = request.split_once(' ').unwrap();
        let asked =
            Request::builder().method(method).uri(format!("/admin/api/files{path}")).header("host", "shop.test");
        let asked = asked.header("authorization", format!("Bearer {token}"));
        let asked = match body {
            Some((name, content)) => asked
                .header("content-type", "multipart/form-data; boundary=b")
                .body(Body::from(multipart(name, content)))
                .unwrap(),
            None => asked.body(Body::empty()).unwrap(),
        };
        let (parts, body) = app.oneshot(asked).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    async fn upload(&self, query: &str, name: &str, content: &[u8]) -> Answer {
        self.ask("editor", &format!("POST /upload?{query}"), Some(self.uploads()), Some((name, content))).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask("viewer", &format!("GET /{path}"), Some(self.uploads()), None).await
    }
}

fn multipart(name: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "--b\r\nContent-Disposition: form-data; name=\"data\"; filename=\"{name}\"\r\nContent-Type: image/png\r\n\r\n"
    );
    [head.as_bytes(), content, b"\r\n--b--\r\n"].concat()
}

/// How many files there are below a folder.
fn files(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries.map(|entry| entry.unwrap().path()).map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

#[tokio::test]
async fn a_file_is_taken_in_given_out_and_removed() {
    let world = World::new().await;
    let got = world.upload("model_name=Product&field_name=photo", "My Photo.PNG", b"pixels").await;
    assert_eq!(got.status, 201);
    let said = got.json();
    let path = said["storage_path"].as_str().unwrap().to_owned();
    assert!(path.starts_with("uploads/product/photo/2") && path.ends_with("_my_photo.png"), "{path}");
    let about = json!(["My Photo.PNG", 6, "image/png", format!("/{path}"), null]);
    let names = ["original_filename", "file_size", "content_type", "public_url", "thumbnail_url"];
    assert_eq!(json!(names.map(|name| said[name].clone())), about);

    let got = world.get(&path).await;
    assert_eq!((got.status, got.body.as_slice(), got.header("content-type")), (200, &b"pixels"[..], "image/png"));
    assert!(got.header("content-disposition").starts_with("inline; filename="));
    assert_eq!(got.header("x-content-type-options"), "nosniff");
    let got = world.get(&format!("{path}?download=true")).await;
    assert!(got.header("content-disposition").starts_with("attachment; filename="));
    let got = world.get(&format!("info/{path}")).await;
    assert_eq!(got.json(), json!({ "exists": true, "path": path, "public_url": format!("/{path}") }));

    let delete = format!("DELETE /{path}");
    assert_eq!(world.ask("editor", &delete, Some(world.uploads()), None).await.status, 403);
    let gone = world.ask("admin", &delete, Some(world.uploads()), None).await;
    let expected = json!({ "success": true, "path": path, "message": "File deleted successfully" });
    assert_eq!((gone.status, gone.json()), (200, expected));
    let again = world.ask("admin", &delete, Some(world.uploads()), None).await;
    let expected = json!({ "status_code": 404, "detail": format!("File not found: {path}") });
    assert_eq!((again.status, again.json()), (404, expected));
    assert_eq!(world.get(&format!("info/{path}")).await.json()["exists"], json!(false));
}

#[tokio::test]
async fn what_could_run_is_only_a_download() {
    let world = World::new().await;
    let got = world.upload("", "a.svg", b"<svg onload='x()'/>").await;
    let path = got.json()["storage_path"].as_str().unwrap().to_owned();
    assert!(path.starts_with("uploads/unknown/file/"), "{path}");
    let got = world.get(&path).await;
    assert!(got.header("content-disposition").starts_with("attachment"));
    assert!(got.header("content-security-policy").contains("sandbox"));
}

#[tokio::test]
async fn what_is_refused_leaves_nothing_behind() {
    let world = World::new().await;
    let code = |answer: &Answer| answer.json()["errors"][0]["code"].clone();
    for (query, name, content, expected) in [
        ("", "a.exe", "x".repeat(4), "invalid_extension"),
        ("allowed_extensions=pdf,.PNG", "a.jpg", "x".repeat(4), "invalid_extension"),
        ("allowed_extensions=exe", "a.exe", "x".repeat(4), "invalid_extension"),
        ("", "a", "x".repeat(4), "no_extension"),
        ("", "a.png", "x".repeat(41), "file_too_large"),
        ("max_size=3", "a.png", "x".repeat(4), "file_too_large"),
        ("max_size=9999", "a.png", "x".repeat(41), "file_too_large"),
        ("", "a.png", String::new(), "empty_file"),
    ] {
        let got = world.upload(query, name, content.as_bytes()).await;
        assert_eq!((got.status, code(&got)), (422, json!(expected)), "{query} {name}");
    }
    let got = world.upload("max_size=x", "a.png", b"x").await;
    assert_eq!(got.json()["extra"][0]["message"], json!("Expected `int | null`, got `str`"));
    assert_eq!(files(world.folder.path()), 0);
}

#[tokio::test]
async fn no_path_leads_out_of_the_uploads() {
    let world = World::new().await;
    let kept = world.folder.path().join("kept");
    std::fs::create_dir_all(kept.join("uploads")).unwrap();
    std::fs::write(kept.join("other.txt"), "secret").unwrap();
    std::fs::write(kept.join("uploads/.hidden.txt"), "secret").unwrap();
    for path in [
        "other.txt",
        "uploads/../other.txt",
        "uploads/%2e%2e/other.txt",
        "uploads%2f..%2fother.txt",
        "uploads/..%5cother.txt",
        "uploads/.hidden.txt",
        "uploads//etc/passwd",
        "uploads/a%00b",
        "uploads",
    ] {
        assert_eq!(world.get(path).await.status, 404, "{path}");
        let removed = world.ask("admin", &format!("DELETE /{path}"), Some(world.uploads()), None).await;
        assert_eq!(removed.status, 404, "{path}");
    }
    assert_eq!(files(&kept), 2);
}

#[tokio::test]
async fn without_a_place_nothing_is_taken_in() {
    let world = World::new().await;
    let got = world.ask("editor", "POST /upload?field_name=f", None, Some(("a.png", b"x"))).await;
    let words = "File storage is not configured. Configure storage in AdminConfig.";
    assert_eq!(
        (got.status, got.json()),
        (400, json!({ "success": false, "errors": [{ "field": "f", "error": words }] }))
    );
    assert_eq!(world.ask("viewer", "GET /uploads/a.png", None, None).await.status, 404);
    assert_eq!(world.ask("viewer", "POST /upload", None, Some(("a.png", b"x"))).await.status, 403);
    let got = world.ask("editor", "POST /upload", Some(world.uploads()), None).await;
    assert_eq!((got.status, &got.json()["success"]), (400, &json!(false)));
}

#[tokio::test]
async fn a_file_is_judged_without_being_kept() {
    let world = World::new().await;
    let ask = |name: &'static str| {
        let uploads = world.uploads();
        let world = &world;
        async move { world.ask("editor", "POST /upload/validate", Some(uploads), Some((name, b"x"))).await }
    };
    let about = json!({ "filename": "a.png", "size": 1, "content_type": "image/png" });
    assert_eq!(ask("a.png").await.json(), json!({ "valid": true, "file_info": about }));
    let got = ask("a.exe").await;
    assert_eq!((got.status, &got.json()["valid"]), (200, &json!(false)));
    assert_eq!(files(world.folder.path()), 0);
}

#[tokio::test]
async fn who_asks_for_a_public_file_is_sent_there() {
    let world = World::new().await;
    let path = world.upload("", "a.txt", b"x").await.json()["storage_path"].as_str().unwrap().to_owned();
    let public = Uploads { public_url_base: Some("https://cdn.shop.test/x/".into()), ..world.uploads() };
    let got = world.ask("viewer", &format!("GET /{path}"), Some(public.clone()), None).await;
    assert_eq!((got.status, got.header("location").to_owned()), (302, format!("https://cdn.shop.test/x/{path}")));
    let got = world.ask("viewer", "GET /uploads/nothing.txt", Some(public), None).await;
    assert_eq!(got.status, 404);
}

/// A picture of one colour.
#[cfg(feature = "images")]
fn png(width: u32, height: u32) -> Vec<u8> {
    use std::io::Write;
    let mut rows = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..height.min(4000) {
        rows.write_all(&[0]).unwrap();
        rows.write_all(&[200, 30, 30].repeat(width as usize)).unwrap();
    }
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let mut image = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, content) in [(b"IHDR", head), (b"IDAT", rows.finish().unwrap()), (b"IEND", Vec::new())] {
        let chunk = [&name[..], &content].concat();
        let mut sum = flate2::Crc::new();
        sum.update(&chunk);
        image.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        image.extend(chunk);
        image.extend(sum.sum().to_be_bytes());
    }
    image
}

#[cfg(feature = "images")]
impl World {
    fn pictures(&self) -> Option<Uploads> {
        Some(Uploads { max_file_size: 1 << 24, ..self.uploads() })
    }

    async fn picture(&self, query: &str, name: &str, content: &[u8]) -> Json {
        let got = self.ask("editor", &format!("POST /upload?{query}"), self.pictures(), Some((name, content))).await;
        assert_eq!(got.status, 201);
        got.json()
    }

    async fn look(&self, path: &str) -> Answer {
        self.ask("viewer", &format!("GET /{path}"), self.pictures(), None).await
    }
}

#[cfg(feature = "images")]
#[tokio::test]
async fn a_picture_comes_with_a_smaller_one() {
    let world = World::new().await;
    let query = "model_name=Product&field_name=photo&generate_thumbnail=true";
    let said = world.picture(query, "Front.PNG", &png(400, 200)).await;
    let [path, small] = ["storage_path", "thumbnail_path"].map(|name| said[name].as_str().unwrap().to_owned());
    assert!(small.starts_with("uploads/product/photo_thumbnail/2") && small.ends_with("_front_thumb.jpeg"), "{small}");
    assert_eq!(said["thumbnail_url"], json!(format!("/{small}")));
    let got = world.look(&small).await;
    assert_eq!((got.status, got.header("content-type"), &got.body[..2]), (200, "image/jpeg", &b"\xff\xd8"[..]));

    let not_yet = world.look(&format!("thumbnail/info/{path}?size=100x80&format=png")).await.json();
    assert_eq!((&not_yet["success"], &not_yet["thumbnail_path"]), (&json!(true), &json!(null)));
    assert!(not_yet["error"].as_str().unwrap().starts_with("Thumbnail does not exist yet."));
    let first = world.look(&format!("thumbnail/{path}?size=100x80&format=png&download=true")).await;
    assert_eq!((first.status, first.header("content-type")), (200, "image/png"));
    assert!(first.header("content-disposition").starts_with("attachment; filename="));
    assert_eq!(&first.body[16..24], [0, 0, 0, 100, 0, 0, 0, 50], "in proportion");
    let info = world.look(&format!("thumbnail/info/{path}?size=100x80&format=png")).await.json();
    let kept = path.replace(".png", "_100x80.png");
    let expected = json!([true, kept, format!("/{kept}"), 100, 80, "png", null, null]);
    let names = ["success", "thumbnail_path", "thumbnail_url", "width", "height", "format", "size_bytes", "error"];
    assert_eq!(json!(names.map(|name| info[name].clone())), expected);
    assert_eq!(world.look(&format!("thumbnail/{path}?size=100x80&format=png")).await.body, first.body);
    for other in [format!("{path}/thumbnail"), format!("thumbnail/{path}?quality=5&format=jpg")] {
        assert_eq!(world.look(&other).await.header("content-type"), "image/jpeg", "{other}");
    }
    assert!(files(world.folder.path()) >= 4);
    let gone = world.ask("admin", &format!("DELETE /{path}"), world.pictures(), None).await;
    assert_eq!((gone.status, files(world.folder.path())), (200, 0), "smaller pictures go with theirs");
}

#[cfg(feature = "images")]
#[tokio::test]
async fn whoever_asks_for_every_size_does_not_fill_the_disk() {
    let world = World::new().await;
    let said = world.picture("", "front.png", &png(4, 2)).await;
    let path = said["storage_path"].as_str().unwrap();
    for width in 1..=40 {
        assert_eq!(world.look(&format!("thumbnail/{path}?size={width}x9")).await.status, 200);
    }
    assert_eq!(files(world.folder.path()), 33, "the picture, and so many smaller ones");
}

#[cfg(feature = "images")]
#[tokio::test]
async fn what_is_no_picture_has_no_smaller_one() {
    let world = World::new().await;
    for (name, content) in [("a.txt", b"x".to_vec()), ("a.png", b"x".to_vec()), ("a.jpg", png(60_000, 1))] {
        let said = world.picture("generate_thumbnail=true", name, &content).await;
        assert_eq!((&said["thumbnail_path"], &said["thumbnail_url"]), (&json!(null), &json!(null)), "{name}");
        let path = said["storage_path"].as_str().unwrap();
        let got = world.look(&format!("thumbnail/{path}")).await;
        let status = if name == "a.txt" { 400 } else { 422 };
        assert_eq!((got.status, &got.json()["success"]), (status, &json!(false)), "{name}");
    }
    let path = world.picture("", "a.png", &png(2, 2)).await["storage_path"].as_str().unwrap().to_owned();
    for (query, words) in [
        ("size=20", "Invalid size format: 20. Expected format: WIDTHxHEIGHT (e.g., 200x200)"),
        ("size=0x20", "Invalid size format: 0x20. Expected format: WIDTHxHEIGHT (e.g., 200x200)"),
        ("size=5000x5000", "Invalid size: 5000x5000 is not offered"),
        ("quality=0", "Quality must be between 1 and 100"),
        ("format=tiff", "Invalid format: tiff. Allowed: jpeg, jpg, png, webp"),
    ] {
        let got = world.look(&format!("thumbnail/{path}?{query}")).await;
        assert_eq!((got.status, &got.json()["error"]), (400, &json!(words)), "{query}");
    }
    let got = world.look(&format!("thumbnail/{path}?quality=x")).await;
    assert_eq!((got.status, &got.json()["extra"][0]["key"]), (400, &json!("quality")));
    for missing in ["thumbnail/uploads/a.png", "thumbnail/../a.png", "uploads/a.png/thumbnail", "thumbnail/x"] {
        assert_eq!(world.look(missing).await.status, 404, "{missing}");
    }
    let got = world.look("thumbnail/info/uploads/a.png").await;
    assert_eq!((got.status, &got.json()["error"]), (404, &json!("Source file not found: uploads/a.png")));
}

#[tokio::test]
async fn a_large_file_passes_in_pieces() {
    let world = World::new().await;
    let large = Some(Uploads { max_file_size: 1 << 30, ..world.uploads() });
    let content: Vec<u8> = (0..3_000_000_u32).map(|number| (number / 1000) as u8).collect();
    let got = world.ask("editor", "POST /upload", large.clone(), Some(("a.zip", &content))).await;
    assert_eq!((got.status, &got.json()["file_size"]), (201, &json!(content.len())));
    let path = got.json()["storage_path"].as_str().unwrap().to_owned();
    let got = world.ask("viewer", &format!("GET /{path}"), large, None).await;
    assert!(got.body == content);
    assert_eq!(got.header("content-length"), content.len().to_string());
}
