//! `cli.md`: every command of the binary with its arguments, from the definition that parses them.

use std::fmt::Write as _;

use clap::{Arg, ArgAction, Command};

const OPENING: &str = "\
<!-- Written by `cargo dev generate` from the definition of the command line; do not edit. -->

# コマンド一覧 (command reference)
";

/// The page for `command` and everything below it.
#[must_use]
pub fn page(mut command: Command) -> String {
    command.build();
    let mut page = OPENING.to_owned();
    section(&mut page, &command, |_| true);
    page
}

/// `own` tells arguments that every command takes, and that are told once, from those of this command.
fn section(page: &mut String, command: &Command, own: fn(&Arg) -> bool) {
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
    let about = command.get_long_about().or_else(|| command.get_about());
    line(page, &format!("\n## `{name}`\n"));
    if let Some(about) = about {
        line(page, &format!("{}\n", about.to_string().trim()));
    }
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim();
    line(page, &format!("```text\n{usage}\n```"));
    let arguments: Vec<&Arg> = command
        .get_arguments()
        .filter(|argument| is_shown(argument) && own(argument))
        .collect();
    if !arguments.is_empty() {
        line(page, "\n| argument | meaning | default |\n|---|---|---|");
        for argument in arguments {
            line(page, &row(argument));
        }
    }
    for sub in command
        .get_subcommands()
        .filter(|sub| sub.get_name() != "help" && !sub.is_hide_set())
    {
        section(page, sub, |argument| !argument.is_global_set());
    }
}

/// Help and version are the same everywhere and say nothing here.
fn is_shown(argument: &Arg) -> bool {
    let action = argument.get_action();
    let ordinary = !matches!(
        action,
        ArgAction::Help | ArgAction::HelpShort | ArgAction::HelpLong | ArgAction::Version
    );
    ordinary && !argument.is_hide_set()
}

fn row(argument: &Arg) -> String {
    let help = argument
        .get_long_help()
        .or_else(|| argument.get_help())
        .map(ToString::to_string)
        .unwrap_or_default();
    let mut meaning = vec![help.split_whitespace().collect::<Vec<_>>().join(" ")];
    let possible = argument.get_possible_values();
    let takes_value = argument.get_action().takes_values();
    if takes_value && !possible.is_empty() {
        let words: Vec<String> = possible.iter().map(|value| format!("`{}`", value.get_name())).collect();
        meaning.push(format!("({})", words.join(" · ")));
    }
    let defaults = argument.get_default_values().iter().filter(|_| takes_value);
    let defaults: Vec<String> = defaults.map(|value| format!("`{}`", value.to_string_lossy())).collect();
    format!(
        "| `{}` | {} | {} |",
        cell(&spelling(argument)),
        cell(meaning.join(" ").trim()),
        defaults.join(" ")
    )
}

/// `-f, --format <FORMAT>`, or `<FILE>` where it has no name.
fn spelling(argument: &Arg) -> String {
    let short = argument.get_short().map(|short| format!("-{short}"));
    let long = argument.get_long().map(|long| format!("--{long}"));
    let mut spelling = [short, long].into_iter().flatten().collect::<Vec<_>>().join(", ");
    if argument.get_action().takes_values() {
        let named = argument
            .get_value_names()
            .map(|names| names.iter().map(ToString::to_string).collect());
        let names: Vec<String> = named.unwrap_or_else(|| vec![argument.get_id().as_str().to_uppercase()]);
        for name in names {
            let gap = if spelling.is_empty() { "" } else { " " };
            spelling.push_str(&format!("{gap}<{name}>"));
        }
    }
    spelling
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn line(page: &mut String, text: &str) {
    let _ = writeln!(page, "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_and_its_subcommands_are_described() {
        let format = Arg::new("format")
            .long("format")
            .short('f')
            .value_name("FORMAT")
            .value_parser(["text", "json"])
            .default_value("text")
            .help("how the result is printed");
        let check = Command::new("check")
            .about("Judge a folder")
            .arg(
                Arg::new("folder")
                    .value_name("DIR")
                    .required(true)
                    .help("the folder | city"),
            )
            .arg(format)
            .arg(Arg::new("quiet").long("quiet").action(ArgAction::SetTrue));
        let lang = Arg::new("lang").long("lang").global(true).default_value("ja");
        let command = Command::new("gate").about("A gate").arg(lang).subcommand(check);
        insta::assert_snapshot!(page(command), @r"
        <!-- Written by `cargo dev generate` from the definition of the command line; do not edit. -->

        # コマンド一覧 (command reference)

        ## `gate`

        A gate

        ```text
        gate [OPTIONS] [COMMAND]
        ```

        | argument | meaning | default |
        |---|---|---|
        | `--lang <LANG>` |  | `ja` |

        ## `gate check`

        Judge a folder

        ```text
        gate check [OPTIONS] <DIR>
        ```

        | argument | meaning | default |
        |---|---|---|
        | `<DIR>` | the folder \| city |  |
        | `-f, --format <FORMAT>` | how the result is printed (`text` · `json`) | `text` |
        | `--quiet` |  |  |
        ");
    }
}
