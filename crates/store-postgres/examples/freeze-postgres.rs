//! Prints the database that the test of migrations starts from: once, when a schema is released.
//! `cargo run -p store-postgres --example freeze-postgres > crates/store-postgres/tests/schema/1.sql`
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a program of the tests")]

use std::sync::Arc;

use store::Store;
use store::conformance::{Bench, Fresh, verify};
use store_postgres::Postgres;
use store_postgres::trial::Server;

fn main() {
    let server = Server::start(&["fsync=off"]);
    let options = server.database();
    let connection = options.clone();
    let bench = Bench::new(Arc::new(move || {
        let store: Arc<dyn Store> = Arc::new(Postgres::connect(&connection).unwrap());
        store.migrate().unwrap();
        Fresh {
            store,
            keep: Box::new(()),
        }
    }));
    verify::few(&bench);
    print!("{}", server.dump(&options));
}
