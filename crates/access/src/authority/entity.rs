//! Values as policies see them.

use std::collections::BTreeMap;
use std::str::FromStr as _;
use std::sync::LazyLock;

use cedar_policy::{EntityId, EntityTypeName, EntityUid, RestrictedExpression as Value};

use super::resource::ResourceKind;

/// Why somebody or something cannot be asked about; whoever cannot be asked about may do nothing.
#[derive(Debug, thiserror::Error)]
pub enum Unmakeable {
    /// A person without a key or a section.
    #[error("a person needs a key and a section")]
    Nobody,
    /// A name that no entity can have.
    #[error("not a name of an entity")]
    Name,
    /// A value that no attribute can have.
    #[error("not a value of an attribute: {0}")]
    Value(#[from] Box<cedar_policy::EntityAttrEvaluationError>),
}

impl From<cedar_policy::EntityAttrEvaluationError> for Unmakeable {
    fn from(error: cedar_policy::EntityAttrEvaluationError) -> Self {
        Self::Value(Box::new(error))
    }
}

/// The types of the schema. A name is read by Cedar's parser, which takes longer than to answer a question.
static TYPES: LazyLock<BTreeMap<&str, EntityTypeName>> = LazyLock::new(|| {
    let kinds = ResourceKind::ALL.map(ResourceKind::name);
    let names = kinds.into_iter().chain(["Person", "Visitor"]);
    names
        .filter_map(|name| Some((name, EntityTypeName::from_str(name).ok()?)))
        .collect()
});

pub(super) fn uid(kind: &str, key: &str) -> Result<EntityUid, Unmakeable> {
    let kind = TYPES.get(kind).cloned().ok_or(Unmakeable::Name)?;
    Ok(EntityUid::from_type_name_and_id(kind, EntityId::new(key)))
}

pub(super) fn text(value: &str) -> Value {
    Value::new_string(value.to_owned())
}

pub(super) fn set_of<'t>(values: impl IntoIterator<Item = &'t str>) -> Value {
    Value::new_set(values.into_iter().map(text))
}

pub(super) fn record(fields: [(&str, &String); 2]) -> Result<Value, Unmakeable> {
    Value::new_record(fields.map(|(name, value)| (name.to_owned(), text(value)))).map_err(|_| Unmakeable::Name)
}
