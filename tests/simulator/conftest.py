"""The simulator needs no database; every test has a simulator of its own."""

from tests.pretend_meta import pretend_meta

__all__ = ["pretend_meta"]
