"""The closed world: a small invented world, every fact of it in a ledger, and texts that know what they state."""
