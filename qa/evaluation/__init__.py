"""Evaluation on questions with known answers: the gold file, the measures, the report."""
