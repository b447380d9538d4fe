//! Secrets that stand in a configuration as they are, or in a form that anybody can undo. They are told by their line, and never shown.

use model::lang::Text;

use super::draft::Draft;
use super::statement::Statement;
use crate::device::RemarkKind;

/// Lines whose next word is a secret, by how they begin. `*` stands for any word, `#` for a number.
pub(super) type Places = &'static [&'static str];

/// Of Cisco IOS.
pub(super) const IOS: Places = &[
    "area-password",
    "crypto isakmp key",
    "domain-password",
    "enable password",
    "enable password level #",
    "ip ospf authentication-key",
    "ip ospf message-digest-key # md5",
    "isis password",
    "key",
    "key-string",
    "neighbor * password",
    "ntp authentication-key # md5",
    "password",
    "ppp chap password",
    "ppp pap sent-username * password",
    "pre-shared-key",
    "pre-shared-key address * * key",
    "pre-shared-key address * key",
    "pre-shared-key local",
    "pre-shared-key remote",
    "radius-server host * key",
    "radius-server key",
    "server-private * key",
    "snmp-server community",
    "standby # authentication",
    "standby # authentication md5 key-string",
    "standby # authentication text",
    "tacacs-server host * key",
    "tacacs-server key",
    "username * password",
    "username * privilege # password",
    "vrrp # authentication",
    "vrrp # authentication md5 key-string",
    "vrrp # authentication text",
];

/// Of Cisco ASA.
pub(super) const ASA: Places = &[
    "enable password",
    "failover key",
    "ikev1 pre-shared-key",
    "ikev2 local-authentication pre-shared-key",
    "ikev2 remote-authentication pre-shared-key",
    "key",
    "ldap-login-password",
    "neighbor * password",
    "ntp authentication-key # md5",
    "ospf authentication-key",
    "ospf message-digest-key # md5",
    "passwd",
    "password",
    "pre-shared-key",
    "snmp-server community",
    "username * password",
    "vpdn username * password",
];

/// Of Yamaha's routers. Keys of tunnels and what a provider asks for have no other form there, so that nothing could be done about them.
pub(super) const YAMAHA: Places = &[
    "administrator password",
    "login password",
    "login user *",
    "snmp community read-only",
    "snmp community read-write",
    "snmp trap community",
];

/// What stands before a secret that cannot be read from what is written.
const HIDDEN: [&str; 6] = ["4", "5", "6", "8", "9", "encrypted"];

/// What stands after one.
const HIDDEN_AFTER: [&str; 4] = ["encrypted", "nt-encrypted", "mschap", "pbkdf2"];

/// What stands before one that can: as it is, or by a cipher whose key everybody knows.
const OPEN: [&str; 2] = ["0", "7"];

/// Words that make the line another command.
const OTHER: [&str; 3] = ["chain", "config-key", "encryption"];

/// Tells of a secret that can be read from the line. The words by which that is seen are shown, so that a redacted file says the same.
pub(super) fn tell(places: Places, statement: &mut Statement<'_>, draft: &mut Draft) {
    let begin = places.iter().filter(|place| begins(place, statement));
    let Some(begin) = begin.max_by_key(|place| place.len()) else {
        return;
    };
    let mut at = 0;
    for word in begin.split(' ') {
        if word != "*" {
            statement.show_at(at);
        }
        at += 1;
    }
    let is = |words: &[&str], word: Option<&str>| word.is_some_and(|word| words.contains(&word));
    let mut open = true;
    let kind = statement.peek_at(at);
    if (is(&HIDDEN, kind) || is(&OPEN, kind)) && statement.peek_at(at + 1).is_some() {
        open = is(&OPEN, kind);
        statement.show_at(at);
        at += 1;
    }
    if is(&HIDDEN_AFTER, statement.peek_at(at + 1)) {
        open = false;
        statement.show_at(at + 1);
    }
    let Some(secret) = statement.peek_at(at) else { return };
    let is_masked = secret.chars().all(|c| c == '*');
    let is_number_of_key = *begin == "key" && secret.len() <= 3 && secret.chars().all(|c| c.is_ascii_digit());
    if is_masked || is_number_of_key || OTHER.contains(&secret) {
        statement.show_at(at);
        return;
    }
    if !open {
        return;
    }
    draft.remark(
        RemarkKind::SecretInClear,
        statement.line(),
        Text::fixed(
            "パスワードや鍵などの秘密が、そのまま、又はだれでも元に戻せる形で書かれている",
            "a secret stands here as it is, or in a form that anybody can undo",
        ),
        Text::fixed(
            "元に戻せない形式を選べる機器では改める。設定の写しは、見てよい者だけが見られる場所に置く",
            "choose a form that cannot be undone where the device has one, and keep copies where only those may look who must",
        ),
    );
}

fn begins(place: &str, statement: &Statement<'_>) -> bool {
    place.split(' ').enumerate().all(|(at, expected)| {
        statement.peek_at(at).is_some_and(|word| match expected {
            "*" => true,
            "#" => word.chars().all(|c| c.is_ascii_digit()),
            _ => word.eq_ignore_ascii_case(expected),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn told(places: Places, line: &str) -> bool {
        let source = Source::new(line);
        let mut draft = Draft::default();
        tell(places, &mut Statement::new(&source, 0, source.line(1)), &mut draft);
        assert!(!source.redacted().text.contains("himitsu"), "{line}");
        !draft.device.remarks.is_empty()
    }

    #[test]
    fn secrets_that_can_be_read_are_told_and_others_are_not() {
        for line in [
            "enable password himitsu",
            "username himitsu-user privilege 15 password 7 01himitsu",
            " password 0 himitsu",
            "snmp-server community himitsu 5",
            "crypto isakmp key himitsu address 203.0.113.9",
            " neighbor 192.0.2.9 password himitsu",
            "ntp authentication-key 1 md5 himitsu 7",
            " key himitsu",
            "enable password password-himitsu",
        ] {
            assert!(told(IOS, line), "{line}");
        }
        for line in [
            "enable secret 9 himitsu",
            "enable password 8 himitsu",
            "username himitsu-user secret 5 himitsu",
            "crypto isakmp key 6 himitsu address 203.0.113.9",
            "password encryption aes",
            "key chain himitsu",
            " key 1",
            " description enable password himitsu",
        ] {
            assert!(!told(IOS, line), "{line}");
        }
        assert!(told(ASA, "snmp-server community himitsu"));
        assert!(!told(ASA, "enable password himitsu pbkdf2"));
        assert!(!told(ASA, " ikev1 pre-shared-key *****"));
        assert!(told(YAMAHA, "login password himitsu"));
        assert!(!told(YAMAHA, "login user himitsu-user encrypted himitsu"));
        assert!(!told(YAMAHA, "pp auth myname himitsu-user himitsu"));
    }
}
