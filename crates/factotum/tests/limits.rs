//! Limits as clients of the contracts meet them, counted in memory and in a Redis that nodes share.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "every test uses its part")]
mod fakes;

use factotum::contract::conjure::Conjure;
use factotum::contract::django_admin::DjangoAdmin;
use factotum::http::limit::{Limiter, Rule, Scope};
use factotum::{Edge, ModelKey};
use fakes::{Got, PASSWORD, send, site};

fn router(limiter: &Limiter) -> axum::Router {
    let edge = Edge { limiter: Some(limiter.clone()), ..Edge::default() };
    factotum::router_at(edge, site(), Conjure::default().jwt(fakes::SECRET))
}

fn limiter(rule: Rule) -> Limiter {
    Limiter::new(vec![rule])
}

async fn login(router: &axum::Router, username: &str, password: &str) -> Got {
    let body = serde_json::json!({ "username": username, "password": password }).to_string();
    send(router, "POST /conjure/auth/login/", &[("content-type", "application/json")], &body).await
}

async fn token(router: &axum::Router, username: &str) -> String {
    format!("Bearer {}", login(router, username, PASSWORD).await.json()["access"].as_str().unwrap())
}

fn told(got: &Got) -> (u16, String, String) {
    (got.status.as_u16(), got.header("x-ratelimit-limit").to_owned(), got.header("x-ratelimit-remaining").to_owned())
}

fn expect(status: u16, limit: &str, remaining: &str) -> (u16, String, String) {
    (status, limit.to_owned(), remaining.to_owned())
}

#[tokio::test]
async fn attempts_to_sign_in_are_counted_by_address() {
    let router = router(&limiter(Rule { per_minute: Some(3), ..Rule::new(Scope::Login) }));
    assert_eq!(told(&login(&router, "root", "wrong").await), expect(403, "3", "2"));
    assert_eq!(told(&login(&router, "editor", PASSWORD).await), expect(200, "3", "1"));
    let other_method = send(&router, "GET /conjure/%61uth/login/", &[], "").await;
    assert_eq!(told(&other_method), expect(405, "3", "0"));
    let refused = login(&router, "root", PASSWORD).await;
    assert_eq!(told(&refused), expect(429, "3", "0"));
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((50..=60).contains(&wait), "{wait}");
    assert_eq!(
        refused.json()["detail"],
        format!("Request was throttled. Expected available in {wait} seconds."),
        "the contract's own words"
    );
    let free = send(&router, "GET /conjure/config/", &[], "").await;
    assert_eq!(told(&free), expect(200, "", ""), "nothing else is counted");
}

#[tokio::test]
async fn an_address_is_counted_before_its_path_is_looked_at() {
    let rule = Rule {
        per_minute: None,
        per_hour: Some(2),
        exclude: vec!["/conjure/config".into()],
        ..Rule::new(Scope::Address)
    };
    let router = router(&limiter(rule));
    assert_eq!(told(&send(&router, "GET /conjure/nowhere/", &[], "").await), expect(404, "2", "1"));
    assert_eq!(told(&send(&router, "GET /conjure/config/", &[], "").await), expect(200, "", ""));
    assert_eq!(told(&send(&router, "GET /conjure/schema", &[], "").await), expect(301, "2", "0"));
    assert_eq!(told(&send(&router, "GET /conjure/nowhere/", &[], "").await), expect(429, "2", "0"));
}

#[tokio::test]
async fn people_are_counted_wherever_they_come_from() {
    let router = router(&limiter(Rule { per_minute: Some(1), ..Rule::new(Scope::User) }));
    let [root, editor] = [token(&router, "root").await, token(&router, "editor").await];
    let me = async |token: &str| told(&send(&router, "GET /conjure/auth/me/", &[("authorization", token)], "").await);
    assert_eq!(me(&root).await, expect(200, "1", "0"));
    assert_eq!(me(&root).await, expect(429, "1", "0"));
    assert_eq!(me(&editor).await, expect(200, "1", "0"));
    assert_eq!(told(&send(&router, "GET /conjure/auth/me/", &[], "").await), expect(401, "", ""));
}

#[tokio::test]
async fn a_model_is_counted_for_each_person() {
    let models = vec![ModelKey::new("shop", "Tag")];
    let router = router(&limiter(Rule { per_minute: Some(1), models, ..Rule::new(Scope::Model) }));
    let [root, editor] = [token(&router, "root").await, token(&router, "editor").await];
    let ask = async |request: &str, token: &str| {
        let got = send(&router, request, &[("authorization", token)], "").await;
        (got.status == 429, got.header("x-ratelimit-remaining").to_owned())
    };
    let [first, full, free] = [(false, "0".to_owned()), (true, "0".to_owned()), (false, String::new())];
    assert_eq!(ask("GET /conjure/r/shop.Tag/", &root).await, first);
    assert_eq!(ask("GET /conjure/r/SHOP.tag/7/", &root).await, full, "however it is spelt");
    assert_eq!(ask("GET /conjure/r/shop.Tag/", &editor).await, first);
    assert_eq!(ask("GET /conjure/r/shop.Nothing/", &root).await, free);
}

