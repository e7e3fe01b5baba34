//! What goes with a row, what stays, what refuses, and who may not.

use factotum_engine::admin::Options;
use factotum_engine::model::OnDelete;
use factotum_engine::ops;
use factotum_engine::query::{Filter, field};
use factotum_engine::{Error, Field, Model, Verb};

use crate::world::{World, key, text};

/// A parent, its child by a rule, and the child's child that goes along.
async fn family(rule: OnDelete) -> World {
    let child = Field::one("parent", key("Parent"), rule).null();
    let world = World::new(|site| {
        site.register(Model::new("t", "Parent").label("P{{ id }}"), Options::default())
            .register(Model::new("t", "Child").with(child.initially(1_i64)), Options::default())
            .register(
                Model::new("t", "Grandchild").with(Field::one("child", key("Child"), OnDelete::Cascade)),
                Options::default(),
            )
    })
    .await;
    let rows = "INSERT INTO t_parent VALUES (1), (2), (3);
        INSERT INTO t_child VALUES (11, 1), (21, 2), (22, 2);
        INSERT INTO t_grandchild VALUES (111, 11), (211, 21), (221, 22), (222, 22);";
    world.script(rows).await;
    world
}

async fn counts(world: &World) -> Vec<String> {
    let union = "SELECT count(*) FROM t_parent UNION ALL SELECT count(*) FROM t_child
        UNION ALL SELECT count(*) FROM t_grandchild";
    world.ask(union).await
}

async fn delete(world: &World, model: &str, row: &str) -> Result<(), Error> {
    let mut cx = world.write().await;
    ops::delete(&mut cx, &key(model), &text(row)).await?;
    cx.commit().await
}

#[tokio::test]
async fn a_cascade_goes_to_the_end() {
    let world = family(OnDelete::Cascade).await;
    delete(&world, "Parent", "2").await.unwrap();
    assert_eq!(counts(&world).await, ["2", "1", "1"]);
    assert_eq!(world.diary().await, ["t.Parent 2 P2 deleted"]);
}

#[tokio::test]
async fn rows_that_protect_or_restrict_refuse_and_leave_no_trace() {
    for rule in [OnDelete::Protect, OnDelete::Restrict] {
        let world = family(rule).await;
        let refusal = delete(&world, "Parent", "2").await.unwrap_err();
        assert!(matches!(&refusal, Error::Protected { by } if *by == [(key("Child"), 2)]), "{rule:?}: {refusal}");
        delete(&world, "Parent", "3").await.unwrap();
        assert_eq!(counts(&world).await, ["2", "3", "4"], "{rule:?}");
        assert_eq!(world.diary().await.len(), 1, "{rule:?}");
    }
}

#[tokio::test]
async fn rows_that_stay_point_nowhere_or_to_their_default() {
    for (rule, expected) in
        [(OnDelete::SetNull, ["11 1", "21 ", "22 "]), (OnDelete::SetDefault, ["11 1", "21 1", "22 1"])]
    {
        let world = family(rule).await;
        delete(&world, "Parent", "2").await.unwrap();
        assert_eq!(world.ask("SELECT id, parent_id FROM t_child ORDER BY id").await, expected, "{rule:?}");
        assert_eq!(counts(&world).await, ["2", "3", "4"], "{rule:?}");
    }
}

#[tokio::test]
async fn where_nothing_is_done_the_database_objects() {
    let world = family(OnDelete::DoNothing).await;
    assert!(matches!(delete(&world, "Parent", "2").await, Err(Error::Conflict(_))));
    assert_eq!(counts(&world).await, ["3", "3", "4"]);
    assert!(world.diary().await.is_empty());
}

#[tokio::test]
async fn a_row_is_deleted_once() {
    let world = family(OnDelete::Cascade).await;
    delete(&world, "Parent", "2").await.unwrap();
    for row in ["2", "99", "x", ""] {
        assert!(matches!(delete(&world, "Parent", row).await, Err(Error::NotFound(_))), "{row}");
    }
    assert_eq!(world.diary().await.len(), 1);
}

#[tokio::test]
async fn the_preview_counts_what_goes_as_first_met() {
    let world = family(OnDelete::Cascade).await;
    let mut cx = world.write().await;
    let plan = ops::plan_delete(&mut cx, &key("Parent"), field("pk").is(2_i64)).await.unwrap();
    let going: Vec<String> = plan.going().map(|part| format!("{} {}", part.count(), part.model().plural)).collect();
    assert_eq!(going, ["1 parents", "2 childs", "3 grandchilds"]);
    let related = ops::related(&mut cx, &key("Parent"), &text("2")).await.unwrap();
    let related: Vec<String> = related.iter().map(|one| format!("{} {} {}", one.model, one.title, one.count)).collect();
    assert_eq!(related, ["t.Child child 2", "t.Grandchild grandchild 3"]);
}

#[tokio::test]
async fn nobody_deletes_by_cascade_what_they_may_not_delete() {
    let world = family(OnDelete::Cascade).await;
    let mut cx = world.write_as(&["t.delete_parent", "t.delete_child"]).await;
    let refusal = ops::delete(&mut cx, &key("Parent"), &text("2")).await.unwrap_err();
    assert!(matches!(&refusal, Error::Forbidden { verb: Verb::Delete, model } if *model == key("Grandchild")));
    let plan = ops::plan_delete(&mut cx, &key("Parent"), Filter::All).await.unwrap();
    assert_eq!(plan.forbidden(), [key("Grandchild")]);
    assert!(ops::carry_out(&mut cx, plan).await.is_err());
    ops::delete(&mut cx, &key("Parent"), &text("3")).await.unwrap();
    cx.commit().await.unwrap();
    assert_eq!(counts(&world).await, ["2", "3", "4"]);
}

