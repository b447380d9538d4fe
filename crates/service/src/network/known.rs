//! What is known of a city's network at a moment: kept whole, so that pages read it without asking again.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use model::lang::Lang;
use policy::judge::{EngineFact, Evidence};
use separation::network::ZoneId;
use separation::packet::Family;
use separation::picture::{Answered, Dress};
use separation::question::{Cell, Options, Weakness, matrix, weaknesses};

use super::{Checked, CityNetwork, facts};
use crate::problem::Problem;

/// What is known of a city's network.
#[derive(Debug, Clone, Default)]
pub enum Known {
    /// The city describes none.
    #[default]
    Undescribed,
    /// It cannot be read, or does not fit the registers.
    Unusable(Arc<Vec<Problem>>),
    /// It was asked.
    Asked(Arc<Asked>),
}

/// A network with its answers.
#[derive(Debug)]
pub struct Asked {
    /// The network.
    pub network: CityNetwork,
    /// The municipality's model.
    pub model: String,
    /// The day for which it was asked.
    pub today: Date,
    /// Whether the separations are kept that the model demands.
    pub checked: Checked,
    matrix: OnceLock<Passing>,
    weaknesses: OnceLock<Vec<Weakness>>,
}

/// What goes from zone to zone, and of which zones that is not known.
type Passing = (Vec<Cell>, Vec<(ZoneId, Family)>);

impl Known {
    /// Asks a network, if the city describes one.
    #[must_use]
    pub fn of(read: Option<Result<CityNetwork, Vec<Problem>>>, model: &str, today: Date) -> Self {
        match read {
            None => Self::Undescribed,
            Some(Err(problems)) => Self::Unusable(Arc::new(problems)),
            Some(Ok(network)) => Self::Asked(Arc::new(Asked::of(network, model, today))),
        }
    }

    /// What the judge is told of it.
    #[must_use]
    pub fn facts(&self, today: Date) -> BTreeMap<String, EngineFact> {
        match self {
            Self::Undescribed => facts::unknown(today),
            Self::Unusable(problems) => facts::unusable(problems, today),
            Self::Asked(asked) => facts::facts(&asked.network, &asked.checked, today),
        }
    }
}

impl Asked {
    /// Asks of every separation that `model` demands whether it is kept.
    #[must_use]
    pub fn of(network: CityNetwork, model: &str, today: Date) -> Self {
        Self {
            checked: network.check(model, today),
            network,
            model: model.to_owned(),
            today,
            matrix: OnceLock::new(),
            weaknesses: OnceLock::new(),
        }
    }

    /// What the answers were made of.
    #[must_use]
    pub fn evidence(&self) -> Evidence {
        self.network.evidence(self.today)
    }

    /// Every weakness, with the lines that decide nothing; asked once.
    #[must_use]
    pub fn weaknesses(&self) -> &[Weakness] {
        let ask = || weaknesses(&self.network.fabric, &self.checked.demands, Options::on(self.today));
        self.weaknesses.get_or_init(ask)
    }

    /// The zones and what passes between them as SVG, for a page that has [`separation::picture::STYLE`].
    #[must_use]
    pub fn picture(&self, lang: Lang) -> String {
        self.drawn(|answered| answered.svg(lang, Dress::Page))
    }

    /// The same as an HTML table.
    #[must_use]
    pub fn table(&self, lang: Lang) -> String {
        self.drawn(|answered| answered.table(lang))
    }

    fn drawn<T>(&self, draw: impl FnOnce(&Answered<'_>) -> T) -> T {
        let fabric = &self.network.fabric;
        let (cells, unknown) = self.matrix.get_or_init(|| matrix(fabric, Options::on(self.today)));
        draw(&Answered {
            fabric,
            demands: &self.checked.demands,
            cells,
            unknown,
            checked: &self.checked.answer(),
        })
    }
}
