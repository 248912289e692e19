"""The code that runs models, in worker processes. Only here are the heavy libraries imported."""
