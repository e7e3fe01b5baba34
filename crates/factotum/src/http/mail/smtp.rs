//! Mails by SMTP.

use std::time::Duration;

use futures_util::future::BoxFuture;
use lettre::message::Mailbox;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::{Mail, Mailer, Unsent};

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server that takes mails.
#[derive(Debug)]
pub struct Smtp {
    from: Mailbox,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl Smtp {
    /// A server such as `smtps://user:password@mail.example:465`, `smtp://mail.example:587?tls=required` or, without
    /// encryption, `smtp://localhost:25`, and whom mails are from: `Shop <shop@example.com>`.
    ///
    /// # Errors
    /// When the address of the server or of the sender is none.
    pub fn new(server: &str, from: &str) -> Result<Smtp, Unsent> {
        let from = from.parse().map_err(|error| Unsent(format!("'{from}' is no sender: {error}")))?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(server)
            .map_err(|error| Unsent(format!("this is no mail server: {error}")))?;
        Ok(Smtp { from, transport: transport.timeout(Some(PATIENCE)).build() })
    }

    fn message(&self, mail: Mail) -> Result<Message, String> {
        let to: Mailbox = mail.to.parse().map_err(|error| format!("this is no address: {error}"))?;
        let message = Message::builder().from(self.from.clone()).to(to).subject(mail.subject);
        message.body(mail.text).map_err(|error| error.to_string())
    }
}

impl Mailer for Smtp {
    fn send(&self, mail: Mail) -> BoxFuture<'_, Result<(), Unsent>> {
        Box::pin(async move {
            let message = self.message(mail).map_err(Unsent)?;
            self.transport.send(message).await.map(drop).map_err(|error| Unsent(error.to_string()))
        })
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;

    use super::*;

    /// What one client says to a server that takes everything.
    async fn listen(listener: TcpListener) -> String {
        let (stream, _) = listener.accept().await.expect("a client");
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 here\r\n").await.expect("there");
        let (mut said, mut is_data) = (String::new(), false);
        while let Some(line) = lines.next_line().await.expect("text") {
            said = format!("{said}{line}\n");
            let answer = match (is_data, line.as_str()) {
                (true, ".") => "250 taken\r\n",
                (true, _) => continue,
                (false, "DATA") => "354 go on\r\n",
                (false, "QUIT") => "221 bye\r\n",
                (false, _) => "250 well\r\n",
            };
            is_data = line == "DATA";
            write.write_all(answer.as_bytes()).await.expect("there");
            if line == "." {
                break;
            }
        }
        said
    }

    #[tokio::test]
    async fn a_mail_is_handed_over() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let server = format!("smtp://{}", listener.local_addr().expect("an address"));
        let heard = tokio::spawn(listen(listener));
        let smtp = Smtp::new(&server, "Shop <shop@shop.test>").expect("a server");
        let mail = Mail { to: "ann@shop.test".into(), subject: "Hello".into(), text: "There you are.".into() };
        smtp.send(mail).await.expect("taken");
        let said = heard.await.expect("a talk");
        for line in ["RCPT TO:<ann@shop.test>", "From: Shop <shop@shop.test>", "Subject: Hello", "There you are."] {
            assert!(said.contains(line), "{line}: {said}");
        }
    }

    #[tokio::test]
    async fn an_address_cannot_break_out_of_its_line() {
        let smtp = Smtp::new("smtp://127.0.0.1:1", "shop@shop.test").expect("a server");
        let mail = Mail { to: "ann@shop.test\r\nBcc: eve@evil.test".into(), subject: "a".into(), text: "b".into() };
        assert!(smtp.send(mail).await.is_err());
        assert!(Smtp::new("nonsense", "shop@shop.test").is_err());
        assert!(Smtp::new("smtp://127.0.0.1", "nobody").is_err());
    }
}
