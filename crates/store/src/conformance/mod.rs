//! The questions that every driver is asked. A driver's tests call [`conformance!`](crate::conformance!) with a function
//! that gives a fresh, migrated database.
//!
//! One more question: a function in a file of this folder, and its name in the list of the macro.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    missing_docs,
    reason = "these are tests that several crates run"
)]

pub mod acts;
pub mod backup;
pub mod bench;
pub mod ephemeral;
pub mod hammer;
pub mod lists;
pub mod log;
pub mod records;
pub mod verify;

pub use bench::{Bench, Fresh, Make};

/// One test for each question.
#[macro_export]
macro_rules! conformance {
    ($fresh:expr) => {
        $crate::conformance! { @each tests $fresh }
    };
    (@each $what:ident $fresh:expr) => {
        $crate::conformance! { @$what $fresh,
            acts: a_first_version_is_stored_and_read_back,
            acts: the_second_of_two_editors_sees_the_conflict,
            acts: a_refused_act_changes_nothing_and_harms_no_other,
            acts: a_unique_value_has_one_holder,
            acts: a_unique_value_passes_on_when_it_is_given_up,
            acts: a_retired_record_stays_and_comes_back,
            acts: an_act_over_many_records_is_one_or_none,
            acts: what_no_caller_sends_is_refused,
            acts: threads_that_write_at_once_lose_nothing,
            acts: secrets_are_kept_and_dropped_within_acts,
            acts: a_database_that_refuses_writes_says_why,
            acts: the_time_of_the_ledger_never_goes_back,
            records: versions_tell_who_when_and_why,
            records: what_refers_to_a_record_is_known,
            records: a_scan_gives_every_record_in_order,
            records: a_forgotten_person_cannot_be_named_and_gets_another_pseudonym,
            records: an_erased_version_keeps_its_ledger_entry,
            lists: a_list_is_sorted_and_paged,
            lists: a_list_reads_of_a_document_what_it_is_asked_for,
            lists: what_changed_is_in_a_list_that_was_asked_for_before,
            lists: filters_and_search_narrow_a_list,
            lists: a_word_is_found_whatever_its_width_case_or_kana,
            lists: an_edited_record_is_found_by_what_it_says_now,
            lists: retired_records_have_a_list_of_their_own,
            lists: long_lists_are_the_same_by_every_way,
            ephemeral: a_held_value_ends,
            ephemeral: a_value_is_written_only_over_the_one_that_was_seen,
            ephemeral: of_many_takers_one_gets_it,
            ephemeral: a_count_goes_up_and_begins_again,
            ephemeral: one_holder_has_a_lease,
            log: every_leaf_is_in_the_tree,
            log: bodies_give_the_commitments_of_their_entries,
            log: changes_are_followed_from_any_leaf,
            log: tiles_and_proofs_are_made_from_the_tree,
            log: the_policy_in_force_stands_in_every_entry,
            backup: a_backup_restores_everything,
            backup: a_damaged_backup_restores_nothing,
            backup: files_of_documents_are_in_the_backup,
            backup: only_an_empty_database_is_filled,
            backup: an_index_is_made_anew,
            verify: a_sound_database_verifies,
            verify: whatever_is_edited_is_found,
            verify: a_database_that_was_rolled_back_or_edited_is_not_written,
        }
    };
    (@tests $fresh:expr, $($module:ident: $question:ident,)*) => {
        $(
            #[test]
            fn $question() {
                let fresh = $fresh;
                $crate::conformance::$module::$question(&$crate::conformance::Bench::new(::std::sync::Arc::new(fresh)));
            }
        )*
    };
    (@table $fresh:expr, $($module:ident: $question:ident,)*) => {
        &[$((stringify!($question), $module::$question as Question),)*]
    };
}

/// Panics where the answer is wrong.
pub type Question = fn(&Bench);

/// The questions with their names, for a driver whose databases are not made anew for each of them.
pub const QUESTIONS: &[(&str, Question)] = conformance!(@each table ());
