//! The store: documents, versions, references, search and the sequencer that writes them with the ledger.
