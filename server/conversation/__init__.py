"""One turn from its message to its answer: plan, select, execute, respond."""
