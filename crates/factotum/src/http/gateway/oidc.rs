//! Sign-in by OpenID Connect: the way to a provider and back. State, nonce and PKCE are never left out, and all that
//! is believed of the answer is an address that the provider has verified.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdTokenClaims, CoreProviderMetadata, CoreTokenResponse, CoreUserInfoClaims,
};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndUserEmail, EndUserName, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IssuerUrl, LocalizedClaim, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope, TokenResponse, TokenUrl, reqwest,
};
use subtle::ConstantTimeEq;
use tokio::sync::Mutex;

use super::{Begun, Came, Failed, Gateway, Known};

/// How long a provider may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long is believed what a provider said of itself: it changes its keys now and then.
const FRESH: Duration = Duration::from_secs(3600);

/// An OpenID provider.
pub struct Provider {
    name: String,
    display_name: String,
    issuer: IssuerUrl,
    client: ClientId,
    secret: Option<ClientSecret>,
    scopes: Vec<String>,
    http: reqwest::Client,
    known: Mutex<Option<(Instant, Arc<CoreProviderMetadata>)>>,
}

impl fmt::Debug for Provider {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Provider({} at {})", self.name, self.issuer.as_str())
    }
}

fn failed(error: &(dyn std::error::Error + 'static)) -> Failed {
    let chain = std::iter::successors(error.source(), |error| error.source());
    Failed(chain.fold(error.to_string(), |words, error| format!("{words}: {error}")))
}

impl Provider {
    /// A provider by its issuer, such as `https://accounts.example.com`, and what it knows this site by. It is asked
    /// nothing before somebody signs in.
    ///
    /// # Errors
    /// When the issuer is no address.
    pub fn new(name: &str, issuer: &str, (client, secret): (&str, Option<&str>)) -> Result<Provider, Failed> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()
            .map_err(|error| failed(&error))?;
        Ok(Provider {
            name: name.to_owned(),
            display_name: name.to_owned(),
            issuer: IssuerUrl::new(issuer.to_owned()).map_err(|error| failed(&error))?,
            client: ClientId::new(client.to_owned()),
            secret: secret.map(|secret| ClientSecret::new(secret.to_owned())),
            scopes: vec!["email".to_owned(), "profile".to_owned()],
            http,
            known: Mutex::default(),
        })
    }

    /// Its name for people; the name in addresses if not said.
    #[must_use]
    pub fn called(mut self, display_name: &str) -> Provider {
        self.display_name = display_name.to_owned();
        self
    }

    /// What it is asked for beside `openid`; `email` and `profile` if not said.
    #[must_use]
    pub fn asking_for(mut self, scopes: Vec<String>) -> Provider {
        self.scopes = scopes;
        self
    }

    async fn send(&self, back: &str) -> Result<Begun, Failed> {
        let client = self.speak(&*self.metadata(false).await?, back)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let asked = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
            .add_scopes(self.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge);
        let (url, state, nonce) = asked.url();
        let ticket = format!("{}.{}.{}.{}", self.name, state.secret(), nonce.secret(), verifier.secret());
        Ok(Begun { url: url.into(), ticket })
    }

    async fn receive(&self, back: &str, came: Came<'_>) -> Result<Known, Failed> {
        let (nonce, verifier) = self.read(came).ok_or_else(|| Failed("another state".to_owned()))?;
        let mut client = self.speak(&*self.metadata(false).await?, back)?;
        let asked = client.exchange_code(AuthorizationCode::new(came.code.to_owned()));
        let asked = asked.set_pkce_verifier(PkceCodeVerifier::new(verifier));
        let answer = asked.request_async(&self.http).await.map_err(|error| failed(&error))?;
        if believe(&client, &answer, &nonce).is_err() {
            // It may have been signed with a key that is new.
            client = self.speak(&*self.metadata(true).await?, back)?;
        }
        let claims = believe(&client, &answer, &nonce)?;
        self.known(&client, &answer, claims).await
    }

    /// Whom the claims are about. A provider may keep the address for those who ask again.
    async fn known(
        &self,
        client: &Client,
        answer: &CoreTokenResponse,
        claims: &CoreIdTokenClaims,
    ) -> Result<Known, Failed> {
        let name = |name: Option<&LocalizedClaim<EndUserName>>| Some(name?.get(None)?.as_str().to_owned());
        if let Some(email) = claims.email() {
            return verified(email, claims.email_verified(), name(claims.name()));
        }
        let subject = Some(claims.subject().clone());
        let asked = client.user_info(answer.access_token().clone(), subject).map_err(|error| failed(&error))?;
        let told: CoreUserInfoClaims = asked.request_async(&self.http).await.map_err(|error| failed(&error))?;
        let email = told.email().ok_or_else(|| Failed("no address is told".to_owned()))?;
        verified(email, told.email_verified(), name(told.name()))
    }

    fn speak(&self, metadata: &CoreProviderMetadata, back: &str) -> Result<Client, Failed> {
        let back = RedirectUrl::new(back.to_owned()).map_err(|error| failed(&error))?;
        let client = CoreClient::from_provider_metadata(metadata.clone(), self.client.clone(), self.secret.clone());
        Ok(client.set_token_uri(token_address(metadata)?).set_redirect_uri(back))
    }

    /// What the provider says of itself, its keys included.
    async fn metadata(&self, anew: bool) -> Result<Arc<CoreProviderMetadata>, Failed> {
        let mut known = self.known.lock().await;
        if let Some((since, metadata)) = &*known
            && !anew
            && since.elapsed() < FRESH
        {
            return Ok(metadata.clone());
        }
        let found = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.http).await;
        let metadata = Arc::new(found.map_err(|error| failed(&error))?);
        *known = Some((Instant::now(), metadata.clone()));
        Ok(metadata)
    }

    /// Nonce and verifier of a ticket that belongs to this provider and this state.
    fn read(&self, came: Came<'_>) -> Option<(Nonce, String)> {
        let mut parts = came.ticket.rsplitn(4, '.');
        let (verifier, nonce, known, name) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let is_it = !known.is_empty() && bool::from(known.as_bytes().ct_eq(came.state.as_bytes()));
        (is_it && name == self.name).then(|| (Nonce::new(nonce.to_owned()), verifier.to_owned()))
    }
}

