"""Tiny twins: for every entry of the real catalog a model of the same classes and file layout.

Random weights, a few MB at most. They are installed into a hub cache under the entry's own id, so
that the code which loads and runs the real model is the code that is tested.
"""
