"""Trains, resumes, scores and exports the bundled reader: ``python -m training --help``."""
