"""The labels port: what people write when they name what to look for."""

from __future__ import annotations

import re

from server.core.job import TaskWork
from server.errors import InvalidInput, TooLarge
from server.runners.ports import text_input

# Commas, bars, "or", and an "and" that an article follows.
_BETWEEN = re.compile(r"[,;|]+(?:\s*(?:and|or)\s)?|\bor\b|\band\s+(?=(?:an?|the)\s)", re.I)
_AND = re.compile(r"\band\b", re.I)
_ARTICLE = re.compile(r"\s*(?:an?|the)\s", re.I)
_AROUND = " \t\r,;.:*•-\"'“”‘’`()[]{}"
_MOST = 100


def labels_input(work: TaskWork) -> list[str]:
    """The labels that the port names, each once.

    Of several lines each is one label. Else they are told apart as people write them: "a cat, a dog
    or a red ball" names three, "arts and crafts, sports and politics" too, and "a black and white
    cat" one. Raises InvalidInput where it names none, TooLarge where it names more than 100.
    """
    text = text_input(work, "labels")
    parts = text.splitlines() if "\n" in text else _listed(text)
    labels = list(dict.fromkeys(filter(None, (part.strip(_AROUND) for part in parts))))
    if not labels:
        raise InvalidInput(f"{work.task} needs at least one label, such as: a cat, a dog")
    if len(labels) > _MOST:
        raise TooLarge(f"{work.task} takes {_MOST} labels at most, not {len(labels)}")
    return labels


def _listed(text: str) -> list[str]:
    *parts, last = _BETWEEN.split(text)
    # What begins with an article is one thing, whatever its "and" joins.
    return [*parts, *([last] if _ARTICLE.match(last) else _AND.split(last))]
