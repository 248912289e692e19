"""How translation models are told into which language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from server.errors import InvalidInput

_TAG = re.compile(r"<2(\w+)>|>>(\w+)<<")
_PAIR = re.compile(r"translation_(\w+)_to_(\w+)")
_NAMED = 20


@dataclass(frozen=True, slots=True)
class Address:
    """What stands before the text, and what `generate` is told besides."""

    prefix: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)


class Languages:
    """The languages a model translates into, as its tokenizer and its configuration know them."""

    def __init__(self, tokenizer: Any, config: Any) -> None:
        self._tokenizer = tokenizer
        self._codes: Mapping[str, int] = getattr(tokenizer, "lang_code_to_id", {})
        self._targets = dict(_targets(tokenizer, config, self._codes))

    def address(self, source: str | None, target: str | None) -> Address:
        """How to ask for a translation. Raises InvalidInput that names the languages there are.

        Models that are told nothing of languages need no target.
        """
        if source is not None and self._codes:
            self._tokenizer.src_lang = _known(source, self._codes, "src_lang")
        if target is None and not self._codes:
            return Address()
        return self._targets[_known(target, self._targets, "tgt_lang")]


def _targets(
    tokenizer: Any, config: Any, codes: Mapping[str, int]
) -> Iterator[tuple[str, Address]]:
    fixed = getattr(tokenizer, "target_lang", None)
    if fixed:
        yield fixed, Address()
    for code, number in codes.items():
        yield code, Address(settings={"forced_bos_token_id": number})
    for token in tokenizer.get_vocab():
        if match := _TAG.fullmatch(token):
            yield match[1] or match[2], Address(f"{token} ")
    for task, settings in (getattr(config, "task_specific_params", None) or {}).items():
        if match := _PAIR.fullmatch(task):
            yield match[2], Address(settings.get("prefix", ""))


def _known(language: str | None, known: Mapping[str, Any], name: str) -> str:
    if language is not None and language in known:
        return language
    listed = sorted(known)
    others = f" and {len(listed) - _NAMED} others" if len(listed) > _NAMED else ""
    there = f"{', '.join(listed[:_NAMED])}{others}" if listed else "only the one it was made for"
    wrong = f"does not know {language!r}" if language else "must be told the language"
    raise InvalidInput(f"the model {wrong} as {name}; it knows {there}")
