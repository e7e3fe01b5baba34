//! What a file can say of a site, played against both contracts on a seeded shop.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::Router;
use axum::body::Body;
use factotum_cli::{Complaint, Plain};
use http::{Request, header};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

const SEED: &str = include_str!("../../../examples/shop/seed/shop.sqlite.sql");
const SITE: &str = include_str!("declared/site.toml");
const TOKEN: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// A site on a seeded shop of its own, and somebody who is signed in.
struct Shop {
    app: Router,
    session: String,
    _folder: TempDir,
}

/// The router, or what is wrong with the text.
async fn open(toml: &str) -> (Result<Router, Vec<Complaint>>, TempDir) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("shop.sqlite3");
    rusqlite::Connection::open(&file).unwrap().execute_batch(SEED).unwrap();
    let text = format!("[site]\nsecret_key = \"0123456789abcdef0123456789abcdef\"\n{toml}");
    (factotum_cli::app(&text, &format!("sqlite:{}", file.display()), &Plain).await, folder)
}

impl Shop {
    async fn new(toml: &str, user: &str) -> Shop {
        let (app, folder) = open(toml).await;
        let mut shop = Shop { app: app.unwrap(), session: String::new(), _folder: folder };
        let login = json!({ "username": user, "password": "correct-horse-9" });
        let request = shop.request("POST", "/admin-api/api/v1/login/", Some(&login));
        let reply = shop.app.clone().oneshot(request).await.unwrap();
        let cookies = reply.headers().get_all(header::SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap());
        let session = cookies.filter_map(|cookie| cookie.split(';').next()).find(|pair| pair.starts_with("sessionid="));
        shop.session = session.expect("signed in").to_owned();
        shop
    }

    fn request(&self, method: &str, path: &str, body: Option<&Value>) -> Request<Body> {
        let text = body.map_or_else(String::new, Value::to_string);
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "127.0.0.1")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CONTENT_LENGTH, text.len())
            .header(header::COOKIE, format!("csrftoken={TOKEN}; {}", self.session))
            .header("x-csrftoken", TOKEN)
            .body(Body::from(text))
            .unwrap()
    }

    async fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let reply = self.app.clone().oneshot(self.request(method, path, body)).await.unwrap();
        let status = reply.status().as_u16();
        let bytes = axum::body::to_bytes(reply.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }

    async fn get(&self, path: &str) -> Value {
        let (status, body) = self.ask("GET", &format!("/admin-api/api/v1/{path}"), None).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    async fn run(&self, action: &str, keys: &[i64]) -> (u16, Value) {
        let path = format!("/admin-api/api/v1/shop/product/actions/{action}/");
        self.ask("POST", &path, Some(&json!({ "pks": keys, "confirmed": true }))).await
    }
}

/// What stands under a pointer must be this.
fn check(body: &Value, pointer: &str, expected: &Value) {
    assert_eq!(body.pointer(pointer), Some(expected), "{pointer} of {body}");
}

#[tokio::test]
async fn both_contracts_are_served_over_one_database() {
    let shop = Shop::new(SITE, "root").await;
    let (status, _) = shop.ask("GET", "/conjure/config/", None).await;
    assert_eq!(status, 200);
    let tag = json!({ "name": "both" });
    let (status, made) = shop.ask("POST", "/admin-api/api/v1/shop/tag/", Some(&tag)).await;
    assert_eq!(status, 201, "{made}");
    let (status, page) = shop.ask("GET", "/conjure/r/shop.Tag/?search=both", None).await;
    assert_eq!((status, page.pointer("/results/0/name")), (200, Some(&json!("both"))), "{page}");
}

#[tokio::test]
async fn a_contract_can_be_switched_off() {
    let shop = Shop::new("[contracts.conjure]\nenabled = false\n", "root").await;
    assert_eq!(shop.ask("GET", "/conjure/config/", None).await.0, 404);
}

