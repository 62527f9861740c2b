"""One training loop, its objectives, optimisers, schedules, checkpoints and recipes."""
