"""Which job has which device, and what is in its memory: a pure machine and its loop."""
