use crate::configuration::Configuration;

const PROVIDER: &str = r#"[[sign_in.provider]]
name = "prefecture"
label = "県の認証基盤"
issuer = "https://id.example.lg.jp"
client_id = "sanmon"
client_secret_file = "oidc-secret"
claim = "employee_number"
groups_claim = "groups"
groups = { csirt = ["csirt_member"] }
"#;

const DIRECTORY: &str = r#"[sign_in.directory]
url = "ldaps://ad.example.lg.jp"
bind = "cn=sanmon,dc=example"
password_file = "ldap-password"
base = "dc=example"
filter = "(sAMAccountName={login})"
person = "employeeNumber"
groups_attribute = "memberOf"
groups = { "cn=csirt,dc=example" = ["csirt_member"] }
"#;

/// The line and the words of what is wrong with `text`, changed; the line alone tells which key it is.
fn wrong(text: &str, from: &str, to: &str) -> (usize, String) {
    assert!(text.contains(from), "{from}");
    let misread = Configuration::read(&text.replace(from, to)).unwrap_err();
    (misread.at.unwrap(), misread.message.en.to_string())
}

#[test]
fn a_provider_and_a_directory_are_read() {
    let read = Configuration::read(&format!("{PROVIDER}{DIRECTORY}")).unwrap();
    let provider = read.sign_in.provider[0].settings();
    assert_eq!((provider.scopes.len(), provider.label.en.as_ref()), (2, "県の認証基盤"));
    let roles = provider.groups.roles(&["CSIRT".to_owned()]);
    assert_eq!(roles.into_iter().collect::<Vec<_>>(), ["csirt_member"]);
    let directory = read.sign_in.directory.unwrap().settings();
    assert_eq!(directory.encryption, access::ldap::Encryption::Ldaps);
    assert_eq!(directory.timeout_seconds, 5);
}

#[test]
fn a_secret_never_stands_in_the_file() {
    let (line, words) = wrong(PROVIDER, "client_secret_file", "client_secret");
    assert!(line == 6 && words.contains("client_secret_file"), "{words}");
    let (line, _) = wrong(DIRECTORY, "password_file", "password");
    assert_eq!(line, 4);
}

#[test]
fn what_does_not_fit_in_a_provider_is_pointed_at() {
    for (from, to, line) in [
        ("\"prefecture\"", "\"The Prefecture\"", 2),
        ("県の認証基盤", " ", 3),
        ("https://id", "http://id", 4),
        ("\"sanmon\"", "\"\"", 5),
        ("groups_claim = \"groups\"\n", "", 1),
        ("csirt_member", "mayor", 9),
    ] {
        assert_eq!(wrong(PROVIDER, from, to).0, line, "{from} {to}");
    }
    let twice = format!("{PROVIDER}{PROVIDER}");
    assert_eq!(Configuration::read(&twice).unwrap_err().at, Some(11));
}

#[test]
fn what_does_not_fit_in_a_directory_is_pointed_at() {
    for (from, to, line) in [
        ("ldaps://", "https://", 2),
        ("password_file = \"ldap-password\"\n", "", 3),
        ("{login}", "*", 6),
        ("base =", "dn = \"uid={login}\"\nbase =", 5),
        ("base = \"dc=example\"\n", "", 5),
        (
            "groups_attribute = \"memberOf\"",
            "group_base = \"dc=example\"\ngroup_filter = \"(cn=x)\"",
            9,
        ),
        ("groups_attribute = \"memberOf\"\n", "", 1),
        ("csirt_member", "mayor", 9),
        ("person =", "timeout_seconds = 0\nperson =", 7),
    ] {
        assert_eq!(wrong(DIRECTORY, from, to).0, line, "{from} {to}");
    }
}

#[test]
fn what_the_operator_is_shown_is_a_configuration() {
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/operations.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let examples = guide
        .split("```toml\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next());
    let of_sign_in = |example: &&str| example.contains("sign_in.") || example.contains("trusted_proxies");
    let examples: Vec<&str> = examples.filter(of_sign_in).collect();
    assert_eq!(examples.len(), 5);
    for example in examples {
        let read = Configuration::read(example);
        assert!(read.is_ok(), "{read:?}\n{example}");
    }
}
