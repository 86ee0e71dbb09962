"""hypothesis tries the same examples in every run, and keeps its notes out of the tree."""

from pathlib import Path

from hypothesis import configuration, settings

configuration.set_hypothesis_home_dir(Path(__file__).parents[2] / ".build" / "hypothesis")
settings.register_profile("postlamp", derandomize=True, database=None, deadline=None)
settings.load_profile("postlamp")
