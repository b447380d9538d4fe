//! Any bytes as a proof file, as a witness request and as a disclosure: a fault, or what reads back the same.
#![no_main]

use ledger::disclosure::Disclosure;
use ledger::proof_file::ProofFile;
use ledger::tree::check;
use ledger::witness::Request;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(proof) = ProofFile::parse(bytes) {
        assert_eq!(ProofFile::parse(proof.to_string().as_bytes()), Ok(proof.clone()));
        let _ = check::inclusion(
            ledger::Hash::EMPTY,
            proof.index,
            u64::MAX,
            &proof.path,
            ledger::Hash::EMPTY,
        );
    }
    if let Ok(request) = Request::parse(bytes) {
        assert_eq!(request.to_string().as_bytes(), bytes);
        let _ = check::consistency(
            request.old,
            ledger::Hash::EMPTY,
            u64::MAX,
            ledger::Hash::EMPTY,
            &request.proof,
        );
    }
    if let Ok(disclosure) = Disclosure::parse(bytes) {
        let _ = disclosure.opening.root();
    }
});
