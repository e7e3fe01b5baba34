//! The recorded conversations, played in-process on SQLite and PostgreSQL: one test per file and database.
//!
//! PostgreSQL is the server that `FACTOTUM_TEST_POSTGRES` names; without it those tests say so, and fail in CI.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking and speaks on the terminal")]

mod player;

use player::conversation::{Conversation, folder};
use player::database::{Database, Kind, SHOP, Seed};

/// The directory of packages: a site that is nothing but a file.
const PACKAGES: Seed = Seed {
    folder: "packages",
    sqlite: "packages.sql",
    postgres: "packages.sql",
    // What `factotum search rebuild` would make: without it nothing is found that is only like the question.
    on_postgres: "CREATE EXTENSION pg_trgm;\n",
};
const PACKAGES_SITE: &str = include_str!("../../packages/factotum.toml");

/// Declares a module per folder with two tests per file, and the list of files to compare with the folder.
macro_rules! conversations {
    ($folder:literal, $module:ident, $jwt:literal, $($name:ident = $file:literal),+ $(,)?) => {
        mod $module {
            pub(super) const FILES: &[&str] = &[$($file),+];

            mod sqlite {
                $(#[test] fn $name() { crate::check($folder, $file, $jwt, crate::Kind::Sqlite); })+
            }
            mod postgres {
                $(#[test] fn $name() { crate::check($folder, $file, $jwt, crate::Kind::Postgres); })+
            }
        }
    };
}

conversations! { "conjure", conjure, false,
    actions_widgets = "actions-widgets",
    audit = "audit",
    auth_session = "auth-session",
    autocomplete_related = "autocomplete-related",
    bulk = "bulk",
    create = "create",
    filters = "filters",
    forms = "forms",
    list_pages = "list-pages",
    permissions = "permissions",
    retrieve = "retrieve",
    schema = "schema",
    update_delete = "update-delete",
    validation = "validation",
}

conversations! { "conjure-jwt", conjure_jwt, true,
    login = "login",
    tokens = "tokens",
}

conversations! { "conjure-databases", conjure_databases, false,
    limits = "limits",
}

conversations! { "conjure-decisions", conjure_decisions, false,
    bulk = "bulk",
    filters = "filters",
    paths = "paths",
    writes = "writes",
}

conversations! { "conjure-jwt-decisions", conjure_jwt_decisions, true,
    refresh = "refresh",
}

conversations! { "django-admin", django_admin, false,
    auth = "01-auth",
    registry = "02-registry",
    routing = "03-routing",
    list = "04-list",
    filters = "05-filters",
    ordering_dates = "06-ordering-dates",
    every_list = "07-every-list",
    detail = "08-detail",
    forms = "09-forms",
    create = "10-create",
    create_errors = "11-create-errors",
    update = "12-update",
    inlines = "13-inlines",
    bulk = "14-bulk",
    delete = "15-delete",
    actions = "16-actions",
    autocomplete = "17-autocomplete",
    history = "18-history",
    password = "19-password",
    files = "20-files",
    permissions = "21-permissions",
    panels_schema = "22-panels-schema",
}

conversations! { "django-admin-decisions", django_admin_decisions, false,
    aliases = "aliases",
    contracts = "contracts",
    deletes = "deletes",
    history = "history",
    if_match = "if-match",
    keys = "keys",
    passwords = "passwords",
    people = "people",
    questions = "questions",
    refusals = "refusals",
    sight = "sight",
    values = "values",
}

conversations! { "litestar", litestar, false,
    auth = "auth",
    bulk = "bulk",
    create = "create",
    dashboard = "dashboard",
    delete = "delete",
    export = "export",
    import = "import",
    models_list = "models-list",
    openapi = "openapi",
    permissions = "permissions",
    ratelimit = "ratelimit",
    records = "records",
    relationships = "relationships",
    schema = "schema",
    update = "update",
    users_settings = "users-settings",
    views = "views",
}

conversations! { "litestar-decisions", litestar_decisions, false,
    columns = "columns",
    people = "people",
    settings = "settings",
    transfer = "transfer",
}

conversations! { "packages", packages, false,
    categories = "categories",
    formats = "formats",
    grids = "grids",
    hosts = "hosts",
    packages = "packages",
    root_and_methods = "root-and-methods",
    search = "search",
}

/// Plays one file on a database of its own and panics with every difference.
fn check(folder: &str, file: &str, jwt: bool, kind: Kind) {
    let conversation = Conversation::read(folder, file, kind);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let faults = runtime.block_on(async {
        let published = folder == "packages";
        let database = Database::fresh(if published { PACKAGES } else { SHOP }, kind).await?;
        let media = tempfile::tempdir().unwrap();
        let app = if published {
            factotum_cli::app(PACKAGES_SITE, database.url(), &factotum_cli::Plain).await.unwrap()
        } else {
            shop::app(database.url(), jwt, media.path()).await.unwrap()
        };
        let faults = conversation.play(app).await;
        database.remove().await;
        Some(faults)
    });
    match faults {
        None => println!("not run: FACTOTUM_TEST_POSTGRES names no server"),
        Some(faults) => assert!(faults.is_empty(), "{} differences:\n{}", faults.len(), faults.join("\n")),
    }
}

#[test]
fn every_file_of_a_folder_is_played() {
    let played = [
        ("conjure", conjure::FILES),
        ("conjure-jwt", conjure_jwt::FILES),
        ("conjure-databases", conjure_databases::FILES),
        ("conjure-decisions", conjure_decisions::FILES),
        ("conjure-jwt-decisions", conjure_jwt_decisions::FILES),
        ("django-admin", django_admin::FILES),
        ("django-admin-decisions", django_admin_decisions::FILES),
        ("litestar", litestar::FILES),
        ("litestar-decisions", litestar_decisions::FILES),
        ("packages", packages::FILES),
    ];
    for (name, files) in played {
        let mut found: Vec<String> =
            std::fs::read_dir(folder(name)).unwrap().map(|entry| file_stem(&entry.unwrap())).collect();
        found.sort();
        assert_eq!(found, files, "the folder {name}");
    }
}

#[test]
fn every_change_of_a_recording_names_a_step_and_a_reason() {
    let overlays = [player::conversation::decided(), player::conversation::overlay()];
    for (path, changes) in overlays.into_iter().flat_map(|overlay| overlay.steps) {
        let (name, file) = path.split_once('/').unwrap();
        let recorded = Conversation::read(name, file, Kind::Sqlite);
        for (id, change) in changes {
            assert!(recorded.has_step(&id), "{path} has no step {id}");
            assert!(change.reason.len() > 20, "{path} {id} needs a reason");
        }
    }
}

fn file_stem(entry: &std::fs::DirEntry) -> String {
    entry.path().file_stem().unwrap().to_string_lossy().into_owned()
}
