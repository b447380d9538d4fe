//! What a worker tries behind its walls, while it treats a file.

use std::net::TcpListener;

use crate::{RAR, one, profile, told, word};

#[test]
fn a_worker_that_does_its_work_gives_the_file_and_says_which_walls_stand() {
    let done = one("behaves", "a.rar", "", &profile());
    assert_eq!(word(&done), "rebuilt", "{:?}", done.receipt);
    assert_eq!(done.rebuilt.unwrap().bytes, RAR);
    let walls = done.receipt.isolation.unwrap();
    assert!(
        walls.seccomp && walls.limits && walls.no_new_privileges && walls.confirmed,
        "{walls:?}"
    );
}

#[test]
fn a_call_that_is_not_on_the_list_ends_the_worker_before_anything_happens() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let trace = trace.to_str().unwrap();
    for act in ["opens", "writes", "starts", "multiplies"] {
        let done = one("behaves", &format!("{act}.rar"), trace, &profile());
        assert_eq!(word(&done), "worker_died", "{act}");
        assert!(done.diagnostics.contains("SIGSYS"), "{act}: {}", done.diagnostics);
    }
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}

#[test]
fn no_connection_leaves_a_worker() {
    #[expect(clippy::disallowed_methods, reason = "the test listens for what must not come")]
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let done = one("behaves", "connects.rar", &address, &profile());
    assert_eq!(word(&done), "worker_died");
    assert!(listener.accept().is_err(), "somebody called");
}

#[test]
fn the_other_walls_hold_without_the_list_of_calls() {
    #[expect(clippy::disallowed_methods, reason = "the test listens for what must not come")]
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let mut profile = profile();
    let done = one("unlisted", "a.rar", &address, &profile);
    assert_eq!(word(&done), "walls_too_low", "the list is demanded");
    profile.walls.seccomp = false;
    let done = one("unlisted", "a.rar", &address, &profile);
    let bytes = done.rebuilt.unwrap().bytes;
    assert_eq!(
        String::from_utf8_lossy(bytes.strip_prefix(RAR).unwrap()),
        "",
        "what it could do"
    );
}

#[test]
fn memory_ends_where_the_profile_says() {
    for act in ["allocates.rar", "fills.rar"] {
        let done = one("behaves", act, "", &profile());
        assert_eq!(word(&done), "too_much", "{act}: {}", done.diagnostics);
    }
}

#[test]
fn a_worker_that_spins_is_ended_by_its_processor_limit() {
    let done = one("behaves", "spins.rar", "", &profile());
    assert_eq!(word(&done), "timed_out");
    assert!(done.diagnostics.contains("SIGXCPU"), "{}", done.diagnostics);
}

#[test]
fn a_worker_that_sleeps_is_not_waited_for() {
    let mut profile = profile();
    profile.limits.waiting = 1;
    assert_eq!(word(&one("behaves", "sleeps.rar", "", &profile)), "timed_out");
}

#[test]
fn a_panic_and_an_endless_recursion_end_in_the_worker_and_tell_nothing_of_the_file() {
    let done = one("behaves", "panics.rar", "secret of the file", &profile());
    assert_eq!(word(&done), "worker_died");
    assert!(done.diagnostics.contains("panic at") && !done.diagnostics.contains("secret"));
    assert_eq!(word(&one("behaves", "recurses.rar", "", &profile())), "worker_died");
}

#[test]
fn an_answer_that_does_not_hold_is_no_answer() {
    for (act, expected) in [
        ("babbles", "worker_died"),
        ("answers-twice", "worker_died"),
        ("never-stops", "worker_died"),
        ("wrong-format", "worker_died"),
        ("wrong-name", "worker_died"),
        ("promises-too-much", "too_much"),
    ] {
        let done = one("behaves", &format!("{act}.rar"), "", &profile());
        assert_eq!(word(&done), expected, "{act}: {}", told(&done));
    }
}

#[test]
fn what_a_worker_shouts_is_cut_and_cannot_reach_a_terminal() {
    let done = one("behaves", "shouts.rar", "", &profile());
    assert_eq!(word(&done), "rebuilt");
    let mut profile = profile();
    profile.limits.output_bytes = 1;
    let done = one("behaves", "shouts.rar", "", &profile);
    assert_eq!(word(&done), "too_much");
    assert!(done.diagnostics.len() < 3_000 && !done.diagnostics.contains('\u{1b}'));
}
