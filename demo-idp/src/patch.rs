//! Changes to a JSON object: how a test bends a claim, a header or an answer.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Members to set in or remove from a JSON object, applied after it was built properly.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patch(BTreeMap<String, Option<Value>>);

impl Patch {
    /// Sets a member; `Value::Null` is a value like any other.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.0.insert(name.into(), Some(value.into()));
    }

    /// Removes a member.
    pub fn remove(&mut self, name: impl Into<String>) {
        self.0.insert(name.into(), None);
    }

    /// Forgets the change of one member.
    pub fn keep(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// Forgets all changes.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Changes `object`.
    pub(crate) fn apply(&self, object: &mut Map<String, Value>) {
        for (name, change) in &self.0 {
            match change {
                Some(value) => object.insert(name.clone(), value.clone()),
                None => object.remove(name),
            };
        }
    }
}

/// The members of a JSON object literal; anything else has none.
pub(crate) fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_patch_sets_removes_and_leaves_the_rest() {
        let mut object = members(json!({"kept": 1, "changed": 2, "removed": 3}));
        let mut patch = Patch::default();
        patch.set("changed", "two");
        patch.remove("removed");
        patch.set("null", Value::Null);
        patch.apply(&mut object);
        assert_eq!(
            Value::Object(object),
            json!({"kept": 1, "changed": "two", "null": null})
        );
    }

    #[test]
    fn a_forgotten_change_is_not_applied() {
        let mut object = members(json!({"a": 1}));
        let mut patch = Patch::default();
        patch.set("a", 2);
        patch.set("b", 3);
        patch.keep("a");
        patch.apply(&mut object);
        assert_eq!(Value::Object(object.clone()), json!({"a": 1, "b": 3}));
        patch.clear();
        object.remove("b");
        patch.apply(&mut object);
        assert_eq!(Value::Object(object), json!({"a": 1}));
    }
}
