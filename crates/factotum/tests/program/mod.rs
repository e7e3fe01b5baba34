//! A real service for a test of its own: a program that speaks HTTP, on a port that is free, until the test ends.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A program that answers.
pub(crate) struct Running {
    child: Child,
    /// Where it answers: `http://127.0.0.1:PORT`.
    pub(crate) address: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    /// Starts the program that a variable of the environment names, with `--port` and these arguments. `None`, with a
    /// word, where there is none; in CI there must be one.
    #[expect(clippy::disallowed_methods, reason = "the environment says where the program is")]
    pub(crate) async fn start(variable: &str, args: &[&str]) -> Option<Running> {
        let Ok(program) = std::env::var(variable) else {
            assert!(std::env::var("CI").is_err(), "{variable} names no program");
            eprintln!("not run: {variable} names no program");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(program);
        command.args(["--port", &port.to_string()]).args(args);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let running = Running { child, address: format!("http://127.0.0.1:{port}") };
        for _ in 0..1200 {
            if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return Some(running);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the program that {variable} names does not start");
    }
}
