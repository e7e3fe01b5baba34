//! Every number is provoked here.

use std::sync::Arc;

use super::*;
use crate::admin::options::{Direction, Widget, names, owned};
use crate::admin::{Action, Column, Fieldset, Inline, ModelAdmin, Options, Outcome, Panel, View};
use crate::model::{Field, FieldKind, Label, Model, OnDelete, Order, Through, Unique};
use crate::query::Filter;
use crate::value::Value;

fn codes(problems: &[Problem]) -> Vec<&'static str> {
    problems.iter().map(|problem| problem.code).collect()
}

fn check_model(model: Model, expected: &[&str]) {
    assert_eq!(codes(&of_schema(&Schema::new([model]))), expected);
}

fn thing() -> Model {
    Model::new("t", "Thing").with(Field::line("name", 9))
}

#[test]
fn every_fault_of_a_model_has_its_number() {
    let to = |name: &str| ModelKey::new("t", name);
    check_model(thing(), &[]);
    check_model(Model { primary_key: "nope".into(), ..thing() }, &["F002"]);
    check_model(thing().with(Field::one("other", to("Other"), OnDelete::Cascade)), &["F003"]);
    check_model(thing().with(Field::line("name", 9).in_column("n2")), &["F004"]);
    check_model(thing().with(Field::line("n2", 9).in_column("name")), &["F004"]);
    check_model(Model { label: Label::parse("{{ nope }}").expect("a label"), ..thing() }, &["F005"]);
    check_model(thing().order_by(&["nope"]), &["F006"]);
    let rule = Unique { fields: vec!["nope".into()], words: None };
    check_model(Model { unique_together: vec![rule], ..thing() }, &["F006"]);
    check_model(thing().with(Field::one("up", to("Thing"), OnDelete::SetNull)), &["F008"]);
    let mut up = Field::one("up", to("Thing"), OnDelete::Cascade);
    if let FieldKind::One { to_field, .. } = &mut up.kind {
        *to_field = Some("nope".into());
    }
    check_model(thing().with(up), &["F007"]);
}

/// An admin as data and parts.
#[derive(Default, Clone)]
struct Admin {
    options: Options,
    actions: Vec<Action>,
    columns: Vec<Column>,
    panels: Vec<Panel>,
}

impl ModelAdmin for Admin {
    fn options(&self) -> Options {
        self.options.clone()
    }
}

/// A model with one field of every kind that a check asks about, and two others that it points to.
fn library() -> Schema {
    let to = |name: &str| ModelKey::new("t", name);
    let through = |table: &str, model: Option<ModelKey>| Through {
        table: table.into(),
        near: "book_id".into(),
        far: "tag_id".into(),
        model,
        symmetrical: false,
    };
    let many = |name: &str, through| Field::new(name, FieldKind::Many { to: to("Tag"), through });
    let book = Model::new("t", "Book")
        .with(Field::line("name", 9))
        .with(Field::new("printed", FieldKind::DateTime))
        .with(Field { editable: false, ..Field::line("fixed", 9) })
        .with(Field::one("writer", to("Writer"), OnDelete::Cascade))
        .with(Field::one("secret", to("Hidden"), OnDelete::Cascade))
        .with(many("tags", through("t_book_tags", None)))
        .with(many("kept", through("t_kept", Some(to("Kept")))));
    let page =
        Model::new("t", "Page").with(Field::line("text", 9)).with(Field::one("book", to("Book"), OnDelete::Cascade));
    let named = |name: &str| Model::new("t", name).with(Field::line("name", 9));
    Schema::new([book, page, named("Writer"), named("Tag"), named("Hidden")])
}

fn resource(schema: &Schema, name: &str, admin: Admin) -> Resource {
    let model = schema.model(&ModelKey::new("t", name)).expect("a model").clone();
    let parts = admin.clone();
    let (actions, columns, panels) = (parts.actions, parts.columns, parts.panels);
    Resource { actions, columns, panels, ..Resource::new(model, Arc::new(admin), true) }
}

