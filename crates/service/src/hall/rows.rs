//! Lists of rows, as pages and API ask for them: what [`register::list::ask`] read becomes a query of the store, and of what
//! the store finds a visitor gets what they may read, or take out.

use model::lang::Text;
use register::list::{Asked, Condition};
use register::{Fault, Kind};
use store::{Act, Cursor, Entry, Filter, Query, Sort, Test, Total};

use super::entrance::sessions::Visitor;
use super::reach::Reach;
use super::rights::Verb;
use super::{Hall, Refusal};

/// How often the store is asked for one part of a list, most rows of which the visitor may not read. The cursor goes on from
/// there.
const LOOKS: usize = 20;

/// Rows that are looked at in a glance at a register of which the visitor may read single rows.
const GLANCED: usize = 100;

/// Rows that are read at once where all are taken out.
const PART: usize = 1_000;

/// A part of a list, as far as a visitor may read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The rows, in order. They are fewer than asked for at the end of the list, and where the visitor may read hardly any.
    pub rows: Vec<Entry>,
    /// Rows between them that the visitor may not read.
    pub hidden: usize,
    /// Where the next part begins; `None` at the end.
    pub next: Option<Cursor>,
    /// How many rows the whole list has; `None` where the visitor may read single rows only, so that nobody counts the others.
    pub total: Option<Total>,
}

/// What the store is asked for: the rows in use, from the beginning or from behind the cursor.
///
/// # Errors
/// A fault `cursor` of the parameter of that name.
pub fn query(kind: &Kind, asked: &Asked) -> Result<Query, Vec<Fault>> {
    let after = asked
        .cursor
        .as_deref()
        .map(|cursor| cursor.parse().map_err(|_| lost(kind)));
    let sort = asked.sort.clone();
    Ok(Query {
        search: asked.search.clone(),
        filters: asked.conditions.iter().map(filter).collect(),
        descending: sort.as_ref().is_some_and(|sort| sort.descending),
        sort: sort.map_or(Sort::Reading, |sort| Sort::Field(sort.field)),
        after: after.transpose()?,
        limit: asked.limit,
        ..Query::of(&kind.slug)
    })
}

fn filter((field, condition): &(String, Condition)) -> Filter {
    let test = match condition {
        Condition::Is(key) => return Filter::is(field, key.clone()),
        Condition::Between(from, to) => Test::Between(Some(from.clone()), to.clone()),
    };
    Filter {
        field: field.clone(),
        test,
    }
}

fn lost(kind: &Kind) -> Vec<Fault> {
    let message = Text::fixed(
        "続きの位置が読み取れません。前のページの「next」(次へ)をそのまま使ってください",
        "a cursor is the `next` of the page before, as it is",
    );
    let mut fault = Fault::new("cursor", &kind.slug, message);
    fault.field = Some("cursor".to_owned());
    vec![fault]
}

impl Hall {
    /// As many rows as a query asks for, of those that the visitor may read. Where the query wants [few properties](Query::only), the
    /// rows have those that rights depend on as well.
    ///
    /// # Errors
    /// What the database says.
    pub fn rows(&self, visitor: &Visitor, kind: &Kind, mut query: Query) -> Result<Found, store::Failure> {
        let reach = self.reach(visitor, kind);
        reach.narrow(&mut query);
        let belonging = self.belonging(kind);
        if let Some(properties) = &mut query.only {
            belonging.add_to(properties);
        }
        let wanted = query.limit;
        let mut found = Found {
            rows: Vec::new(),
            hidden: 0,
            next: None,
            total: None,
        };
        for look in 0..LOOKS {
            query.limit = wanted.saturating_sub(found.rows.len());
            let page = self.store.list(&query)?;
            if look == 0 && reach != Reach::Rows {
                found.total = Some(page.total);
            }
            for entry in page.rows {
                let belongs = belonging.of(&entry.document);
                if self.permit(visitor, Verb::Read, &belongs.resource()).is_ok() {
                    found.rows.push(entry);
                } else {
                    found.hidden = found.hidden.saturating_add(1);
                }
            }
            found.next = page.next;
            if found.next.is_none() || found.rows.len() >= wanted {
                break;
            }
            query.after.clone_from(&found.next);
            query.skip = 0;
        }
        Ok(found)
    }

    /// A few of the rows that the visitor may read, without going on where most of them are hidden.
    ///
    /// # Errors
    /// What the database says.
    pub fn glance(&self, visitor: &Visitor, kind: &Kind, mut query: Query) -> Result<Found, store::Failure> {
        let reach = self.reach(visitor, kind);
        reach.narrow(&mut query);
        let wanted = query.limit;
        if reach == Reach::Rows {
            query.limit = wanted.max(GLANCED);
        }
        let mut page = self.store.list(&query)?;
        let all = page.rows.len();
        page.rows
            .retain(|entry| self.may(visitor, Verb::Read, kind, &entry.document));
        let hidden = all.saturating_sub(page.rows.len());
        page.rows.truncate(wanted);
        Ok(Found {
            rows: page.rows,
            hidden,
            next: page.next,
            total: (reach != Reach::Rows).then_some(page.total),
        })
    }

    /// Calls `each` with every row of the list that the visitor may take out, from its beginning. That they were taken out, and how
    /// many, is an act: where it cannot be written nothing is handed out.
    ///
    /// # Errors
    /// [`Refusal::Denied`] for whoever may take out none; what the database and `each` say.
    pub fn take_out(
        &self,
        visitor: &Visitor,
        kind: &Kind,
        mut query: Query,
        each: &mut dyn FnMut(&Entry) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        if !self.may_somewhere(visitor, Verb::Export, kind) {
            self.allow(visitor, Verb::Export, &self.register_resource(kind))?;
        }
        self.reach(visitor, kind).narrow(&mut query);
        (query.after, query.skip, query.limit) = (None, 0, PART);
        let mut count: u64 = 0;
        loop {
            let page = self.store.list(&query)?;
            for entry in &page.rows {
                let resource = self.entry_resource(kind, &entry.document);
                let may = |verb| self.allow(visitor, verb, &resource).is_ok();
                if may(Verb::Read) && may(Verb::Export) {
                    each(entry)?;
                    count += 1;
                }
            }
            match page.next {
                Some(next) => query.after = Some(next),
                None => break,
            }
        }
        let act = Act::new("register.export").by(&visitor.person);
        self.commit(act.note("register", kind.slug.as_str()).note("count", count))?;
        Ok(())
    }
}
