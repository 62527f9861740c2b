"""Tasks about the closed world: rows made from its ledger, and what judges the answers."""
