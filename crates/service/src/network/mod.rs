//! The city's network: what its devices let through, measured by what its registers permit.
//!
//! ```text
//! network/network.toml          zones, devices, links, gateways (see the crate `separation`, module `network`)
//! network/**                    configurations of the devices, as they were exported; network.toml names them
//! registers/zone, segment       the zones that the city keeps, and their addresses
//! registers/permitted_path      特定通信: what may pass between zones
//! ```
//!
//! * [`NetworkSources`]: the files, without the secrets of the configurations.
//! * [`Registers`]: the rows that they are joined with.
//! * [`CityNetwork`]: both put together, ready for the questions of the crate `separation`.
//! * [`Known`]: what came of the questions, kept for who looks at it.
//!
//! What does not fit together is a [`Gap`]: it keeps what depends on it from being proved, and never opens or shuts anything by itself.

mod check;
pub mod explain;
mod facts;
mod join;
mod known;
mod registers;
mod sources;
pub mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use model::diagnostic::{Diagnostic, Severity, Span};
use model::lang::Text;
use model::scheme::Schemes;
use policy::judge::{FileLine, Place};
use separation::device::Line;
use separation::dialect;
use separation::fabric::{Fabric, NodeId};
use separation::network::{Network, ZoneId};
use separation::source::Source;

pub use self::check::{Checked, Open, OpenPlace};
pub use self::facts::facts;
pub use self::known::{Asked, Known};
pub(crate) use self::registers::READ;
pub use self::registers::Registers;
pub use self::sources::{Configuration, FILE, FOLDER, NetworkSources};
use crate::problem::Problem;

/// The network of a city, with the configurations of its devices and the permitted paths of its registers.
#[derive(Debug)]
pub struct CityNetwork {
    /// The zones, the devices in their places, and what the registers permit.
    pub fabric: Fabric,
    /// Where the network and the registers do not agree.
    pub gaps: Vec<Gap>,
    /// What somebody should look at, though the network can be read.
    pub warnings: Vec<Problem>,
    /// The files that it was made of.
    pub sources: Arc<NetworkSources>,
    /// The rows of the permitted paths, by their numbers.
    rows: BTreeMap<String, Place>,
}

/// Something that keeps zones from being proved to be separated: the network and the registers do not say the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The zones that flows come from and those that they go to; `None` where nothing at all can be proved.
    pub between: Option<(Vec<ZoneId>, Vec<ZoneId>)>,
    /// What does not agree.
    pub message: Text,
    /// What to do about it.
    pub help: Text,
    /// Where.
    pub at: GapPlace,
}

/// Where a [`Gap`] shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GapPlace {
    /// In `network.toml`.
    Network(Span),
    /// In a row of a register.
    Row(Place),
}

impl Gap {
    /// Whether it keeps flows from one zone to another from being proved.
    #[must_use]
    pub fn concerns(&self, from: ZoneId, to: ZoneId) -> bool {
        self.between
            .as_ref()
            .is_none_or(|(sources, destinations)| sources.contains(&from) && destinations.contains(&to))
    }
}

impl CityNetwork {
    /// Puts together the files of a network and the rows of the city's registers; `schemes` hold the city's words for tiers.
    ///
    /// # Errors
    /// Everything in `network.toml` that is not right, with its place; interfaces that a configuration does not have.
    pub fn read(sources: Arc<NetworkSources>, registers: &Registers, schemes: &Schemes) -> Result<Self, Vec<Problem>> {
        let mut network =
            Network::read(&sources.text).map_err(|diagnostics| located(diagnostics, &sources).collect::<Vec<_>>())?;
        let gaps = join::join(&mut network, registers, schemes);
        let mut devices = Vec::with_capacity(network.devices.len());
        let mut problems = Vec::new();
        for placed in &network.devices {
            let files: Vec<&Configuration> = placed
                .configurations
                .iter()
                .filter_map(|name| sources.configuration(name))
                .collect();
            let language = files.first().and_then(|file| dialect::named(&file.dialect));
            let (true, Some(language)) = (files.len() == placed.configurations.len(), language) else {
                let message = Text::new(
                    format!("機器「{}」の設定ファイルがない", placed.name),
                    format!("a configuration of device `{}` is missing", placed.name),
                );
                problems.extend(located(
                    vec![Diagnostic::error("network-configuration", message).at(placed.span)],
                    &sources,
                ));
                continue;
            };
            let read: Vec<Source> = files.iter().map(|file| Source::new(file.text.as_str())).collect();
            devices.push(language.read(&read));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let (fabric, diagnostics) = Fabric::new(network, devices);
        let (errors, warnings): (Vec<_>, Vec<_>) = diagnostics
            .into_iter()
            .partition(|diagnostic| diagnostic.severity == Severity::Error);
        if !errors.is_empty() {
            return Err(located(errors, &sources).collect());
        }
        let warnings = located(warnings, &sources).collect();
        Ok(Self {
            fabric,
            gaps,
            warnings,
            sources,
            rows: registers.paths(),
        })
    }

    /// The configuration file that a line of a device stands in.
    #[must_use]
    pub fn configuration(&self, node: NodeId, line: Line) -> Option<&Configuration> {
        let name = self.fabric.placed(node)?.configurations.get(usize::from(line.file))?;
        self.sources.configuration(name)
    }

    /// A line of a device's configuration, as it may be shown.
    #[must_use]
    pub fn line(&self, node: NodeId, line: Line) -> Option<FileLine> {
        let configuration = self.configuration(node, line)?;
        let at = usize::try_from(line.number.checked_sub(1)?).ok()?;
        let whole = configuration.text.lines().nth(at)?;
        let indent = whole.chars().take_while(|c| c.is_whitespace()).count();
        Some(FileLine {
            file: configuration.path(),
            line: line.number,
            column: u32::try_from(indent.saturating_add(1)).unwrap_or(u32::MAX),
            text: whole.trim().to_owned(),
        })
    }

    /// The bytes of a line in the text of its configuration, without the white space around it.
    #[must_use]
    pub fn span(&self, node: NodeId, line: Line) -> Option<(&Configuration, Span)> {
        let configuration = self.configuration(node, line)?;
        Some((configuration, configuration.span(line.number)?))
    }

    /// How people call a zone.
    #[must_use]
    pub fn zone_label(&self, zone: ZoneId) -> &str {
        self.fabric.network.zone(zone).map_or("", |zone| &zone.label)
    }
}

/// Diagnostics about `network.toml` as problems of the city.
pub(crate) fn located(diagnostics: Vec<Diagnostic>, sources: &NetworkSources) -> impl Iterator<Item = Problem> + use<> {
    let text: Arc<str> = sources.text.as_str().into();
    diagnostics.into_iter().map(move |diagnostic| Problem {
        source: Some(Arc::clone(&text)),
        ..Problem::whole(format!("{FOLDER}/{FILE}"), diagnostic)
    })
}
