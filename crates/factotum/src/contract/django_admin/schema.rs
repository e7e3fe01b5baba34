//! `GET schema/`: the envelope of this interface as an OpenAPI document that names no model, fixed by the contract.
//! The document of a site with its models is [`super::openapi`]'s.

use http::StatusCode;
use serde_json::{Map, Value as Json, json};

use super::{Call, error};
use crate::http::{Fault, Reply};

/// Every type that a field can have; sites with other databases have some that we lack.
const FIELD_TYPES: [&str; 26] = [
    "array",
    "binary",
    "boolean",
    "choice",
    "date",
    "datetime",
    "decimal",
    "duration",
    "email",
    "file",
    "filepath",
    "float",
    "foreignkey",
    "image",
    "integer",
    "ip",
    "json",
    "manytomany",
    "range",
    "slug",
    "string",
    "text",
    "time",
    "unsupported",
    "url",
    "uuid",
];

const ERROR_CODES: [&str; 8] = [
    "bad_request",
    "validation_failed",
    "forbidden",
    "session_expired",
    "not_found",
    "method_not_allowed",
    "conflict",
    "internal_error",
];

const ABOUT: &str = "Wire contract between any client (the React SPA, the MCP server, or any other consumer) and the Django backend. Endpoint shapes only — model registry and row data are returned by GET /api/v1/{app}/{model}/.";
const PK_FIELD: &str = "Name of the model's primary-key field (`model._meta.pk.name`). The client pins this column first, never truncates it, and keeps it visible.";
const FULL_COUNT: &str = "Unfiltered (full-table) count from the admin's get_queryset — `show_full_result_count` parity. Equals `total` when the list isn't narrowed; `null` when `show_full_result_count` is False. The client renders 'X of Y' when it differs from total.";

/// `GET schema/`
pub(super) async fn show(_call: Call) -> Result<Reply, Fault> {
    Ok(error::reply(StatusCode::OK, &document()))
}

/// The fixed document.
fn document() -> Json {
    let refused = json!({ "description": "Error envelope.", "content": content("Error") });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "django-admin-rest-api API", "version": "v1", "description": ABOUT },
        "components": { "schemas": schemas(), "responses": { "Error": refused } },
        "paths": paths(),
    })
}

fn text() -> Json {
    json!({ "type": "string" })
}

fn whole() -> Json {
    json!({ "type": "integer" })
}

fn truth() -> Json {
    json!({ "type": "boolean" })
}

fn list(items: Json) -> Json {
    let mut list = json!({ "type": "array" });
    list["items"] = items;
    list
}

fn refer(name: &str) -> Json {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn content(name: &str) -> Json {
    json!({ "application/json": { "schema": refer(name) } })
}

fn map<'n>(members: impl IntoIterator<Item = (&'n str, Json)>) -> Map<String, Json> {
    members.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

/// An object with these members.
fn object<'n>(members: impl IntoIterator<Item = (&'n str, Json)>) -> Json {
    json!({ "type": "object", "properties": map(members) })
}

/// An object of which these members must be there.
fn requiring<'n>(required: &[&str], members: impl IntoIterator<Item = (&'n str, Json)>) -> Json {
    json!({ "type": "object", "required": required, "properties": map(members) })
}

fn pairs() -> Json {
    list(object([("value", json!({})), ("label", text())]))
}

fn model() -> Json {
    object([("app_label", text()), ("model_name", text())])
}

fn schemas() -> Map<String, Json> {
    map([
        ("Error", of_errors()),
        ("FKEnvelope", requiring(&["id", "label"], [("id", json!({})), ("label", text())])),
        ("FieldType", json!({ "type": "string", "enum": FIELD_TYPES })),
        ("Column", of_columns()),
        ("Filter", of_filters()),
        ("ActionSpec", of_actions()),
        ("DateHierarchy", of_days()),
        ("ListResponse", of_lists()),
        ("FieldDescriptor", of_fields()),
        ("DetailResponse", of_details()),
        ("RegistryResponse", of_registry()),
    ])
}

