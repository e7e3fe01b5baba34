//! What a delete would take along in a schema of oddities. What is expected was asked of Django's own collector, over
//! the same models and rows.

use factotum_engine::admin::Options;
use factotum_engine::model::{FieldKind, OnDelete};
use factotum_engine::ops;
use factotum_engine::query::field;
use factotum_engine::site::Builder;
use factotum_engine::{Field, Model};

use crate::world::{World, key};

use OnDelete::{Cascade, DoNothing, Protect, Restrict};

fn one(name: &str, to: &str, rule: OnDelete) -> Field {
    Field::one(name, key(to), rule)
}

/// Ways that meet again, rows that hold back, a relation with a model of its own, circles.
fn models(site: Builder) -> Builder {
    let model = |name: &str| Model::new("t", name);
    let mut members = Field::many("members", key("Top"), "t_membership", "group_id", "top_id");
    let mut friends = Field::many("friends", key("Tree"), "t_friends", "from_id", "to_id");
    if let FieldKind::Many { through, .. } = &mut members.kind {
        through.model = Some(key("Membership"));
    }
    if let FieldKind::Many { through, .. } = &mut friends.kind {
        through.symmetrical = true;
    }
    let all = [
        model("Top"),
        model("Left").with(one("top", "Top", Cascade)),
        model("Right").with(one("top", "Top", Cascade)),
        model("Bottom").with(one("left", "Left", Cascade)).with(one("right", "Right", Cascade)),
        model("Held").with(one("left", "Left", Restrict)).with(one("right", "Right", Cascade).null()),
        model("Label"),
        model("Group").with(one("boss", "Label", Cascade).null()).with(members).with(Field::many(
            "labels",
            key("Label"),
            "t_labels",
            "group_id",
            "label_id",
        )),
        model("Membership").with(one("group", "Group", Cascade)).with(one("top", "Top", Cascade)),
        model("Only").with(Field::one_to_one("top", key("Top"), Cascade)),
        model("Loose").with(one("top", "Top", DoNothing)),
        model("Tree").with(one("parent", "Tree", Cascade).null()).with(friends),
        model("Leaf").with(one("tree", "Tree", Protect)),
        model("Twig").with(one("tree", "Tree", Cascade)).with(one("leaf", "Leaf", Cascade).null()),
    ];
    all.into_iter().fold(site, |site, model| site.register(model, Options::default()))
}

const ROWS: &str = "INSERT INTO t_top VALUES (1), (2);
    INSERT INTO t_left VALUES (1, 1), (2, 1);
    INSERT INTO t_right VALUES (1, 1);
    INSERT INTO t_bottom VALUES (1, 1, 1), (2, 2, 1);
    INSERT INTO t_held VALUES (1, 1, 1), (2, 2, NULL);
    INSERT INTO t_label VALUES (1);
    INSERT INTO t_group VALUES (1, 1), (2, NULL);
    INSERT INTO t_labels VALUES (1, 1, 1), (2, 2, 1);
    INSERT INTO t_membership VALUES (1, 1, 1), (2, 2, 1);
    INSERT INTO t_only VALUES (1, 1);
    INSERT INTO t_loose VALUES (1, 1);
    INSERT INTO t_tree VALUES (1, 3), (2, 1), (3, 2), (4, NULL);
    INSERT INTO t_friends VALUES (1, 1, 4), (2, 4, 1);
    INSERT INTO t_leaf VALUES (1, 3);
    INSERT INTO t_twig VALUES (1, 3, 1), (2, 2, NULL);";

async fn check(world: &World, model: &str, keys: &[i64], expected: &[&str], refusing: &[&str]) {
    let mut cx = world.write().await;
    let rows = field("pk").is_in(keys.iter().map(|&row| row.into()).collect());
    let plan = ops::plan_delete(&mut cx, &key(model), rows).await.unwrap();
    let told = |part: &ops::Part| format!("{} {}", part.count(), part.model().plural);
    assert_eq!(plan.going().map(told).collect::<Vec<_>>(), expected, "{model} {keys:?}");
    assert_eq!(plan.protecting().map(told).collect::<Vec<_>>(), refusing, "{model} {keys:?}");
}

#[tokio::test]
async fn an_odd_schema_is_followed_as_django_follows_it() {
    let world = World::new(models).await;
    world.script(ROWS).await;
    let below = ["2 lefts", "2 bottoms", "1 rights", "1 helds", "2 memberships", "1 onlys"];
    let from = |first: &'static str| [&[first], &below[..]].concat();
    check(&world, "Top", &[1], &from("1 tops"), &["1 helds"]).await;
    check(&world, "Top", &[1, 2], &from("2 tops"), &["1 helds"]).await;
    let labels = ["1 labels", "2 group-label relationships", "1 groups", "1 memberships"];
    check(&world, "Label", &[1], &labels, &[]).await;
    let trees = ["3 trees", "2 from_tree-to_tree relationships", "2 twigs"];
    check(&world, "Tree", &[1], &trees, &["1 leafs"]).await;
    check(&world, "Tree", &[4], &["1 trees", "2 from_tree-to_tree relationships"], &[]).await;
    check(&world, "Group", &[1], &["1 groups", "1 group-label relationships", "1 memberships"], &[]).await;
    check(&world, "Leaf", &[1], &["1 leafs", "1 twigs"], &[]).await;
    world.script("DELETE FROM t_held WHERE id = 2").await;
    check(&world, "Top", &[1], &from("1 tops"), &[]).await;
}
