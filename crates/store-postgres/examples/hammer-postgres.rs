//! Writes to a database under load until it is killed: `hammer CONNECTION ROUND`. The tests of crashes start it.
#![expect(clippy::unwrap_used, reason = "a program of the tests")]

use std::sync::Arc;

use store::Store;
use store::conformance::hammer;
use store_postgres::{Options, Postgres};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let store: Arc<dyn Store> = Arc::new(Postgres::connect(&Options::new(arguments.next().unwrap())).unwrap());
    hammer::write(&store, &arguments.next().unwrap());
}
