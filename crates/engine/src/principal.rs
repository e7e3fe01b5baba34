//! Who asks, what they were granted, and where such people come from.

mod people;

use std::collections::HashSet;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::error::Result;
use crate::model::ModelKey;
use crate::value::Value;

pub use people::{Extent, NewPerson, People, Person, PersonChange, Sought, Way};

/// What can be done with rows of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// See them.
    View,
    /// Make them.
    Add,
    /// Change them.
    Change,
    /// Delete them.
    Delete,
}

impl Verb {
    /// All four, in Django's order of flags.
    pub const ALL: [Verb; 4] = [Verb::View, Verb::Add, Verb::Change, Verb::Delete];

    /// The verb's name in a permission's codename.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Verb::View => "view",
            Verb::Add => "add",
            Verb::Change => "change",
            Verb::Delete => "delete",
        }
    }
}

/// Somebody who asks. Anonymous people are principals too, with nothing granted.
///
/// ```
/// use factotum_engine::{Principal, principal::Verb, ModelKey};
/// let permissions = ["shop.view_product".to_owned()].into();
/// let who = Principal { active: true, permissions, ..Principal::anonymous() };
/// assert!(who.may(Verb::View, &ModelKey::new("shop", "Product")));
/// assert!(!who.has("shop.add_product"));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Principal {
    /// The account's key; null for nobody.
    pub id: Value,
    /// The name to sign in with.
    pub username: String,
    /// The name for people; may be empty.
    pub full_name: String,
    /// The address; may be empty.
    pub email: String,
    /// Whether the account is switched on.
    pub active: bool,
    /// Whether the account may enter an admin at all.
    pub staff: bool,
    /// Whether everything is granted.
    pub superuser: bool,
    /// What is granted, as `shop.add_product`.
    pub permissions: HashSet<String>,
    /// What is granted on every model, whatever it is called.
    pub everywhere: HashSet<Verb>,
    /// The names of the roles that the account has: for people to read, since what they grant is granted above.
    pub roles: Vec<String>,
}

impl Principal {
    /// Nobody.
    #[must_use]
    pub fn anonymous() -> Principal {
        Principal {
            id: Value::Null,
            username: String::new(),
            full_name: String::new(),
            email: String::new(),
            active: false,
            staff: false,
            superuser: false,
            permissions: HashSet::new(),
            everywhere: HashSet::new(),
            roles: Vec::new(),
        }
    }

    /// Whether this is nobody.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        self.id.is_null()
    }

    /// Whether a permission such as `shop.publish_product` is granted. Accounts that are switched off have none.
    #[must_use]
    pub fn has(&self, permission: &str) -> bool {
        self.active && (self.superuser || self.permissions.contains(permission))
    }

    /// Whether a verb on a model is granted: on every model, or by the permission `app.verb_model` in lower case.
    #[must_use]
    pub fn may(&self, verb: Verb, model: &ModelKey) -> bool {
        let granted = || self.everywhere.contains(&verb) || self.permissions.contains(&model.permission(verb.name()));
        self.active && (self.superuser || granted())
    }
}

/// A live session: its key, and whom it belongs to.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The session's key.
    pub session: String,
    /// Whom it belongs to.
    pub who: Arc<Principal>,
}

/// What a session key turned out to be.
#[derive(Debug, Clone)]
pub enum SessionState {
    /// A live session of an active account.
    Live(SignedIn),
    /// Nothing, expired, of somebody gone or switched off, or signed with another key.
    Nobody,
    /// A session whose account got another password meanwhile; it was ended.
    Ended,
}

/// Somebody who is known elsewhere and gets an account here.
#[derive(Debug, Clone, Copy)]
pub struct Newcomer<'a> {
    /// The address.
    pub email: &'a str,
    /// The name for people.
    pub name: Option<&'a str>,
    /// The roles.
    pub roles: &'a [String],
}

