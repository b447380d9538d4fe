//! TOML to kinds.

use std::collections::BTreeSet;

use model::diagnostic::{Diagnostic, Located, Span};
use model::lang::Text;
use model::scheme::SchemeKind;
use toml::Spanned;

use super::file::{EffectTable, FieldTable, File, PostTable, RouteTable, StepTable, Type};
use super::{Effect, Field, FieldKind, Kind, Kinds, Source};
use crate::route::{Needs, Post, Route, Step};

/// Whose files are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Sanmon,
    City,
}

/// Reads files over `kinds`.
pub(super) fn read(kinds: Kinds, files: &[(&str, &str)], by: By) -> Result<Vec<Kind>, Vec<Located>> {
    let guarded = guarded(&kinds);
    let mut kinds = kinds.0;
    let mut seen = BTreeSet::new();
    let mut located = Vec::new();
    for (name, text) in files {
        let mut reader = Reader::default();
        if let Some(file) = reader.parse(text) {
            if !seen.insert(file.kind.get_ref().clone()) {
                reader.problem(
                    "duplicate-kind",
                    &file.kind,
                    Text::fixed("この種類は二度書かれています", "the kind is there twice"),
                );
            }
            reader.file(file, by, &guarded, &mut kinds);
        }
        located.extend(reader.problems.into_iter().map(|diagnostic| Located {
            file: (*name).to_owned(),
            diagnostic,
        }));
    }
    if located.is_empty() { Ok(kinds) } else { Err(located) }
}

/// The registers that shipped kinds change: their approvals are not to be had by another way.
fn guarded(kinds: &Kinds) -> BTreeSet<String> {
    let effects = kinds.iter().flat_map(|kind| &kind.effects);
    effects.filter_map(Effect::register).map(str::to_owned).collect()
}

#[derive(Default)]
struct Reader {
    problems: Vec<Diagnostic>,
}

impl Reader {
    fn parse(&mut self, text: &str) -> Option<File> {
        toml::from_str(text)
            .map_err(|error| {
                let message = Text::new(
                    format!("申請の種類として読めません({})", error.message()),
                    format!("not readable as a kind of request: {}", error.message()),
                );
                let diagnostic = Diagnostic::error("unreadable-kind", message);
                self.problems.push(match error.span() {
                    Some(span) => diagnostic.at(Span::new(span.start, span.end)),
                    None => diagnostic,
                });
            })
            .ok()
    }

    fn file(&mut self, file: File, by: By, guarded: &BTreeSet<String>, kinds: &mut Vec<Kind>) {
        if let Some(known) = kinds.iter_mut().find(|kind| kind.id == *file.kind.get_ref()) {
            self.rerouted(file, known);
            return;
        }
        let place = file.kind.clone();
        let mut kind = self.kind(&file);
        self.effects(&file, &mut kind, (by == By::City).then_some(guarded));
        kind.routes = self.routes(file.route, &kind, &place);
        kinds.push(kind);
    }

    /// A city's routes for a kind that there is.
    fn rerouted(&mut self, file: File, known: &mut Kind) {
        let place = file.kind.clone();
        let more = file.title.is_some()
            || file.grade.is_some()
            || !file.barred.is_empty()
            || file.until.is_some()
            || file.longest_days.is_some()
            || file.decided_by.is_some()
            || !file.field.is_empty()
            || !file.effect.is_empty();
        if more {
            let message = Text::fixed(
                "この種類で変えられるのは経路だけです",
                "only the routes of this kind can be changed",
            );
            self.problem("kind-is-shipped", &place, message);
        }
        known.routes = self.routes(file.route, known, &place);
    }

    fn kind(&mut self, file: &File) -> Kind {
        if file.title.is_none() {
            self.problem("no-title", &file.kind, Text::fixed("名称がありません", "has no title"));
        }
        let decided_by = file.decided_by.as_deref().unwrap_or_default();
        for role in decided_by {
            self.role(role.get_ref(), &role.span());
        }
        let kind = Kind {
            id: file.kind.get_ref().clone(),
            title: file.title.clone().unwrap_or_default(),
            grade: file.grade.as_ref().map(|grade| grade.get_ref().clone()),
            barred: file.barred.iter().map(|name| name.get_ref().clone()).collect(),
            until: file.until.as_ref().map(|name| name.get_ref().clone()),
            longest_days: file.longest_days,
            decided_by: decided_by.iter().map(|role| role.get_ref().clone()).collect(),
            fields: self.fields(&file.field),
            effects: Vec::new(),
            routes: Vec::new(),
        };
        self.named_fields(file, &kind);
        kind
    }

