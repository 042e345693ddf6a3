"""What was measured, as data, as a table, as charts and as a page."""
