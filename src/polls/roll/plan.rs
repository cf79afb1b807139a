//! What becomes of the lines of an upload, given who has signed in and who is on the list.

use std::collections::{HashMap, HashSet};

use super::Invite;
use crate::users::UserId;

/// What becomes of one line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Becomes {
    /// Somebody who has signed in is put onto the roll.
    Enrolled(UserId),
    /// Somebody who has not is invited.
    Invited,
    /// Nothing: the person is on the list, or stood in the file before.
    Duplicate,
    /// Nothing can be saved: several people have signed in with this address.
    Ambiguous,
}

/// What becomes of an upload.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Plan {
    /// Each line in order.
    pub lines: Vec<(Invite, Becomes)>,
}

impl Plan {
    /// Decides about each line as if those before it were saved already. `people` is who has
    /// signed in under each name; `enrolled` and `invited` are on the list.
    #[must_use]
    pub fn new(
        lines: &[Invite],
        people: &HashMap<Invite, Vec<UserId>>,
        mut enrolled: HashSet<UserId>,
        mut invited: HashSet<Invite>,
    ) -> Self {
        let mut decide = |line: &Invite| match people.get(line).map(Vec::as_slice) {
            Some([person]) if enrolled.insert(*person) => Becomes::Enrolled(*person),
            Some([_, _, ..]) => Becomes::Ambiguous,
            Some([]) | None if invited.insert(line.clone()) => Becomes::Invited,
            Some([_] | []) | None => Becomes::Duplicate,
        };
        let lines = lines.iter().map(|line| (line.clone(), decide(line)));
        Self {
            lines: lines.collect(),
        }
    }

    /// The people to be put onto the roll.
    #[must_use]
    pub fn enrolled(&self) -> Vec<UserId> {
        let people = self.lines.iter().filter_map(|(_, becomes)| match becomes {
            Becomes::Enrolled(person) => Some(*person),
            _ => None,
        });
        people.collect()
    }

    /// The invitations to be made.
    #[must_use]
    pub fn invited(&self) -> Vec<&Invite> {
        self.with(Becomes::Invited)
    }

    /// Those who are on the list already.
    #[must_use]
    pub fn duplicates(&self) -> usize {
        self.with(Becomes::Duplicate).len()
    }

    /// The addresses with which several people have signed in.
    #[must_use]
    pub fn ambiguous(&self) -> Vec<&Invite> {
        self.with(Becomes::Ambiguous)
    }

    fn with(&self, wanted: Becomes) -> Vec<&Invite> {
        let lines = self.lines.iter().filter(|(_, becomes)| *becomes == wanted);
        lines.map(|(line, _)| line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UMA: UserId = UserId(1);
    const STAN: UserId = UserId(2);

    #[test]
    fn each_line_is_decided_as_if_those_before_it_were_saved() {
        let issuer = "https://op.example";
        let [uma, sub, stan, nora, twins] = [
            Invite::email("Uma@example.org"),
            Invite::subject(issuer, "uma"),
            Invite::email("stan@example.org"),
            Invite::email("nora@example.org"),
            Invite::email("twins@example.org"),
        ];
        let people = HashMap::from([
            (uma.clone(), vec![UMA]),
            (sub.clone(), vec![UMA]),
            (stan.clone(), vec![STAN]),
            (twins.clone(), vec![UserId(3), UserId(4)]),
        ]);
        let lines = [&uma, &sub, &stan, &nora, &twins, &nora].map(Clone::clone);
        let plan = Plan::new(&lines, &people, HashSet::from([STAN]), HashSet::new());
        let becomes: Vec<_> = plan.lines.iter().map(|(_, becomes)| *becomes).collect();
        let expected = [
            Becomes::Enrolled(UMA),
            Becomes::Duplicate,
            Becomes::Duplicate,
            Becomes::Invited,
            Becomes::Ambiguous,
            Becomes::Duplicate,
        ];
        assert_eq!(becomes, expected);
        assert_eq!((plan.enrolled(), plan.duplicates()), (vec![UMA], 3));
        assert_eq!(
            (plan.invited(), plan.ambiguous()),
            (vec![&nora], vec![&twins])
        );
    }

    #[test]
    fn who_was_invited_before_is_not_invited_again() {
        let nora = Invite::email("nora@example.org");
        let invited = HashSet::from([nora.clone()]);
        let plan = Plan::new(
            std::slice::from_ref(&nora),
            &HashMap::new(),
            HashSet::new(),
            invited,
        );
        assert_eq!(plan.lines, [(nora, Becomes::Duplicate)]);
    }
}
