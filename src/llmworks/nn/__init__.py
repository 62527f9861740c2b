"""The parts of a network, one idea a file."""
