//! What holds whatever happens in whatever order.

use std::collections::BTreeSet;

use crate::town::{Town, content, draft, kinds, morning};
use approval::directory::Directory;
use approval::kind::Kinds;
use approval::panel::Capacity;
use approval::request::{Action, Event, Logged, Request, State};
use approval::route::Needs;
use model::clock::date_in_japan;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// One thing that is tried.
#[derive(Debug, Clone)]
struct Attempt {
    days: i64,
    who: Index,
    /// Picks among those who may decide rather than among everybody.
    able: bool,
    what: What,
}

#[derive(Debug, Clone, Copy)]
enum What {
    Submit,
    Approve,
    Return,
    Reject,
    Withdraw,
    Comment,
    Edit,
    PassTime,
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let what = prop_oneof![
        5 => Just(What::Submit),
        12 => Just(What::Approve),
        2 => Just(What::Return),
        1 => Just(What::Reject),
        1 => Just(What::Withdraw),
        2 => Just(What::Comment),
        1 => Just(What::Edit),
        1 => Just(What::PassTime),
    ];
    let days = prop_oneof![4 => Just(0), 2 => 1..4_i64, 1 => 4..20_i64];
    (days, any::<Index>(), prop::bool::weighted(0.6), what).prop_map(|(days, who, able, what)| Attempt {
        days,
        who,
        able,
        what,
    })
}

