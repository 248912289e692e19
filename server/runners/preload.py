"""Imported once by the forkserver, so that every worker process starts with it done.

CUDA must not be touched here: a CUDA context does not survive a fork.
"""

import diffusers
import llama_cpp
import torch
import transformers

__all__ = ["diffusers", "llama_cpp", "torch", "transformers"]
