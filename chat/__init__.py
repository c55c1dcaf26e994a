"""The chat in the browser: what stands where, and what happens at a click. Everything it shows is made in ``qa``."""