/// What is complained of in the admin of books. Writers are registered and not searched; what is hidden is not.
fn complaints(admin: Admin) -> Vec<Problem> {
    let schema = library();
    let unsearched = Options { search_fields: Some(Vec::new()), ..Options::default() };
    let writer = resource(&schema, "Writer", Admin { options: unsearched, ..Admin::default() });
    let tag = resource(&schema, "Tag", Admin::default());
    let book = resource(&schema, "Book", admin);
    let find = |key: &ModelKey| [&writer, &tag].into_iter().find(|resource| resource.model.key == *key);
    of_resource(&schema, &book, &find)
}

fn check_admin(admin: Admin, expected: &[&str]) {
    assert_eq!(codes(&complaints(admin)), expected);
}

fn check_options(options: Options, expected: &[&str]) {
    check_admin(Admin { options, ..Admin::default() }, expected);
}

fn rows(names: &[&str]) -> Vec<Vec<String>> {
    names.iter().map(|&name| vec![name.to_owned()]).collect()
}

#[test]
fn a_good_admin_has_no_problem() {
    check_options(
        Options {
            list_display: names(&["__str__", "name", "printed", "writer"]),
            list_display_links: names(&["__str__"]),
            list_editable: owned(&["name"]),
            search_fields: names(&["^name", "writer__name"]),
            date_hierarchy: Some("printed".into()),
            fieldsets: Some(vec![Fieldset { fields: rows(&["name", "tags"]), ..Fieldset::default() }]),
            raw_id_fields: owned(&["writer"]),
            autocomplete_fields: owned(&["tags"]),
            filter_horizontal: owned(&["tags"]),
            radio_fields: vec![("writer".into(), Direction::Vertical)],
            prepopulated_fields: vec![("name".into(), owned(&["fixed"]))],
            formfield_overrides: vec![("DateTimeField".into(), Widget::DateTimeInput)],
            limit_choices_to: vec![("writer".into(), Filter::All)],
            ..Options::default()
        },
        &[],
    );
}

#[test]
fn every_fault_of_a_changelist_has_its_number() {
    let some = Options { list_display: names(&["name", "printed", "fixed"]), ..Options::default() };
    check_options(Options { search_fields: names(&["nope"]), ..Options::default() }, &["F010"]);
    check_options(Options { list_filter: names(&["name__nope"]), ..Options::default() }, &["F010"]);
    check_options(Options { list_display: names(&["__str__", "nope"]), ..Options::default() }, &["F011"]);
    check_options(Options { ordering: Some(vec![Order::parse("-nope")]), ..Options::default() }, &["F012"]);
    check_options(Options { list_display: names(&["tags"]), ..Options::default() }, &["F015"]);
    check_options(Options { list_display_links: names(&["writer"]), ..some.clone() }, &["F017"]);
    check_options(Options { list_editable: owned(&["nope"]), ..some.clone() }, &["F018"]);
    check_options(Options { list_editable: owned(&["writer"]), ..some.clone() }, &["F019"]);
    let both = Options { list_display_links: names(&["printed"]), ..some.clone() };
    check_options(Options { list_editable: owned(&["printed"]), ..both }, &["F020"]);
    check_options(Options { list_editable: owned(&["name"]), ..some.clone() }, &["F021"]);
    check_options(Options { list_editable: owned(&["fixed"]), ..some.clone() }, &["F022"]);
    check_options(Options { date_hierarchy: Some("nope".into()), ..some.clone() }, &["F023"]);
    check_options(Options { date_hierarchy: Some("name".into()), ..some }, &["F024"]);
}

