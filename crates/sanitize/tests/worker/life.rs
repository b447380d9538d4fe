//! A worker that ends, at each stage of its life.

use sanitize::receipt::Outcome;
use sanitize::refusal::Reason;

use crate::{one, profile, told, word};

#[test]
fn a_worker_that_never_greets_gets_no_file() {
    for mode in ["ends", "babbles"] {
        let done = one(mode, "a.rar", "", &profile());
        assert_eq!(word(&done), "worker_died", "{mode}");
        assert_eq!(done.receipt.isolation, None, "{mode}");
    }
    let mut profile = profile();
    profile.limits.waiting = 0;
    assert_eq!(word(&one("hangs", "a.rar", "", &profile)), "timed_out");
}

#[test]
fn a_worker_that_lies_about_its_walls_is_found_out() {
    let done = one("lies", "a.rar", "", &profile());
    let Outcome::Refused { reason } = &done.receipt.outcome else {
        panic!("{}", told(&done));
    };
    let Reason::WallsTooLow { missing } = &reason.reason else {
        panic!("{}", told(&done));
    };
    assert!(missing.contains(&"seccomp".to_owned()), "{missing:?}");
    assert!(missing.contains(&"no_new_privs".to_owned()), "{missing:?}");
}

#[test]
fn a_floor_that_is_not_reached_keeps_the_file_back() {
    let mut profile = profile();
    profile.walls.landlock = 1_000;
    assert_eq!(word(&one("behaves", "a.rar", "", &profile)), "walls_too_low");
}

#[test]
fn a_worker_that_ends_anywhere_in_its_answer_or_after_it_gave_none() {
    for stage in ["ends-in-its-head", "ends-in-its-file", "ends-after-its-file"] {
        let done = one("behaves", &format!("{stage}.rar"), "", &profile());
        assert_eq!(word(&done), "worker_died", "{stage}");
        assert!(done.diagnostics.contains("SIGSYS"), "{stage}: {}", done.diagnostics);
    }
}
