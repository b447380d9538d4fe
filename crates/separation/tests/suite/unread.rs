//! What a language has and its reader does not follow is told, never passed over.

use separation::dialect::named;

use crate::dialect::read;

/// A dialect, a configuration, and the lines of it that must be told; none where all is well.
const CASES: &[(&str, &str, &[u32])] = &[
    (
        "fortios",
        "config global\nconfig system interface\nedit \"npu0_vlink0\"\nset vdom \"root\"\nnext\n\
         edit \"npu0_vlink1\"\nset vdom \"inner\"\nset ip 10.9.9.2 255.255.255.252\nnext\nend\nend\n\
         config vdom\nedit root\nconfig system settings\nset opmode nat\nend\nnext\n\
         edit inner\nconfig system settings\nset opmode nat\nend\nnext\nend\n",
        &[6],
    ),
    (
        "fortios",
        "config system interface\nedit \"npu0_vlink0\"\nset vdom \"root\"\nnext\nedit \"npu0_vlink1\"\n\
         set vdom \"root\"\nnext\nend\n",
        &[],
    ),
    (
        "fortios",
        "config system npu-vlink\nedit \"npu0_vlink\"\nnext\nend\n",
        &[2],
    ),
];

#[test]
fn what_a_reader_does_not_follow_is_told() {
    for (name, text, expected) in CASES {
        let device = read(named(name).expect("a dialect"), text);
        let mut lines: Vec<u32> = device.unread.iter().map(|unread| unread.line.number).collect();
        lines.dedup();
        assert_eq!(lines, *expected, "{name}: {text}\n{:#?}", device.unread);
    }
}
