//! The reference pages name what the program knows: keys of the configuration, commands with their flags, numbers.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

const CONFIGURATION: &str = include_str!("../../../docs/configuration.md");
const PROBLEMS: &str = include_str!("../../../docs/problems.md");
const COMMANDS: &str = include_str!("../../../docs/commands.md");
/// Where keys are read.
const READERS: [&str; 14] = [
    include_str!("../src/config.rs"),
    include_str!("../src/config/conjure.rs"),
    include_str!("../src/config/django_admin.rs"),
    include_str!("../src/config/feed.rs"),
    include_str!("../src/config/files.rs"),
    include_str!("../src/config/frontend.rs"),
    include_str!("../src/config/limits.rs"),
    include_str!("../src/config/litestar.rs"),
    include_str!("../src/config/mail.rs"),
    include_str!("../src/config/model.rs"),
    include_str!("../src/config/options.rs"),
    include_str!("../src/config/packages.rs"),
    include_str!("../src/config/parts.rs"),
    include_str!("../src/config/search.rs"),
];
/// What reads a table, and the heading under which its keys are described.
const TABLES: [(&str, &str); 50] = [
    ("SiteSection", "[site]"),
    ("ServerSection", "[server]"),
    ("DatabaseSection", "[database]"),
    ("AccountsSection", "[accounts]"),
    ("LimitsSection", "[limits]"),
    ("LimitWritten", "[limits.SCOPE]"),
    ("RedisSection", "[limits.redis]"),
    ("MailSection", "[mail]"),
    ("ConjureSection", "[contracts.conjure]"),
    ("DjangoAdminSection", "[contracts.django_admin]"),
    ("FrontendSection", "[contracts.django_admin.frontend]"),
    ("IconWritten", "[[contracts.django_admin.frontend.icons]]"),
    ("GroupWritten", "[[contracts.django_admin.groups]]"),
    ("LitestarSection", "[contracts.litestar]"),
    ("LitestarFilesWritten", "[contracts.litestar.files]"),
    ("S3Written", "[contracts.litestar.files.s3]"),
    ("ThumbnailsWritten", "[contracts.litestar.files.thumbnails]"),
    ("ResetSection", "[contracts.litestar.reset]"),
    ("OauthSection", "[contracts.litestar.oauth]"),
    ("ProviderWritten", "[[contracts.litestar.oauth.providers]]"),
    ("LitestarWidgetWritten", "[[contracts.litestar.widgets]]"),
    ("LitestarPageWritten", "[[contracts.litestar.pages]]"),
    ("LitestarLinkWritten", "[[contracts.litestar.links]]"),
    ("LitestarEmbedWritten", "[[contracts.litestar.embeds]]"),
    ("LitestarModelWritten", "[model.litestar]"),
    ("PackagesSection", "[contracts.packages]"),
    ("CollectionWritten", "[[contracts.packages.collection]]"),
    ("PublishedLookupWritten", "lookup"),
    ("PublishedFieldWritten", "fields"),
    ("ModelWritten", "[[model]]"),
    ("UniqueWritten", "[[model.unique]]"),
    ("OptionsWritten", "[model.CONTRACT]"),
    ("FieldsetWritten", "fieldsets"),
    ("InlineWritten", "inlines"),
    ("ColumnWritten", "[[model.column]]"),
    ("FilterWritten", "[[model.filter]]"),
    ("LookupWritten", "lookups"),
    ("PanelWritten", "[[model.panel]]"),
    ("PartWritten", "parts"),
    ("ViewWritten", "[[model.view]]"),
    ("FieldWritten", "[model.field.NAME]"),
    ("ThroughWritten", "through"),
    ("ActionWritten", "[[model.action]]"),
    ("MessageWritten", "messages"),
    ("WidgetWritten", "[[widget]]"),
    ("SearchWritten", "[search.NAME]"),
    ("FeedWritten", "[search.NAME.feed]"),
    ("SourceWritten", "[[search.NAME.feed.source]]"),
    ("FilledWritten", "columns"),
    ("RuleWritten", "rules"),
];
/// The keys that every view without a model has.
const HEADING: [&str; 5] = ["name", "identity", "icon", "category", "permission"];
/// What is read as a table of its own and has a heading instead of a row.
const NESTED: [(&str, &str); 13] = [
    ("ModelWritten", "field"),
    ("ModelWritten", "action"),
    ("ModelWritten", "column"),
    ("ModelWritten", "filter"),
    ("ModelWritten", "panel"),
    ("ModelWritten", "view"),
    ("ModelWritten", "conjure"),
    ("ModelWritten", "django_admin"),
    ("ModelWritten", "litestar"),
    ("ModelWritten", "unique"),
    ("PackagesSection", "collection"),
    ("SearchWritten", "feed"),
    ("FeedWritten", "source"),
];

