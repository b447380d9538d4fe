//! Who may decide a step on a day, and in which capacity.

use std::collections::BTreeSet;

use jiff::civil::Date;
use model::lang::Text;
use serde::{Deserialize, Serialize};

use crate::directory::{Appointment, Directory, upwards};
use crate::route::{Needs, Post, Relation, Step};

/// In which capacity somebody decides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "as", rename_all = "snake_case", deny_unknown_fields)]
pub enum Capacity {
    /// They hold the role.
    Holder,
    /// 代決: the holder is away, and the appointment names them as the deputy.
    Deputy {
        /// The holder.
        of: String,
    },
    /// 代理: the holder is away, and named them for these days.
    StandIn {
        /// The holder.
        of: String,
    },
}

/// Somebody who may decide a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// Who.
    pub person: String,
    /// The national code of the role.
    pub role: String,
    /// In which capacity.
    pub capacity: Capacity,
}

/// Those who decide one step of one request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Panel {
    /// The holders, each once, in the order of the posts.
    pub seats: Vec<Seat>,
    /// Posts that nobody who may decide holds.
    pub vacant: Vec<Post>,
}

/// A holder, and who decides for them today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Who holds the role.
    pub holder: String,
    /// The national code of the role.
    pub role: String,
    /// The last day on which they are away.
    pub away_until: Option<Date>,
    /// Who may decide for them, while they are away.
    pub substitutes: Vec<Candidate>,
}

/// What a panel depends on besides the step.
#[derive(Clone, Copy)]
pub(crate) struct View<'v> {
    pub(crate) directory: &'v dyn Directory,
    pub(crate) on: Date,
    /// Who must not decide: the applicant and whom the request is about.
    pub(crate) barred: &'v [String],
    pub(crate) applicant_section: Option<&'v str>,
    pub(crate) subject_section: Option<&'v str>,
    pub(crate) system: Option<&'v str>,
}

impl Capacity {
    /// The holder whose decision it is, if somebody else makes it.
    #[must_use]
    pub fn of(&self) -> Option<&str> {
        match self {
            Self::Holder => None,
            Self::Deputy { of } | Self::StandIn { of } => Some(of),
        }
    }

    /// The word for it in a record of decisions.
    #[must_use]
    pub const fn title(&self) -> Text {
        match self {
            Self::Holder => Text::fixed("本人", "holder"),
            Self::Deputy { .. } => Text::fixed("代決", "deputy"),
            Self::StandIn { .. } => Text::fixed("代理", "stand-in"),
        }
    }
}

impl Panel {
    /// Whether this step can be decided at all.
    #[must_use]
    pub fn is_able(&self, needs: Needs) -> bool {
        !self.seats.is_empty() && (needs == Needs::Any || self.vacant.is_empty())
    }

    /// Everybody who may decide, holders first, a person once for each seat.
    #[must_use]
    pub fn candidates(&self) -> Vec<Candidate> {
        let holders = self.seats.iter().map(Seat::holder);
        let substitutes = self.seats.iter().flat_map(|seat| seat.substitutes.iter().cloned());
        holders.chain(substitutes).collect()
    }
}

impl Seat {
    fn holder(&self) -> Candidate {
        Candidate {
            person: self.holder.clone(),
            role: self.role.clone(),
            capacity: Capacity::Holder,
        }
    }
}