#[tokio::test]
async fn columns_of_a_list_are_computed() {
    let shop = Shop::new(SITE, "root").await;
    let page = shop.get("shop/product/?ordering=sku&page_size=1").await;
    let names: Vec<&str> = page["columns"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["name", "sku", "twice", "in_stock", "badge", "lines"]);
    check(&page, "/columns/2/label", &json!("stock, twice"));
    let row = &page["results"][0];
    let detail = shop.get(&format!("shop/product/{}/", row["pk"])).await;
    let stock = detail.pointer("/fields/stock/value").and_then(Value::as_i64).unwrap();
    check(row, "/fields/twice", &json!(format!("{} pieces", stock * 2)));
    check(row, "/fields/in_stock", &json!(stock != 0));
    assert!(row.pointer("/fields/lines").is_some_and(Value::is_u64), "{row}");
}

#[tokio::test]
async fn filters_that_are_no_field_narrow() {
    let shop = Shop::new(SITE, "root").await;
    let all = shop.get("shop/product/").await;
    let filter = all["filters"].as_array().unwrap().iter().find(|filter| filter["name"] == "level").unwrap();
    check(filter, "/selected", &json!("any"));
    check(filter, "/lookups/1", &json!({ "value": "low", "label": "Below 50" }));
    let low = shop.get("shop/product/?level=low").await;
    let rest = shop.get("shop/product/?level=ok").await;
    let total = |page: &Value| page["total"].as_u64().unwrap();
    assert_eq!(total(&low) + total(&rest), total(&all));
    assert!(total(&low) > 0 && total(&rest) > 0);
}

#[tokio::test]
async fn a_form_is_drawn_as_it_is_written() {
    let shop = Shop::new(SITE, "root").await;
    let detail = shop.get("shop/product/1/").await;
    check(&detail, "/fieldsets/0/field_rows", &json!([["name", "sku"], ["status"], ["category"]]));
    check(&detail, "/fieldsets/1/title", &json!("Money"));
    check(&detail, "/fieldsets/1/classes", &json!(["collapse"]));
    check(&detail, "/fields/status/widget", &json!("radio"));
    check(&detail, "/fields/category/widget", &json!("autocomplete"));
    check(&detail, "/save_options/save_as", &json!(true));
    let sku = detail.pointer("/fields/sku/value").and_then(Value::as_str).unwrap();
    check(&detail, "/view_on_site_url", &json!(format!("https://shop.example/p/{sku}")));
    check(&detail, "/custom_views/0/url", &json!("/admin/shop/product/1/label/"));
    let add = shop.get("shop/category/add/").await;
    assert!(add["prepopulated_fields"].to_string().contains("slug"), "{add}");
}

#[tokio::test]
async fn inlines_have_their_options_and_columns() {
    let shop = Shop::new(SITE, "root").await;
    let detail = shop.get("shop/product/1/").await;
    let images = &detail["inlines"][0];
    check(images, "/kind", &json!("stacked"));
    check(images, "/max_num", &json!(4));
    let names: Vec<&str> = images["fields"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["url", "caption", "where"]);
    check(&detail, "/inlines/1/can_add", &json!(false));
    check(&detail, "/inlines/1/can_view", &json!(true));
}

#[tokio::test]
async fn panels_ask_about_rows_that_point_to_a_row() {
    let shop = Shop::new(SITE, "root").await;
    let panel = shop.get("shop/product/1/panel/sales/").await;
    let data = &panel["data"];
    assert!(data["stock"].is_i64() && data["orders"].is_u64() && data["sold"].is_i64(), "{data}");
    let last = data["last"].as_array().unwrap();
    assert_eq!(last.len() as u64, data["orders"].as_u64().unwrap().min(2));
    // Who may not see the lines of orders sees the rest.
    let editor = Shop::new(SITE, "editor").await;
    let data = &editor.get("shop/product/1/panel/sales/").await["data"];
    assert!(data["stock"].is_i64() && data["orders"].is_null(), "{data}");
}

#[tokio::test]
async fn actions_say_what_they_did() {
    let shop = Shop::new(SITE, "root").await;
    let (status, body) = shop.run("hide", &[1, 2, 3]).await;
    assert_eq!(status, 200, "{body}");
    let again = shop.run("hide", &[1, 2, 3]).await.1;
    check(&again, "/messages/0", &json!({ "level": "success", "message": "0 hidden." }));
    check(&again, "/messages/1", &json!({ "level": "warning", "message": "3 were hidden already." }));
    let one = shop.run("fill", &[4]).await.1;
    check(&one, "/messages/0/message", &json!("Filled 4."));
    assert_eq!(shop.run("fill", &[4, 5]).await.0, 400, "it is for one row");
    let sent = shop.run("print", &[6, 5]).await.1;
    let to = sent["redirect"].as_str().unwrap();
    assert!(to == "/print/?ids=5,6" || to == "/print/?ids=6,5", "{to}");
}