#[test]
fn every_fault_of_a_form_has_its_number() {
    let usual = Options::default;
    check_options(Options { readonly_fields: owned(&["nope"]), ..usual() }, &["F016"]);
    check_options(Options { raw_id_fields: owned(&["nope", "name"]), ..usual() }, &["F025", "F026"]);
    check_options(Options { autocomplete_fields: owned(&["nope", "name"]), ..usual() }, &["F027", "F028"]);
    check_options(Options { autocomplete_fields: owned(&["secret", "writer"]), ..usual() }, &["F029", "F030"]);
    let set = |names: &[&str]| Fieldset { fields: rows(names), ..Fieldset::default() };
    let both = Options { fields: Some(rows(&["name"])), fieldsets: Some(vec![set(&["name"])]), ..usual() };
    check_options(both, &["F031"]);
    check_options(Options { fields: Some(rows(&["name", "name"])), ..usual() }, &["F032"]);
    check_options(Options { fieldsets: Some(vec![set(&["name"]), set(&["name"])]), ..usual() }, &["F033"]);
    check_options(Options { fields: Some(rows(&["kept"])), ..usual() }, &["F034"]);
    check_options(Options { exclude: owned(&["name", "name"]), ..usual() }, &["F035"]);
    check_options(Options { filter_horizontal: owned(&["nope"]), ..usual() }, &["F036"]);
    check_options(Options { filter_vertical: owned(&["name", "kept"]), ..usual() }, &["F037", "F034"]);
    let radio = |name: &str| vec![(name.to_owned(), Direction::Horizontal)];
    check_options(Options { radio_fields: radio("nope"), ..usual() }, &["F038"]);
    check_options(Options { radio_fields: radio("name"), ..usual() }, &["F039"]);
    let filled = |name: &str, from: &str| vec![(name.to_owned(), owned(&[from]))];
    check_options(Options { prepopulated_fields: filled("nope", "name"), ..usual() }, &["F040"]);
    check_options(Options { prepopulated_fields: filled("writer", "name"), ..usual() }, &["F041"]);
    check_options(Options { prepopulated_fields: filled("name", "nope"), ..usual() }, &["F042"]);
    check_options(Options { fieldsets: Some(vec![set(&["nope"])]), ..usual() }, &["F044"]);
    check_options(Options { formfield_overrides: vec![("nope".into(), Widget::Textarea)], ..usual() }, &["F045"]);
    check_options(Options { limit_choices_to: vec![("name".into(), Filter::All)], ..usual() }, &["F046"]);
}

#[test]
fn every_fault_of_an_inline_has_its_number() {
    let inline = |model: &str, fk_field: &str| Inline::new(ModelKey::new("t", model), fk_field);
    let with = |inlines: Vec<Inline>| Options { inlines, ..Options::default() };
    check_options(with(vec![inline("Page", "book")]), &[]);
    check_options(with(vec![inline("Nope", "book"), inline("Page", "text")]), &["F013", "F013"]);
    check_options(with(vec![Inline { exclude: owned(&["book"]), ..inline("Page", "book") }]), &["F043"]);
    let told = complaints(Admin {
        options: with(vec![Inline { raw_id_fields: owned(&["nope"]), ..inline("Page", "book") }]),
        ..Admin::default()
    });
    assert_eq!(told[0].to_string(), "F025 t.Book.inlines: t.Page, raw_id_fields: 'nope' is no field");
}

#[test]
fn every_fault_of_what_an_admin_has_beside_its_options_has_its_number() {
    let action = || Action::batch("a", "", |_, _| Box::pin(async { Ok(Outcome::Done) }));
    check_admin(Admin { actions: vec![action(), action()], ..Admin::default() }, &["F014"]);
    let panel = || Panel::new("p", |_, _| Box::pin(async { Ok(serde_json::Value::Null) }));
    check_admin(Admin { panels: vec![panel(), panel()], ..Admin::default() }, &["F047"]);
    let column = |name: &str| Column::of_row(name, "", |row| row.key().clone());
    check_admin(Admin { columns: vec![column("name")], ..Admin::default() }, &["F047"]);
    check_admin(Admin { columns: vec![column("c").ordered_by("nope")], ..Admin::default() }, &["F049"]);
    let count = |field: &str| Column::count("c", "", ModelKey::new("t", "Page"), field);
    check_admin(Admin { columns: vec![count("book")], ..Admin::default() }, &[]);
    check_admin(Admin { columns: vec![count("text")], ..Admin::default() }, &["F049"]);
    let view = |name: &str, path: &str| View { name: name.into(), label: String::new(), path: path.into() };
    let with = |view| Options { views: vec![view], ..Options::default() };
    check_options(with(view("t_book_report", "report/")), &[]);
    check_options(with(view("report", "/report/")), &["F048", "F048"]);
}