impl View<'_> {
    /// Who decides `step`.
    pub(crate) fn panel(&self, step: &Step) -> Panel {
        let mut panel = Panel::default();
        for post in &step.posts {
            self.seat(post, &mut panel);
        }
        let short = match step.needs {
            Needs::Any => panel.seats.is_empty(),
            Needs::All => !panel.vacant.is_empty(),
        };
        if short && step.instead.iter().any(|post| self.seat(post, &mut panel)) {
            panel.vacant.clear();
        }
        panel
    }

    /// Everybody who holds one of the posts.
    pub(crate) fn holders(&self, posts: &[Post]) -> BTreeSet<String> {
        let appointments = posts.iter().flat_map(|post| self.appointed(post));
        appointments.map(|appointment| appointment.person.to_owned()).collect()
    }

    /// Gives the holders of a post their seats; whether there are any.
    fn seat(&self, post: &Post, panel: &mut Panel) -> bool {
        let appointed = self.appointed(post);
        for appointment in &appointed {
            if !panel.seats.iter().any(|seat| seat.holder == appointment.person) {
                panel.seats.push(self.occupied(appointment, post));
            }
        }
        if appointed.is_empty() {
            panel.vacant.push(post.clone());
        }
        !appointed.is_empty()
    }

    fn occupied(&self, appointment: &Appointment<'_>, post: &Post) -> Seat {
        let absence = self.directory.absence(appointment.person, self.on);
        let of = || appointment.person.to_owned();
        let deputy = appointment.deputy.map(|person| (person, Capacity::Deputy { of: of() }));
        let stand_in = absence.and_then(|absence| absence.stand_in);
        let stand_in = stand_in.map(|person| (person, Capacity::StandIn { of: of() }));
        let named = absence
            .map(|_| stand_in.into_iter().chain(deputy))
            .into_iter()
            .flatten();
        let able = named.filter(|(person, _)| *person != appointment.person && self.may_decide(person));
        Seat {
            holder: appointment.person.to_owned(),
            role: post.role.clone(),
            away_until: absence.map(|absence| absence.until),
            substitutes: able
                .map(|(person, capacity)| candidate(person, &post.role, capacity))
                .collect(),
        }
    }

    /// Works here today and is not barred.
    fn may_decide(&self, person: &str) -> bool {
        !self.is_barred(person) && self.directory.section_of(person, self.on).is_some()
    }

    fn is_barred(&self, person: &str) -> bool {
        self.barred.iter().any(|barred| barred == person)
    }

    /// The holders of a post who may decide: those nearest to what it is held over.
    fn appointed(&self, post: &Post) -> Vec<Appointment<'_>> {
        let mut all = self.directory.appointments(&post.role, self.on);
        all.retain(|appointment| !self.is_barred(appointment.person));
        match post.of {
            Relation::Applicant => self.nearest(all, self.applicant_section),
            Relation::Subject => self.nearest(all, self.subject_section.or(self.applicant_section)),
            Relation::System => {
                all.retain(|appointment| self.system.is_some() && appointment.system == self.system);
                all
            }
            Relation::City => all,
        }
    }

    fn nearest<'d>(&self, all: Vec<Appointment<'d>>, section: Option<&str>) -> Vec<Appointment<'d>> {
        let those = |wanted: &dyn Fn(&Appointment<'d>) -> bool| {
            let found: Vec<_> = all.iter().copied().filter(|appointment| wanted(appointment)).collect();
            (!found.is_empty()).then_some(found)
        };
        let sections = section.into_iter().flat_map(|section| upwards(self.directory, section));
        let mut sections = sections.map(|section| those(&|held| held.section == Some(section)));
        let organ = section.and_then(|section| self.directory.organ_of(section));
        let over_organ = || organ.and_then(|organ| those(&|held| is_over_organ(held) && held.organ == Some(organ)));
        let over_city = || those(&|held| is_over_organ(held) && held.organ.is_none());
        sections
            .find_map(|found| found)
            .or_else(over_organ)
            .or_else(over_city)
            .unwrap_or_default()
    }
}

/// Held over an organ or the whole city, not over a part of one.
const fn is_over_organ(held: &Appointment<'_>) -> bool {
    held.section.is_none() && held.system.is_none()
}

fn candidate(person: &str, role: &str, capacity: Capacity) -> Candidate {
    Candidate {
        person: person.to_owned(),
        role: role.to_owned(),
        capacity,
    }
}
