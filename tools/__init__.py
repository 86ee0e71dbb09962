"""The `postlamp` command and what it is made of. Runs on CPython only, never on a board."""
