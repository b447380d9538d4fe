//! References from a row of one register to a row of another.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use register::Register;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The `code` of a row of register `R`: in a document plain text, in the schema text with `x-ref`.
///
/// Naming the register by its type lets the compiler refuse a reference to a register that does not exist. Whether the row
/// exists is asked where all registers are at hand.
pub struct Ref<R> {
    code: String,
    register: PhantomData<fn() -> R>,
}

impl<R> Ref<R> {
    /// The code referred to.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }
}

impl<R> From<String> for Ref<R> {
    fn from(code: String) -> Self {
        Self {
            code,
            register: PhantomData,
        }
    }
}

impl<R> Clone for Ref<R> {
    fn clone(&self) -> Self {
        self.code.clone().into()
    }
}

impl<R> fmt::Debug for Ref<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.code.fmt(f)
    }
}

impl<R> Serialize for Ref<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.code.serialize(serializer)
    }
}

impl<'de, R> Deserialize<'de> for Ref<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl<R: Register> JsonSchema for Ref<R> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed(R::SLUG)
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "x-ref": R::SLUG })
    }
}