/// The part of a page under the heading `## \`NAME\``.
fn section<'p>(page: &'p str, name: &str) -> &'p str {
    let heading = format!("\n## `{name}`\n");
    let at = page.find(&heading).unwrap_or_else(|| panic!("no heading for {name}"));
    let rest = &page[at + heading.len()..];
    rest.split("\n##").next().unwrap()
}

/// What stands in backquotes in the first cells of its tables.
fn rows(section: &str) -> BTreeSet<&str> {
    let cells = section.lines().filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    cells.flat_map(|cell| cell.split('`').step_by(2)).filter(|name| !name.is_empty()).collect()
}

/// The keys that are asked for where a table is read.
fn keys(table: &str) -> BTreeSet<&'static str> {
    let start = format!("\nimpl {table} {{\n");
    let body = READERS.iter().find_map(|source| source.split(&start).nth(1)).unwrap().split("\n}\n").next().unwrap();
    let inlines = body.contains("inlines(reader)").then_some("inlines");
    let heading = body.contains("heading(reader)").then_some(HEADING).into_iter().flatten();
    body.split("reader").skip(1).filter_map(asked).chain(inlines).chain(heading).collect()
}

/// The key in `.text("key")` and its like; complaints are no questions.
fn asked(call: &'static str) -> Option<&'static str> {
    let (method, rest) = call.trim_start().strip_prefix('.')?.split_once('(')?;
    let key = rest.strip_prefix('"')?.split('"').next()?;
    (!method.starts_with("complain")).then_some(key)
}

#[test]
fn every_key_of_the_configuration_is_on_its_page() {
    for (table, heading) in TABLES {
        let known: BTreeSet<_> = keys(table).into_iter().filter(|key| !NESTED.contains(&(table, key))).collect();
        assert!(!known.is_empty(), "{table} reads nothing");
        assert_eq!(rows(section(CONFIGURATION, heading)), known, "{table}");
    }
}

#[test]
fn every_table_of_the_configuration_is_looked_at() {
    let impls = READERS.iter().flat_map(|source| source.split("\nimpl ").skip(1));
    let readers = impls.filter(|body| body.contains("reader: &mut Reader")).filter_map(|body| body.split(' ').next());
    let known: BTreeSet<_> = TABLES.iter().map(|(table, _)| *table).chain(["Written"]).collect();
    assert_eq!(readers.collect::<BTreeSet<_>>(), known);
}

/// What `--help` says of a command.
fn help(words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_factotum")).args(words).arg("--help").output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The names of the commands below a command.
fn commands(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    lines.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

/// The long flags that a text names, each with its two hyphens.
fn flags(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    words.filter(|word| word.len() > 2 && word.starts_with("--")).map(str::to_owned).collect()
}

fn check(words: &[&str]) {
    let help = help(words);
    let below = commands(&help);
    for name in &below {
        check(&words.iter().copied().chain([name.as_str()]).collect::<Vec<_>>());
    }
    if !below.is_empty() {
        return;
    }
    let options: String = help.lines().filter(|line| line.trim_start().starts_with('-')).collect::<Vec<_>>().join("\n");
    let known: BTreeSet<_> = flags(&options).into_iter().filter(|flag| flag != "--help").collect();
    let told = rows(section(COMMANDS, &words.join(" "))).into_iter().flat_map(flags).collect::<BTreeSet<_>>();
    assert_eq!(told, known, "{words:?}");
}

#[test]
fn every_command_is_on_its_page_with_its_flags() {
    check(&[]);
}

/// The numbers of complaints, as `"C001"`, in the sources below a folder.
fn numbers(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            numbers(&path, found);
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        let digits = source.split("\"C").skip(1).filter_map(|rest| rest.split('"').next());
        let numbers = digits.filter(|digits| digits.len() == 3 && digits.bytes().all(|digit| digit.is_ascii_digit()));
        found.extend(numbers.map(|digits| format!("C{digits}")));
    }
}

#[test]
fn every_number_of_a_complaint_is_on_its_page() {
    let mut known = BTreeSet::new();
    numbers(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut known);
    let rows = PROBLEMS.lines().filter_map(|line| line.strip_prefix("| C")?.split(' ').next());
    assert_eq!(rows.map(|digits| format!("C{digits}")).collect::<BTreeSet<_>>(), known);
}
