"""Measuring a model: tasks as small files, scores with their uncertainty, calibration, comparison of runs."""
