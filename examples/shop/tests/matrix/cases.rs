//! The cases that follow from the plan, in the same way as scripts/django-matrix.py makes them.

use std::collections::BTreeMap;

use super::plan::{Endpoint, Model, Person, Plan};

/// Model, endpoint, row, person: what a line of the golden file is about.
pub(crate) type Id = (String, String, String, String);

/// One request of one person.
pub(crate) struct Case<'a> {
    pub(crate) id: Id,
    pub(crate) person: &'a Person,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) body: Option<String>,
    pub(crate) token: bool,
}

/// An endpoint with the body that it has for one model.
struct Question<'a> {
    model: &'a str,
    name: String,
    row: &'a str,
    send: &'a str,
    body: Option<String>,
    people: Option<&'a str>,
}

type Places = BTreeMap<&'static str, String>;

/// What is asked of no model.
pub(crate) fn of_site(plan: &Plan) -> Vec<Case<'_>> {
    let mut cases = Vec::new();
    for endpoint in plan.endpoints.iter().filter(|endpoint| !endpoint.send.contains("{model}")) {
        let question = Question {
            model: "-",
            name: endpoint.name.clone(),
            row: "-",
            send: &endpoint.send,
            body: endpoint.json.as_ref().map(ToString::to_string),
            people: endpoint.people.as_deref(),
        };
        ask(&mut cases, plan, &question, &Places::new());
    }
    other_methods(&mut cases, plan, false, &Places::new());
    cases
}

/// What is asked of one model.
pub(crate) fn of_model<'a>(plan: &'a Plan, model: &'a Model) -> Vec<Case<'a>> {
    let mut cases = Vec::new();
    for endpoint in plan.endpoints.iter().filter(|endpoint| endpoint.send.contains("{model}")) {
        if endpoint.body.as_ref().is_none_or(|name| model.bodies.contains_key(name)) {
            of_endpoint(&mut cases, plan, model, endpoint);
        }
    }
    if plan.models[0].name == model.name {
        other_methods(&mut cases, plan, true, &places(model, "800000", "nothing"));
    }
    cases
}

fn of_endpoint<'a>(cases: &mut Vec<Case<'a>>, plan: &'a Plan, model: &'a Model, endpoint: &'a Endpoint) {
    let body = endpoint.body.as_ref().map(|name| &model.bodies[name]).or(endpoint.json.as_ref());
    let body = body.map(ToString::to_string);
    let about_rows = endpoint.send.contains("{pk}") || body.as_ref().is_some_and(|body| body.contains("{pk}"));
    let rows: Vec<(&str, &str)> = match about_rows {
        true => model.rows.iter().map(|(row, pk)| (row.as_str(), pk.as_str())).collect(),
        false => vec![("-", "-")],
    };
    let actions: Vec<&str> = match endpoint.send.contains("{action}") {
        true => model.actions.iter().map(String::as_str).collect(),
        false => vec![""],
    };
    for action in actions {
        for (row, pk) in &rows {
            let question = Question {
                model: &model.name,
                name: format!("{} {action}", endpoint.name).trim().to_owned(),
                row,
                send: &endpoint.send,
                body: body.clone(),
                people: endpoint.people.as_deref(),
            };
            ask(cases, plan, &question, &places(model, pk, action));
        }
    }
}

fn ask<'a>(cases: &mut Vec<Case<'a>>, plan: &'a Plan, question: &Question<'_>, places: &Places) {
    let has_family = places.get("family").is_some_and(|family| !family.is_empty());
    for person in plan.some(question.people).filter(|person| has_family || !person.name.contains("family")) {
        cases.push(case(question, person, places, &question.name, true));
    }
    if !question.send.starts_with("GET") && matches!(question.row, "-" | "visible") {
        let name = format!("{}, no token", question.name);
        cases.extend(plan.some(Some("strangers")).map(|person| case(question, person, places, &name, false)));
    }
}

/// The methods that each path does not have.
fn other_methods<'a>(cases: &mut Vec<Case<'a>>, plan: &'a Plan, of_models: bool, places: &Places) {
    for (path, allowed) in plan.routes.iter().filter(|(path, _)| path.contains("{model}") == of_models) {
        for method in plan.methods.iter().filter(|method| !allowed.contains(method)) {
            let send = format!("{method} {path}");
            let question = Question { model: "-", name: send.clone(), row: "-", send: &send, body: None, people: None };
            let strangers = plan.some(Some("strangers"));
            cases.extend(strangers.map(|person| case(&question, person, places, &question.name, true)));
        }
    }
}

fn case<'a>(question: &Question<'_>, person: &'a Person, places: &Places, name: &str, token: bool) -> Case<'a> {
    let (method, path) = question.send.split_once(' ').unwrap();
    let username = format!("matrix-{}", person.name.replace('+', "-"));
    Case {
        id: (question.model.to_owned(), name.to_owned(), question.row.to_owned(), person.name.clone()),
        person,
        method: method.to_owned(),
        path: filled(path, places).replace(' ', "%20"),
        body: question.body.as_ref().map(|body| filled(body, places).replace("{username}", &username)),
        token,
    }
}

fn places(model: &Model, pk: &str, action: &str) -> Places {
    BTreeMap::from([
        ("model", model.name.clone()),
        ("pk", pk.to_owned()),
        ("action", action.to_owned()),
        ("panel", model.panel.clone()),
        ("family", model.family.join(",")),
    ])
}

fn filled(text: &str, places: &Places) -> String {
    places.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}
