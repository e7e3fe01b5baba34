//! The program itself on a free port, and a small blocking client to talk to it as other machines would.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

const TOKEN: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const PATIENCE: Duration = Duration::from_secs(60);

/// A running `shop serve`, killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
}

impl Server {
    /// Starts the program on a database and waits until it listens.
    pub(crate) fn start(database: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(env!("CARGO_BIN_EXE_shop"));
        command.args(["serve", "--database", database, "--listen", &format!("127.0.0.1:{port}")]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(child.try_wait().unwrap().is_none(), "the server stopped by itself");
            assert!(started.elapsed() < PATIENCE, "the server does not listen");
            std::thread::sleep(Duration::from_millis(5));
        }
        Self { child, port }
    }

    /// Ends the process as a power cut would: nothing of it runs any more.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks the process to stop, as a service manager does.
    pub(crate) fn terminate(&self) {
        let status = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.child.id())]).status().unwrap();
        assert!(status.success(), "no process to signal");
    }

    /// Waits for the end of a process that was asked to stop.
    pub(crate) fn ended(mut self) -> ExitStatus {
        let asked = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(asked.elapsed() < PATIENCE, "the server does not stop");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.child.kill().and_then(|()| self.child.wait()).unwrap();
        }
    }
}

/// One person with a session. A clone is another tab of the same browser.
#[derive(Clone)]
pub(crate) struct Client {
    cookies: BTreeMap<String, String>,
}

/// An answer that came whole.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) json: Value,
    cookies: Vec<String>,
}

impl Client {
    /// Somebody without a session, whose CSRF cookie is of their own making.
    pub(crate) fn anonymous() -> Self {
        Self { cookies: BTreeMap::from([("csrftoken".into(), TOKEN.into())]) }
    }

    /// Signs the seeded superuser in.
    pub(crate) fn root(port: u16) -> Self {
        let mut client = Self::anonymous();
        let reply = client.send(port, "POST", "/conjure/auth/login/", Some(&credentials())).unwrap();
        assert_eq!(reply.status, 200, "{reply:?}");
        for cookie in reply.cookies {
            let (name, value) = cookie.split(';').next().and_then(|pair| pair.split_once('=')).unwrap();
            client.cookies.insert(name.trim().to_owned(), value.to_owned());
        }
        client
    }

    /// One request on a connection of its own.
    pub(crate) fn send(&self, port: u16, method: &str, path: &str, body: Option<&Value>) -> io::Result<Reply> {
        let text = body.map(Value::to_string).unwrap_or_default();
        let mut stream = self.open(port, method, path, text.len())?;
        stream.write_all(text.as_bytes())?;
        answer(stream)
    }

    /// Sends everything but the body, so that the request is in flight for as long as the caller likes.
    pub(crate) fn open(&self, port: u16, method: &str, path: &str, length: usize) -> io::Result<TcpStream> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let token = self.cookies.get("csrftoken").map_or("", String::as_str);
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nCookie: {}\r\nX-CSRFToken: {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n",
            cookies.join("; "),
        )?;
        Ok(stream)
    }

    /// Every row of a list, page by page.
    pub(crate) fn all(&self, port: u16, path: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        for page in 1.. {
            let reply = self.send(port, "GET", &format!("{path}&page_size=200&page={page}"), None).unwrap();
            assert_eq!(reply.status, 200, "{reply:?}");
            rows.extend(reply.json["results"].as_array().unwrap().iter().cloned());
            if reply.json["next"].is_null() {
                break;
            }
        }
        rows
    }
}

/// What the seeded superuser signs in with.
pub(crate) fn credentials() -> Value {
    serde_json::json!({ "username": "root", "password": "correct-horse-9" })
}

/// Reads an answer to the end of the connection. One that was cut short is an error.
pub(crate) fn answer(mut stream: TcpStream) -> io::Result<Reply> {
    let mut raw = Vec::new();
    stream.read_to_end(&mut raw)?;
    let cut = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let end = raw.windows(4).position(|four| four == b"\r\n\r\n").ok_or_else(cut)?;
    let head = String::from_utf8_lossy(&raw[..end]).to_lowercase();
    let exact = String::from_utf8_lossy(&raw[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(cut)?;
    let body = if head.contains("\r\ntransfer-encoding: chunked") {
        unchunked(&raw[end + 4..]).ok_or_else(cut)?
    } else {
        raw[end + 4..].to_vec()
    };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse::<usize>().ok());
    if length.is_some_and(|length| length != body.len()) {
        return Err(cut());
    }
    let cookies = exact.lines().filter(|line| line.to_lowercase().starts_with("set-cookie:"));
    let cookies = cookies.filter_map(|line| line.split_once(':')).map(|(_, cookie)| cookie.trim().to_owned()).collect();
    Ok(Reply { status, json: serde_json::from_slice(&body).unwrap_or(Value::Null), cookies })
}

fn unchunked(mut raw: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = raw.windows(2).position(|two| two == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&raw[..line]).ok()?.split(';').next()?.trim(), 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(raw.get(line + 2..line + 2 + size)?);
        raw = raw.get(line + 4 + size..)?;
    }
}
