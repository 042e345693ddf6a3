"""Real nodes, stores and clients, a fault every few seconds, and a checker that knows what must not happen."""
