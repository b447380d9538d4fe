//! Addresses of filters: networks, exceptions from them, and lists.

use std::collections::HashMap;

use model::lang::Text;

use super::super::braced::Node;
use super::super::braced::reading::Reading;
use super::super::draft::unknown;
use super::super::statement::{masked, no_address, prefix};
use super::term::Names;
use super::word::fits;
use crate::device::{Addresses, Affects, Unknown};
use crate::packet::Family;

/// Lists of networks by name; `None` for one that cannot be read.
pub(super) type Prefixes = HashMap<String, Option<Vec<Network>>>;

/// A network, how many of its bits count, and its addresses.
#[derive(Clone)]
pub(super) struct Network {
    length: u8,
    addresses: Addresses,
    /// Whether the longest network that holds an address must not be this one.
    except: bool,
}

pub(super) fn only_exceptions() -> Unknown {
    unknown(
        "除外だけを書いたアドレスの一覧",
        "a list of addresses that has exceptions only",
    )
}

/// The addresses of which the longest network is no exception. Not sure where there are only exceptions.
pub(super) fn longest(networks: &[Network], family: Family) -> (Addresses, bool) {
    let all = Addresses::all_of(family);
    let mut sorted: Vec<&Network> = networks.iter().collect();
    // Of two that are equally long, the exception comes last.
    sorted.sort_by_key(|network| (network.length, network.except));
    if sorted.iter().all(|network| network.except) && !sorted.is_empty() {
        let except = sorted
            .iter()
            .fold(Addresses::none(), |all, one| all.union(&one.addresses));
        return (all.minus(&except), false);
    }
    let found = sorted.iter().fold(Addresses::none(), |found, network| {
        if network.except {
            found.minus(&network.addresses)
        } else {
            found.union(&network.addresses)
        }
    });
    (found.intersect(&all), true)
}

/// `10.0.0.0/8`, `10.0.1.0/24 except`
pub(super) fn networks(reading: &mut Reading<'_, '_>, node: &Node, names: &Names<'_>) -> Option<Vec<Network>> {
    reading.take(node);
    let mut found = Vec::new();
    for address in node.children() {
        let mut network = network(&address.word)?;
        reading.take(address);
        for word in address.children() {
            (word.word == "except" && word.is_leaf()).then_some(())?;
            reading.take(word);
            network.except = true;
        }
        let fits = !network.addresses.of(names.family).is_empty();
        // An address of the other family never fits; it stands in the file by mistake.
        if !fits {
            reading.unread(address, no_address(), Affects::Chain(names.chain));
            continue;
        }
        found.push(network);
    }
    (!node.is_leaf()).then_some(found)
}

/// A network; of IPv4 the mask may have holes.
fn network(word: &str) -> Option<Network> {
    if let Some((address, length)) = prefix(word) {
        return Some(Network {
            length,
            addresses: Addresses::network(address, length),
            except: false,
        });
    }
    let (address, mask) = word.split_once('/')?;
    let (address, mask): (std::net::Ipv4Addr, std::net::Ipv4Addr) = (address.parse().ok()?, mask.parse().ok()?);
    Some(Network {
        length: u8::try_from(mask.to_bits().count_ones()).ok()?,
        addresses: Addresses::of_v4(masked(address.to_bits(), mask.to_bits())?),
        except: false,
    })
}

/// `source-prefix-list office`, `office except`
pub(super) fn named(
    reading: &mut Reading<'_, '_>,
    list: &Node,
    names: &Names<'_>,
    unsure: &mut Vec<Unknown>,
) -> Option<Vec<Network>> {
    let mut except = false;
    for word in list.children() {
        (word.word == "except" && word.is_leaf()).then_some(())?;
        reading.take(word);
        except = true;
    }
    let Some(found) = names.prefixes.get(&list.word)? else {
        unsure.push(unknown(
            "読めないアドレスの一覧",
            "a list of addresses that cannot be read",
        ));
        return None;
    };
    let of_family = found
        .iter()
        .filter(|network| !network.addresses.of(names.family).is_empty());
    let mut found: Vec<Network> = of_family.cloned().collect();
    found.iter_mut().for_each(|network| network.except = except);
    if found.is_empty() {
        // A list of nothing: no address fits.
        found.push(Network {
            length: 0,
            addresses: Addresses::none(),
            except,
        });
    }
    Some(found)
}

/// The networks of a list; `None` where one cannot be read.
pub(super) fn prefix_list(reading: &mut Reading<'_, '_>, list: &Node, root: &Node) -> Option<Vec<Network>> {
    let mut found = Vec::new();
    for entry in list.children() {
        if entry.word == "apply-path" {
            reading.take(entry);
            for path in entry.children() {
                reading.take(path);
                let mut places = vec![root];
                for word in path.word.trim_end_matches(';').split_whitespace() {
                    let inner = word.strip_prefix('<').and_then(|word| word.strip_suffix('>'));
                    let is = |child: &&Node| inner.map_or(child.word == word, |inner| fits(inner, &child.word));
                    places = places
                        .into_iter()
                        .flat_map(|place| place.children().filter(is))
                        .collect();
                    // Keywords on the way stay, else the way would lead nowhere when the file is read again.
                    places
                        .iter()
                        .filter(|_| inner.is_none())
                        .for_each(|place| reading.take(place));
                }
                let is_network = |place: &&Node| network(&place.word).is_some();
                if !places.iter().any(is_network) {
                    reading.unread(
                        path,
                        Text::fixed(
                            "apply-path の先にアドレスがない",
                            "there is no address where an apply-path leads",
                        ),
                        Affects::Everything,
                    );
                }
                // Words that are no addresses are not meant.
                for place in places {
                    if let Some(network) = network(&place.word) {
                        reading.take(place);
                        found.push(network);
                    }
                }
            }
            continue;
        }
        found.push(network(&entry.word).filter(|_| entry.is_leaf())?);
        reading.take(entry);
    }
    Some(found)
}
