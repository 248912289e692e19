"""Baton: a self-hosted, offline server that plans, selects, executes and responds."""
