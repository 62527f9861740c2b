"""The closed world: a small invented world, its every fact in a ledger, and texts that know what they state."""
