//! The command line.

use clap::{Args, Parser, Subcommand};
use factotum::accounts::roles::ROLES;

use crate::config::Flags;
use crate::config::resolve::Door;

/// What was typed.
#[derive(Debug, Parser)]
#[command(version, subcommand_required = true, arg_required_else_help = true, disable_help_subcommand = true)]
pub(crate) struct Line {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve a shop with some data, to try things out; needs nothing
    #[command(after_help = "Examples:\n  factotum demo\n  factotum demo --listen 127.0.0.1:9000 --keep demo.sqlite3")]
    Demo {
        /// Where to listen
        #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8000")]
        listen: String,
        /// Keep the database in this file, and go on with it if it is there
        #[arg(long, value_name = "FILE")]
        keep: Option<std::path::PathBuf>,
    },
    /// Serve the site
    #[command(
        after_help = "Examples:\n  factotum serve --database sqlite:shop.sqlite3\n  factotum serve --config factotum.toml --listen 0.0.0.0:8000\n  DATABASE_URL=postgres://user@db/shop factotum serve\n\nFlags go before the environment (FACTOTUM__SECTION__KEY, DATABASE_URL, PORT), that before the file, that before the defaults."
    )]
    Serve {
        #[command(flatten)]
        common: Common,
        /// Where to listen
        #[arg(long, value_name = "HOST:PORT")]
        listen: Option<String>,
        /// Print the configuration as it came together, secrets masked, and end
        #[arg(long)]
        print_config: bool,
    },
    /// Write a commented factotum.toml from a database, which is only read
    #[command(
        after_help = "Examples:\n  factotum init sqlite:shop.sqlite3\n  factotum init postgres://user@db/shop --output shop.toml"
    )]
    Init {
        /// The database
        #[arg(value_name = "URL")]
        url: Option<String>,
        /// The database, as for the other commands
        #[arg(long, value_name = "URL", conflicts_with = "url")]
        database: Option<String>,
        /// The file to write; - for standard output
        #[arg(short, long, value_name = "FILE", default_value = "factotum.toml")]
        output: String,
        /// Write over a file that is there
        #[arg(long)]
        force: bool,
    },
    /// Compare the configuration with the database and list every problem
    #[command(
        after_help = "Examples:\n  factotum check\n  factotum check --config shop.toml --database sqlite:shop.sqlite3"
    )]
    Check {
        #[command(flatten)]
        common: Common,
    },
    /// Make the tables for accounts, sessions and history where they are missing
    #[command(after_help = "Examples:\n  factotum migrate --database sqlite:new.sqlite3")]
    Migrate {
        #[command(flatten)]
        common: Common,
    },
    /// Make users, list them, set passwords
    #[command(
        after_help = "Examples:\n  factotum user create ann --superuser --database sqlite:shop.sqlite3\n  factotum user passwd ann --password-stdin < secret\n  factotum user list"
    )]
    User {
        #[command(subcommand)]
        command: User,
    },
    /// Write the rows of a model to a file, as CSV, JSON or XLSX
    #[command(
        after_help = "Examples:\n  factotum export shop.Product --output products.csv\n  factotum export product --format json --ids 7,2 | jq .\n  factotum export Order --columns number,total --output orders.xlsx\n\nTexts that a spreadsheet would run (= + - @) get a ' in front in CSV, which import takes away again; --raw leaves them as they are."
    )]
    Export(Export),
    /// Make rows of a CSV file
    #[command(
        after_help = "Examples:\n  factotum import shop.Tag tags.csv --dry-run\n  factotum import product new.csv --map 'Article no.=sku' --map 'Remarks='\n  factotum import Order - --delimiter ';' --all-or-nothing < orders.csv\n\nEvery row is checked as a form would check it. Empty cells take the field's initial value. Exit code 1 says that rows were refused."
    )]
    Import(Import),
    /// Print the schema of all models as JSON
    #[command(
        after_help = "Examples:\n  factotum schema --database sqlite:shop.sqlite3\n  factotum schema -o schema.json --indent 0"
    )]
    Schema {
        #[command(flatten)]
        common: Common,
        /// The file to write
        #[arg(short, long, value_name = "FILE")]
        output: Option<std::path::PathBuf>,
        /// Blanks for each level
        #[arg(long, value_name = "N", default_value_t = 2)]
        indent: usize,
    },
    /// Print the OpenAPI document of a contract
    #[command(
        after_help = "Examples:\n  factotum openapi django_admin --database sqlite:shop.sqlite3\n  factotum openapi litestar -o litestar.json"
    )]
    Openapi {
        /// The contract
        contract: Door,
        #[command(flatten)]
        common: Common,
        /// The file to write
        #[arg(short, long, value_name = "FILE")]
        output: Option<std::path::PathBuf>,
        /// Blanks for each level
        #[arg(long, value_name = "N", default_value_t = 2)]
        indent: usize,
    },
    /// Make what serves the declared searches, look at it, take it away
    #[command(
        after_help = "Examples:\n  factotum search status\n  factotum search rebuild\n  factotum search rebuild books --triggers\n  factotum search feed books"
    )]
    Search {
        #[command(subcommand)]
        command: Search,
    },
    /// Print completions for a shell
    #[command(after_help = "Examples:\n  factotum completions bash > /etc/bash_completion.d/factotum")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// What can be done with users.
