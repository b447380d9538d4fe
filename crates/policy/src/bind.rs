//! Clause to concept.
