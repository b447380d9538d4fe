//! Who sees what the devices of the network let through.

use super::{Came, KEEPER, came, everybody};
use crate::house::House;

/// Those who read the registers of zones, segments, permitted paths and equipment as a whole.
const READERS: [&str; 7] = [
    "ciso",
    "deputy_ciso",
    "general_manager",
    "audit_manager",
    "auditor",
    "csirt_manager",
    "csirt_member",
];

#[tokio::test]
async fn the_network_is_seen_by_those_who_read_all_of_its_registers() {
    let house = House::town();
    house.administrator(KEEPER);
    for (role, who) in everybody(&house) {
        let expected = if READERS.contains(&role) {
            Came::Done
        } else {
            Came::Refused
        };
        assert_eq!(came(&who, &who.get("/network").await), Ok(expected), "{role}");
        // The town describes no network: there is no way to ask for, and nobody else learns even that.
        let way = who.get("/network/explain").await;
        assert_eq!(came(&who, &way), Ok(Came::Refused), "{role}");
    }
}
