"""Parley beside its peers, measured."""
