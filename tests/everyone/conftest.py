"""The municipality of the screens' tests, for the tests that need people but not a new database."""

from tests.screens.conftest import house, template

__all__ = ["house", "template"]
