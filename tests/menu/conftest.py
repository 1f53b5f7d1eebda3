"""The demo's database, and the municipality of the screens' tests."""

from tests.line.conftest import demo_database
from tests.screens.conftest import house, template

__all__ = ["demo_database", "house", "template"]