#[tokio::test]
async fn contracts_count_together_and_refuse_in_their_own_words() {
    let limiter = limiter(Rule { per_minute: Some(1), ..Rule::new(Scope::Login) });
    assert_eq!(login(&router(&limiter), "root", "wrong").await.status, 403);
    let edge = Edge { limiter: Some(limiter), ..Edge::default() };
    let admin = factotum::router_at(edge, site(), DjangoAdmin::default());
    let refused = send(&admin, "POST /conjure/api/v1/login/", &[], "{}").await;
    assert_eq!(told(&refused), expect(429, "1", "0"));
    assert_eq!(refused.json()["error"]["message"], "Too many attempts. Try again later.");
}

#[cfg(feature = "redis")]
mod redis {
    use std::net::TcpListener;
    use std::process::{Child, Command, Stdio};
    use std::time::Duration;

    use factotum::http::limit::redis::Redis;

    use super::*;

    /// A Redis of this test's own, that keeps nothing.
    struct Server {
        port: u16,
        child: Option<Child>,
    }

    impl Drop for Server {
        fn drop(&mut self) {
            self.kill();
        }
    }

    impl Server {
        /// `None`, with a word, where there is no Redis; in CI there must be one.
        #[expect(clippy::disallowed_methods, reason = "CI says in its environment that it is one")]
        async fn start() -> Option<Server> {
            if Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().is_err() {
                assert!(std::env::var("CI").is_err(), "redis-server is missing");
                eprintln!("not run: redis-server is missing");
                return None;
            }
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let mut server = Server { port, child: None };
            server.revive().await;
            Some(server)
        }

        async fn revive(&mut self) {
            let port = self.port.to_string();
            let flags = ["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
            let child = Command::new("redis-server").args(flags).stdout(Stdio::null()).spawn().unwrap();
            self.child = Some(child);
            for _ in 0..100 {
                if tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.is_ok() {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            panic!("the Redis does not start");
        }

        fn kill(&mut self) {
            if let Some(mut child) = self.child.take() {
                child.kill().unwrap();
                child.wait().unwrap();
            }
        }

        /// A node with limits that are counted there.
        fn node(&self, prefix: &str, rules: Vec<Rule>) -> axum::Router {
            let counts = Redis::shared(&format!("redis://127.0.0.1:{}/0", self.port), prefix).unwrap();
            router(&Limiter::kept_in(rules, counts))
        }
    }

    fn logins(most: u32) -> Vec<Rule> {
        vec![Rule { per_minute: Some(most), ..Rule::new(Scope::Login) }]
    }

    #[tokio::test]
    async fn nodes_that_share_a_redis_count_together() {
        let Some(server) = Server::start().await else { return };
        let [one, two] = [server.node("a", logins(3)), server.node("a", logins(3))];
        assert_eq!(told(&login(&one, "root", "wrong").await), expect(403, "3", "2"));
        assert_eq!(told(&login(&two, "root", "wrong").await), expect(403, "3", "1"));
        assert_eq!(told(&login(&one, "root", "wrong").await), expect(403, "3", "0"));
        assert_eq!(told(&login(&two, "root", PASSWORD).await), expect(429, "3", "0"));
        assert_eq!(told(&login(&one, "root", PASSWORD).await), expect(429, "3", "0"));
        let other = server.node("b", logins(3));
        assert_eq!(told(&login(&other, "root", PASSWORD).await), expect(200, "3", "2"), "another site's");
    }

    #[tokio::test]
    async fn many_at_once_get_no_further_than_the_limit() {
        let Some(server) = Server::start().await else { return };
        let nodes = [server.node("a", logins(10)), server.node("a", logins(10))];
        let attempts = (0..40).map(|number| login(&nodes[number % 2], "root", "wrong"));
        let answers = futures_util::future::join_all(attempts).await;
        assert_eq!(answers.iter().filter(|got| got.status == 403).count(), 10);
        assert_eq!(answers.iter().filter(|got| got.status == 429).count(), 30);
    }

    #[tokio::test]
    async fn a_dead_redis_neither_opens_the_gate_nor_stops_the_service() {
        let Some(mut server) = Server::start().await else { return };
        let [one, two] = [server.node("a", logins(3)), server.node("a", logins(3))];
        for _ in 0..3 {
            assert_eq!(login(&one, "root", "wrong").await.status, 403);
        }
        server.kill();
        assert_eq!(login(&one, "root", PASSWORD).await.status, 429, "who was at the limit still is");
        let started = std::time::Instant::now();
        assert_eq!(told(&login(&two, "root", PASSWORD).await), expect(200, "3", "2"), "the service goes on");
        assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
        for _ in 0..2 {
            assert_eq!(login(&two, "root", "wrong").await.status, 403);
        }
        assert_eq!(login(&two, "root", PASSWORD).await.status, 429, "and limits what this node sees");
        server.revive().await;
        tokio::time::sleep(Duration::from_millis(1100)).await;
        assert_eq!(login(&one, "root", PASSWORD).await.status, 429, "an empty Redis frees nobody");
        let three = server.node("a", logins(3));
        for remaining in ["2", "1"] {
            assert_eq!(told(&login(&three, "root", "wrong").await), expect(403, "3", remaining));
        }
        let again = server.node("a", logins(3));
        assert_eq!(told(&login(&again, "root", "wrong").await), expect(403, "3", "0"), "it is counted there again");
    }
}