#[test]
fn every_fault_of_a_search_has_its_number() {
    use crate::search::{Alike, Beginnings, Class, SearchIndex, Weights};
    use crate::store::Dialect;

    let schema = library();
    let book = schema.model(&ModelKey::new("t", "Book")).expect("a model").clone();
    let resource = Resource::new(book, Arc::new(Options::default()), false);
    let find = |key: &ModelKey| (*key == resource.model.key).then_some(&resource);
    let check = |searches: &[SearchIndex], expected: &[&str]| {
        assert_eq!(codes(&of_searches(&schema, searches, Dialect::Sqlite, &find)), expected);
    };
    let bare = || SearchIndex::new("books", ModelKey::new("t", "Book"));
    let books = || bare().text("name", Class::A);
    check(&[books().text("writer__name", Class::B).boost("id", 0.1).alike(Alike::new(&["name"]))], &[]);
    check(&[books(), books()], &["F050"]);
    check(&[SearchIndex { name: "a b".into(), ..books() }], &["F050"]);
    check(&[SearchIndex { model: ModelKey::new("t", "Nope"), ..books() }], &["F051"]);
    check(&[bare()], &["F051"]);
    check(&[books().text("nope", Class::A), books().text("tags__name", Class::A)], &["F050", "F052", "F052"]);
    check(&[books().text("printed", Class::A).boost("name", 1.0)], &["F053", "F053"]);
    check(&[SearchIndex { limit: 0, weights: Weights([2.0; 4]), ..books() }], &["F054", "F054"]);
    let backwards = Beginnings { shortest: 5, longest: 3 };
    check(&[books().alike(Alike { least: 0.0, ..Alike::new(&[]) }).beginnings(backwards)], &["F054", "F054"]);
    check(&[SearchIndex { language: "klingon".into(), ..books() }], &["F055"]);
    check(&[SearchIndex { language: "x'y".into(), ..books() }], &["F055"]);
}

