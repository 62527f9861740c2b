"""HTTP: the OpenAI-compatible API and the workbench page."""
