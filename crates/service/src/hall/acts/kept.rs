//! The city says that it keeps a register although nothing is in it: an empty register of incidents is an answer, one that nobody
//! opened is none.

use serde_json::{Value, json};
use store::{Act, Expected};

use super::plain;
use crate::hall::entrance::sessions::Visitor;
use crate::hall::rights::Verb;
use crate::hall::{Hall, Refusal, collection};

impl Hall {
    /// Whether the city says that it keeps a register, be it empty.
    ///
    /// # Errors
    /// What the database says.
    pub fn is_kept(&self, register: &str) -> Result<bool, Refusal> {
        Ok(self.kept_registers()?.0.iter().any(|known| known == register))
    }

    /// Whether a visitor may say so: whoever brings in the whole of it.
    ///
    /// # Errors
    /// [`Refusal::Denied`]; [`Refusal::NotFound`]
    pub fn may_keep(&self, visitor: &Visitor, register: &str) -> Result<(), Refusal> {
        let city = self.city().ok_or(Refusal::NoCity)?;
        let kind = city.kind(register).ok_or(Refusal::NotFound)?;
        self.allow(visitor, Verb::Import, &self.register_resource(kind))
    }

    /// A visitor says that a register is kept, be it empty, or that it is not kept any more.
    ///
    /// # Errors
    /// As of [`Hall::may_keep`]; [`Refusal::Store`] where somebody else was first.
    pub fn keep_register(&self, visitor: &Visitor, register: &str, is_kept: bool) -> Result<(), Refusal> {
        self.may_keep(visitor, register)?;
        let (mut slugs, version) = self.kept_registers()?;
        if slugs.iter().any(|known| known == register) == is_kept {
            return Ok(());
        }
        slugs.retain(|known| known != register);
        if is_kept {
            slugs.push(register.to_owned());
            slugs.sort();
        }
        let name = if is_kept { "register.keep" } else { "register.unkeep" };
        let mut act = Act::new(name).by(&visitor.person).note("register", register);
        let city = self.city().ok_or(Refusal::NoCity)?;
        if let Some(kind) = city.kind(register) {
            act.clauses = super::entry::clauses(&city, kind);
        }
        let mut put = plain(collection::CITY, collection::KEPT, json!({ "registers": slugs }));
        put.expected = version.map_or(Expected::New, Expected::Version);
        self.commit(act.with(put))?;
        Ok(())
    }

    /// The slugs of the registers that the city says it keeps, and the version of the record.
    fn kept_registers(&self) -> Result<(Vec<String>, Option<u64>), Refusal> {
        let Some(entry) = self.store.entry(collection::CITY, collection::KEPT)? else {
            return Ok((Vec::new(), None));
        };
        let slugs = entry.document.get("registers").and_then(Value::as_array);
        let slugs = slugs.into_iter().flatten().filter_map(Value::as_str);
        Ok((slugs.map(str::to_owned).collect(), Some(entry.version)))
    }
}
