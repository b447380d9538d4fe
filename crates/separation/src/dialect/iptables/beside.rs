//! Options of modules and targets that ask for, or change, what no packet here shows.
//!
//! Each list holds every option that `iptables-save` prints for it. What is in none of them is not passed over: a word spelt wrongly would
//! take the rest of the rule with it.

use model::lang::Text;

use crate::source::Words;

/// Modules and their options, `NAME/VALUES`; `/text` is one value of free text, which stays hidden.
const MODULES: &[(&str, &str)] = &[
    ("addrtype", "src-type/1 dst-type/1 limit-iface-in/0 limit-iface-out/0"),
    ("bpf", "bytecode/text object-pinned/1"),
    ("cgroup", "cgroup/1 path/1"),
    (
        "cluster",
        "cluster-total-nodes/1 cluster-local-node/1 cluster-local-nodemask/1 cluster-hash-seed/1",
    ),
    ("connbytes", "connbytes/1 connbytes-mode/1 connbytes-dir/1"),
    ("connlabel", "label/1 set/0"),
    (
        "connlimit",
        "connlimit-upto/1 connlimit-above/1 connlimit-mask/1 connlimit-saddr/0 connlimit-daddr/0",
    ),
    ("connmark", "mark/1"),
    ("cpu", "cpu/1"),
    ("devgroup", "src-group/1 dst-group/1"),
    ("dscp", "dscp/1 dscp-class/1"),
    ("dst", "dst-len/1 dst-opts/1"),
    ("ecn", "ecn-tcp-cwr/0 ecn-tcp-ece/0 ecn-ip-ect/1"),
    ("eui64", ""),
    ("frag", "fragid/1 fraglen/1 fragres/0 fragfirst/0 fragmore/0 fraglast/0"),
    (
        "hashlimit",
        "hashlimit/1 hashlimit-upto/1 hashlimit-above/1 hashlimit-burst/1 hashlimit-mode/1 hashlimit-srcmask/1 \
         hashlimit-dstmask/1 hashlimit-name/1 hashlimit-htable-size/1 hashlimit-htable-max/1 hashlimit-htable-expire/1 \
         hashlimit-htable-gcinterval/1 hashlimit-rate-match/0 hashlimit-rate-interval/1",
    ),
    ("hbh", "hbh-len/1 hbh-opts/1"),
    ("helper", "helper/1"),
    ("hl", "hl-eq/1 hl-lt/1 hl-gt/1"),
    ("ipvs", "ipvs/0 vproto/1 vaddr/1 vport/1 vdir/1 vmethod/1 vportctl/1"),
    ("length", "length/1"),
    ("limit", "limit/1 limit-burst/1"),
    ("mac", "mac-source/1"),
    ("mark", "mark/1"),
    ("mh", "mh-type/1"),
    ("nfacct", "nfacct-name/1"),
    ("osf", "genre/1 ttl/1 log/1"),
    ("owner", "uid-owner/1 gid-owner/1 socket-exists/0 suppl-groups/0"),
    (
        "physdev",
        "physdev-in/1 physdev-out/1 physdev-is-in/0 physdev-is-out/0 physdev-is-bridged/0",
    ),
    ("pkttype", "pkt-type/1"),
    (
        "policy",
        "dir/1 pol/1 strict/0 reqid/1 spi/1 proto/1 mode/1 tunnel-src/1 tunnel-dst/1 next/0",
    ),
    ("quota", "quota/1"),
    (
        "recent",
        "set/0 rcheck/0 update/0 remove/0 seconds/1 reap/0 hitcount/1 rttl/0 name/1 mask/1 rsource/0 rdest/0",
    ),
    ("rpfilter", "loose/0 validmark/0 accept-local/0 invert/0"),
    (
        "rt",
        "rt-type/1 rt-segsleft/1 rt-len/1 rt-0-res/0 rt-0-addrs/1 rt-0-not-strict/0",
    ),
    (
        "set",
        "match-set/2 return-nomatch/0 update-counters/0 update-subcounters/0 packets-eq/1 packets-lt/1 packets-gt/1 \
         bytes-eq/1 bytes-lt/1 bytes-gt/1",
    ),
    ("socket", "transparent/0 nowildcard/0 restore-skmark/0"),
    ("statistic", "mode/1 probability/1 every/1 packet/1"),
    ("string", "string/text hex-string/text algo/1 from/1 to/1 icase/0"),
    ("tcpmss", "mss/1"),
    (
        "time",
        "datestart/1 datestop/1 timestart/1 timestop/1 monthdays/1 weekdays/1 contiguous/0 kerneltz/0 utc/0 localtz/0",
    ),
    ("tos", "tos/1"),
    ("ttl", "ttl/1 ttl-eq/1 ttl-lt/1 ttl-gt/1"),
    ("u32", "u32/1"),
];

