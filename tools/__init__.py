"""The project's commands: each is run from the root as ``python -m tools.NAME``."""
