//! What the people of the matrix may do with one model, as SQL.

use super::plan::{Model, Person, Plan, text};

const WORDS: [&str; 4] = ["view", "add", "change", "delete"];
const GROUP: usize = 900_001;

/// People and rows as every group of cases finds them.
pub(crate) fn reset() -> String {
    text("people.sql") + &text("rows.sql")
}

/// Grants for this model in the place of those for another.
pub(crate) fn grants(plan: &Plan, model: &Model) -> String {
    let mut sql = format!(
        "DELETE FROM auth_user_user_permissions WHERE user_id >= 900001;
         DELETE FROM auth_group_permissions WHERE group_id = {GROUP};"
    );
    for person in &plan.people {
        for grant in &person.grants {
            sql += &inserted(plan, person, &meant(model, grant));
        }
    }
    sql
}

fn inserted(plan: &Plan, person: &Person, condition: &str) -> String {
    let (table, column, holder) = if person.group {
        ("auth_group_permissions", "group_id", GROUP)
    } else {
        ("auth_user_user_permissions", "user_id", plan.id(person))
    };
    format!(
        "INSERT INTO {table} ({column}, permission_id) SELECT {holder}, p.id FROM auth_permission p
         JOIN django_content_type c ON c.id = p.content_type_id WHERE {condition};"
    )
}

/// The condition on permissions that a grant such as `own.view` or `family.*` stands for.
fn meant(model: &Model, grant: &str) -> String {
    let (whose, word) = grant.split_once('.').unwrap();
    let models = match whose {
        "own" => vec![model.name.replace('/', ".")],
        "family" => model.family.clone(),
        "elsewhere" if model.name == "shop/setting" => vec!["shop.tag".into()],
        "elsewhere" => vec!["shop.setting".into()],
        _ => return "TRUE".into(),
    };
    let words = WORDS.iter().filter(|one| matches!(word, "*") || word == **one);
    let pairs = words.flat_map(|word| models.iter().map(move |model| (word, model.split_once('.').unwrap())));
    let conditions: Vec<String> =
        pairs.map(|(word, (app, name))| format!("(c.app_label = '{app}' AND p.codename = '{word}_{name}')")).collect();
    if conditions.is_empty() { "FALSE".into() } else { conditions.join(" OR ") }
}
