//! Workers that wait.

use std::path::PathBuf;

use sanitize::worker::Pool;

use crate::{RAR, escapee, one, profile, word};

#[test]
fn a_pool_serves_many_at_once_and_each_file_has_its_own_worker() {
    let pool = Pool::new(escapee("behaves"), 2);
    let (pool, profile) = (&pool, &profile());
    std::thread::scope(|scope| {
        let asked: Vec<_> = (0..4)
            .map(|thread| {
                scope.spawn(move || {
                    let bad = pool.treat("opens.rar", RAR, profile, &[]);
                    let name = format!("{thread}.rar");
                    let good = pool.treat(&name, RAR, profile, &[]);
                    (word(&bad), word(&good), good.receipt.input.name == name)
                })
            })
            .collect();
        for one in asked {
            assert_eq!(one.join().unwrap(), ("worker_died", "rebuilt", true));
        }
    });
}

#[test]
fn without_a_program_every_file_is_refused() {
    let mut program = escapee("behaves");
    program.path = PathBuf::from("/no/such/program");
    let pool = Pool::new(program, 1);
    for _ in 0..3 {
        assert_eq!(word(&pool.treat("a.rar", RAR, &profile(), &[])), "walls_too_low");
    }
}

#[test]
fn a_receipt_has_the_hashes_of_both_files() {
    let done = one("behaves", "a.rar", "", &profile());
    let receipt = serde_json::to_value(&done.receipt).unwrap();
    let hash = "bc92269f657e6d11ed4ec50524897ef5e018cfc721879dfbdd2fb4494f756981";
    assert_eq!(receipt["input"]["sha256"], hash);
    assert_eq!(receipt["output"]["sha256"], hash);
    assert_eq!(receipt["outcome"], "rebuilt");
}
