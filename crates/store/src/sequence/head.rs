//! Where the ledger ends; whoever holds its row is the one sequencer of all nodes.

use jiff::Timestamp;
use ledger::tree::Edge;

use crate::driver::Dialect;
use crate::failure::{Failure, Result};
use crate::session::{Row, Snapshot, Transaction, Value};

/// The one row of `ledger_head`.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    /// Size of the tree, and the hashes at its right edge.
    pub(crate) edge: Edge,
    /// The moment of the newest ledger entry.
    pub(crate) at: Timestamp,
    /// The policy in force.
    pub(crate) policy: Option<String>,
    /// The id of the next new entry.
    pub(crate) next_entry: u64,
}

const SELECT: &str = "SELECT size, edge, at, policy, next_entry FROM ledger_head WHERE id = 1";

impl Head {
    /// Reads the head and keeps every other node from writing until the transaction ends.
    pub(super) fn lock(transaction: &mut dyn Transaction, dialect: Dialect) -> Result<Self> {
        // On SQLite the transaction itself is the lock.
        let sql = match dialect {
            Dialect::Sqlite => SELECT,
            Dialect::Postgres => "SELECT size, edge, at, policy, next_entry FROM ledger_head WHERE id = 1 FOR UPDATE",
        };
        Self::of(transaction, sql)
    }

    /// Reads the head.
    pub(crate) fn read(snapshot: &mut dyn Snapshot) -> Result<Self> {
        Self::of(snapshot, SELECT)
    }

    fn of(snapshot: &mut dyn Snapshot, sql: &str) -> Result<Self> {
        let head = snapshot.first(sql, &[], |row| Self::from_row(row))?;
        head.ok_or_else(|| Failure::Damaged("the ledger has no head".to_owned()))
    }

    fn from_row(row: &dyn Row) -> Result<Self> {
        let edge = Edge::from_bytes(row.blob(1)?).map_err(|_| Failure::Damaged("the edge of the ledger".to_owned()))?;
        if edge.size() != row.number(0)? {
            return Err(Failure::Damaged("the size of the ledger and its edge".to_owned()));
        }
        let at: Option<Timestamp> = row.text(2)?.parse().ok();
        let at = at.filter(|at| row.text(2).is_ok_and(|text| text == at.to_string()));
        Ok(Self {
            edge,
            at: at.ok_or_else(|| Failure::Damaged("the time of the ledger's head".to_owned()))?,
            policy: row.optional_text(3)?.map(str::to_owned),
            next_entry: row.number(4)?,
        })
    }

    /// The head of a new database.
    pub(crate) fn begin(transaction: &mut dyn Transaction) -> Result<()> {
        let edge = Edge::default();
        transaction.run(
            "INSERT INTO ledger_head (id, size, edge, at, policy, next_entry) VALUES (1, 0, $1, $2, NULL, 1)",
            &[
                Value::Blob(&edge.to_bytes()),
                Value::Text(&Timestamp::UNIX_EPOCH.to_string()),
            ],
        )?;
        Ok(())
    }

    /// Writes the head back.
    pub(super) fn write(&self, transaction: &mut dyn Transaction) -> Result<()> {
        transaction.run(
            "UPDATE ledger_head SET size = $1, edge = $2, at = $3, policy = $4, next_entry = $5 WHERE id = 1",
            &[
                Value::from(self.edge.size()),
                Value::Blob(&self.edge.to_bytes()),
                Value::Text(&self.at.to_string()),
                Value::from(self.policy.as_deref()),
                Value::from(self.next_entry),
            ],
        )?;
        Ok(())
    }
}