fn case() -> impl Strategy<Value = (String, &'static str, Vec<Attempt>)> {
    let kinds: Vec<String> = kinds().iter().map(|kind| kind.id.clone()).collect();
    let applicants = vec![
        "tax-clerk",
        "tax-manager",
        "it-manager",
        "general",
        "vice",
        "ciso",
        "operator",
    ];
    (
        select(kinds),
        select(applicants),
        prop::collection::vec(attempt(), 1..40),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_request_keeps_its_promises((kind, applicant, attempts) in case()) {
        let kinds = kinds();
        let mut request = draft(&kind, applicant, content(&kind));
        let mut day = 1;
        for attempt in attempts {
            day += attempt.days;
            let before = request.clone();
            let changed = perform(&mut request, &attempt, day, &kinds);
            if changed {
                one_more_line(&before, &request);
            } else {
                prop_assert_eq!(&before, &request);
            }
            if before.state().is_end() {
                prop_assert!(!changed);
            }
            check(&request);
            only_those_who_wait_can_decide(&request, day, &kinds);
        }
    }
}

/// Whether anything changed.
fn perform(request: &mut Request, attempt: &Attempt, day: i64, kinds: &Kinds) -> bool {
    let now = morning(day);
    let mut people: Vec<String> = Town::everybody().into_iter().map(str::to_owned).collect();
    if attempt.able {
        let able: Vec<String> = match attempt.what {
            What::Approve | What::Return | What::Reject => request
                .waiting(&Town, date_in_japan(now))
                .into_iter()
                .map(|who| who.person)
                .collect(),
            _ => vec![request.applicant().to_owned()],
        };
        if !able.is_empty() {
            people = able;
        }
    }
    let comment = || "理由".to_owned();
    let event = match attempt.what {
        What::Submit => Event::Submit { comment: None },
        What::Approve => Event::Approve { comment: None },
        What::Return => Event::Return { comment: comment() },
        What::Reject => Event::Reject { comment: comment() },
        What::Withdraw => Event::Withdraw { comment: None },
        What::Comment => Event::Comment { comment: comment() },
        What::Edit => Event::Edit(Box::new(content(request.kind()))),
        What::PassTime => return request.pass_time(&Town, now).is_some(),
    };
    request
        .apply(attempt.who.get::<String>(&people), event, kinds, &Town, now)
        .is_ok()
}

fn one_more_line(before: &Request, after: &Request) {
    assert_eq!(after.log().len(), before.log().len() + 1);
    assert_eq!(&after.log()[..before.log().len()], before.log());
    let last = after.log().last().unwrap();
    assert_eq!((last.then, last.then_step), (after.state(), after.step()));
    if last.did == Action::Submitted {
        assert_eq!((after.round(), after.step()), (before.round() + 1, Some(0)));
    }
}

fn check(request: &Request) {
    assert_eq!(&Request::read(request.document().unwrap()).unwrap(), request);
    let decisions: Vec<&Logged> = request
        .log()
        .iter()
        .filter(|logged| logged.capacity.is_some())
        .collect();
    for decision in &decisions {
        nobody_decides_their_own(request, decision);
        the_capacity_is_true(decision);
    }
    let approvals = decisions.into_iter().filter(|logged| logged.did == Action::Approved);
    let mut seen = BTreeSet::new();
    for approval in approvals.clone() {
        let place = (approval.round, approval.step);
        assert!(seen.insert((place, approval.by.as_deref())), "counted twice");
    }
    let mut held = BTreeSet::new();
    for approval in approvals {
        assert!(
            held.insert((approval.round, approval.step, approval.holder())),
            "one seat decided twice"
        );
    }
    no_step_is_skipped(request);
}

fn nobody_decides_their_own(request: &Request, decision: &Logged) {
    let concerned = ["person"].map(|field| request.content().payload.get(field).and_then(|value| value.as_str()));
    let by = decision.by.as_deref();
    assert_ne!(by, Some(request.applicant()));
    assert_ne!(decision.holder(), Some(request.applicant()));
    assert!(!concerned.contains(&by), "decided by whom it is about");
}

/// A holder holds the role on that day; a deputy is named as one, and the holder is away.
fn the_capacity_is_true(decision: &Logged) {
    let on = date_in_japan(decision.at);
    let appointments = Town.appointments(decision.role.as_deref().unwrap(), on);
    let by = decision.by.as_deref().unwrap();
    let holds = |person: &str| appointments.iter().find(|held| held.person == person);
    match decision.capacity.as_ref().unwrap() {
        Capacity::Holder => assert!(holds(by).is_some()),
        Capacity::Deputy { of } => {
            assert!(Town.absence(of, on).is_some(), "{of} is not away");
            assert_eq!(holds(of).unwrap().deputy, Some(by));
        }
        Capacity::StandIn { of } => {
            assert!(holds(of).is_some());
            assert_eq!(Town.absence(of, on).unwrap().stand_in, Some(by));
        }
    }
}

/// In every round the approved steps follow one another from the first on; a granted request has them all.
fn no_step_is_skipped(request: &Request) {
    for round in 1..=request.round() {
        let approvals = request
            .log()
            .iter()
            .filter(|logged| logged.did == Action::Approved && logged.round == round);
        let mut steps: Vec<usize> = approvals.filter_map(|logged| logged.step).collect();
        let sorted = steps.is_sorted();
        steps.dedup();
        assert!(sorted && steps.iter().copied().eq(0..steps.len()), "{steps:?}");
        if request.state() == State::Approved && round == request.round() {
            assert_eq!(steps.len(), request.route().unwrap().steps.len());
        }
    }
}

/// `waiting` tells exactly who may approve, and an approval of all is complete only with all.
fn only_those_who_wait_can_decide(request: &Request, day: i64, kinds: &Kinds) {
    let now = morning(day);
    let on = date_in_japan(now);
    let waiting: BTreeSet<String> = request.waiting(&Town, on).into_iter().map(|who| who.person).collect();
    let here = |logged: &&Logged| {
        logged.did == Action::Approved && (logged.round, logged.step) == (request.round(), request.step())
    };
    if !request.log().iter().any(|logged| here(&logged)) {
        let all = request.panel(&Town, on).candidates();
        assert_eq!(
            waiting,
            all.into_iter().map(|who| who.person).collect(),
            "a step begins with everybody"
        );
    }
    for person in Town::everybody() {
        let mut tried = request.clone();
        let approved = tried.apply(person, Event::Approve { comment: None }, kinds, &Town, now);
        let expected = waiting.contains(person) && !request.is_overdue(now);
        assert_eq!(approved.is_ok(), expected, "{person}: {approved:?}");
        let Some(step) = request.current().filter(|step| step.needs == Needs::All && expected) else {
            continue;
        };
        if tried.step() != request.step() {
            let decided = tried
                .log()
                .iter()
                .filter(|logged| (logged.round, logged.step) == (request.round(), request.step()));
            let decided: BTreeSet<&str> = decided.filter_map(Logged::holder).collect();
            let seats = request.panel(&Town, on).seats;
            assert!(
                seats.iter().all(|seat| decided.contains(seat.holder.as_str())),
                "{step:?}"
            );
        }
    }
}