#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Make a user who may sign in
    #[command(
        after_help = "Examples:\n  factotum user create ann --superuser\n  echo secret-words | factotum user create bob --email bob@example.com --password-stdin"
    )]
    Create {
        /// The name to sign in with
        name: String,
        /// The address
        #[arg(long, default_value = "")]
        email: String,
        /// The first name
        #[arg(long, default_value = "")]
        first_name: String,
        /// The last name
        #[arg(long, default_value = "")]
        last_name: String,
        /// Grant everything
        #[arg(long)]
        superuser: bool,
        /// Do not let them into the admin
        #[arg(long, conflicts_with = "superuser")]
        not_staff: bool,
        /// Make somebody of the litestar contract with this role; the name is the address to sign in with
        #[arg(long, value_name = "ROLE", value_parser = ROLES, conflicts_with_all = ["superuser", "not_staff", "email", "last_name"])]
        role: Vec<String>,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        common: Common,
    },
    /// Set somebody's password, which ends all their sessions
    #[command(
        after_help = "Examples:\n  factotum user passwd ann\n  factotum user passwd ann --password-stdin < secret"
    )]
    Passwd {
        /// The name to sign in with
        name: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        common: Common,
    },
    /// List users
    #[command(after_help = "Examples:\n  factotum user list --database sqlite:shop.sqlite3")]
    List {
        #[command(flatten)]
        common: Common,
    },
}

/// What can be done with searches.
#[derive(Debug, Subcommand)]
pub(crate) enum Search {
    /// Make the indexes of searches anew
    #[command(after_help = "Examples:\n  factotum search rebuild\n  factotum search rebuild books --triggers")]
    Rebuild {
        /// The searches; all if none is named
        names: Vec<String>,
        /// Put triggers on the tables that keep the index in step (SQLite)
        #[arg(long)]
        triggers: bool,
        #[command(flatten)]
        common: Common,
    },
    /// Tell whether searches have an index, and whether it is in step
    #[command(after_help = "Examples:\n  factotum search status --database sqlite:shop.sqlite3")]
    Status {
        /// The searches; all if none is named
        names: Vec<String>,
        #[command(flatten)]
        common: Common,
    },
    /// Fill the tables of searches from the sources of their feeds
    #[command(
        after_help = "Examples:\n  factotum search feed\n  factotum search feed books --dry-run\n  factotum search feed books --at 2025-03-15T12:00:00Z"
    )]
    Feed {
        /// The searches; all that have a feed if none is named
        names: Vec<String>,
        /// Only say what would be done
        #[arg(long)]
        dry_run: bool,
        /// The moment from which ages are counted, instead of the present one
        #[arg(long, value_name = "MOMENT")]
        at: Option<jiff::Timestamp>,
        #[command(flatten)]
        common: Common,
    },
    /// Take away the indexes and triggers of searches
    #[command(after_help = "Examples:\n  factotum search remove books")]
    Remove {
        /// The searches; all if none is named
        names: Vec<String>,
        #[command(flatten)]
        common: Common,
    },
}

impl Search {
    pub(crate) fn names(&self) -> &[String] {
        let (Search::Rebuild { names, .. }
        | Search::Status { names, .. }
        | Search::Feed { names, .. }
        | Search::Remove { names, .. }) = self;
        names
    }

    pub(crate) fn common(&self) -> &Common {
        let (Search::Rebuild { common, .. }
        | Search::Status { common, .. }
        | Search::Feed { common, .. }
        | Search::Remove { common, .. }) = self;
        common
    }
}

/// What an export is told.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The model: app.Name, Name, or its table
    pub(crate) model: String,
    /// csv, json or xlsx; by the end of the file's name if not said, else csv
    #[arg(short, long, value_name = "FORMAT", value_parser = ["csv", "json", "xlsx"])]
    pub(crate) format: Option<String>,
    /// The file to write; standard output if not said
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<std::path::PathBuf>,
    /// Only the rows with these keys; unknown ones are left out
    #[arg(long, value_name = "KEY", value_delimiter = ',')]
    pub(crate) ids: Vec<String>,
    /// The columns, in this order; all that are not hidden if not said
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) columns: Vec<String>,
    /// Leave texts as they are that a spreadsheet would run
    #[arg(long)]
    pub(crate) raw: bool,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// What an import is told.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The model: app.Name, Name, or its table
    pub(crate) model: String,
    /// The file; - for standard input
    pub(crate) file: String,
    /// A column of the file and the field that it fills, or none to leave it out; for each that has another name
    #[arg(long, value_name = "CSV=FIELD")]
    pub(crate) map: Vec<String>,
    /// Check every row and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// What stands between values, or the word tab; guessed if not said
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter)]
    pub(crate) delimiter: Option<u8>,
    /// Import nothing if any row is refused
    #[arg(long)]
    pub(crate) all_or_nothing: bool,
    /// Take texts that begin with ' as they are
    #[arg(long)]
    pub(crate) raw: bool,
    /// Whose doing it is: what they may not do is refused, and the history names them
    #[arg(long, value_name = "NAME")]
    pub(crate) user: Option<String>,
    #[command(flatten)]
    pub(crate) common: Common,
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text {
        "tab" | "\\t" => Ok(b'\t'),
        _ => match text.as_bytes() {
            [byte] if byte.is_ascii() && !b"\"\r\n\0".contains(byte) => Ok(*byte),
            _ => Err("one character of ASCII, or the word tab".to_owned()),
        },
    }
}

/// What nearly every command is told.
#[derive(Debug, Clone, Args)]
pub(crate) struct Common {
    /// The configuration; factotum.toml in this folder if it is there
    #[arg(short, long, value_name = "FILE")]
    pub(crate) config: Option<String>,
    /// The database: sqlite:PATH or postgres://…
    #[arg(short, long, value_name = "URL")]
    pub(crate) database: Option<String>,
}

impl Common {
    pub(crate) fn flags(&self) -> Flags {
        Flags { config: self.config.clone(), database: self.database.clone(), listen: None }
    }
}
