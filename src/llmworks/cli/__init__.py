"""The command line: `llmworks VERB`, one verb a file; `main.py` gathers them."""
