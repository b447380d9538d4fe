//! Sets of packets as decision diagrams.
