//! `user`: makes accounts and changes them. The first administrator is made here.

use std::io::{IsTerminal, Read};

use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, Subcommand};
use directive_tracker::accounts::event::{EventKind, Origin, store as events};
use directive_tracker::accounts::password::{LONGEST, Password};
use directive_tracker::accounts::user::{NewUser, User, UserName, UserPatch, chosen_password, store};
use directive_tracker::config::DataSettings;
use directive_tracker::db::lock::{Hold, Lock};
use directive_tracker::db::{Conn, lanes};
use directive_tracker::domain::error::Error;
use directive_tracker::domain::{Clock, Fault, Id, Line, Role};
use directive_tracker::rights::grant::line_of;
use directive_tracker::rights::{Grant, Place};

use super::data::migrated;
use super::{print, require_file};

/// What `user` takes.
#[derive(Args)]
pub struct Accounts {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    data: DataSettings,
}

#[derive(Subcommand)]
enum Action {
    /// Make an account. The password is asked for, or read as the first line of the standard input.
    Add {
        /// What the user signs in as: 2 to 64 letters a to z, digits and `. _ @ -`.
        #[arg(value_parser = name)]
        name: UserName,
        /// What the user may do: reader, reviewer, editor or administrator.
        #[arg(long, value_parser = role)]
        role: Role,
        /// For whose records alone: those of the organization of this number, and of what lies below it.
        #[arg(long, conflicts_with = "admin_unit")]
        organization: Option<Id>,
        /// For whose records alone: those of the organizations of the administrative unit of this number, and of what lies
        /// below it.
        #[arg(long)]
        admin_unit: Option<Id>,
        /// What the user is called.
        #[arg(long, value_parser = line)]
        display_name: Option<Line<200>>,
    },
    /// List the accounts: name, roles, whether disabled, what the user is called.
    List,
    /// Disable an account and end its sessions.
    Disable {
        /// The name of the user.
        #[arg(value_parser = name)]
        name: UserName,
    },
    /// Set the password of an account and end its sessions.
    Password {
        /// The name of the user.
        #[arg(value_parser = name)]
        name: UserName,
    },
}

/// Does what is asked for.
pub fn run(arguments: &Accounts) -> Result<()> {
    let location = &arguments.data.database_url;
    if !matches!(arguments.action, Action::Add { .. }) {
        require_file(location)?;
    }
    let _lock = Lock::take(location, Hold::Use)?;
    let mut conn = migrated(location)?;
    match &arguments.action {
        Action::Add { name, role, organization, admin_unit, display_name } => {
            let place = organization.map(Place::Organization).or(admin_unit.map(Place::AdminUnit));
            add(&mut conn, name, Grant { role: *role, place }, display_name.as_ref())
        }
        Action::List => list(&mut conn),
        Action::Disable { name } => disable(&mut conn, name),
        Action::Password { name } => set_password(&mut conn, name),
    }
}

fn add(conn: &mut Conn, name: &UserName, grant: Grant, display_name: Option<&Line<200>>) -> Result<()> {
    if store::find(conn, name.as_str())?.is_some() {
        bail!("there is a user {name} already");
    }
    let password = chosen(|text| chosen_password(text, name, display_name))?;
    let new = NewUser {
        name: name.clone(),
        display_name: display_name.cloned(),
        grants: vec![grant],
        password_hash: password.hash()?,
        must_change_password: false,
    };
    let now = Clock::System.now();
    lanes::alone(conn, |conn| {
        store::insert(conn, &new, now).map_err(told)?;
        noted(conn, EventKind::UserCreated, name, Some(grant.to_string())).map_err(anyhow::Error::from)
    })?;
    log::info!("made the account of {name}, {grant}");
    Ok(())
}

fn list(conn: &mut Conn) -> Result<()> {
    for user in store::all(conn)? {
        let state = if user.disabled_at.is_some() { "disabled" } else { "enabled" };
        let called = user.display_name.unwrap_or_default();
        print(format!("{}\t{}\t{state}\t{called}", user.name, line_of(&user.grants)).trim_end())?;
    }
    Ok(())
}

fn disable(conn: &mut Conn, name: &UserName) -> Result<()> {
    let user = existing(conn, name)?;
    let patch = UserPatch { disabled: Some(true), ..UserPatch::default() };
    lanes::alone(conn, |conn| {
        store::update(conn, user.id, &patch, Clock::System.now()).map_err(told)?;
        noted(conn, EventKind::UserDisabled, name, None).map_err(anyhow::Error::from)
    })?;
    log::info!("disabled the account of {name}");
    Ok(())
}

fn set_password(conn: &mut Conn, name: &UserName) -> Result<()> {
    let user = existing(conn, name)?;
    let hash = chosen(|text| Password::chosen(text, &user.context()))?.hash()?;
    lanes::alone(conn, |conn| {
        store::set_password(conn, user.id, &hash, false, None, Clock::System.now())?;
        noted(conn, EventKind::PasswordReset, name, None)
    })?;
    log::info!("set the password of {name}");
    Ok(())
}

/// Adds what was done here to the list of security events.
fn noted(conn: &mut Conn, kind: EventKind, name: &UserName, detail: Option<String>) -> Result<(), Error> {
    let origin = Origin { credential: Some("command line".to_owned()), ..Origin::default() };
    events::add(conn, kind, Some(name.as_str()), detail, &origin, Clock::System.now())
}

/// What a refusal says to a person, whose error says no more than which it is.
pub fn told(error: Error) -> anyhow::Error {
    match error {
        Error::Conflict(refusal) => anyhow!("{}", refusal.detail),
        Error::Invalid(faults) => {
            let messages: Vec<String> = faults.0.iter().map(|(_, fault)| format!("it {}", fault.message)).collect();
            anyhow!("{}", messages.join("; "))
        }
        error => error.into(),
    }
}

fn existing(conn: &mut Conn, name: &UserName) -> Result<User> {
    let found = store::find(conn, name.as_str())?;
    found.map(|(user, _)| user).with_context(|| format!("there is no user {name}"))
}

/// A password that is asked for twice on a terminal, without showing it, or read from the standard input.
fn chosen(check: impl Fn(&str) -> Result<Password, Fault>) -> Result<Password> {
    let text = if std::io::stdin().is_terminal() { prompted()? } else { piped()? };
    check(&text).map_err(|fault| anyhow!("the password {fault}"))
}

fn prompted() -> Result<String> {
    let ask = |what: &str| rpassword::prompt_password(what).context("cannot read the password");
    let first = ask("Password: ")?;
    if ask("The same again: ")? == first { Ok(first) } else { bail!("the two are not the same") }
}

fn piped() -> Result<String> {
    let mut text = String::new();
    // A letter has up to four bytes in UTF-8, and more before its marks are put together.
    let most = u64::try_from(LONGEST.saturating_mul(16)).unwrap_or(u64::MAX);
    std::io::stdin().take(most).read_to_string(&mut text).context("cannot read the password")?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn name(text: &str) -> Result<UserName, String> {
    text.parse().map_err(|fault: Fault| format!("it {fault}"))
}

fn line(text: &str) -> Result<Line<200>, String> {
    Line::new(text).map_err(|fault| format!("it {fault}"))
}

/// A role by its code.
pub fn role(text: &str) -> Result<Role, String> {
    text.parse().map_err(|fault: Fault| format!("the roles are {}", fault.allowed.join(", ")))
}