#[test]
fn every_fault_of_a_feed_has_its_number() {
    use crate::feed::{Begin, Content, Feed, Gives, Joined, Part, Rule, Score, Source, State, Step};
    use crate::search::{Class, SearchIndex};
    use crate::store::Dialect;

    let named = |name: &str| Model::new("t", name).with(Field::line("name", 9).unique());
    let page = Model::new("t", "Page").with(Field::one("book", ModelKey::new("t", "Book"), OnDelete::Cascade));
    let book = named("Book")
        .with(Field::int("number"))
        .with(Field::truth("good"))
        .with(Field::new("printed", FieldKind::DateTime))
        .with(Field::line("code", 9).secret());
    let found = named("Found")
        .with(Field::line("kind", 9))
        .with(Field::int("weight"))
        .with(Field::new("seen", FieldKind::DateTime));
    let schema = Schema::new([book, page, named("Other"), found]);
    let model = schema.model(&ModelKey::new("t", "Found")).expect("a model").clone();
    let resource = Resource::new(model, Arc::new(Options::default()), false);
    let find = |key: &ModelKey| (*key == resource.model.key).then_some(&resource);
    let codes_of = |feed: Feed| {
        let index = SearchIndex::new("found", ModelKey::new("t", "Found")).text("name", Class::A).fed_by(feed);
        let problems = of_searches(&schema, &[index], Dialect::Sqlite, &find);
        problems.iter().map(|problem| format!("{} {}", problem.code, problem.place)).collect::<Vec<_>>()
    };
    let kind = |value: &str| Content::Constant(Value::from(value));
    let books = || Source::new("books", ModelKey::new("t", "Book")).path("name", "name").with("kind", kind("book"));
    let others = || Source::new("others", ModelKey::new("t", "Other")).path("name", "name").with("kind", kind("other"));
    let key = || vec!["kind".to_owned(), "name".to_owned()];
    let feed = |sources| Feed { key: key(), sources, ..Feed::default() };
    let one = |source| feed(vec![source]);
    let path = |path: &str| Content::Part(Part::Path(path.to_owned()));
    let count = |path: &str| Content::Part(Part::Count(path.to_owned()));
    let seen = |feed: Feed| Feed { modified: Some("seen".to_owned()), ..feed };
    let check = |feed: Feed, expected: &[&str]| assert_eq!(codes_of(seen(feed)), expected);
    check(feed(vec![books().with("weight", count("page")), others().path("weight", "pk")]), &[]);

    check(Feed { key: Vec::new(), ..one(books()) }, &["F056 found.feed"]);
    check(Feed { key: vec!["weight".to_owned()], ..one(books()) }, &["F056 found.feed.books.weight"]);
    check(Feed { key: vec!["kind".to_owned()], ..one(books()) }, &["F056 found.feed.books"]);
    check(feed(vec![books(), Source { columns: books().columns, ..others() }]), &["F056 found.feed"]);
    check(feed(Vec::new()), &["F057 found.feed"]);
    check(feed(vec![books(), Source { name: "books".into(), ..others() }]), &["F057 found.feed"]);
    check(one(Source { model: ModelKey::new("t", "Nope"), ..books() }), &["F057 found.feed"]);
    check(one(Source { model: ModelKey::new("t", "Found"), ..books() }), &["F057 found.feed"]);
    check(one(books().path("nope", "name")), &["F058 found.feed.books.nope"]);
    check(Feed { created: Some("name".into()), ..one(books()) }, &["F058 found.feed"]);
    let late = || books().path("seen", "printed");
    check(one(late()), &["F058 found.feed"]);
    assert_eq!(codes_of(feed(vec![late(), others()])), ["F058 found.feed.others.seen"]);
    for content in [path("nope"), path("page__id"), path("code"), count("name"), count("nope")] {
        check(one(books().with("weight", content)), &["F059 found.feed.books.weight"]);
    }
    let joined = |path: &str| Joined { path: path.to_owned(), separator: String::new(), order: Vec::new() };
    check(one(books().with("weight", Content::Part(Part::Joined(joined("name"))))), &["F059 found.feed.books.weight"]);
    for content in [path("printed"), kind("heavy"), Content::Part(Part::Joined(joined("page__id")))] {
        check(one(books().with("weight", content)), &["F060 found.feed.books.weight"]);
    }

    let rule = |of: &str, gives| Rule { of: Some(Part::Path(of.to_owned())), gives };
    let score = |rule| Content::Score(Score { rules: vec![rule], ..Score::default() });
    let number = |per, most| Gives::Number { per, most };
    let age = |steps: &[(f64, f64)]| {
        Gives::Age(steps.iter().map(|(days, points)| Step { days: *days, points: *points }).collect())
    };
    for (fine, rule) in [
        (true, rule("number", number(Some(10.0), Some(20.0)))),
        (false, rule("name", number(None, None))),
        (false, rule("number", number(Some(0.0), None))),
        (false, rule("number", number(None, Some(-1.0)))),
        (true, rule("printed", age(&[(1.0, 5.0), (2.0, 1.0)]))),
        (false, rule("printed", age(&[(2.0, 5.0), (1.0, 1.0)]))),
        (false, rule("printed", age(&[]))),
        (false, rule("number", age(&[(1.0, 1.0)]))),
        (true, rule("good", Gives::Points(State::True, 1.0))),
        (false, rule("name", Gives::Points(State::True, 1.0))),
        (false, rule("good", Gives::Points(State::Blank, 1.0))),
        (false, rule("good", Gives::Points(State::Any, 1.0))),
        (false, rule("good", Gives::Less(State::True, 6.0))),
        (false, Rule { of: None, gives: Gives::Points(State::Null, 1.0) }),
    ] {
        let expected: &[&str] = if fine { &[] } else { &["F061 found.feed.books.weight"] };
        check(one(books().with("weight", score(rule))), expected);
    }
    let begin = |source: &str| {
        let begin = Some(Begin { source: source.to_owned(), otherwise: 1.0 });
        Content::Score(Score { begin, ..Score::default() })
    };
    let weighed = || books().path("weight", "number");
    check(feed(vec![weighed(), others().with("weight", begin("books"))]), &[]);
    check(feed(vec![others().with("weight", begin("books")), weighed()]), &["F061 found.feed.others.weight"]);
    check(one(books().with("weight", Content::Score(Score::default()))), &["F061 found.feed.books.weight"]);
    let twice = ["F058", "F061", "F060"].map(|code| format!("{code} found.feed.books.name"));
    check(one(books().with("name", begin("books"))), &twice.each_ref().map(String::as_str));
}

#[test]
fn numbers_are_unique_and_sorted() {
    assert!(NUMBERS.windows(2).all(|pair| pair[0].0 < pair[1].0));
}
