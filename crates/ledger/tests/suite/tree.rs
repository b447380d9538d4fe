//! Trees and their proofs, against the definitions of RFC 6962 written down word for word.

use std::sync::LazyLock;

use ledger::Hash;
use ledger::tree::check::{self, ProofFault};
use ledger::tree::prove::{self, ProveFault};
use ledger::tree::{Edge, Memory};
use proptest::prelude::*;

fn leaf(number: u64) -> Hash {
    Hash::leaf(&number.to_be_bytes())
}

static LARGE: LazyLock<Memory> = LazyLock::new(|| tree(70_000));

fn tree(size: u64) -> Memory {
    (0..size).map(leaf).collect()
}

/// MTH(D), section 2.1.
fn mth(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::EMPTY,
        [leaf] => *leaf,
        _ => {
            let k = leaves.len().next_power_of_two() / 2;
            Hash::node(mth(&leaves[..k]), mth(&leaves[k..]))
        }
    }
}

/// PATH(m, D), section 2.1.1.
fn path(m: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let k = leaves.len().next_power_of_two() / 2;
    let (mut rest, last) = if m < k {
        (path(m, &leaves[..k]), mth(&leaves[k..]))
    } else {
        (path(m - k, &leaves[k..]), mth(&leaves[..k]))
    };
    rest.push(last);
    rest
}

/// SUBPROOF(m, D, b), section 2.1.2.
fn subproof(m: usize, leaves: &[Hash], b: bool) -> Vec<Hash> {
    if m == leaves.len() {
        return if b { Vec::new() } else { vec![mth(leaves)] };
    }
    let k = leaves.len().next_power_of_two() / 2;
    let (mut rest, last) = if m <= k {
        (subproof(m, &leaves[..k], b), mth(&leaves[k..]))
    } else {
        (subproof(m - k, &leaves[k..], false), mth(&leaves[..k]))
    };
    rest.push(last);
    rest
}

// The test vectors of Certificate Transparency's reference implementation: inputs, and roots at sizes 1 to 8.
#[test]
fn the_roots_are_those_of_the_published_vectors() {
    let inputs: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut edge = Edge::default();
    for (input, root) in inputs.iter().zip(roots) {
        edge.push(Hash::leaf(input));
        let hex: String = edge.root().0.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, root);
    }
}

#[test]
fn every_proof_of_a_small_tree_is_that_of_the_definition_and_holds() {
    for size in 1..=40u64 {
        let leaves: Vec<Hash> = (0..size).map(leaf).collect();
        let mut tree = tree(size);
        for index in 0..size {
            let proof = prove::inclusion(&mut tree, index, size).unwrap();
            assert_eq!(proof, path(index as usize, &leaves));
            assert_eq!(check::inclusion(leaf(index), index, size, &proof, tree.root()), Ok(()));
        }
        for old in 1..=size {
            let proof = prove::consistency(&mut tree, old, size).unwrap();
            assert_eq!(proof, subproof(old as usize, &leaves, true));
            let old_root = mth(&leaves[..old as usize]);
            assert_eq!(check::consistency(old, old_root, size, tree.root(), &proof), Ok(()));
        }
    }
}

#[test]
fn the_empty_tree_is_the_beginning_of_every_tree_and_needs_no_proof() {
    let root = tree(5).root();
    assert_eq!(prove::consistency(&mut tree(5), 0, 5), Ok(Vec::new()));
    assert_eq!(check::consistency(0, Hash::EMPTY, 5, root, &[]), Ok(()));
    assert_eq!(
        check::consistency(0, Hash::EMPTY, 5, root, &[root]),
        Err(ProofFault::Length)
    );
    assert_eq!(check::consistency(0, root, 5, root, &[]), Err(ProofFault::Root));
    assert_eq!(check::consistency(0, Hash::EMPTY, 0, root, &[]), Err(ProofFault::Root));
}

#[test]
fn what_lies_outside_the_tree_has_no_proof() {
    assert_eq!(prove::inclusion(&mut tree(5), 5, 5), Err(ProveFault::Range));
    assert_eq!(prove::consistency(&mut tree(5), 6, 5), Err(ProveFault::Range));
    assert_eq!(
        check::inclusion(leaf(0), 0, 0, &[], Hash::EMPTY),
        Err(ProofFault::Range)
    );
    assert_eq!(
        check::consistency(2, Hash::EMPTY, 1, Hash::EMPTY, &[]),
        Err(ProofFault::Range)
    );
}

#[test]
fn a_source_that_lacks_hashes_gives_no_proof() {
    assert_eq!(
        prove::inclusion(&mut tree(600), 3, 700),
        Err(ProveFault::Missing { level: 0, index: 512 })
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn proofs_across_several_levels_of_tiles_hold(old in 1u64..70_000, size in 1u64..70_000, index in 0u64..70_000) {
        let (old, size) = (old.min(size), old.max(size));
        let index = index % size;
        let mut tree = LARGE.clone();
        let root = prove::root(&mut tree, size).unwrap();
        let proof = prove::inclusion(&mut tree, index, size).unwrap();
        prop_assert_eq!(check::inclusion(leaf(index), index, size, &proof, root), Ok(()));
        let old_root = prove::root(&mut tree, old).unwrap();
        prop_assert_eq!(old_root, (0..old).map(leaf).collect::<Edge>().root());
        let proof = prove::consistency(&mut tree, old, size).unwrap();
        prop_assert_eq!(check::consistency(old, old_root, size, root, &proof), Ok(()));
    }
}

proptest! {
    #[test]
    fn a_proof_with_anything_changed_does_not_hold(size in 2u64..2000, part in 0.0f64..1.0, bit in 0usize..256, at in any::<prop::sample::Index>()) {
        let mut tree = tree(size);
        let root = tree.root();
        let index = (part * size as f64) as u64;
        let proof = prove::inclusion(&mut tree, index, size).unwrap();
        let mut changed = proof.clone();
        at.get_mut(&mut changed).0[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(check::inclusion(leaf(index), index, size, &changed, root).is_err());
        prop_assert!(check::inclusion(leaf(index + 1), index, size, &proof, root).is_err());
        prop_assert!(check::inclusion(leaf(index), index, size, &proof[1..], root).is_err());
        prop_assert!(check::inclusion(leaf(index), index, size, &[&proof[..], &[root]].concat(), root).is_err());
        let old = 1 + index.min(size - 2);
        let old_root = prove::root(&mut tree, old).unwrap();
        let proof = prove::consistency(&mut tree, old, size).unwrap();
        let mut changed = proof.clone();
        at.get_mut(&mut changed).0[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(check::consistency(old, old_root, size, root, &changed).is_err());
        prop_assert!(check::consistency(old, root, size, root, &proof).is_err());
        prop_assert!(check::consistency(old, old_root, size, old_root, &proof).is_err());
    }

    #[test]
    fn no_proof_makes_the_check_fall(index in any::<u64>(), size in any::<u64>(), proof in prop::collection::vec(any::<[u8; 32]>().prop_map(Hash), 0..70)) {
        prop_assert!(check::inclusion(leaf(0), index, size, &proof, leaf(1)).is_err());
        prop_assert!(check::consistency(index, leaf(0), size, leaf(1), &proof).is_err());
    }
}
