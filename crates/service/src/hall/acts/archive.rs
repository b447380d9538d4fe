//! A city is loaded from an archive that somebody uploads: looked at first, then loaded as it was looked at.
//!
//! In between the archive waits sealed, for half an hour, under a word that only the form of whoever brought it has.

use std::time::Duration;

use access::authority::Resource;
use access::opaque::Opaque;
use access::seal::Place;
use model::lang::Text;

use super::Founding;
use crate::archive;
use crate::hall::entrance::sessions::Visitor;
use crate::hall::rights::Verb;
use crate::hall::{Hall, Refusal};

/// The kind of what waits, and what it is sealed for.
const ARCHIVE: &str = "city-archive";
/// How long it waits.
const WAITS: Duration = Duration::from_secs(30 * 60);

/// A city that was found right and waits to be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readied {
    /// What loads it.
    pub token: String,
    /// 見本市
    pub name: Text,
    /// 団体コード
    pub code: String,
    /// How many clauses its policy has.
    pub clauses: usize,
    /// How many duties its standard has.
    pub duties: usize,
    /// Its registers, with how many rows each has.
    pub registers: Vec<(Text, usize)>,
}

impl Hall {
    /// Looks at a city in an archive; nothing is loaded.
    ///
    /// # Errors
    /// [`Refusal::Denied`]; [`Refusal::Problems`] with everything that is not right in it.
    pub fn ready_city(&self, visitor: &Visitor, bytes: &[u8]) -> Result<Readied, Refusal> {
        self.may_found(visitor)?;
        let (_, folder) = archive::read(bytes, &mut |_| {}).map_err(Refusal::Problems)?;
        let (_, compiled) = folder.city.compile().map_err(Refusal::Problems)?;
        let token = Opaque::draw(self.random());
        let key = token.hash();
        let place = Place {
            scope: ARCHIVE,
            key: &key,
        };
        let sealed = self.entrance.ring.seal(place, bytes, self.random());
        let sealed = sealed.map_err(|_| store::Failure::Damaged("an archive cannot be sealed".to_owned()))?;
        self.store.hold(ARCHIVE, &key, &sealed, self.clock.now(), WAITS)?;
        let kept = folder.city.kinds.iter().filter_map(|kind| {
            let rows = folder.imported().entries.get(&kind.slug)?;
            Some((kind.label.clone(), rows.len()))
        });
        Ok(Readied {
            token: token.text(),
            name: folder.city.settings.name.clone(),
            code: folder.city.settings.code.clone(),
            clauses: folder.city.document.walk().count(),
            duties: compiled.duties().len(),
            registers: kept.collect(),
        })
    }

    /// Loads the city that was looked at.
    ///
    /// # Errors
    /// [`Refusal::Denied`]; [`Refusal::Rules`] where it waits no longer, or there is a city already.
    pub fn found_readied(&self, visitor: &Visitor, token: &str) -> Result<(), Refusal> {
        self.may_found(visitor)?;
        let gone = || {
            Refusal::rule(
                "待っていたファイルがない。もう一度選んで、確かめてください",
                "the file waits no longer; choose it again",
            )
        };
        let key = Opaque::parse(token).ok_or_else(gone)?.hash();
        let held = self.store.take(ARCHIVE, &key, self.clock.now())?.ok_or_else(gone)?;
        let place = Place {
            scope: ARCHIVE,
            key: &key,
        };
        let bytes = self.entrance.ring.open(place, &held.value).map_err(|_| gone())?;
        let (sources, folder) = archive::read(&bytes, &mut |_| {}).map_err(Refusal::Problems)?;
        let founding = Founding {
            sources: &sources,
            folder: &folder,
        };
        self.found(Some(&visitor.person), &founding, &mut |_, _| {})
    }

    fn may_found(&self, visitor: &Visitor) -> Result<(), Refusal> {
        let founded = self.city().is_some();
        self.permit(visitor, Verb::FoundCity, &Resource::City { founded })
    }
}
