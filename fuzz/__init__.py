"""Hostile inputs made by the thousand, for every reader of files and of JSON: what they must keep, and how to break it.

``python -m fuzz`` runs them under atheris; the test suite draws from the same mutations.
"""
