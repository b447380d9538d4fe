//! The network that a question is asked of.

use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use model::clock::{Clock, SystemClock};
use model::diagnostic::Diagnostic;
use model::lang::Text;
use model::scheme::Schemes;
use policy::criterion::City;
use separation::fabric::NodeId;
use service::folder::Folder;
use service::network::{CityNetwork, FILE, FOLDER, NetworkSources, Registers};
use service::problem::Problem;
use service::sources::SETTINGS;

use crate::cli::separation::NetworkOf;

/// A network, and how the city stands to it.
pub(super) struct Asked {
    pub(super) network: CityNetwork,
    /// The municipality's model.
    pub(super) model: String,
    pub(super) today: Date,
    /// The city around the network; a folder without `city.toml` has none, and no registers.
    pub(super) folder: Option<Folder>,
}

impl Asked {
    /// Reads the network of a folder with the city's registers, or, where the folder has no `city.toml`, the network alone.
    ///
    /// # Errors
    /// Every problem of every file.
    pub(super) fn read(of: &NetworkOf) -> Result<Self, Vec<Problem>> {
        if let Some(model) = &of.model
            && !City::MODELS.contains(&model.as_str())
        {
            return Err(told("model", unknown_model(model)));
        }
        let mut asked = if of.dir.join(SETTINGS).exists() {
            Self::of_city(&of.dir)?
        } else {
            Self::alone(&of.dir)?
        };
        if let Some(model) = &of.model {
            asked.model.clone_from(model);
        }
        if asked.model.is_empty() {
            let message = Text::fixed(
                "city.toml がないので、三層の構成を --model で言う(alpha、alpha_prime、beta、beta_prime)",
                "there is no city.toml, so say the model with --model (alpha, alpha_prime, beta, beta_prime)",
            );
            return Err(told(SETTINGS, message));
        }
        if let Some(at) = of.at {
            asked.today = at;
        }
        Ok(asked)
    }

    fn of_city(dir: &Path) -> Result<Self, Vec<Problem>> {
        let mut folder = Folder::read(dir, None, &mut |_| {})?;
        let network = folder.network.take().ok_or_else(nothing_described)?;
        let settings = &folder.city.settings;
        Ok(Self {
            network,
            model: settings.city.model.clone(),
            today: settings.as_of.unwrap_or_else(|| SystemClock.today()),
            folder: Some(folder),
        })
    }

    fn alone(dir: &Path) -> Result<Self, Vec<Problem>> {
        let sources = NetworkSources::of_folder(dir)?.ok_or_else(nothing_described)?;
        let network = CityNetwork::read(Arc::new(sources), &Registers::default(), &Schemes::default())?;
        Ok(Self {
            network,
            model: String::new(),
            today: SystemClock.today(),
            folder: None,
        })
    }

    /// The same city with other files of its network.
    ///
    /// # Errors
    /// The network cannot be read with them.
    pub(super) fn with(&self, sources: NetworkSources) -> Result<CityNetwork, Vec<Problem>> {
        let sources = Arc::new(sources);
        match &self.folder {
            Some(folder) => {
                let registers = Registers::of_entries(&folder.imported().entries);
                CityNetwork::read(sources, &registers, &folder.city.settings.schemes)
            }
            None => CityNetwork::read(sources, &Registers::default(), &Schemes::default()),
        }
    }

    /// The device of a name.
    ///
    /// # Errors
    /// There is none, with the names that there are.
    pub(super) fn device(&self, name: &str) -> Result<NodeId, Text> {
        let devices = &self.network.fabric.network.devices;
        let found = (0..).map(NodeId).zip(devices).find(|(_, placed)| placed.name == name);
        found.map(|(node, _)| node).ok_or_else(|| {
            let known: Vec<&str> = devices.iter().map(|placed| placed.name.as_str()).collect();
            Text::new(
                format!("機器「{name}」はない(あるもの: {})", known.join("、")),
                format!("there is no device `{name}` (known: {})", known.join(", ")),
            )
        })
    }
}

fn nothing_described() -> Vec<Problem> {
    let message = Text::fixed(
        "ファイルがない。領域と機器をここに書き、機器から取り出した設定を同じフォルダに置く",
        "there is no such file; describe zones and devices in it, and put the exported configurations beside it",
    );
    told(&format!("{FOLDER}/{FILE}"), message)
}

fn unknown_model(model: &str) -> Text {
    let known = City::MODELS.join(", ");
    Text::new(
        format!("構成 `{model}` はない(使えるもの: {known})"),
        format!("unknown model `{model}` (known: {known})"),
    )
}

fn told(file: &str, message: Text) -> Vec<Problem> {
    vec![Problem::whole(file, Diagnostic::error("network", message))]
}
