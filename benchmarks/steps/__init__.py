"""`python -m benchmarks.steps FILE`: what each step of a message's way costs, measured within one process."""
