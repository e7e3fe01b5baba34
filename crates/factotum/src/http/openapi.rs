//! From an endpoint table and a site to an OpenAPI 3.1 document. It stands beside the path of requests, never in it.

mod components;
#[cfg(any(feature = "conjure", feature = "django-admin", feature = "packages"))]
mod served;

use factotum_engine::{Resource, Site, Verb};
use http::{Method, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value as Json, json};

use crate::http::{Contract, Endpoint, Gate, Manual, Param, Refusal};
use components::{Names, refer};

#[cfg(any(feature = "conjure", feature = "django-admin", feature = "packages"))]
pub(crate) use served::serve;

/// The document of a contract on a site. Endpoints of models are told once for each registered model, so that every
/// row is exact. Where the contract is mounted only its host knows: `servers` is left to be added.
#[must_use]
pub fn document<C: Contract>(site: &Site, contract: &C) -> Json {
    let manual = contract.manual();
    let mut press = Press { site, contract, manual: &manual, ids: Names::default(), paths: Map::new() };
    let is_repeated = |endpoint: &Endpoint<C>| manual.place.is_some() && endpoint.is_of_model();
    let (of_models, of_site): (Vec<_>, Vec<_>) = contract.endpoints().into_iter().partition(is_repeated);
    for endpoint in &of_site {
        press.print(endpoint, None);
    }
    for resource in site.resources() {
        for endpoint in &of_models {
            press.print(endpoint, Some(resource));
        }
    }
    let mut paths = Json::Object(press.paths);
    let mut responses: Json = manual.refusals.iter().map(|no| (no.name.to_owned(), refused(&manual, no))).collect();
    let schemas = refer(&mut [&mut paths, &mut responses]);
    let schemes: Map<String, Json> =
        manual.schemes.iter().map(|(name, scheme)| ((*name).to_owned(), scheme.clone())).collect();
    let version = if manual.version.is_empty() { env!("CARGO_PKG_VERSION") } else { &manual.version };
    json!({
        "openapi": "3.1.0",
        "info": { "title": manual.title, "description": manual.about, "version": version },
        "tags": tags(site, &manual),
        "paths": paths,
        "components": { "schemas": schemas, "responses": responses, "securitySchemes": schemes },
    })
}

/// The document with its paths below a mount, for readers that see the whole site.
#[must_use]
pub fn below(mut document: Json, mount: &str) -> Json {
    if let Some(paths) = document.get_mut("paths").and_then(Json::as_object_mut) {
        let whole = std::mem::take(paths).into_iter().map(|(path, item)| (format!("{mount}{path}"), item));
        *paths = whole.collect();
    }
    document
}

/// The tags that the manual says. Else one for each model where paths name models; other tags need no words.
fn tags(site: &Site, manual: &Manual) -> Vec<Json> {
    if !manual.tags.is_empty() || manual.place.is_none() {
        return manual.tags.iter().map(|tag| json!({ "name": tag })).collect();
    }
    site.resources()
        .map(|resource| json!({ "name": resource.model.key.to_string(), "description": resource.model.plural }))
        .collect()
}

/// The document's paths in the making.
struct Press<'a, C> {
    site: &'a Site,
    contract: &'a C,
    manual: &'a Manual,
    ids: Names,
    paths: Map<String, Json>,
}

