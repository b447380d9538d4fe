//! `/admin`: the settings of the city, and where each is changed.

use access::authority::Resource;
use askama::Template;
use axum::extract::State as Of;
use axum::http::Uri;
use axum::response::Response;
use jiff::civil::Date;
use model::lang::{Lang, Text};
use model::scheme::{SchemeKind, Schemes};
use service::city::City;
use service::hall::acts::standard::OwnFile;
use service::hall::operation::{Backup, Operation, Outcome};
use service::hall::rights::Verb;

use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::href;
use crate::page::{Page, Sample};
use crate::sample;
use crate::sent::Who;
use crate::site::Site;
use crate::visit::Visit;

/// The page.
#[derive(Template)]
#[template(path = "page/admin.html")]
struct Overview {
    frame: Frame,
    name: Text,
    code: String,
    model: String,
    as_of: Option<Date>,
    parameters: Vec<(String, Text)>,
    schemes: Vec<Scheme>,
    files: Vec<FileRow>,
    may_change: bool,
    operation: Operation,
}

/// The city's words for one kind of thing.
struct Scheme {
    title: Text,
    words: Vec<(String, Text)>,
}

/// One of the city's own files.
struct FileRow {
    name: String,
    version: u64,
    lines: usize,
}

impl Page for Overview {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl FileRow {
    fn href(&self) -> String {
        format!("/admin/files?name={}", href::segment(&self.name))
    }
}

impl Overview {
    /// 令和8年11月23日のバックアップ: 復元して確かめました
    fn backup(&self) -> Option<Text> {
        let backup = self.operation.backup?;
        let day = model::date::era(backup.day);
        Some(match backup.outcome {
            Outcome::Sound { size } => Text::new(
                format!("{day}の分を作り、復元して確かめました(証跡{size}件)"),
                format!("{}: made, restored and verified ({size} ledger entries)", backup.day),
            ),
            Outcome::Failed => Text::new(
                format!("{day}の分を作れませんでした。置き場所の空きと権限を確かめてください"),
                format!("{}: not made; check space and rights where backups go", backup.day),
            ),
        })
    }

    /// 12件
    fn letters(&self) -> Text {
        let letters = self.operation.letters;
        Text::new(format!("{letters}件"), letters.to_string())
    }

    fn new(visit: &Visit, city: &City, files: &[OwnFile], may_change: bool, operation: Operation) -> Self {
        let settings = &city.settings;
        let known = policy::standard::shipped_parameters().unwrap_or_default();
        let parameter = |(name, value): (&String, &i64)| {
            let parameter = known.iter().find(|parameter| parameter.name == *name)?;
            let (ja, en) = match parameter.unit.as_str() {
                "minutes" => ("分", "minutes"),
                _ => ("日", "days"),
            };
            let value = Text::new(
                format!("{}: {value}{ja}", parameter.label.ja),
                format!("{}: {value} {en}", parameter.label.en),
            );
            Some((name.clone(), value))
        };
        Self {
            frame: visit.frame(Section::Admin.label(), Section::Admin),
            name: settings.name.clone(),
            code: settings.code.clone(),
            model: settings.city.model.clone(),
            as_of: settings.as_of,
            parameters: settings.city.parameters.iter().filter_map(parameter).collect(),
            schemes: SchemeKind::ALL
                .into_iter()
                .map(|kind| scheme(&settings.schemes, kind))
                .collect(),
            files: files.iter().map(row).collect(),
            may_change,
            operation,
        }
    }
}

fn row(file: &OwnFile) -> FileRow {
    FileRow {
        name: file.name.clone(),
        version: file.version,
        lines: file.text.lines().count(),
    }
}

fn scheme(schemes: &Schemes, kind: SchemeKind) -> Scheme {
    let title = match kind {
        SchemeKind::Role => Text::fixed("役割", "roles"),
        SchemeKind::Confidentiality => Text::fixed("機密性", "confidentiality"),
        SchemeKind::Integrity => Text::fixed("完全性", "integrity"),
        SchemeKind::Availability => Text::fixed("可用性", "availability"),
        SchemeKind::Tier => Text::fixed("三層", "tiers"),
    };
    let words = schemes.words(kind).into_iter().map(|(word, code)| {
        let national = kind.national(code);
        let national = national.map_or_else(|| Text::same(code), |national| Text::fixed(national.ja, national.en));
        (word.to_owned(), national)
    });
    Scheme {
        title,
        words: words.collect(),
    }
}

pub(super) async fn overview(Of(site): Of<Site>, Who(visitor): Who, visit: Visit) -> Result<Response, Failure> {
    let (city, files, may_change, operation) = blocking(&site, move |hall| {
        let on = Resource::City { founded: true };
        let city = hall.city().ok_or(service::hall::Refusal::NoCity)?;
        hall.permit(&visitor, Verb::Read, &on)?;
        Ok((
            city,
            hall.own_files()?,
            hall.permit(&visitor, Verb::ChangeStandard, &on).is_ok(),
            hall.operation()?,
        ))
    })
    .await?;
    Ok(Overview::new(&visit, &city, &files, may_change, operation).show())
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static("/admin"), lang);
    let Ok(edition) = site.edition() else { return Vec::new() };
    let files = [OwnFile {
        name: "city.toml".to_owned(),
        text: "name = \"見本市\"\n".to_owned(),
        version: 1,
    }];
    let operation = Operation {
        backup: Some(Backup {
            day: jiff::civil::date(2026, 11, 23),
            at: site.clock().now(),
            outcome: Outcome::Sound { size: 48_213 },
        }),
        ..Operation::default()
    };
    vec![Sample::of(
        "admin",
        &Overview::new(&visit, &edition.snapshot.city, &files, true, operation),
    )]
}
