//! What the access rules answered before.
//!
//! An answer follows from the rules, who asks, the act and the thing, and from nothing else. So a list whose rows belong to the same few
//! sections asks the rules once for each of them, and the next page of it not at all. Answers are kept beside the rules that gave
//! them, under all that they were given for: whoever gets another role, or changes the section of a row, asks anew.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use access::authority::{Act, Authority, Entry, Person, Principal, Resource};
use hashbrown::{Equivalent, HashMap as Answers};
use model::lang::Text;

use super::rights::EntryResource;

/// So many answers are kept, about 300 bytes each, before all are dropped.
const ANSWERS: usize = 20_000;
/// So many people are kept.
const PEOPLE: usize = 200;

/// The answers of one set of rules.
#[derive(Debug, Default)]
pub(in crate::hall) struct Decided {
    people: RwLock<HashMap<Person, Arc<Known>>>,
    answers: AtomicUsize,
}

/// A copy of the rules is made to change it.
impl Clone for Decided {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// Somebody as the rules know them, with the answers that they got.
#[derive(Debug)]
pub(in crate::hall) struct Known {
    person: Person,
    principal: Principal,
    /// The rules that gave the answers.
    authority: Arc<Authority>,
    answers: RwLock<Answers<Question, Answer>>,
}

/// `Err` with the rule that denied.
type Answer = Result<(), Text>;

/// What is asked again and again.
#[derive(Debug, PartialEq, Eq)]
struct Question(Act, Thing);

#[derive(Debug, PartialEq, Eq)]
enum Thing {
    Entry(EntryResource),
    City { founded: bool },
}

/// A [`Question`] whose texts still belong to the row that it is about: a list asks it of each of its rows, and mostly it was
/// answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Lent<'r>(Act, LentThing<'r>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum LentThing<'r> {
    Entry(Entry<'r>),
    City { founded: bool },
}

impl<'r> Lent<'r> {
    fn of(act: Act, resource: &Resource<'r>) -> Option<Self> {
        match *resource {
            Resource::Entry(entry) => Some(Self(act, LentThing::Entry(entry))),
            Resource::City { founded } => Some(Self(act, LentThing::City { founded })),
            _ => None,
        }
    }

    fn kept(self) -> Question {
        let Self(act, thing) = self;
        Question(
            act,
            match thing {
                LentThing::Entry(entry) => Thing::Entry(entry.into()),
                LentThing::City { founded } => Thing::City { founded },
            },
        )
    }
}

impl Question {
    fn lent(&self) -> Lent<'_> {
        let Self(act, thing) = self;
        let thing = match thing {
            Thing::Entry(entry) => LentThing::Entry(entry.entry()),
            Thing::City { founded } => LentThing::City { founded: *founded },
        };
        Lent(*act, thing)
    }
}

/// As [`Lent`] is hashed, so that it finds the question.
impl Hash for Question {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.lent().hash(state);
    }
}

impl Equivalent<Question> for Lent<'_> {
    fn equivalent(&self, kept: &Question) -> bool {
        *self == kept.lent()
    }
}

impl Known {
    /// Who they are to the rules.
    pub(in crate::hall) fn principal(&self) -> &Principal {
        &self.principal
    }

    /// Who they are.
    pub(super) fn person(&self) -> &Person {
        &self.person
    }

    /// Whether it was these rules that gave the answers.
    pub(super) fn is_of(&self, authority: &Arc<Authority>) -> bool {
        Arc::ptr_eq(&self.authority, authority)
    }

    fn decide(&self, act: Act, on: &Resource<'_>) -> Answer {
        let decision = self.authority.decide(&self.principal, act, on);
        if decision.allowed { Ok(()) } else { Err(decision.text()) }
    }
}

impl Decided {
    /// Somebody as `authority` knows them; `None` for somebody who cannot be one.
    pub(super) fn known(&self, person: Person, authority: &Arc<Authority>) -> Option<Arc<Known>> {
        let known = self.people.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(&person) {
            return Some(Arc::clone(known));
        }
        drop(known);
        let known = Arc::new(Known {
            principal: Principal::person(&person).ok()?,
            person: person.clone(),
            authority: Arc::clone(authority),
            answers: RwLock::default(),
        });
        let mut people = self.people.write().unwrap_or_else(PoisonError::into_inner);
        if people.len() >= PEOPLE {
            self.forget(&mut people);
        }
        people.insert(person, Arc::clone(&known));
        Some(known)
    }

