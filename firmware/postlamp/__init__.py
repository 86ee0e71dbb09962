"""Postlamp: a desk light that knows when mail waits, and says so when it doesn't know."""

__version__ = "0.1.0"