#[tokio::test]
async fn words_of_permissions_are_those_of_the_model() {
    let names = |page: &Value| -> Vec<String> {
        page["actions"].as_array().unwrap().iter().map(|action| action["name"].as_str().unwrap().to_owned()).collect()
    };
    let root = Shop::new(SITE, "root").await;
    assert_eq!(names(&root.get("shop/product/").await), ["delete_selected", "hide", "fill", "print", "bless"]);
    let editor = Shop::new(SITE, "editor").await;
    assert_eq!(names(&editor.get("shop/product/").await), ["hide", "fill", "print"]);
}

#[tokio::test]
async fn general_options_leave_out_what_a_contract_has_no_room_for() {
    let text =
        "[[model]]\nname = \"shop.Product\"\nlist_display = [\"name\", \"tags\"]\nreadonly_fields = [\"nothing\"]\n";
    let (app, _folder) = open(text).await;
    assert!(app.is_ok(), "{:?}", app.err());
    let own = text.replace("list_display", "[model.django_admin]\nlist_display");
    let (app, _folder) = open(&own).await;
    let codes: Vec<&str> = app.err().unwrap().iter().map(|complaint| complaint.code).collect();
    assert_eq!(codes, ["F015", "F016"]);
}

/// Every complaint about a model's text, as it is told.
async fn complaints(model: &str) -> String {
    let (app, _folder) = open(&format!("[[model]]\nname = \"shop.Product\"\n{model}")).await;
    app.err().unwrap().iter().map(|complaint| format!("{complaint}\n")).collect()
}

#[tokio::test]
async fn mistakes_of_spelling_are_told_with_their_place() {
    let text = r#"
list_displai = ["name"]
fields = [1]
save_as = "yes"
inlines = [5, { model = "shop.ProductImage", extr = 1 }]
[[model.column]]
name = "c"
[[model.filter]]
lookups = [{ label = "x" }]
[[model.panel]]
name = "p"
parts = [{ name = "n", sum = "shop.OrderLine.product" }, { name = "m", count = "shop.OrderLine.product", limit = 5 }]
[[model.view]]
name = "shop_product_x"
[[model.action]]
name = "go"
message = "a"
messages = [{ txt = "b" }]
"#;
    insta::assert_snapshot!(complaints(text).await);
}

#[tokio::test]
async fn mistakes_of_meaning_are_told_with_their_place() {
    let text = r#"
radio_fields = { status = "horizontl" }
formfield_overrides = { description = "TextArea" }
prepopulated_fields = { sku = "name" }
limit_choices_to = { categry = { name = "x" } }
inlines = [{ model = "shop.ProductImage", kind = "stackd", permissions = ["veiw"] }]
view_on_site = "/p/{{ skuu }}"
[[model.column]]
name = "a"
template = "{{ nme }}"
[[model.column]]
name = "stock"
count = "shop.OrderLine.product"
[[model.column]]
name = "b"
count = "shop.OrderLine.prodct"
[[model.filter]]
parameter_name = "f"
lookups = [{ value = "x", rows = { stok = 1 } }]
initial = "y"
[[model.panel]]
name = "p"
parts = [{ name = "m", list = "shop.OrderLine.product", fields = ["quantty"] }]
[[model.action]]
name = "go"
target = "two"
contracts = ["django_admin", "conjur"]
permissions = ["chnge"]
messages = [{ level = "succes", text = "x" }]
"#;
    insta::assert_snapshot!(complaints(text).await);
}

#[tokio::test]
async fn two_contracts_cannot_stand_at_one_place() {
    let (app, _folder) = open("[contracts.django_admin]\nmount = \"/conjure\"\n").await;
    let said = app.err().unwrap();
    assert_eq!((said.len(), said[0].code), (1, "C020"), "{said:?}");
    let none = ["django_admin", "conjure", "litestar"].map(|name| format!("[contracts.{name}]\nenabled = false\n"));
    let (app, _folder) = open(&none.concat()).await;
    assert_eq!(app.err().unwrap()[0].code, "C025");
}

