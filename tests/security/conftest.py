"""The running desk, for every attack on it."""

from tests.running_desk import desk

__all__ = ["desk"]
