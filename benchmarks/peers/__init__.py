"""Our answers beside those of other extractive question answering projects, on the same questions and the same models.

``python -m benchmarks.peers`` runs it; docs/benchmarks.md says what each project was given.
"""