/// Employees have a boss and friends; badges go with either of two relations.
async fn office() -> World {
    let boss = Field::one("boss", key("Employee"), OnDelete::Cascade).null();
    let mut friends = Field::many("friends", key("Employee"), "t_friends", "from_id", "to_id");
    if let factotum_engine::model::FieldKind::Many { through, .. } = &mut friends.kind {
        through.symmetrical = true;
    }
    let world =
        World::new(|site| {
            site.register(Model::new("t", "Employee").with(boss).with(friends), Options::default()).model(
                Model::new("t", "Badge")
                    .with(Field::one("owner", key("Employee"), OnDelete::Cascade))
                    .with(Field::one("giver", key("Employee"), OnDelete::Restrict)),
            )
        })
        .await;
    let rows = "INSERT INTO t_employee VALUES (1, 3), (2, 1), (3, 2), (4, 1), (5, NULL), (6, NULL);
        INSERT INTO t_friends VALUES (1, 1, 2), (2, 2, 1), (3, 4, 5), (4, 5, 4);
        INSERT INTO t_badge VALUES (1, 1, 2), (2, 6, 5);";
    world.script(rows).await;
    world
}

#[tokio::test]
async fn other_rows_of_the_same_model_are_told_of_first() {
    let club = Model::new("t", "Club").with(Field::many("staff", key("Boss"), "t_staff", "club_id", "boss_id"));
    let over = Field::one("over", key("Boss"), OnDelete::Cascade).null();
    let boss = Model::new("t", "Boss").with(over);
    let world = World::new(|site| site.model(club).register(boss, Options::default())).await;
    world.script("INSERT INTO t_boss VALUES (1, NULL), (2, 1); INSERT INTO t_club VALUES (1)").await;
    world.script("INSERT INTO t_staff VALUES (1, 1, 1)").await;
    let mut cx = world.write().await;
    let related = ops::related(&mut cx, &key("Boss"), &text("1")).await.unwrap();
    let related: Vec<String> = related.iter().map(|one| format!("{} {}", one.title, one.count)).collect();
    assert_eq!(related, ["boss 1", "club-boss relationship 1"]);
}

#[tokio::test]
async fn circles_end_and_join_tables_are_emptied_from_both_ends() {
    let world = office().await;
    let mut cx = world.write().await;
    let related = ops::related(&mut cx, &key("Employee"), &text("1")).await.unwrap();
    let related: Vec<String> = related.iter().map(|one| format!("{} {}", one.title, one.count)).collect();
    assert_eq!(related, ["employee 3", "from_employee-to_employee relationship 4", "badge 1"]);
    ops::delete(&mut cx, &key("Employee"), &text("1")).await.unwrap();
    cx.commit().await.unwrap();
    assert_eq!(world.ask("SELECT id FROM t_employee ORDER BY id").await, ["5", "6"]);
    assert_eq!(world.ask("SELECT count(*) FROM t_friends").await, ["0"]);
    assert_eq!(world.ask("SELECT id FROM t_badge").await, ["2"]);
}

#[tokio::test]
async fn a_row_that_restricts_and_stays_refuses() {
    let world = office().await;
    let refusal = delete(&world, "Employee", "5").await.unwrap_err();
    assert!(matches!(&refusal, Error::Protected { by } if *by == [(key("Badge"), 1)]), "{refusal}");
    assert_eq!(world.ask("SELECT count(*) FROM t_friends").await, ["4"]);
}

#[tokio::test]
async fn children_go_before_parents_where_the_database_looks_at_once() {
    let world = family(OnDelete::Cascade).await;
    let strict = "ALTER TABLE t_child RENAME TO old_child;
        CREATE TABLE t_child (id integer PRIMARY KEY, parent_id integer REFERENCES t_parent);
        INSERT INTO t_child SELECT * FROM old_child;
        DROP TABLE t_grandchild;
        CREATE TABLE t_grandchild (id integer PRIMARY KEY, child_id integer REFERENCES t_child);
        INSERT INTO t_grandchild VALUES (211, 21), (212, 21);
        DROP TABLE old_child;";
    world.script(strict).await;
    delete(&world, "Parent", "2").await.unwrap();
    assert_eq!(counts(&world).await, ["2", "1", "0"]);
}

#[tokio::test]
async fn a_long_chain_has_an_end() {
    let world = World::new(|site| {
        let link = Field::one("next", key("Link"), OnDelete::Cascade).null();
        site.register(Model::new("t", "Link").with(link), Options::default())
    })
    .await;
    world
        .script(
            "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
            INSERT INTO t_link SELECT i, nullif(i - 1, 0) FROM n;",
        )
        .await;
    let mut cx = world.write().await;
    assert_eq!(ops::related(&mut cx, &key("Link"), &text("1")).await.unwrap()[0].count, 999);
    ops::delete(&mut cx, &key("Link"), &text("11")).await.unwrap();
    cx.commit().await.unwrap();
    assert_eq!(world.ask("SELECT count(*) FROM t_link").await, ["10"]);
}
