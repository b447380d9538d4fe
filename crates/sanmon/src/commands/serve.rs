//! `sanmon serve`: the city as a service.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use model::lang::{Lang, Text};
use service::problem::Problem;

use super::{Desk, Outcome};
use crate::cli::Serve;
use crate::configuration::{Configuration, Misread};
use crate::output;
use crate::serve::{Said, Start, Stopped, run as serve};

/// The sample city, in the binary so that it needs no folder beside it.
#[derive(rust_embed::RustEmbed)]
#[folder = "../../sample"]
struct Sample;

pub(super) fn run(arguments: &Serve, desk: Desk) -> io::Result<Outcome> {
    let configuration = match configuration(arguments) {
        Ok(configuration) => configuration,
        Err(why) => return refuse(desk, &why),
    };
    if arguments.sample {
        return sample(configuration, desk);
    }
    let start = Start {
        configuration,
        city: arguments.city.clone(),
        sample: false,
    };
    finish(serve(start, &mut |said| tell(&said, desk)), desk)
}

/// The sample city lives in a folder that goes away with the process.
fn sample(mut configuration: Configuration, desk: Desk) -> io::Result<Outcome> {
    if !configuration.server.listen.ip().is_loopback() {
        let why = Text::fixed(
            "見本市はこの機器の中だけで動かす(だれでも見本の職員としてサインインできるため)。--listen には 127.0.0.1 か [::1] を指定してください",
            "the sample city is served to this machine only, since anybody may sign in as one of its people: listen on 127.0.0.1 or [::1]",
        );
        return refuse(desk, &why);
    }
    let folder = tempfile::Builder::new().prefix("sanmon-sample-").tempdir()?;
    let city = folder.path().join("city");
    for name in Sample::iter() {
        if let Some(file) = Sample::get(&name) {
            output::write(&city.join(name.as_ref()), &file.data)?;
        }
    }
    configuration.store.folder = folder.path().join("data");
    configuration.store.database = "sqlite".to_owned();
    let start = Start {
        configuration,
        city: Some(city),
        sample: true,
    };
    finish(serve(start, &mut |said| tell(&said, desk)), desk)
}

/// The file, with what the command line says on top of it.
fn configuration(arguments: &Serve) -> Result<Configuration, Text> {
    let mut configuration = match &arguments.config {
        Some(path) => read(path)?,
        None => Configuration::default(),
    };
    if let Some(listen) = arguments.listen {
        configuration.server.listen = listen;
        if arguments.url.is_none() && arguments.config.is_none() && listen.ip().is_loopback() {
            configuration.server.url = format!("http://localhost:{}", listen.port());
        }
    }
    if let Some(url) = &arguments.url {
        configuration.server.url.clone_from(url);
    }
    if let Some(folder) = &arguments.data {
        configuration.store.folder.clone_from(folder);
    }
    if let Some(database) = &arguments.database {
        configuration.store.database.clone_from(database);
    }
    configuration.checked().map_err(|misread| misread.message)
}

fn read(path: &Path) -> Result<Configuration, Text> {
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|error| {
        Text::new(
            format!("{shown} を読めない: {error}"),
            format!("{shown} cannot be read: {error}"),
        )
    })?;
    Configuration::read(&text).map_err(|Misread { message, at }| match at {
        Some(line) => Text::new(
            format!("{shown}:{line}: {}", message.ja),
            format!("{shown}:{line}: {}", message.en),
        ),
        None => Text::new(format!("{shown}: {}", message.ja), format!("{shown}: {}", message.en)),
    })
}

fn tell(said: &Said, desk: Desk) {
    let mut err = io::stderr().lock();
    let line = match said {
        Said::Loading(done, all) if err.is_terminal() => {
            let text = match desk.lang {
                Lang::Ja => format!("\r\u{1b}[K市を読み込んでいる {done}/{all}"),
                Lang::En => format!("\r\u{1b}[Kloading the city {done}/{all}"),
            };
            let _ = write!(err, "{text}");
            if done == all {
                let _ = writeln!(err);
            }
            return;
        }
        Said::Loading(..) => return,
        Said::FirstLink(link) => Text::new(
            format!("最初の管理者を登録してください(24時間、一度だけ使える): {link}"),
            format!("enrol the first administrator (once, within 24 hours): {link}"),
        ),
        Said::Ready(url) => Text::new(
            format!("動いています: {url}  (止めるには Ctrl-C)"),
            format!("running: {url}  (Ctrl-C stops it)"),
        ),
    };
    let _ = writeln!(err, "{}", line.get(desk.lang));
}

fn finish(ended: Result<(), Stopped>, desk: Desk) -> io::Result<Outcome> {
    match ended {
        Ok(()) => Ok(Outcome::Fine),
        Err(Stopped::City(problems)) => unusable(desk, &problems),
        Err(Stopped::Machine(why)) => refuse(desk, &Text::same(why)),
        Err(Stopped::Store(failure)) => {
            let told = failure.text();
            let why = Text::new(format!("{} ({failure})", told.ja), format!("{} ({failure})", told.en));
            refuse(desk, &why)
        }
        Err(Stopped::Refused(refusal)) => refuse(desk, &refusal.text()),
    }
}

fn unusable(desk: Desk, problems: &[Problem]) -> io::Result<Outcome> {
    desk.refuse(problems)
}

fn refuse(desk: Desk, why: &Text) -> io::Result<Outcome> {
    writeln!(io::stderr(), "sanmon: {}", why.get(desk.lang))?;
    Ok(Outcome::Unusable)
}
