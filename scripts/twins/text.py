"""Twins of the text models."""

from __future__ import annotations

from collections.abc import Mapping

from scripts.twins.cache import Twin

TWINS: Mapping[str, Twin] = {}