fn of_errors() -> Json {
    let inner = requiring(
        &["code", "message"],
        [
            ("code", json!({ "type": "string", "enum": ERROR_CODES })),
            ("message", text()),
            ("fields", json!({ "type": "object", "additionalProperties": list(text()) })),
        ],
    );
    requiring(&["error"], [("error", inner)])
}

fn of_columns() -> Json {
    let members = [("name", text()), ("label", text()), ("sortable", truth()), ("editable", truth())];
    requiring(&["name", "label", "sortable", "editable"], members)
}

fn of_filters() -> Json {
    let kinds = json!({ "type": "string", "enum": ["boolean", "choice", "foreignkey", "date", "custom"] });
    let members = [
        ("name", text()),
        ("label", text()),
        ("type", kinds),
        ("choices", pairs()),
        ("lookups", pairs()),
        ("to", model()),
    ];
    requiring(&["name", "label", "type"], members)
}

fn of_actions() -> Json {
    let members = [("name", text()), ("label", text()), ("description", text()), ("requires_confirmation", truth())];
    requiring(&["name", "label", "description", "requires_confirmation"], members)
}

fn of_days() -> Json {
    let part = || json!({ "type": ["integer", "null"] });
    let bucket = requiring(&["value", "count"], [("value", whole()), ("count", whole())]);
    let members = [
        ("field", text()),
        ("granularity_options", list(text())),
        ("active", object([("year", part()), ("month", part()), ("day", part())])),
        ("buckets", list(bucket)),
    ];
    requiring(&["field", "granularity_options", "active", "buckets"], members)
}

fn of_lists() -> Json {
    let cells = json!({ "type": "object", "additionalProperties": {} });
    let row = requiring(&["pk", "label", "fields"], [("pk", json!({})), ("label", text()), ("fields", cells)]);
    let may = object([("view", truth()), ("add", truth()), ("change", truth()), ("delete", truth())]);
    let members = [
        ("app_label", text()),
        ("model_name", text()),
        ("pk_field", json!({ "type": "string", "description": PK_FIELD })),
        ("permissions", may),
        ("columns", list(refer("Column"))),
        ("search_fields", list(text())),
        ("filters", list(refer("Filter"))),
        ("actions", list(refer("ActionSpec"))),
        ("date_hierarchy", refer("DateHierarchy")),
        ("page", whole()),
        ("page_size", whole()),
        ("total", whole()),
        ("full_count", json!({ "type": ["integer", "null"], "description": FULL_COUNT })),
        ("results", list(row)),
    ];
    let required: Vec<&str> = members.iter().map(|(name, _)| *name).filter(|name| *name != "date_hierarchy").collect();
    requiring(&required, members.clone())
}

fn of_fields() -> Json {
    let members = [
        ("type", refer("FieldType")),
        ("label", text()),
        ("required", truth()),
        ("readonly", truth()),
        ("help_text", text()),
        ("value", json!({})),
        ("to", model()),
        ("max_length", whole()),
        ("decimal_places", whole()),
        ("choices", pairs()),
    ];
    requiring(&["type", "label", "required", "readonly", "value"], members)
}

fn of_details() -> Json {
    let group = object([("title", json!({ "type": ["string", "null"] })), ("fields", list(text()))]);
    let fields = json!({ "type": "object", "additionalProperties": refer("FieldDescriptor") });
    let members = [
        ("app_label", text()),
        ("model_name", text()),
        ("pk", json!({})),
        ("label", text()),
        ("permissions", json!({ "type": "object" })),
        ("fieldsets", list(group)),
        ("fields", fields),
    ];
    requiring(&["app_label", "model_name", "pk", "label", "permissions", "fieldsets", "fields"], members)
}

