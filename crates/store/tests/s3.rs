//! Files of documents in a bucket, against moto (PyPI `moto[server]`): `cargo nextest run -p store --features aws`.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the test starts the server that it speaks to, and fails where it is missing"
)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use store::Blobs;

struct Moto {
    child: Child,
    port: u16,
}

impl Moto {
    fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut child = Command::new("moto_server")
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .stderr(Stdio::piped())
            .spawn()
            .expect("moto is needed for this test: pip install 'moto[server]'");
        // It says so when it listens.
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().contains("Running on")));
        std::thread::spawn(move || lines.for_each(drop));
        let moto = Self { child, port };
        moto.send("PUT /city HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        moto
    }

    fn send(&self, request: &str) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

#[test]
fn a_bucket_keeps_files_and_never_overwrites_them() {
    let moto = Moto::start();
    let options = [
        ("aws_endpoint", format!("http://127.0.0.1:{}", moto.port)),
        ("aws_bucket_name", "city".to_owned()),
        ("aws_region", "us-east-1".to_owned()),
        ("aws_access_key_id", "test".to_owned()),
        ("aws_secret_access_key", "test".to_owned()),
        ("aws_allow_http", "true".to_owned()),
    ];
    let blobs = Blobs::in_bucket(options.map(|(key, value)| (key.to_owned(), value))).unwrap();
    let large = vec![7; 3_000_000];
    let hash = blobs.put(large.clone()).unwrap();
    assert_eq!(blobs.put(large.clone()), Ok(hash));
    assert_eq!(blobs.get(&hash), Ok(Some(large)));
    assert_eq!(blobs.get(&[0; 32]), Ok(None));
}
