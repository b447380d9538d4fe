//! What has run its term loses its contents, and the ledger stays whole.

use jiff::SignedDuration;

use super::House;

#[test]
fn sign_ins_lose_their_contents_after_their_term_and_nothing_else_does() {
    let house = House::keeping("[retention]\nsign-in = 1\n");
    let hall = &house.hall;
    let person = house.visitor("staff without a role");
    hall.sign_out(&person).unwrap();
    let index = hall.store().head().unwrap().edge.size() - 1;
    assert_eq!(hall.store().leaf(index).unwrap().unwrap().class, "sign-in");
    hall.sign_checkpoint().unwrap();

    // Written in fiscal year 2026: kept until 31 March 2028.
    house.clock.advance(SignedDuration::from_hours(24 * 490));
    hall.follow().unwrap();
    assert_eq!(hall.erase_expired().unwrap(), 0, "on {}", hall.clock().today());
    assert!(hall.store().body(index).unwrap().is_some());
    house.clock.advance(SignedDuration::from_hours(24 * 10));
    hall.follow().unwrap();
    let erased = hall.erase_expired().unwrap();
    assert!(erased >= 1, "on {}", hall.clock().today());
    assert!(hall.store().body(index).unwrap().is_none());
    assert_eq!(hall.erase_expired().unwrap(), 0, "once a day");
    let verified = hall.store().verify().unwrap().unwrap();
    assert_eq!(verified.erased, u64::try_from(erased).unwrap());
    assert!(verified.records > 1_000, "registers are kept for ever");
}
