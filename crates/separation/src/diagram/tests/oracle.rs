use biodivine_lib_bdd::{Bdd, BddPartialValuation, BddVariable, BddVariableSet};
use num_bigint::BigUint;

use super::super::generate::{Generated, Shape, rules};
use super::super::{Field, Id, Order, Product, Width, Wishes};
use super::{diagram, permits, samples, scan};

const SHAPES: [Shape; 3] = [Shape::Acl, Shape::Firewall, Shape::Chain];
const ORDERS: [Order; 2] = [Order::BY_ADDRESS, Order::BY_SERVICE];

struct Bits {
    variables: BddVariableSet,
    fields: Vec<Vec<BddVariable>>,
}

impl Bits {
    fn new<B: Width>() -> Self {
        let widths = Field::ALL.map(|field| 128 - field.last::<B>().into().leading_zeros());
        let variables = BddVariableSet::new_anonymous(u16::try_from(widths.iter().sum::<u32>()).unwrap());
        let mut all = variables.variables().into_iter();
        let fields = widths.map(|width| all.by_ref().take(width as usize).collect()).to_vec();
        Self { variables, fields }
    }

    /// An interval as the prefixes that it is made of.
    fn interval(&self, field: usize, first: u128, last: u128) -> Bdd {
        let bits = &self.fields[field];
        let mut bdd = self.variables.mk_false();
        let mut at = first;
        loop {
            let mut free = if at == 0 {
                bits.len() as u32
            } else {
                at.trailing_zeros()
            };
            free = free.min(bits.len() as u32);
            let hosts = |free: u32| 1_u128.checked_shl(free).map_or(u128::MAX, |one| one - 1);
            while hosts(free) > last - at {
                free -= 1;
            }
            let mut fixed = BddPartialValuation::empty();
            for (place, variable) in bits.iter().rev().enumerate().skip(free as usize) {
                fixed.set_value(*variable, at >> place & 1 == 1);
            }
            bdd = bdd.or(&self.variables.mk_conjunctive_clause(&fixed));
            match (at + hosts(free)).checked_add(1) {
                Some(next) if next <= last => at = next,
                _ => return bdd,
            }
        }
    }

    fn product<B: Width>(&self, product: &Product<B>) -> Bdd {
        let mut bdd = self.variables.mk_true();
        for field in Field::ALL {
            let mut any = self.variables.mk_false();
            for (first, last) in product.values(field).unwrap().iter() {
                let last = last.min(field.last());
                any = any.or(&self.interval(field as usize, first.into(), last.into()));
            }
            bdd = bdd.and(&any);
        }
        bdd
    }

    fn permitted<B: Width>(&self, rules: &[Generated<B>]) -> Bdd {
        let mut permitted = self.variables.mk_false();
        for rule in rules.iter().rev() {
            let packets = self.product(&rule.packets);
            permitted = if rule.permits {
                permitted.or(&packets)
            } else {
                permitted.and_not(&packets)
            };
        }
        permitted
    }
}

fn counts_agree<B: Width>(shape: Shape, size: usize, seed: u64) {
    let rules = rules::<B>(shape, size, 8, seed);
    let expected = Bits::new::<B>().permitted(&rules).exact_cardinality();
    for order in ORDERS {
        let (mut arena, root) = diagram(order, &rules);
        let permitted = permits(&mut arena, root, &rules);
        let counted = arena.count(permitted);
        assert_eq!(
            counted.to_string(),
            expected.to_string(),
            "{shape:?} {size} {seed} {order:?}"
        );
    }
}

#[test]
fn as_many_ipv4_packets_pass_as_bits_say() {
    for shape in SHAPES {
        for seed in 0..40 {
            counts_agree::<u32>(shape, 12, seed);
        }
        counts_agree::<u32>(shape, 120, 7);
    }
}

#[test]
fn as_many_ipv6_packets_pass_as_bits_say() {
    for shape in SHAPES {
        for seed in 0..20 {
            counts_agree::<u128>(shape, 12, seed);
        }
        counts_agree::<u128>(shape, 80, 7);
    }
}

#[test]
fn the_rule_that_decides_is_the_first_that_matches() {
    for shape in SHAPES {
        let rules = rules::<u32>(shape, 300, 8, 3);
        for order in ORDERS {
            let (arena, root) = diagram(order, &rules);
            for packet in samples(&rules, 4_000, 5) {
                assert_eq!(arena.eval(root, &packet), scan(&rules, &packet), "{shape:?} {packet:?}");
            }
        }
    }
}

#[test]
fn a_survey_adds_up_and_its_witnesses_are_decided_as_it_says() {
    let rules = rules::<u128>(Shape::Firewall, 60, 4, 11);
    let (arena, root) = diagram(Order::BY_SERVICE, &rules);
    let (blocks, complete) = arena.blocks(root, usize::MAX);
    assert!(complete);
    let survey = arena.survey(root, &Wishes::default());
    assert_eq!(
        survey.iter().map(|part| part.terminal).collect::<Vec<_>>(),
        arena.terminals(root)
    );
    for part in survey {
        assert_eq!(scan(&rules, &part.witness), Some(part.terminal));
        let own: Vec<_> = blocks
            .iter()
            .filter(|(_, terminal)| *terminal == part.terminal)
            .collect();
        assert_eq!(part.blocks, own.len() as u64);
        let packets = own.iter().fold(BigUint::ZERO, |sum, (block, _)| {
            sum + block.iter().fold(BigUint::from(1_u8), |product, (first, last)| {
                product * (BigUint::from(last - first) + 1_u8)
            })
        });
        assert_eq!(part.packets, packets);
    }
    assert!(!arena.blocks(root, 3).1);
}

#[test]
fn what_no_rule_holds_is_in_no_diagram() {
    let (arena, root) = diagram::<u32>(Order::BY_ADDRESS, &[]);
    assert_eq!(root, Id::NONE);
    assert_eq!(arena.count(root), BigUint::ZERO);
    assert_eq!(arena.witness(root, &Wishes::default()), None);
}
