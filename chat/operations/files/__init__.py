"""Files that people send: taken in, made fit to be shown, attached to messages, and removed."""
