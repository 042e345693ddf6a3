"""Reads the export of a Slack workspace. Knows files, entries and markup; knows nothing of Parley's database."""
