//! The shipped standard is sound.

use service::standard::StandardFolder;

#[test]
fn every_duty_fits_the_registers_and_its_pair_keeps_and_breaks_it() {
    let folder = StandardFolder::read(None).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let checked = folder.check();
    let remarks: Vec<String> = (checked.remarks.iter())
        .map(|remark| format!("{}: {}", remark.file, remark.diagnostic.message.en))
        .collect();
    assert!(remarks.is_empty(), "{remarks:#?}");
    assert_eq!(checked.paired, folder.decided_by_data());
    assert!(folder.standard.duties.len() >= 180);
    assert!(folder.decided_by_data() >= 110);
}
