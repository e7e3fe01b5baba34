//! Every way a request can fail: an error of the engine, or what only a door can say.

use std::time::Duration;

use factotum_engine::Error;
use http::Method;

use crate::http::{Reply, csrf, token};

/// Every way a request can fail. Closed: a new one is a question to every contract.
#[derive(Debug)]
pub enum Fault {
    /// The engine said no.
    Engine(Error),
    /// Nobody is signed in where somebody must be.
    NotSignedIn,
    /// Somebody is signed in who may not do this.
    NotAdmitted,
    /// A bearer token was sent and is not believed.
    BadToken(BadToken),
    /// The request may have been sent by another site.
    BadCsrf(csrf::Reason),
    /// No endpoint has this path.
    NoSuchPath,
    /// The path has no such method.
    WrongMethod {
        /// The methods that it has.
        allowed: Vec<Method>,
    },
    /// The client accepts nothing that is offered.
    NotAcceptable,
    /// The request names a host that is none, or not ours.
    BadHost,
    /// The body is not what it claims to be.
    BadBody(BadBody),
    /// The body is larger than allowed.
    TooLarge {
        /// The most bytes allowed.
        most: usize,
    },
    /// The body is of a type that is not read.
    WrongMedia {
        /// The type as sent.
        given: String,
    },
    /// Too many attempts.
    Limited {
        /// When the next one may be made.
        retry_after: Duration,
    },
    /// The contract has said no already, in words of its own.
    Said(Box<Reply>),
}

/// Why a bearer token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadToken {
    /// The header has not two parts.
    Header,
    /// The token itself is no good.
    Refused(token::Refused),
    /// Its user is gone.
    UserGone,
    /// Its user is switched off.
    UserInactive,
}

/// What is wrong with a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadBody {
    /// It is not JSON; the parser's words.
    Json(String),
    /// It is not the form it claims to be; the parser's words.
    Form(String),
    /// It has more fields and files than allowed.
    Crowded {
        /// The most allowed.
        most: usize,
    },
    /// It ended early, or did not end in time.
    Cut,
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        Fault::Engine(error)
    }
}