    /// The fields that the head of the file names.
    fn named_fields(&mut self, file: &File, kind: &Kind) {
        for name in &file.barred {
            let fits = kind
                .field(name.get_ref())
                .is_some_and(|field| is_reference_to(&field.kind, "person"));
            self.expect(
                fits,
                name,
                "職員を指す項目ではありません",
                "no field that refers to a person",
            );
        }
        if let Some(until) = &file.until {
            let fits = kind
                .field(until.get_ref())
                .is_some_and(|field| field.kind == FieldKind::Date);
            self.expect(fits, until, "日付の項目ではありません", "no field that holds a date");
        }
        if let Some(grade) = &file.grade {
            let fits = kind.field(&grade.get_ref().of).is_some_and(|field| field.required);
            self.expect(fits, grade, "必須の項目を指していません", "names no required field");
        }
    }

    fn fields(&mut self, tables: &[FieldTable]) -> Vec<Field> {
        let mut names = BTreeSet::new();
        let mut fields = Vec::new();
        for table in tables {
            let name = table.name.get_ref();
            self.expect(
                names.insert(name),
                &table.name,
                "同じ項目が二つあります",
                "the field is there twice",
            );
            fields.push(Field {
                name: name.clone(),
                label: table.label.clone(),
                help: table.help.clone(),
                kind: self.field_kind(table),
                required: table.required,
            });
        }
        fields
    }