impl Gateway for Provider {
    fn name(&self) -> &str {
        &self.name
    }

    fn display_name(&self) -> &str {
        &self.display_name
    }

    fn begin<'a>(&'a self, back: &'a str) -> BoxFuture<'a, Result<Begun, Failed>> {
        Box::pin(self.send(back))
    }

    fn finish<'a>(&'a self, back: &'a str, came: Came<'a>) -> BoxFuture<'a, Result<Known, Failed>> {
        Box::pin(self.receive(back, came))
    }
}

/// A client that knows where to send people, where to exchange codes, and perhaps where to ask about people.
type Client = CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet, EndpointMaybeSet>;

fn token_address(metadata: &CoreProviderMetadata) -> Result<TokenUrl, Failed> {
    metadata.token_endpoint().cloned().ok_or_else(|| Failed("the provider exchanges no codes".to_owned()))
}

/// The claims of an answer: signed by the provider, for this site, for this way, and about this answer.
fn believe<'a>(client: &Client, answer: &'a CoreTokenResponse, nonce: &Nonce) -> Result<&'a CoreIdTokenClaims, Failed> {
    let token = answer.id_token().ok_or_else(|| Failed("the answer has no ID token".to_owned()))?;
    let verifier = client.id_token_verifier();
    let claims = token.claims(&verifier, nonce).map_err(|error| failed(&error))?;
    if let Some(told) = claims.access_token_hash() {
        let algorithm = token.signing_alg().map_err(|error| failed(&error))?;
        let key = token.signing_key(&verifier).map_err(|error| failed(&error))?;
        let worked_out = AccessTokenHash::from_token(answer.access_token(), algorithm, key);
        if worked_out.map_err(|error| failed(&error))? != *told {
            return Err(Failed("the tokens do not belong together".to_owned()));
        }
    }
    Ok(claims)
}

fn verified(email: &EndUserEmail, is_verified: Option<bool>, name: Option<String>) -> Result<Known, Failed> {
    if is_verified == Some(true) {
        Ok(Known { email: email.as_str().to_owned(), name })
    } else {
        Err(Failed("the address is not verified".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provider() -> Provider {
        Provider::new("corp", "https://accounts.test", ("shop", None)).expect("an issuer")
    }

    #[test]
    fn a_ticket_belongs_to_a_provider_and_a_state() {
        let read = |ticket: &str, state: &str| {
            provider()
                .read(Came { code: "", state, ticket })
                .map(|(nonce, verifier)| (nonce.secret().clone(), verifier))
        };
        assert_eq!(read("corp.s-1.n_2.v3", "s-1"), Some(("n_2".to_owned(), "v3".to_owned())));
        for (ticket, state) in [
            ("corp.s-1.n_2.v3", "s-2"),
            ("corp.s-1.n_2.v3", ""),
            ("other.s-1.n_2.v3", "s-1"),
            ("corp..n_2.v3", ""),
            ("s-1.n_2.v3", "s-1"),
            ("", ""),
        ] {
            assert_eq!(read(ticket, state), None, "{ticket} {state}");
        }
    }

    #[test]
    fn only_a_verified_address_counts() {
        let email = EndUserEmail::new("ann@shop.test".to_owned());
        assert!(verified(&email, Some(true), None).is_ok());
        assert!(verified(&email, Some(false), None).is_err());
        assert!(verified(&email, None, None).is_err());
    }
}