/// Targets and their options, likewise.
const TARGETS: &[(&str, &str)] = &[
    ("AUDIT", "type/1"),
    ("CHECKSUM", "checksum-fill/0"),
    ("CLASSIFY", "set-class/1"),
    (
        "CONNMARK",
        "set-xmark/1 set-mark/1 and-mark/1 or-mark/1 xor-mark/1 save-mark/0 restore-mark/0 nfmask/1 ctmask/1 mask/1 \
         left-shift-mark/1 right-shift-mark/1",
    ),
    ("CONNSECMARK", "save/0 restore/0"),
    ("DSCP", "set-dscp/1 set-dscp-class/1"),
    ("ECN", "ecn-tcp-remove/0"),
    ("HL", "hl-set/1 hl-inc/1 hl-dec/1"),
    (
        "LOG",
        "log-level/1 log-prefix/text log-tcp-sequence/0 log-tcp-options/0 log-ip-options/0 log-uid/0 log-macdecode/0",
    ),
    ("MARK", "set-xmark/1 set-mark/1 and-mark/1 or-mark/1 xor-mark/1"),
    (
        "NFLOG",
        "nflog-group/1 nflog-prefix/text nflog-range/1 nflog-size/1 nflog-threshold/1",
    ),
    (
        "NFQUEUE",
        "queue-num/1 queue-balance/1 queue-bypass/0 queue-cpu-fanout/0",
    ),
    ("QUEUE", ""),
    ("REDIRECT", "to-ports/1 random/0"),
    ("REJECT", "reject-with/1"),
    ("SECMARK", "selctx/1"),
    ("TCPMSS", "set-mss/1 clamp-mss-to-pmtu/0"),
    ("TOS", "set-tos/1 and-tos/1 or-tos/1 xor-tos/1"),
    ("TTL", "ttl-set/1 ttl-inc/1 ttl-dec/1"),
    (
        "ULOG",
        "ulog-nlgroup/1 ulog-prefix/text ulog-cprange/1 ulog-qthreshold/1",
    ),
];

/// Whether a module asks for what no packet shows.
pub(super) fn is_module(name: &str) -> bool {
    MODULES.iter().any(|(known, _)| *known == name)
}

/// Whether a target changes nothing about who passes.
pub(super) fn is_aside(name: &str) -> bool {
    let deciding = ["LOG", "NFLOG", "NFQUEUE", "QUEUE", "REDIRECT", "REJECT", "ULOG"];
    !deciding.contains(&name) && TARGETS.iter().any(|(known, _)| *known == name)
}

/// Goes past the options of a module or target, up to the first word that is none of them.
///
/// # Errors
/// An option without its value.
pub(super) fn pass_options(words: &mut Words<'_>, of: &str) -> Result<(), Text> {
    let lists = MODULES.iter().chain(TARGETS);
    let options = lists.filter(|(name, _)| *name == of).map(|(_, options)| *options);
    let options: Vec<&str> = options.flat_map(|options| options.split(' ')).collect();
    loop {
        let mut ahead = words.clone();
        let negated = ahead.peek() == Some("!");
        if negated {
            ahead.pass();
        }
        let option = ahead.peek().and_then(|word| word.strip_prefix("--"));
        let values = option.and_then(|option| {
            let known = options.iter().filter_map(|known| known.split_once('/'));
            known
                .filter(|(name, _)| *name == option)
                .map(|(_, values)| values)
                .next()
        });
        let Some(values) = values else { return Ok(()) };
        for _ in 0..1 + usize::from(negated) {
            words.take();
        }
        match values.parse::<usize>() {
            Ok(count) => {
                for _ in 0..count {
                    words.take().ok_or_else(no_value)?;
                }
            }
            Err(_) => drop(words.pass().ok_or_else(no_value)?),
        }
    }
}

fn no_value() -> Text {
    Text::fixed("値がない", "a value is missing")
}
