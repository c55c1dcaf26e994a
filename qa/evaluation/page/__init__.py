"""The parts of an evaluation's HTML report; ``qa.evaluation.report`` puts them together."""
