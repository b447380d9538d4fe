//! 10,000 rows of a spreadsheet, from the bytes of the file to the ledger, beside calamine reading the same file.

use std::io::Cursor;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use access::authority::Authority;
use access::seal::KeyRing;
use approval::kind::Kinds;
use calamine::{Reader as _, Xlsx};
use model::clock::SystemClock;
use model::lang::Lang;
use model::random::SystemRandom;
use register::Words;
use register::table::{Export, Format};
use serde_json::Value;
use service::folder::Folder;
use service::hall::acts::Founding;
use service::hall::entrance::sessions::{Seen, Visitor};
use service::hall::entrance::{Entrance, Origin};
use service::hall::notary::{Anchor, Notary};
use service::hall::{Hall, Parts};
use service::sources::Sources;
use store::Sequencer;

use crate::clock::{Stopwatch, fastest};
use crate::report::{Goal, Report, Row};
use crate::stop::{OrStop as _, give_up};

const ROWS: usize = 10_000;
const REGISTER: &str = "terminal";

pub(super) fn measure(report: &mut Report, folder: &Path) {
    let hall = hall(&folder.join("hall.db"));
    let visitor = administrator(&hall);
    let file = file(&hall);
    let plain = fastest(
        3,
        || Cursor::new(file.clone()),
        |file| {
            let mut book = Xlsx::new(file).or_stop("calamine");
            let sheets = book.worksheets();
            sheets
                .iter()
                .map(|(_, sheet)| sheet.used_cells().count())
                .sum::<usize>()
        },
    );
    let start = Stopwatch::start();
    let preview = hall.preview_import(&visitor, REGISTER, "terminal.xlsx", file);
    let preview = preview.unwrap_or_else(|refusal| give_up(&refusal.text().en));
    let previewed = start.seconds();
    let taken = hall.import(&visitor, REGISTER, &preview.ticket, None);
    let taken = taken.unwrap_or_else(|refusal| give_up(&refusal.text().en));
    let all = start.seconds();
    if taken.created != ROWS {
        give_up("not every row was taken in");
    }
    let row = Row::new("import of 10,000 rows of xlsx: preview", previewed, "s").beside("calamine alone", plain);
    report.add(row);
    let row = Row::new("preview, import and judgement", all, "s").beside("calamine alone", plain);
    report.add(row.goal(Goal::AtMost(3.0)));
}

/// The sample city, and a checkpoint that is kept in memory.
fn hall(path: &Path) -> Hall {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sample");
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let store = super::open(path);
    let sequencer = Sequencer::start(Arc::clone(&store), clock.clone(), random.clone()).or_stop("the sequencer");
    let ring = KeyRing::from_bytes(&[7; 32]).or_stop("a key");
    let mut entrance = Entrance::at("http://localhost:8080", "三門", ring).or_stop("the entrance");
    entrance.is_sample = true;
    let notary = Notary::new("mihon.example/ledger", &[9; 32], Box::new(Kept::default()));
    let hall = Hall::open(Parts {
        store,
        sequencer,
        clock,
        random,
        entrance,
        notary: notary.or_stop("the notary"),
        request_kinds: Kinds::shipped().or_stop("the kinds of requests"),
        authority: Authority::shipped().or_stop("the rules of who may do what"),
    })
    .or_stop("the hall");
    let founding = Founding {
        sources: &Sources::of_folder(&sample, None).or_stop("the sample city"),
        folder: &Folder::read(&sample, None, &mut |_| {}).unwrap_or_else(|problems| give_up(&format!("{problems:?}"))),
    };
    hall.found(None, &founding, &mut |_, _| {}).or_stop("the sample city");
    hall.found_sample().or_stop("its administrator");
    hall
}

/// Who answers for the whole city.
fn administrator(hall: &Hall) -> Visitor {
    let origin = Origin {
        address: Ipv4Addr::LOCALHOST.into(),
        device: String::new(),
        agent: "bench".to_owned(),
    };
    let people = hall.sample_people();
    let manager = people.iter().find(|person| person.role.en.starts_with("general"));
    let session = hall.sign_in_as_sample(&manager.or_stop("the general manager").person, &origin);
    match hall
        .seen(Some(&session.or_stop("a session").text()))
        .or_stop("a session")
    {
        Seen::Visitor(visitor) => *visitor,
        other => give_up(&format!("{other:?}")),
    }
}

/// The sample's terminals again and again, under codes of their own.
fn file(hall: &Hall) -> Vec<u8> {
    let city = hall.city().or_stop("the city");
    let kind = city.kind(REGISTER).or_stop("the register of terminals");
    let words = hall.with_words(Words::clone).or_stop("the words of the city");
    let mut rows = Vec::new();
    let scanned = hall.store().scan(REGISTER, &mut |entry| {
        rows.push(entry.document);
        Ok(())
    });
    scanned.or_stop("the sample's terminals");
    let mut export = Export::new(kind, &words, Format::Xlsx, Lang::Ja).or_stop("a file");
    for (number, row) in rows.iter().cycle().take(ROWS).enumerate() {
        let mut row = row.clone();
        if let Some(code) = row.get_mut("code") {
            *code = Value::from(format!("NEW-{number:05}"));
        }
        export.push(&row).or_stop("a row");
    }
    export.finish().or_stop("a file")
}

/// The checkpoint of a ledger that ends with this run.
#[derive(Debug, Default)]
struct Kept(Mutex<Option<String>>);

impl Anchor for Kept {
    fn load(&self) -> std::io::Result<Option<String>> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn save(&self, checkpoint: &str) -> std::io::Result<()> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(checkpoint.to_owned());
        Ok(())
    }
}
