//! Small random worlds: what a plan foretells is what goes, and both are what the rules of Django say.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use factotum_engine::admin::Options;
use factotum_engine::model::OnDelete;
use factotum_engine::query::field;
use factotum_engine::{Error, Field, Model, ops};
use proptest::prelude::*;

use crate::fixture::Database;
use crate::world::{World, key, text};

const MODELS: usize = 3;
const ROWS: i64 = 4;

/// A foreign key between two models, and where each row of the first points.
#[derive(Debug, Clone)]
struct Link {
    from: usize,
    to: usize,
    rule: OnDelete,
    points: Vec<Option<i64>>,
}

/// A row: its model and its key.
type Place = (usize, i64);

fn link() -> impl Strategy<Value = Link> {
    let rule = prop_oneof![
        4 => Just(OnDelete::Cascade),
        1 => Just(OnDelete::Protect),
        1 => Just(OnDelete::Restrict),
        2 => Just(OnDelete::SetNull),
    ];
    let points = proptest::collection::vec(proptest::option::of(1..=ROWS), ROWS as usize);
    (0..MODELS, 0..MODELS, rule, points).prop_map(|(from, to, rule, points)| Link { from, to, rule, points })
}

/// What the rules say: the rows that go, or that somebody refuses. Row by row, without any cleverness.
fn expected(links: &[Link], asked: Place) -> Result<BTreeSet<Place>, BTreeSet<Place>> {
    let mut going = BTreeSet::from([asked]);
    let pointing = |rule: OnDelete, going: &BTreeSet<Place>| -> BTreeSet<Place> {
        let links = links.iter().filter(|link| link.rule == rule);
        let rows = links.flat_map(|link| {
            let rows = link.points.iter().zip(1..);
            rows.filter(|(to, _)| to.is_some_and(|to| going.contains(&(link.to, to)))).map(|(_, row)| (link.from, row))
        });
        rows.collect()
    };
    loop {
        let more: BTreeSet<Place> = going.union(&pointing(OnDelete::Cascade, &going)).copied().collect();
        if more == going {
            break;
        }
        going = more;
    }
    let restricting = pointing(OnDelete::Restrict, &going).difference(&going).copied().collect();
    let refusing: BTreeSet<Place> = pointing(OnDelete::Protect, &going).union(&restricting).copied().collect();
    if refusing.is_empty() { Ok(going) } else { Err(refusing) }
}

async fn world(database: &Database, links: &[Link]) -> World {
    let models = (0..MODELS).map(|at| {
        let own = links.iter().enumerate().filter(|(_, link)| link.from == at);
        own.fold(Model::new("t", &format!("M{at}")), |model, (number, link)| {
            model.with(Field::one(&format!("f{number}"), key(&format!("M{}", link.to)), link.rule).null())
        })
    });
    let world =
        World::on(database, |site| models.fold(site, |site, model| site.register(model, Options::default()))).await;
    let mut script = String::new();
    for (at, row) in (0..MODELS).flat_map(|at| (1..=ROWS).map(move |row| (at, row))) {
        let own = links.iter().filter(|link| link.from == at);
        let mut values = row.to_string();
        for link in own {
            match link.points[row as usize - 1] {
                Some(to) => write!(values, ", {to}").unwrap(),
                None => values.push_str(", NULL"),
            }
        }
        write!(script, "INSERT INTO t_m{at} VALUES ({values});").unwrap();
    }
    world.script(&script).await;
    world
}

async fn rows(world: &World) -> BTreeSet<Place> {
    let mut places = BTreeSet::new();
    for at in 0..MODELS {
        let keys = world.ask(&format!("SELECT id FROM t_m{at}")).await;
        places.extend(keys.iter().map(|key| (at, key.parse::<i64>().unwrap())));
    }
    places
}

fn by_model(places: impl IntoIterator<Item = Place>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for (model, _) in places {
        *counts.entry(format!("t.M{model}")).or_default() += 1;
    }
    counts
}

async fn check(database: &Database, links: &[Link], asked: Place) {
    let world = world(database, links).await;
    let all = rows(&world).await;
    let model = key(&format!("M{}", asked.0));
    let mut cx = world.write().await;
    let plan = ops::plan_delete(&mut cx, &model, field("pk").is(asked.1)).await.unwrap();
    let going: BTreeMap<_, _> = plan.going().map(|part| (part.model().key.to_string(), part.count())).collect();
    let related = ops::related(&mut cx, &model, &text(&asked.1.to_string())).await.unwrap();
    let mut told: BTreeMap<_, _> = related.iter().map(|one| (one.model.to_string(), one.count)).collect();
    *told.entry(model.to_string()).or_default() += 1;
    assert_eq!(going, told, "what is told is what the plan has");
    match expected(links, asked) {
        Ok(expected) => {
            assert_eq!(going, by_model(expected.iter().copied()), "the plan");
            assert_eq!(ops::carry_out(&mut cx, plan).await.unwrap(), 1);
            cx.commit().await.unwrap();
            let left: BTreeSet<Place> = all.difference(&expected).copied().collect();
            assert_eq!(rows(&world).await, left, "what is left");
            assert_eq!(world.diary().await.len(), 1);
        }
        Err(expected) => {
            let refusing = plan.protecting().map(|part| (part.model().key.to_string(), part.count())).collect();
            assert_eq!(by_model(expected), refusing, "who refuses");
            assert!(matches!(ops::carry_out(&mut cx, plan).await, Err(Error::Protected { .. })));
            cx.commit().await.unwrap();
            assert_eq!(rows(&world).await, all, "nothing went");
            assert!(world.diary().await.is_empty());
        }
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_foretells_what_goes(
        links in proptest::collection::vec(link(), 1..6),
        asked in (0..MODELS, 1..=ROWS),
    ) {
        runtime().block_on(check(&Database::sqlite(), &links, asked));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_foretells_what_goes_on_a_server(
        links in proptest::collection::vec(link(), 1..6),
        asked in (0..MODELS, 1..=ROWS),
    ) {
        runtime().block_on(async {
            if let Some(database) = Database::postgres().await {
                check(&database, &links, asked).await;
                database.remove().await;
            }
        });
    }
}
