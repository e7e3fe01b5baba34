//! The file of cases, as `conversations/matrix/django-admin.json` has it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;

/// Endpoints, people and models; every combination is a case.
#[derive(Deserialize)]
pub(crate) struct Plan {
    pub(crate) mount: String,
    /// The table of the contract: paths with their methods, the first that matches first.
    pub(crate) routes: Vec<(String, Vec<String>)>,
    /// Paths that the documentation of the original names and its code lacks.
    pub(crate) aliases: Vec<(String, Vec<String>)>,
    pub(crate) methods: Vec<String>,
    /// The few who ask what does not depend on permissions.
    pub(crate) strangers: Vec<String>,
    #[serde(rename = "signing in")]
    signing_in: Vec<String>,
    pub(crate) people: Vec<Person>,
    pub(crate) endpoints: Vec<Endpoint>,
    pub(crate) models: Vec<Model>,
}

/// Somebody who asks. Flags and passwords are in `people.sql`.
#[derive(Deserialize)]
pub(crate) struct Person {
    pub(crate) name: String,
    #[serde(default = "yes")]
    pub(crate) session: bool,
    pub(crate) cookie: Option<String>,
    #[serde(default)]
    pub(crate) group: bool,
    #[serde(default)]
    pub(crate) grants: Vec<String>,
}

/// Something to ask: a method and a path with places, perhaps a body.
#[derive(Deserialize)]
pub(crate) struct Endpoint {
    pub(crate) name: String,
    pub(crate) send: String,
    pub(crate) json: Option<Value>,
    /// The name of a body that each model has of its own.
    pub(crate) body: Option<String>,
    /// The name of the list of people who ask, where not everybody does.
    pub(crate) people: Option<String>,
}

/// A model with its rows, its actions and its bodies.
#[derive(Deserialize)]
pub(crate) struct Model {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) family: Vec<String>,
    pub(crate) rows: BTreeMap<String, String>,
    pub(crate) actions: Vec<String>,
    #[serde(default = "stock")]
    pub(crate) panel: String,
    #[serde(flatten)]
    pub(crate) bodies: BTreeMap<String, Value>,
}

impl Plan {
    pub(crate) fn read() -> Self {
        serde_json::from_str(&text("django-admin.json")).unwrap()
    }

    /// The people of a list, or all.
    pub(crate) fn some(&self, list: Option<&str>) -> impl Iterator<Item = &Person> {
        let chosen = match list {
            None => None,
            Some("strangers") => Some(&self.strangers),
            Some("signing in") => Some(&self.signing_in),
            Some(other) => panic!("no list of people is called {other}"),
        };
        self.people.iter().filter(move |person| chosen.is_none_or(|names| names.contains(&person.name)))
    }

    /// The number of somebody's account.
    pub(crate) fn id(&self, person: &Person) -> usize {
        900_001 + self.place(person)
    }

    /// The session cookie that somebody sends.
    pub(crate) fn cookie(&self, person: &Person) -> Option<String> {
        if person.session { Some(format!("matrix{:026}", self.place(person))) } else { person.cookie.clone() }
    }

    fn place(&self, person: &Person) -> usize {
        self.people.iter().position(|other| other.name == person.name).unwrap()
    }
}

/// A file of the matrix.
pub(crate) fn text(file: &str) -> String {
    std::fs::read_to_string(folder("matrix").join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// A folder of conversations.
pub(crate) fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../conversations").join(name)
}

fn yes() -> bool {
    true
}

fn stock() -> String {
    "stock".into()
}
