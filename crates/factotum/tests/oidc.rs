//! Sign-in by OpenID Connect, played with a real provider, whose program `FACTOTUM_TEST_OIDC` names.
#![cfg(feature = "oidc")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use std::net::TcpListener;

use factotum::http::gateway::oidc::Provider;
use factotum::http::gateway::{Came, Gateway, Known};
use openidconnect::reqwest;
use openidconnect::url::{Url, form_urlencoded};
use program::Running;

const BACK: &str = "http://shop.test/admin/auth/oauth/corp/callback";

/// A provider of this test's own that knows three people.
async fn server() -> Option<Running> {
    let people = [
        r#"{"sub": "ann", "email": "ann@shop.test", "email_verified": true, "name": "Ann"}"#,
        r#"{"sub": "bob", "email": "bob@shop.test", "email_verified": false}"#,
        r#"{"sub": "cid"}"#,
    ];
    let known = people.iter().flat_map(|person| ["--user-claims", person]);
    let args: Vec<&str> = ["--require-nonce", "true"].into_iter().chain(known).collect();
    Running::start("FACTOTUM_TEST_OIDC", &args).await
}

fn provider(server: &Running) -> Provider {
    Provider::new("corp", &server.address, ("shop", Some("a secret"))).unwrap()
}

/// What somebody does at the provider's page; gives the address that they are sent back to.
async fn agree(page: &str, person: &str) -> Url {
    let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let form = form_urlencoded::Serializer::new(String::new()).append_pair("sub", person).finish();
    let sent = browser.post(page).header("content-type", "application/x-www-form-urlencoded").body(form);
    let answer = sent.send().await.unwrap();
    assert_eq!(answer.status(), 302);
    Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap()
}

fn asked(url: &Url, name: &str) -> String {
    url.query_pairs().find(|(known, _)| known == name).unwrap_or_else(|| panic!("no {name} in {url}")).1.into_owned()
}

#[tokio::test]
async fn who_is_verified_by_a_provider_is_known() {
    let Some(server) = server().await else { return };
    let provider = provider(&server);
    let begun = provider.begin(BACK).await.unwrap();
    let page = Url::parse(&begun.url).unwrap();
    assert_eq!(asked(&page, "code_challenge_method"), "S256");
    assert_eq!(asked(&page, "scope"), "openid email profile");
    assert_eq!(asked(&page, "redirect_uri"), BACK);
    assert!(asked(&page, "nonce").len() >= 20 && asked(&page, "code_challenge").len() >= 40);
    assert!(!begun.url.contains(begun.ticket.rsplit('.').next().unwrap()), "the verifier stays here");
    let back = agree(&begun.url, "ann").await;
    assert!(back.as_str().starts_with(BACK));
    let (code, state) = (asked(&back, "code"), asked(&back, "state"));
    let known = provider.finish(BACK, Came { code: &code, state: &state, ticket: &begun.ticket }).await.unwrap();
    assert_eq!(known, Known { email: "ann@shop.test".to_owned(), name: Some("Ann".to_owned()) });
    assert!(
        provider.finish(BACK, Came { code: &code, state: &state, ticket: &begun.ticket }).await.is_err(),
        "a code is good once"
    );
}

#[tokio::test]
async fn nothing_else_is_believed() {
    let Some(server) = server().await else { return };
    let provider = provider(&server);
    for (person, why) in [("bob", "not verified"), ("cid", "no address")] {
        let begun = provider.begin(BACK).await.unwrap();
        let back = agree(&begun.url, person).await;
        let (code, state) = (asked(&back, "code"), asked(&back, "state"));
        let failed =
            provider.finish(BACK, Came { code: &code, state: &state, ticket: &begun.ticket }).await.unwrap_err();
        assert!(failed.to_string().contains(why), "{person}: {failed}");
    }
    let [own, other] = [provider.begin(BACK).await.unwrap(), provider.begin(BACK).await.unwrap()];
    let back = agree(&own.url, "ann").await;
    let (code, state) = (asked(&back, "code"), asked(&back, "state"));
    assert!(
        provider.finish(BACK, Came { code: &code, state: &state, ticket: &other.ticket }).await.is_err(),
        "another state"
    );
    let mut parts: Vec<&str> = own.ticket.split('.').collect();
    parts[2] = "another-nonce";
    let forged = parts.join(".");
    let failed = provider.finish(BACK, Came { code: &code, state: &state, ticket: &forged }).await.unwrap_err();
    assert!(failed.to_string().contains("nonce"), "{failed}");
}

#[tokio::test]
async fn a_provider_that_is_away_is_an_error() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let provider = Provider::new("corp", &format!("http://127.0.0.1:{port}"), ("shop", None)).unwrap();
    assert!(provider.begin(BACK).await.is_err());
    assert!(Provider::new("corp", "nonsense", ("shop", None)).is_err());
}
