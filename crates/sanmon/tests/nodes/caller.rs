//! A program that writes through the API.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// It knows one node.
pub(crate) struct Caller {
    pub(crate) port: u16,
    pub(crate) token: String,
}

impl Caller {
    /// Adds a row; returns the status of the answer. An error where no answer came.
    pub(crate) fn add_terminal(&self, key: &str) -> Result<u16, io::ErrorKind> {
        let row = serde_json::json!({
            "code": key, "kind": "notebook", "zone": "Z-LG", "section": "S11", "status": "in_use",
        });
        let row = row.to_string();
        let head = format!(
            "POST /api/v1/registers/terminal HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
            row.len()
        );
        self.ask(&head, &row)
    }

    /// Whether the node shows a row.
    pub(crate) fn knows_terminal(&self, key: &str) -> bool {
        let head = format!("GET /api/v1/registers/terminal/{key} HTTP/1.0\r\n");
        self.ask(&head, "") == Ok(200)
    }

    fn ask(&self, head: &str, body: &str) -> Result<u16, io::ErrorKind> {
        let answer = self.answer(head, body).map_err(|error| error.kind())?;
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        // A connection that breaks before the first line is no answer.
        status.ok_or(io::ErrorKind::UnexpectedEof)
    }

    fn answer(&self, head: &str, body: &str) -> io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        write!(stream, "{head}Authorization: Bearer {}\r\n\r\n{body}", self.token)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }
}
