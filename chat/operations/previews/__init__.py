"""What stands behind the links of a message: fetched in the background, kept a while, shown as small cards."""
