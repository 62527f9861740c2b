"""C sources, built on first use into the user's cache; the one place that compiles and binds them."""
