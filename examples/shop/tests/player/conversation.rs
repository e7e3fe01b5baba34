//! The file format of a conversation, and its steps played in order.

use std::collections::BTreeMap;
use std::path::PathBuf;

use axum::Router;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::browser::{Browser, Saved};
use super::compare;
use super::database::Kind;

/// A file: steps that run in order on one freshly seeded database.
#[derive(Deserialize)]
pub(crate) struct Conversation {
    steps: Vec<Step>,
}

/// One request of one browser, and the answer that belongs to it.
#[derive(Deserialize)]
pub(crate) struct Step {
    pub(crate) id: String,
    #[serde(default = "anonymous")]
    pub(crate) jar: String,
    pub(crate) send: Send,
    #[serde(default = "yes")]
    pub(crate) csrf: bool,
    pub(crate) expect: Expect,
    #[serde(default)]
    pub(crate) save: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) mask: Vec<String>,
    #[serde(default)]
    pub(crate) unordered: Vec<String>,
}

/// A part of a multipart body: name, file name, media type, text.
pub(crate) type Part = (String, Option<String>, Option<String>, String);

/// A request. The JSON body stays text, so that a number or an escape reaches the server exactly as written.
#[derive(Deserialize)]
pub(crate) struct Send {
    pub(crate) method: String,
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) json: Option<Box<RawValue>>,
    pub(crate) form: Option<serde_json::Map<String, Value>>,
    pub(crate) multipart: Option<Vec<Part>>,
    pub(crate) text: Option<String>,
}

/// An answer. A body that is not named is not compared.
#[derive(Deserialize)]
pub(crate) struct Expect {
    pub(crate) status: u16,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) json: Option<Value>,
    pub(crate) text: Option<String>,
    pub(crate) sha256: Option<String>,
}

/// The steps that are answered otherwise than recorded, by file and step.
#[derive(Deserialize)]
pub(crate) struct Overlay {
    pub(crate) steps: BTreeMap<String, BTreeMap<String, Change>>,
}

/// What takes the place of a recorded answer, and why.
#[derive(Deserialize)]
pub(crate) struct Change {
    pub(crate) reason: String,
    expect: Expect,
}

impl Conversation {
    /// The conversation as a database of this kind answers it.
    pub(crate) fn read(folder_name: &str, file: &str, kind: Kind) -> Self {
        let mut conversation: Self = parse(&folder(folder_name).join(format!("{file}.json")));
        let path = format!("{folder_name}/{file}");
        conversation.change(decided(), &path);
        if kind == Kind::Postgres {
            conversation.change(overlay(), &path);
        }
        conversation
    }

    /// Puts other answers in the place of recorded ones.
    fn change(&mut self, mut overlay: Overlay, path: &str) {
        let mut changes = overlay.steps.remove(path).unwrap_or_default();
        for step in &mut self.steps {
            if let Some(change) = changes.remove(&step.id) {
                step.expect = change.expect;
            }
        }
    }

    pub(crate) fn has_step(&self, id: &str) -> bool {
        self.steps.iter().any(|step| step.id == id)
    }

    /// Plays every step and returns the differences, each with the step it belongs to.
    pub(crate) async fn play(&self, app: Router) -> Vec<String> {
        let mut browsers: BTreeMap<&str, Browser> = BTreeMap::new();
        let mut saved = Saved::default();
        let mut faults = Vec::new();
        for step in &self.steps {
            let answer = browsers.entry(&step.jar).or_default().ask(app.clone(), step, &saved).await;
            for fault in compare::faults(step, &answer) {
                faults.push(format!("{}  {} {}\n    {fault}", step.id, step.send.method, step.send.path));
            }
            saved.take(step, &answer);
        }
        faults
    }
}

/// The changes that were decided, whatever the database.
pub(crate) fn decided() -> Overlay {
    parse(&folder("decisions-overlay.json"))
}

/// The changes for PostgreSQL.
pub(crate) fn overlay() -> Overlay {
    parse(&folder("postgres-overlay.json"))
}

/// A folder or file of the recorded conversations.
pub(crate) fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../conversations").join(name)
}

fn parse<T: for<'a> Deserialize<'a>>(path: &PathBuf) -> T {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn anonymous() -> String {
    "anonymous".into()
}

fn yes() -> bool {
    true
}

/// An expected `null` is an expectation; only a missing key is none.
fn present<'a, D: serde::Deserializer<'a>>(source: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(source).map(Some)
}
