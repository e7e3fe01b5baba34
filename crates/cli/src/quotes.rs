//! Quotation marks in the address of a request. Some clients send them bare and Django takes them, but the HTTP library
//! refuses the request: here they become `%22` before it reads them.
//!
//! Only bytes that surely begin a request are touched: the first of a connection, and those after a request that came
//! whole and without a body. What may be part of a body is passed on as it is, so that nobody can shift its end.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A connection on which a bare quotation mark in an address is as good as `%22`.
#[derive(Debug)]
pub(crate) struct Quotes<S> {
    stream: S,
    /// Whether what comes next begins a request.
    begins: bool,
    /// What was written anew and is not yet read.
    left: Vec<u8>,
}

impl<S> Quotes<S> {
    pub(crate) fn new(stream: S) -> Quotes<S> {
        Quotes { stream, begins: true, left: Vec::new() }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Quotes<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.left.is_empty() {
            let start = buffer.filled().len();
            ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
            let read = &buffer.filled()[start..];
            if !self.begins {
                return Poll::Ready(Ok(()));
            }
            self.begins = is_whole(read);
            let Some(text) = escaped(read) else { return Poll::Ready(Ok(())) };
            self.left = text;
            buffer.set_filled(start);
        }
        let count = self.left.len().min(buffer.remaining());
        buffer.put_slice(&self.left[..count]);
        self.left.drain(..count);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Quotes<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buffer)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, buffers)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// Whether bytes that begin with a request end with the end of one, and none of theirs has a body.
fn is_whole(read: &[u8]) -> bool {
    let says = |name: &[u8]| read.windows(name.len()).any(|part| part.eq_ignore_ascii_case(name));
    read.ends_with(b"\r\n\r\n") && !says(b"\ncontent-length") && !says(b"\ntransfer-encoding")
}

/// The bytes with the quotation marks of their first line escaped; `None` if it has none or is no whole request line.
fn escaped(read: &[u8]) -> Option<Vec<u8>> {
    let end = read.iter().position(|byte| *byte == b'\n')?;
    let (line, rest) = read.split_at(end);
    if !line.contains(&b'"') || !(line.ends_with(b" HTTP/1.1\r") || line.ends_with(b" HTTP/1.0\r")) {
        return None;
    }
    let mut text = Vec::with_capacity(read.len() + 16);
    for byte in line {
        if *byte == b'"' { text.extend_from_slice(b"%22") } else { text.push(*byte) }
    }
    text.extend_from_slice(rest);
    Some(text)
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    /// What arrives of parts that are sent one after the other.
    async fn arrives(parts: &[&str]) -> String {
        let (mut client, server) = tokio::io::duplex(4096);
        let mut server = Quotes::new(server);
        let mut text = String::new();
        for part in parts {
            client.write_all(part.as_bytes()).await.expect("room for the part");
            let mut seen = vec![0; 1024];
            let expected = text.len() + part.len();
            while text.len() < expected {
                let count = server.read(&mut seen).await.expect("bytes");
                text.push_str(std::str::from_utf8(&seen[..count]).expect("text"));
            }
            while let Ok(Ok(count)) = tokio::time::timeout(std::time::Duration::ZERO, server.read(&mut seen)).await {
                text.push_str(std::str::from_utf8(&seen[..count]).expect("text"));
            }
        }
        text
    }

    #[tokio::test]
    async fn addresses_are_escaped_and_bodies_are_not() {
        let asked = "GET /?q=\"a\" HTTP/1.1\r\nhost: \"x\"\r\n\r\n";
        let taken = "GET /?q=%22a%22 HTTP/1.1\r\nhost: \"x\"\r\n\r\n";
        assert_eq!(arrives(&[asked, asked]).await, format!("{taken}{taken}"));
        let sent = "POST /?\" HTTP/1.1\r\nContent-Length: 99\r\n\r\n";
        let taken = "POST /?%22 HTTP/1.1\r\nContent-Length: 99\r\n\r\n";
        assert_eq!(arrives(&[sent, asked]).await, format!("{taken}{asked}"));
        let part = "GET /\"a";
        assert_eq!(arrives(&[part, asked]).await, format!("{part}{asked}"));
    }
}