    /// Whether somebody may do something: what their rules answered before, or answer now.
    pub(super) fn answer(&self, known: &Known, act: Act, on: &Resource<'_>) -> Answer {
        let Some(question) = Lent::of(act, on) else {
            return known.decide(act, on);
        };
        let answers = known.answers.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = answers.get(&question) {
            return answer.clone();
        }
        drop(answers);
        let answer = known.decide(act, on);
        if self.answers.fetch_add(1, Ordering::Relaxed) >= ANSWERS {
            self.forget(&mut self.people.write().unwrap_or_else(PoisonError::into_inner));
        }
        let mut answers = known.answers.write().unwrap_or_else(PoisonError::into_inner);
        answers.insert(question.kept(), answer.clone());
        answer
    }

    /// Somebody's answers go when the last request of theirs ends.
    fn forget(&self, people: &mut HashMap<Person, Arc<Known>>) {
        people.clear();
        self.answers.store(0, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use access::authority::{Entry, Over, Post};

    use super::*;

    fn person(key: &str, posts: Vec<Post>) -> Person {
        Person {
            key: key.to_owned(),
            section: "S1".to_owned(),
            organ: "O1".to_owned(),
            posts,
            ..Person::default()
        }
    }

    fn people() -> Vec<Person> {
        let over = |sections: &[&str]| Post {
            role: "section_manager".to_owned(),
            over: Over::Sections(sections.iter().map(|key| (*key).to_owned()).collect()),
        };
        vec![
            person("P1", Vec::new()),
            person("P1", vec![over(&["S1"])]),
            person("P1", vec![over(&["S2"])]),
            person("P2", vec![Post::city("auditor")]),
            person("P2", vec![Post::city("general_manager")]),
        ]
    }

    fn asked(each: &mut dyn FnMut(Act, &Resource<'_>)) {
        let [nobody, first] = [Vec::new(), vec!["P1".to_owned()]];
        for act in [Act::Read, Act::Update, Act::Export] {
            each(act, &Resource::City { founded: true });
            each(act, &Resource::Ledger);
            for register in ["terminal", "audit", "person"] {
                for section in ["", "S1", "S2"] {
                    for zone in ["", "mynumber"] {
                        for concerns in [&nobody, &first] {
                            let entry = Entry {
                                register,
                                section,
                                zone,
                                concerns,
                                organ: "O1",
                                system: "",
                            };
                            each(act, &Resource::Entry(entry));
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_kept_answer_is_the_answer_of_the_rules() {
        let authority = Arc::new(Authority::shipped().unwrap());
        let decided = Decided::default();
        let (mut allowed, mut denied) = (0, 0);
        // The second time every answer is one that was kept.
        for _ in 0..2 {
            for person in people() {
                let known = decided.known(person.clone(), &authority).unwrap();
                let principal = Principal::person(&person).unwrap();
                asked(&mut |act, on| {
                    let decision = authority.decide(&principal, act, on);
                    let answer = decided.answer(&known, act, on);
                    assert_eq!(answer.is_ok(), decision.allowed, "{person:?} {act:?} {on:?}");
                    match answer {
                        Ok(()) => allowed += 1,
                        Err(why) => {
                            denied += 1;
                            assert_eq!(why, decision.text());
                        }
                    }
                });
            }
        }
        assert!(allowed > 50 && denied > 50, "{allowed} {denied}");
    }

    #[test]
    fn answers_are_dropped_before_they_are_too_many() {
        let authority = Arc::new(Authority::shipped().unwrap());
        let decided = Decided::default();
        let one = decided.known(person("P1", Vec::new()), &authority).unwrap();
        decided.answers.store(ANSWERS, Ordering::Relaxed);
        decided
            .answer(&one, Act::Read, &Resource::City { founded: true })
            .unwrap();
        let other = decided.known(person("P1", Vec::new()), &authority).unwrap();
        assert!(!Arc::ptr_eq(&one, &other) && other.answers.read().unwrap().is_empty());
        assert_eq!(decided.answers.load(Ordering::Relaxed), 0);
    }
}
