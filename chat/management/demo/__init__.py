"""A small team and its talk: what a first look at Parley shows."""
