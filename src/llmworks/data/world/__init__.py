"""The closed world: a small invented world, every fact in a ledger, and texts that know what they say."""