/// Where people come from. Django's tables are the usual answer; a site may bring its own.
///
/// ```
/// use std::sync::Arc;
/// use factotum_engine::error::{Error, Result};
/// use factotum_engine::principal::{Accounts, SessionState};
/// use factotum_engine::{Principal, Value};
/// use futures_util::future::BoxFuture;
///
/// /// One person, who is known to the program. A real one compares in constant time.
/// struct Owner {
///     secret: String,
/// }
///
/// impl Owner {
///     fn who() -> Arc<Principal> {
///         let username = "owner".to_owned();
///         Arc::new(Principal { id: 1.into(), username, active: true, staff: true, superuser: true, ..Principal::anonymous() })
///     }
/// }
///
/// impl Accounts for Owner {
///     fn check<'a>(&'a self, username: &'a str, password: &'a str) -> BoxFuture<'a, Result<Arc<Principal>>> {
///         let known = username == "owner" && password == self.secret;
///         Box::pin(async move { if known { Ok(Owner::who()) } else { Err(Error::BadCredentials) } })
///     }
///     fn load<'a>(&'a self, id: &'a Value) -> BoxFuture<'a, Result<Option<Arc<Principal>>>> {
///         Box::pin(async move { Ok((*id == Value::Int(1)).then(Owner::who)) })
///     }
///     fn read_id(&self, text: &str) -> Option<Value> {
///         text.parse().ok().map(Value::Int)
///     }
///     // Tokens need no sessions.
///     fn session<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<SessionState>> {
///         Box::pin(async { Ok(SessionState::Nobody) })
///     }
///     fn open_session<'a>(&'a self, _: &'a Principal, _: Option<&'a str>) -> BoxFuture<'a, Result<String>> {
///         Box::pin(async { Err(Error::Unavailable) })
///     }
///     fn end_session<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<()>> {
///         Box::pin(async { Ok(()) })
///     }
/// }
/// assert_eq!(Owner { secret: "s".into() }.read_id("1"), Some(Value::Int(1)));
/// ```
pub trait Accounts: Send + Sync + 'static {
    /// Who has this name and password. Costs the same and says the same for every reason to refuse; what a right
    /// password of an account that is switched off means is the same refusal.
    fn check<'a>(&'a self, username: &'a str, password: &'a str) -> BoxFuture<'a, Result<Arc<Principal>>>;

    /// Who has this key, switched off or not; `None` if nobody has.
    fn load<'a>(&'a self, id: &'a Value) -> BoxFuture<'a, Result<Option<Arc<Principal>>>>;

    /// Reads a key of an account from text, as a token carries it.
    fn read_id(&self, text: &str) -> Option<Value>;

    /// What this session key is, now.
    fn session<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<SessionState>>;

    /// Opens a session and notes the sign-in. A former session of the same browser is ended, whoever's it was.
    fn open_session<'a>(&'a self, who: &'a Principal, former: Option<&'a str>) -> BoxFuture<'a, Result<String>>;

    /// Ends a session.
    fn end_session<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<()>>;

    /// Gives a live session another key and the present password, keeping what it holds: what somebody who has just
    /// changed their own password needs in order to stay. `None` if there is no such session.
    fn renew_session<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<String>>> {
        let _ = key;
        Box::pin(async { Ok(None) })
    }

    /// The model whose rows these people are, with a field `password`; `None` if their passwords are kept elsewhere.
    fn model(&self) -> Option<ModelKey> {
        None
    }

    /// These people as something that is looked after; `None` where that is done elsewhere.
    fn people(&self) -> Option<&dyn People> {
        None
    }

    /// Who has this address, switched off or not; `None` if nobody has, or several have.
    fn find<'a>(&'a self, email: &'a str) -> BoxFuture<'a, Result<Option<Arc<Principal>>>> {
        let _ = email;
        Box::pin(async { Ok(None) })
    }

    /// Makes an account without a password for somebody whose address another site has verified. It judges nothing:
    /// whoever calls it does.
    fn enrol<'a>(&'a self, new: Newcomer<'a>) -> BoxFuture<'a, Result<Arc<Principal>>> {
        let _ = new;
        Box::pin(async { Err(crate::error::Error::NotFound(crate::error::Missing::Other)) })
    }

    /// Gives somebody another password. It judges nothing: whoever calls it does.
    fn set_password<'a>(&'a self, id: &'a Value, password: &'a str) -> BoxFuture<'a, Result<()>> {
        let (_, _) = (id, password);
        Box::pin(async { Err(crate::error::Error::NotFound(crate::error::Missing::Other)) })
    }

    /// What is stored for a new password: made off the async threads, since it takes long on purpose. `None` stands for
    /// a password that nobody can use. It judges nothing: forms do (`form::new_password::judge`).
    fn encode<'a>(&'a self, password: Option<&'a str>) -> BoxFuture<'a, Result<String>> {
        let _ = password;
        Box::pin(async { Err(crate::error::Error::internal("these accounts store no passwords")) })
    }
}