#[tokio::test]
async fn a_front_end_that_is_not_there_is_told_with_its_place() {
    let said = |text: &'static str| async move {
        let (app, _folder) = open(&format!("[contracts.django_admin]\n{text}")).await;
        app.err().unwrap().iter().map(Complaint::to_string).collect::<Vec<_>>().join("\n")
    };
    let missing = said("frontend = \"nowhere\"\n").await;
    assert!(missing.starts_with("factotum.toml:4:12: the front end cannot be served: folder:"), "{missing}");
    let nothing = said("[contracts.django_admin.frontend]\ntitle = \"x\"\n").await;
    assert!(nothing.contains("needs 'folder'") && nothing.ends_with("[C005]"), "{nothing}");
    let colour = said("[contracts.django_admin.frontend]\nfolder = \"x\"\nprimary_color = \"red\"\n").await;
    assert!(colour.starts_with("factotum.toml:6:1:") && colour.contains("no colour"), "{colour}");
}

#[tokio::test]
async fn limits_are_declared() {
    let limits =
        "[limits.model]\nper_minute = 1\nmodels = [\"shop.Tag\"]\n[limits.login]\nper_minute = 1\nper_hour = 0\n";
    let shop = Shop::new(limits, "root").await;
    let tags = "/admin-api/api/v1/shop/tag/";
    assert_eq!(shop.ask("GET", tags, None).await.0, 200);
    assert_eq!(shop.ask("GET", "/conjure/r/shop.Tag/", None).await.0, 429, "all doors count together");
    assert_eq!(shop.ask("GET", "/conjure/r/shop.Supplier/", None).await.0, 200);
    let login = shop.request("POST", "/conjure/auth/login/", Some(&json!({})));
    let refused = shop.app.clone().oneshot(login).await.unwrap();
    assert_eq!((refused.status().as_u16(), &refused.headers()["x-ratelimit-limit"]), (429, &"1".parse().unwrap()));
}

#[tokio::test]
async fn wrong_limits_are_told() {
    let wrong = "[limits.login]\nmodels = [\"shop.Tag\"]\ninclude_paths = [\"admin\"]\n[limits.model]\nmodels = [\"tag\"]\n[limits.redis]\nprefix = \"x\"\n";
    let words = open(wrong).await.0.err().unwrap().iter().map(Complaint::to_string).collect::<Vec<_>>().join("\n");
    for number in ["C013", "C014", "C020", "C027"] {
        assert!(words.contains(number), "{number}: {words}");
    }
}

#[tokio::test]
async fn wrong_places_of_uploads_are_told() {
    let said = |text: &'static str| async move {
        let (app, _folder) = open(&format!("[contracts.litestar.files]\n{text}")).await;
        app.err().unwrap().iter().map(Complaint::to_string).collect::<Vec<_>>().join("\n")
    };
    for (text, number) in [
        ("max_file_size = 5\n", "C005"),
        ("folder = \"x\"\n[contracts.litestar.files.s3]\nbucket = \"y\"\n", "C005"),
        ("[contracts.litestar.files.s3]\nregion = \"x\"\n", "C029"),
        ("[contracts.litestar.files.s3]\nbucket = \"y\"\nendpoint = \"minio:9000\"\n", "C029"),
        ("[contracts.litestar.files.s3]\nbucket = \"y\"\naccess_key_id = \"x\"\n", "C029"),
        ("folder = \"x\"\n[contracts.litestar.files.thumbnails]\nsize = \"20\"\n", "C014"),
        ("folder = \"x\"\n[contracts.litestar.files.thumbnails]\nsizes = [\"9000x9000\"]\n", "C014"),
        ("folder = \"x\"\n[contracts.litestar.files.thumbnails]\nquality = 0\n", "C014"),
        ("folder = \"x\"\n[contracts.litestar.files.thumbnails]\nformat = \"bmp\"\n", "C014"),
    ] {
        let words = said(text).await;
        assert!(words.contains(number), "{number} in {words}");
    }
}
