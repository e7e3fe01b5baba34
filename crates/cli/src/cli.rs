//! The command line.

use clap::{Args, Parser, Subcommand};

use crate::config::Flags;

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
