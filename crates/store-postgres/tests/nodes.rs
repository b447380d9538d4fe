//! Two nodes on one PostgreSQL, one of which is killed.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "this test starts and kills what it looks at"
)]

use std::io::{BufRead as _, BufReader, Lines};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;

use jiff::Timestamp;
use store::Store;
use store::conformance::hammer::Acknowledged;
use store_postgres::trial::Server;
use store_postgres::{Options, Postgres};

fn hammer() -> PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.set_file_name("examples");
    path.push("hammer-postgres");
    assert!(
        path.exists(),
        "build it first: cargo build -p store-postgres --examples"
    );
    path
}

fn node(options: &Options, name: &str) -> (Child, Lines<BufReader<ChildStdout>>) {
    let mut command = Command::new(hammer());
    let mut child = command
        .args([&options.connection, name])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    (child, lines)
}

#[test]
fn nothing_is_lost_when_one_of_two_nodes_is_killed() {
    let server = Server::start(&["fsync=off"]);
    let options = server.database();
    let store: Arc<dyn Store> = Arc::new(Postgres::connect(&options).unwrap());
    store.migrate().unwrap();
    let mut acknowledged = Acknowledged::default();
    for round in 0..5 {
        let (mut killed, mut its_lines) = node(&options, &format!("{round}a"));
        let (mut other, mut other_lines) = node(&options, &format!("{round}b"));
        for line in its_lines.by_ref().take(100) {
            acknowledged.hear(&line.unwrap());
        }
        killed.kill().unwrap();
        // The other one goes on, once the server has noticed that the dead one holds nothing any more.
        for line in other_lines.by_ref().take(400) {
            acknowledged.hear(&line.unwrap());
        }
        other.kill().unwrap();
        for line in its_lines.chain(other_lines) {
            acknowledged.hear(&line.unwrap());
        }
        killed.wait().unwrap();
        other.wait().unwrap();
        acknowledged.are_all_in(&*store);
    }
}

#[test]
fn nothing_is_lost_when_the_server_crashes() {
    let server = Server::start(&[]);
    let options = server.database();
    let store: Arc<dyn Store> = Arc::new(Postgres::connect(&options).unwrap());
    store.migrate().unwrap();
    let mut acknowledged = Acknowledged::default();
    for round in 0..3 {
        let (mut node, mut lines) = node(&options, &round.to_string());
        for line in lines.by_ref().take(300) {
            acknowledged.hear(&line.unwrap());
        }
        server.crash();
        for line in lines {
            acknowledged.hear(&line.unwrap());
        }
        node.wait().unwrap();
        server.recover();
        acknowledged.are_all_in(&*store);
    }
}

#[test]
fn a_job_runs_on_one_of_many_nodes() {
    let server = Server::start(&["fsync=off"]);
    let options = server.database();
    let now = Timestamp::UNIX_EPOCH;
    let nodes: Vec<Arc<dyn Store>> = (0..6)
        .map(|_| {
            Arc::new(
                Postgres::connect(&Options {
                    connections: 2,
                    ..options.clone()
                })
                .unwrap(),
            ) as _
        })
        .collect();
    std::thread::scope(|scope| {
        // All of them find an empty database at once.
        nodes
            .iter()
            .for_each(|node| _ = scope.spawn(|| node.migrate().unwrap()));
    });
    let leaders: usize = std::thread::scope(|scope| {
        let life = std::time::Duration::from_secs(60);
        let asked: Vec<_> = (0..)
            .zip(&nodes)
            .map(|(name, node)| scope.spawn(move || node.lease("judge", &format!("node {name}"), now, life).unwrap()))
            .collect();
        asked.into_iter().map(|leads| usize::from(leads.join().unwrap())).sum()
    });
    assert_eq!(leaders, 1);
}