    fn field_kind(&mut self, table: &FieldTable) -> FieldKind {
        let register = table.register.clone();
        self.expect(
            register.is_some() == matches!(table.r#type, Type::Reference),
            &table.name,
            "台帳を書くのは、台帳を指す項目だけです",
            "`register` belongs to the type `reference` and to no other",
        );
        self.expect(
            table.choices.is_empty() != matches!(table.r#type, Type::Choice),
            &table.name,
            "選択肢を書くのは、選択の項目だけです",
            "`choices` belong to the type `choice` and to no other",
        );
        match table.r#type {
            Type::Line => FieldKind::Line,
            Type::Text => FieldKind::Text,
            Type::Date => FieldKind::Date,
            Type::Number => FieldKind::Number,
            Type::Confirmation => FieldKind::Confirmation,
            Type::Role => FieldKind::Role,
            Type::Choice => FieldKind::Choice {
                choices: table.choices.clone(),
            },
            Type::Reference => FieldKind::Reference {
                register: register.unwrap_or_default(),
            },
        }
    }

    fn effects(&mut self, file: &File, kind: &mut Kind, guarded: Option<&BTreeSet<String>>) {
        for table in &file.effect {
            let Some(effect) = effect(table.get_ref()) else {
                let message = Text::fixed(
                    "create、update、retire、publish、adopt のうち一つを書きます",
                    "needs one of `create`, `update`, `retire`, `publish`, `adopt`, with `of` and `fields` where they belong",
                );
                self.problem("not-an-effect", table, message);
                continue;
            };
            let of = effect
                .of()
                .is_none_or(|of| kind.field(of).is_some_and(|field| field.required));
            self.expect(of, table, "必須の項目を指していません", "names no required field");
            self.expect(
                reads_known_fields(&effect, kind),
                table,
                "申請にない項目を使っています",
                "uses a field that the request lacks",
            );
            let free =
                guarded.is_none_or(|guarded| effect.register().is_some_and(|register| !guarded.contains(register)));
            if !free {
                let message = Text::fixed(
                    "この台帳・公開・方針には、定められた申請があります",
                    "there is a shipped kind of request for this",
                );
                self.problem("guarded-effect", table, message);
            }
            kind.effects.push(effect);
        }
    }

    fn routes(&mut self, tables: Vec<RouteTable>, kind: &Kind, place: &Spanned<String>) -> Vec<Route> {
        let grades = kind.grades();
        let mut taken = BTreeSet::new();
        let mut rests = 0;
        let mut routes = Vec::new();
        for table in tables {
            for grade in &table.grades {
                self.expect(
                    grades.contains(&grade.get_ref().as_str()),
                    grade,
                    "この種類にない区分です",
                    "no grade of this kind",
                );
                self.expect(
                    taken.insert(grade.get_ref().clone()),
                    grade,
                    "この区分には別の経路があります",
                    "has a route already",
                );
            }
            rests += usize::from(table.grades.is_empty());
            self.expect(
                rests < 2,
                &table.id,
                "区分のない経路は一つだけです",
                "a second route without grades",
            );
            routes.push(self.route(table, kind));
        }
        let covered = rests > 0 || (!grades.is_empty() && grades.iter().all(|grade| taken.contains(*grade)));
        self.expect(covered, place, "経路のない区分があります", "some grades have no route");
        routes
    }

    fn route(&mut self, table: RouteTable, kind: &Kind) -> Route {
        self.expect(
            *table.decide_within_days.get_ref() > 0,
            &table.decide_within_days,
            "1日以上とします",
            "must be a day or more",
        );
        if let Some(last) = table.step.last() {
            self.last_word(last, kind);
        } else {
            self.problem(
                "no-step",
                &table.id,
                Text::fixed("段階が一つもありません", "the route has no step"),
            );
        }
        Route {
            id: table.id.into_inner(),
            grades: table.grades.into_iter().map(Spanned::into_inner).collect(),
            decide_within_days: table.decide_within_days.into_inner(),
            steps: table.step.into_iter().map(|step| self.step(step)).collect(),
        }
    }

    /// Whoever can end the route has a role that the kind leaves the last word to.
    fn last_word(&mut self, last: &Spanned<StepTable>, kind: &Kind) {
        let step = last.get_ref();
        let posts = step.any.iter().chain(&step.all).flatten().chain(&step.instead);
        for post in posts {
            let able = kind.decided_by.is_empty() || kind.decided_by.contains(&post.get_ref().role);
            if !able {
                let message = Text::new(
                    format!("最後の段階は {} のいずれかが決裁します", kind.decided_by.join("、")),
                    format!("the last step belongs to {}", kind.decided_by.join(" or ")),
                );
                self.problem("last-word", post, message);
            }
        }
    }

    fn step(&mut self, table: Spanned<StepTable>) -> Step {
        let span = table.span();
        let step = table.into_inner();
        let (needs, posts) = match (step.any, step.all) {
            (Some(posts), None) => (Needs::Any, posts),
            (None, Some(posts)) => (Needs::All, posts),
            _ => (Needs::All, Vec::new()),
        };
        if posts.is_empty() {
            let message = Text::fixed(
                "any か all のどちらかに役割を書きます",
                "needs roles in either `any` or `all`",
            );
            self.at("no-posts", &span, message);
        }
        for days in step.remind_days.iter().chain(&step.escalate_days) {
            self.expect(*days.get_ref() > 0, days, "1日以上とします", "must be a day or more");
        }
        if step.escalate_days.is_some() == step.escalate_to.is_empty() {
            let message = Text::fixed(
                "escalate_days と escalate_to は合わせて書きます",
                "`escalate_days` and `escalate_to` belong together",
            );
            self.at("half-an-escalation", &span, message);
        }
        Step {
            needs,
            posts: self.posts(posts),
            instead: self.posts(step.instead),
            remind_days: step.remind_days.map(Spanned::into_inner),
            escalate_days: step.escalate_days.map(Spanned::into_inner),
            escalate_to: self.posts(step.escalate_to),
        }
    }

    fn posts(&mut self, tables: Vec<Spanned<PostTable>>) -> Vec<Post> {
        let post = |table: Spanned<PostTable>| {
            self.role(&table.get_ref().role, &table.span());
            let PostTable { role, of } = table.into_inner();
            Post { role, of }
        };
        tables.into_iter().map(post).collect()
    }

    fn role(&mut self, code: &str, span: &std::ops::Range<usize>) {
        if SchemeKind::Role.national(code).is_none() {
            let message = Text::new(
                format!("「{code}」という役割はありません"),
                format!("there is no role `{code}`"),
            );
            self.at("unknown-role", span, message);
        }
    }

    fn expect<T>(&mut self, holds: bool, place: &Spanned<T>, ja: &'static str, en: &'static str) {
        if !holds {
            self.problem("wrong-kind", place, Text::fixed(ja, en));
        }
    }

    fn problem<T>(&mut self, code: &'static str, place: &Spanned<T>, message: Text) {
        self.at(code, &place.span(), message);
    }

    fn at(&mut self, code: &'static str, span: &std::ops::Range<usize>, message: Text) {
        self.problems
            .push(Diagnostic::error(code, message).at(Span::new(span.start, span.end)));
    }
}

fn is_reference_to(kind: &FieldKind, wanted: &str) -> bool {
    matches!(kind, FieldKind::Reference { register } if register == wanted)
}

fn effect(table: &EffectTable) -> Option<Effect> {
    let fields: Vec<(String, Source)> = table
        .fields
        .iter()
        .map(|(name, source)| (name.clone(), source.clone()))
        .collect();
    let verbs = (
        &table.create,
        &table.update,
        &table.retire,
        &table.publish,
        &table.adopt,
    );
    Some(match (verbs, &table.of, fields.is_empty()) {
        ((Some(register), None, None, None, None), None, false) => Effect::Create {
            register: register.clone(),
            fields,
        },
        ((None, Some(register), None, None, None), Some(of), false) => Effect::Update {
            register: register.clone(),
            of: of.clone(),
            fields,
        },
        ((None, None, Some(register), None, None), Some(of), true) => Effect::Retire {
            register: register.clone(),
            of: of.clone(),
        },
        ((None, None, None, Some(of), None), None, true) => Effect::Publish { of: of.clone() },
        ((None, None, None, None, Some(of)), None, true) => Effect::Adopt { of: of.clone() },
        _ => return None,
    })
}

fn reads_known_fields(effect: &Effect, kind: &Kind) -> bool {
    let (Effect::Create { fields, .. } | Effect::Update { fields, .. }) = effect else {
        return true;
    };
    fields.iter().all(|(_, source)| match source {
        Source::Field(name) => kind.field(name).is_some(),
        Source::Value(_) | Source::Request(_) => true,
    })
}
