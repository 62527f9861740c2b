"""Whole networks from one typed config, and the table of families."""
