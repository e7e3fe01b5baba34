//! `user`: people are made, listed, and given passwords.

use std::io::{BufRead, IsTerminal};

use factotum::accounts::admin_users::NewAdminUser;
use factotum::accounts::django::DjangoAccounts;
use factotum::accounts::django::users::{Listed, NewUser};
use factotum::accounts::roles::SUPERADMIN;
use factotum::{Error, Value};

use super::{block_on, say, written};
use crate::Program;
use crate::cli::{Common, User};
use crate::config::resolve::{self, litestar};
use crate::ground::{self, Access};
use crate::stop::{Stop, failed};

/// The fewest characters of a password of the litestar contract.
const SHORTEST: usize = 8;

/// Does what was typed with users.
pub(super) fn user(command: User, program: &dyn Program) -> Result<(), Stop> {
    match command {
        User::Create { name, first_name, role, password_stdin, common, .. } if !role.is_empty() => {
            let password = password(password_stdin)?;
            block_on(of_litestar(&common, program, &name, &first_name, role, password))?;
            say(&format!("{name} may sign in now\n"))
        }
        User::Create { name, email, first_name, last_name, superuser, not_staff, password_stdin, common, .. } => {
            let password = Some(password(password_stdin)?);
            let new = NewUser { username: name, password, email, first_name, last_name, staff: !not_staff, superuser };
            block_on(async {
                let accounts = accounts(&common, program).await?;
                accounts.user_create(&new).await.map_err(|error| refused(&new.username, error))
            })?;
            say(&format!("{} may sign in now\n", new.username))
        }
        User::Passwd { name, password_stdin, common } => {
            let password = password(password_stdin)?;
            block_on(async {
                let accounts = accounts(&common, program).await?;
                accounts.user_passwd(&name, &password).await.map_err(|error| refused(&name, error))
            })?;
            say(&format!("{name} has a new password; all sessions are ended\n"))
        }
        User::List { common } => {
            let people = block_on(async { Ok(accounts(&common, program).await?.user_list().await?) })?;
            say(&people.iter().map(line).collect::<String>())
        }
    }
}

/// Makes somebody of the table `admin_users`.
async fn of_litestar(
    common: &Common,
    program: &dyn Program,
    email: &str,
    name: &str,
    roles: Vec<String>,
    password: String,
) -> Result<(), Stop> {
    if !email.contains('@') || password.chars().count() < SHORTEST {
        let words = format!("an address is needed to sign in with, and a password of {SHORTEST} characters or more");
        return Err(Stop::Failure(words));
    }
    let written = written(&common.flags(), program)?;
    let ground = ground::ground(&written, Access::Write).await?;
    if !ground.has(litestar::USERS) {
        let words = "there is no table 'admin_users': set accounts = \"admin_users\" under [contracts.litestar] and \
                     run 'migrate'";
        return Err(Stop::Failure(words.to_owned()));
    }
    let superuser = roles.iter().any(|role| role == SUPERADMIN);
    let name = Some(name.to_owned()).filter(|name| !name.is_empty());
    let new = NewAdminUser { email: email.to_owned(), password, name, roles, superuser, ..NewAdminUser::default() };
    match litestar::admin_users(&written, &ground).add(&new).await {
        Ok(_) => Ok(()),
        Err(Error::Conflict(_)) => Err(Stop::Failure(format!("somebody has the address {email} already"))),
        Err(other) => Err(other.into()),
    }
}

async fn accounts(common: &Common, program: &dyn Program) -> Result<DjangoAccounts, Stop> {
    let written = written(&common.flags(), program)?;
    let ground = ground::ground(&written, Access::Write).await?;
    ground::people(&written, &ground)?;
    Ok(resolve::accounts(&written, &ground))
}

fn line(person: &Listed) -> String {
    let marks = [(person.superuser, "superuser"), (person.staff, "staff"), (!person.active, "inactive")];
    let marks: Vec<&str> = marks.into_iter().filter(|(is, _)| *is).map(|(_, mark)| mark).collect();
    let last = if person.last_login == Value::Null { "never".to_owned() } else { person.last_login.to_string() };
    format!("{}\t{}\t{}\tlast sign-in {last}\n", person.username, person.email, marks.join(", "))
}

/// A password: from standard input, or typed twice where nobody sees it.
fn password(from_stdin: bool) -> Result<String, Stop> {
    if from_stdin {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).map_err(|error| failed("cannot read the password", &error))?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    if !std::io::stdin().is_terminal() {
        return Err(Stop::Usage("no terminal to ask for a password: use --password-stdin".to_owned()));
    }
    let ask =
        |words: &str| rpassword::prompt_password(words).map_err(|error| failed("cannot read the password", &error));
    let (first, second) = (ask("Password: ")?, ask("Password again: ")?);
    if first == second { Ok(first) } else { Err(Stop::Failure("the two passwords differ".to_owned())) }
}

/// Why an account was not made or changed, one line for each reason.
fn refused(name: &str, error: Error) -> Stop {
    match error {
        Error::Invalid(errors) => {
            let flaws = errors.fields.iter().flat_map(|(field, flaws)| flaws.iter().map(move |flaw| (field, flaw)));
            let lines = flaws.map(|(field, flaw)| {
                let words = flaw.words.clone().unwrap_or_else(|| format!("{:?}", flaw.kind));
                format!("{field}: {words}")
            });
            Stop::Failure(lines.collect::<Vec<_>>().join("\n       "))
        }
        Error::NotFound(_) => Stop::Failure(format!("there is no user '{name}'")),
        other => other.into(),
    }
}
