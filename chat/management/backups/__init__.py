"""Backups: everything that an installation must not lose, as one file."""
