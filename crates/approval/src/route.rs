//! Routes: which steps a request goes through, and who decides each.

use jiff::civil::Date;
use model::lang::Text;
use model::scheme::SchemeKind;
use serde::{Deserialize, Serialize};

/// The way of one kind of request, for some of its grades.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// A stable word.
    pub id: String,
    /// The grades that take it; empty for every grade that no other route of the kind names.
    #[serde(default)]
    pub grades: Vec<String>,
    /// A request that is not decided within so many days of its submission expires.
    pub decide_within_days: u16,
    /// In order; never empty.
    pub steps: Vec<Step>,
}

/// One step of a route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Whether one of them decides, or all.
    pub needs: Needs,
    /// Whose holders decide.
    pub posts: Vec<Post>,
    /// Whose holders decide where a post has nobody who may: vacant, or held by the applicant.
    #[serde(default)]
    pub instead: Vec<Post>,
    /// Whoever may decide is reminded each time that so many days have passed.
    pub remind_days: Option<u16>,
    /// After so many days others are told.
    pub escalate_days: Option<u16>,
    /// Whose holders are told then.
    #[serde(default)]
    pub escalate_to: Vec<Post>,
}

/// How many of those who may decide a step have to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Needs {
    /// One of them.
    Any,
    /// Each of them, and somebody for each post.
    All,
}

/// The holders of a role, as seen from a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// The role's national code.
    pub role: String,
    /// Over what it is held.
    pub of: Relation,
}

/// Over what a role is held, as seen from a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// The applicant's section; where nobody holds the role there, the sections above, then their organ, then the whole city.
    Applicant,
    /// The same for the section that the subject belongs to; the applicant's where the subject has none.
    Subject,
    /// The subject's information system.
    System,
    /// Anything.
    City,
}

impl Route {
    /// The route for a grade among those of one kind.
    ///
    /// INVARIANT: a subject without a grade, or with one that nobody knows, takes the route of the strictest grade: what
    /// is not graded is not waved through. `scale` is strictest first.
    #[must_use]
    pub fn choose<'r>(routes: &'r [Self], grade: Option<&str>, scale: &[&str]) -> Option<&'r Self> {
        let known = grade.filter(|grade| scale.contains(grade));
        let grade = known.or_else(|| scale.first().copied());
        let named = grade.and_then(|grade| {
            routes
                .iter()
                .find(|route| route.grades.iter().any(|named| named == grade))
        });
        named.or_else(|| routes.iter().find(|route| route.grades.is_empty()))
    }

    /// The last day for a decision on a request that is submitted on this day.
    pub(crate) fn deadline(&self, submitted: Date) -> Date {
        let days = jiff::Span::new().days(i64::from(self.decide_within_days));
        submitted.saturating_add(days)
    }
}

impl Post {
    /// Who this is, in words.
    #[must_use]
    pub fn title(&self) -> Text {
        let role = role_title(&self.role);
        match self.of {
            Relation::Applicant => Text::new(format!("申請者の{}", role.ja), format!("{} of the applicant", role.en)),
            Relation::Subject => Text::new(
                format!("対象を所管する{}", role.ja),
                format!("{} of the subject", role.en),
            ),
            Relation::System => Text::new(
                format!("対象システムの{}", role.ja),
                format!("{} of the system", role.en),
            ),
            Relation::City => role,
        }
    }
}

impl Step {
    /// Who decides it, in words.
    #[must_use]
    pub fn title(&self) -> Text {
        let titles: Vec<Text> = self.posts.iter().map(Post::title).collect();
        let join = |words: Vec<&str>, with: &str| words.join(with);
        let (ja, en) = match self.needs {
            Needs::Any => ("又は", " or "),
            Needs::All => ("及び", " and "),
        };
        Text::new(
            join(titles.iter().map(|title| title.ja.as_ref()).collect(), ja),
            join(titles.iter().map(|title| title.en.as_ref()).collect(), en),
        )
    }
}

/// The national names of a role.
#[must_use]
pub fn role_title(code: &str) -> Text {
    match SchemeKind::Role.national(code) {
        Some(national) => Text::fixed(national.ja, national.en),
        None => Text::same(code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(id: &str, grades: &[&str]) -> Route {
        Route {
            id: id.into(),
            grades: grades.iter().map(|&grade| grade.into()).collect(),
            decide_within_days: 30,
            steps: Vec::new(),
        }
    }

    #[test]
    fn an_unknown_grade_takes_the_route_of_the_strictest() {
        let routes = [route("rest", &[]), route("strict", &["high"])];
        let chosen = |grade| Route::choose(&routes, grade, &["high", "low"]).map(|route| route.id.as_str());
        assert_eq!(chosen(Some("low")), Some("rest"));
        assert_eq!(chosen(Some("high")), Some("strict"));
        assert_eq!(chosen(Some("none such")), Some("strict"));
        assert_eq!(chosen(None), Some("strict"));
    }

    #[test]
    fn a_kind_without_grades_has_one_route() {
        let routes = [route("only", &[])];
        assert_eq!(
            Route::choose(&routes, None, &[]).map(|route| route.id.as_str()),
            Some("only")
        );
    }
}
