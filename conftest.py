"""Loads the checks that go beside nbval, and puts the root on the path so that tests import `tools`."""

pytest_plugins = ["tools.verify"]