fn of_registry() -> Json {
    let person = object([
        ("id", json!({})),
        ("username", text()),
        ("display_name", text()),
        ("is_staff", truth()),
        ("is_superuser", truth()),
    ]);
    let members = [("mount", text()), ("user", person), ("apps", list(json!({ "type": "object" })))];
    requiring(&["mount", "user", "apps"], members)
}

/// An operation with its answer, and the statuses by which it may be refused.
fn operation(summary: &str, status: &str, about: &str, schema: Option<&str>, refusals: &[&str]) -> Json {
    let mut answer = json!({ "description": about });
    if let Some(schema) = schema {
        answer["content"] = content(schema);
    }
    let mut responses = map([(status, answer)]);
    for refusal in refusals {
        responses.insert((*refusal).to_owned(), json!({ "$ref": "#/components/responses/Error" }));
    }
    json!({ "summary": summary, "responses": responses })
}

/// An operation that answers with a document of a schema.
fn reading(summary: &str, schema: &str) -> Json {
    operation(summary, "200", "OK.", Some(schema), &["403", "404"])
}

fn paths() -> Map<String, Json> {
    let of = |summary, about, refusals: &[&str]| operation(summary, "200", about, None, refusals);
    let none = &["403", "404"];
    let registry = reading("List models visible to the requesting user.", "RegistryResponse");
    let change = of(
        "ModelAdmin-resolved change form for one row (request-aware get_form/fieldsets/readonly + closed widget.kind enum).",
        "Form spec or html-fragment (contract §4.1).",
        none,
    );
    let add = of("ModelAdmin-resolved add form (contract §4.1).", "Form spec or html-fragment.", none);
    let submit = of(
        "html-fragment POST round-trip: re-run the legacy change_view server-side; returns a redirect or another html-fragment (§4.1).",
        "redirect or html-fragment payload.",
        none,
    );
    let find = of("Typeahead picker for high-cardinality FK targets.", "Autocomplete results + pagination.", &["400"]);
    let act = of("Run a ModelAdmin.actions entry.", "Executed.", &["404"]);
    let bulk = of("Bulk PATCH multiple rows in one atomic transaction.", "Per-row results + summary.", &["400"]);
    let own = of("This endpoint — the OpenAPI 3.1 envelope schema.", "OpenAPI 3.1 document.", &[]);
    map([
        ("/api/v1/registry/", json!({ "get": registry })),
        ("/api/v1/{app_label}/{model_name}/", collection()),
        ("/api/v1/{app_label}/{model_name}/{pk}/", instance()),
        ("/api/v1/{app_label}/{model_name}/{pk}/form-spec/", json!({ "get": change })),
        ("/api/v1/{app_label}/{model_name}/add/form-spec/", json!({ "get": add })),
        ("/api/v1/{app_label}/{model_name}/{pk}/change/", json!({ "post": submit })),
        ("/api/v1/{app_label}/{model_name}/autocomplete/", json!({ "get": find })),
        ("/api/v1/{app_label}/{model_name}/actions/{action_name}/", json!({ "post": act })),
        ("/api/v1/{app_label}/{model_name}/bulk/", json!({ "patch": bulk })),
        ("/api/v1/schema/", json!({ "get": own })),
    ])
}

fn collection() -> Json {
    let param = |name: &str, schema: Json| json!({ "name": name, "in": "query", "schema": schema });
    let (words, numbers) = (["q", "ordering"], ["q", "page", "page_size", "ordering", "year", "month", "day"]);
    let params = numbers.map(|name| param(name, if words.contains(&name) { text() } else { whole() }));
    let mut list = reading("List rows of one model.", "ListResponse");
    list["parameters"] = Json::from(params.to_vec());
    json!({ "get": list, "post": operation("Create one row.", "201", "Created.", None, &["400", "403"]) })
}

fn instance() -> Json {
    json!({
        "get": reading("Detail of one row.", "DetailResponse"),
        "patch": reading("Partial update of one row.", "DetailResponse"),
        "delete": operation("Delete one row.", "204", "Deleted.", None, &["403", "404"]),
    })
}
