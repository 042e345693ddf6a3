"""Background work: takes tasks from the queue in the database, a few at a time in each process, and runs them."""
