//! `sanmon serve`: the city as a service.

use std::io::{self, IsTerminal, Write};

use model::lang::{Lang, Text};

use super::{Desk, Outcome};
use crate::cli::Serve;
use crate::configuration::Configuration;
use crate::output;
use crate::serve::{Said, Start, run as serve};

/// The sample city, in the binary so that it needs no folder beside it.
#[derive(rust_embed::RustEmbed)]
#[folder = "../../sample"]
struct Sample;

pub(super) fn run(arguments: &Serve, desk: Desk) -> io::Result<Outcome> {
    let configuration = match configuration(arguments) {
        Ok(configuration) => configuration,
        Err(why) => return desk.stop(&why),
    };
    if arguments.sample {
        return sample(configuration, desk);
    }
    let start = Start {
        configuration,
        city: arguments.city.clone(),
        sample: false,
    };
    desk.finish(serve(start, &mut |said| tell(&said, desk)).map(|()| Outcome::Fine))
}

/// The sample city lives in a folder that goes away with the process.
fn sample(mut configuration: Configuration, desk: Desk) -> io::Result<Outcome> {
    if !configuration.server.listen.ip().is_loopback() {
        let why = Text::fixed(
            "見本市はこの機器の中だけで動かす(だれでも見本の職員としてサインインできるため)。--listen には 127.0.0.1 か [::1] を指定してください",
            "the sample city is served to this machine only, since anybody may sign in as one of its people: listen on 127.0.0.1 or [::1]",
        );
        return desk.stop(&why);
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
    desk.finish(serve(start, &mut |said| tell(&said, desk)).map(|()| Outcome::Fine))
}

/// The file, with what the command line says on top of it.
fn configuration(arguments: &Serve) -> Result<Configuration, Text> {
    let mut configuration = super::place::configuration(&arguments.place)?;
    if let Some(listen) = arguments.listen {
        configuration.server.listen = listen;
        if arguments.url.is_none() && arguments.place.config.is_none() && listen.ip().is_loopback() {
            configuration.server.url = format!("http://localhost:{}", listen.port());
        }
    }
    if let Some(url) = &arguments.url {
        configuration.server.url.clone_from(url);
    }
    configuration.checked().map_err(|misread| misread.message)
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
