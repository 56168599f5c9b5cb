"""Named sets of rules, readings and assumptions: kept, exported, imported and compared."""
