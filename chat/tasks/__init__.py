"""Background work: takes tasks from the queue in the database, one at a time in each process, and runs them."""
