"""Unguessable ids."""

from __future__ import annotations

import secrets


def new_id(kind: str) -> str:
    """`kind_` and 128 random bits, URL-safe: `turn_k3J…`."""
    return f"{kind}_{secrets.token_urlsafe(16)}"
