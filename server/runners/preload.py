"""Imported once by the forkserver, so that every worker process starts with it done.

CUDA must not be touched here: a CUDA context does not survive a fork.
"""

import llama_cpp

import server.runners.registry

__all__ = ["llama_cpp", "server"]