impl<C: Contract> Press<'_, C> {
    /// Adds an endpoint, for a model where it is one of a model.
    fn print(&mut self, endpoint: &Endpoint<C>, resource: Option<&Resource>) {
        if !self.contract.offers(endpoint, resource) {
            return;
        }
        let path = self.path(endpoint.path, resource);
        let operation = self.operation(endpoint, resource, &path);
        let item = self.paths.entry(path).or_insert_with(|| json!({}));
        item[endpoint.method.as_str().to_ascii_lowercase()] = operation;
    }

    /// The path with the model's parts in their places.
    fn path(&self, pattern: &str, resource: Option<&Resource>) -> String {
        let places = resource.and_then(|resource| Some(self.manual.place?(&resource.model.key))).unwrap_or_default();
        let mut path = pattern.replace("{*", "{").replace("{!", "{");
        for (name, other) in &self.manual.renamed {
            path = path.replace(&format!("{{{name}}}"), &format!("{{{other}}}"));
        }
        for (name, text) in places {
            path = path.replace(&format!("{{{name}}}"), &utf8_percent_encode(&text, SEGMENT).to_string());
        }
        path
    }

    fn operation(&mut self, endpoint: &Endpoint<C>, resource: Option<&Resource>, path: &str) -> Json {
        let (mut id, mut summary) = (endpoint.id.to_owned(), endpoint.about.trim_end_matches('.').to_owned());
        let mut tag = path.split(['/', '.']).find(|part| !part.is_empty()).unwrap_or_default().to_owned();
        if let Some(resource) = resource {
            let model = &resource.model;
            id = format!("{id}_{}_{}", model.key.app, model.key.name);
            summary = format!("{summary} ({})", model.plural);
            tag = model.key.to_string();
        }
        if let Some(said) = endpoint.tag {
            tag = said.to_owned();
        }
        let mut operation = json!({
            "operationId": self.ids.take(&id),
            "summary": summary,
            "description": gate(endpoint.gate),
            "tags": [tag],
            "security": self.security(endpoint),
            "parameters": self.params(endpoint, resource, path),
        });
        let content: Map<String, Json> = endpoint
            .bodies
            .iter()
            .filter_map(|(media, shape)| Some((*media, shape.schema(self.site, resource)?)))
            .map(|(media, schema)| (media.to_owned(), json!({ "schema": schema })))
            .collect();
        if !content.is_empty() {
            operation["requestBody"] = json!({ "required": true, "content": content });
        }
        operation["responses"] = self.responses(endpoint, resource);
        operation
    }

    /// Any of these sets of proofs; none where everybody may knock.
    fn security(&self, endpoint: &Endpoint<C>) -> Vec<Json> {
        let sets = match (endpoint.gate, &endpoint.method) {
            (Gate::Anyone, _) => return Vec::new(),
            (_, &Method::GET) => &self.manual.reading,
            _ => &self.manual.writing,
        };
        sets.iter().map(|set| set.iter().map(|name| ((*name).to_owned(), json!([]))).collect()).collect()
    }

    /// The parts of the path, each with what the endpoint says of it, and then the query's parameters.
    fn params(&self, endpoint: &Endpoint<C>, resource: Option<&Resource>, path: &str) -> Vec<Json> {
        let named: Vec<&str> = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        let of = |name: &str| endpoint.params.iter().find(|param| param.name == self.former(name));
        let in_path = named.iter().map(|name| match of(name) {
            Some(param) => self.param(name, param, resource, "path"),
            None => json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }),
        });
        let in_query = endpoint.params.iter().filter(|param| !named.iter().any(|name| self.former(name) == param.name));
        in_path.chain(in_query.map(|param| self.param(param.name, param, resource, "query"))).collect()
    }

    /// What the table calls a part of a path.
    fn former<'n>(&self, name: &'n str) -> &'n str {
        self.manual.renamed.iter().find(|(_, other)| *other == name).map_or(name, |(former, _)| *former)
    }

    fn param(&self, name: &str, param: &Param, resource: Option<&Resource>, place: &str) -> Json {
        let schema = param.shape.schema(self.site, resource).unwrap_or_else(|| json!({ "type": "string" }));
        let required = place == "path";
        json!({ "name": name, "in": place, "required": required, "description": param.about, "schema": schema })
    }

    fn responses(&self, endpoint: &Endpoint<C>, resource: Option<&Resource>) -> Json {
        let mut responses = Map::new();
        for (status, shape) in &endpoint.replies {
            let mut response = json!({ "description": words(*status) });
            if let Some(content) = shape.content(self.site, resource) {
                response["content"] = content;
            }
            responses.insert(status.as_str().to_owned(), response);
        }
        for refusal in self.contract.refusals(endpoint) {
            let status = refusal.status.map_or_else(|| "default".to_owned(), |status| status.as_str().to_owned());
            let said = || json!({ "$ref": format!("#/components/responses/{}", refusal.name) });
            responses.entry(status).or_insert_with(said);
        }
        Json::Object(responses)
    }
}

/// The letters of a model's name that stand for themselves in a path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_').remove(b'~');

fn gate(gate: Gate) -> &'static str {
    match gate {
        Gate::Anyone => "For everybody.",
        Gate::Staff => "For people who may enter the admin.",
        Gate::May(Verb::View) => "For people who may view rows of this model.",
        Gate::May(Verb::Add) => "For people who may add rows of this model.",
        Gate::May(Verb::Change) => "For people who may change rows of this model.",
        Gate::May(Verb::Delete) => "For people who may delete rows of this model.",
        Gate::Holding(_) => "For people who hold the permission for it.",
    }
}

fn words(status: StatusCode) -> &'static str {
    match status {
        StatusCode::OK => "Done; here it is.",
        StatusCode::CREATED => "Made; here it is.",
        StatusCode::NO_CONTENT => "Done; there is nothing to say.",
        other => other.canonical_reason().unwrap_or("An answer."),
    }
}

fn refused(manual: &Manual, refusal: &Refusal) -> Json {
    let mut response = json!({
        "description": refusal.about,
        "content": { "application/json": { "schema": refusal.schema } },
    });
    if manual.pages.contains(&refusal.name) {
        response["content"]["text/html"] = json!({});
    }
    if !refusal.headers.is_empty() {
        let header = |about: &str| json!({ "description": about, "schema": { "type": "string" } });
        response["headers"] = refusal.headers.iter().map(|(name, about)| ((*name).to_owned(), header(about))).collect();
    }
    response
}
