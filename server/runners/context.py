"""How many tokens a model takes, and texts cut to that."""

from __future__ import annotations

from typing import Any

# Tokenizers that know of no limit name an astronomic one.
_MOST = 1_000_000
_USUAL = 512


def bounded(tokenizer: Any, model: Any) -> int:
    """Tell a tokenizer how many tokens its model takes, so that truncation holds; the number.

    The smaller of what the tokenizer and the model's configuration say, or 512 where neither does.
    """
    known = (tokenizer.model_max_length, _positions(model))
    tokenizer.model_max_length = min((n for n in known if n and 0 < n < _MOST), default=_USUAL)
    return tokenizer.model_max_length


def _positions(model: Any) -> int | None:
    count = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    if not count:
        return None
    # RoBERTa and its kin count positions from behind the padding's own.
    padding = (
        table.padding_idx + 1
        for name, table in model.named_modules()
        if name.endswith("position_embeddings") and getattr(table, "padding_idx", None) is not None
    )
    return count - next(padding, 0)


def cut(tokenizer: Any, text: str, tokens: int, *, keep_end: bool = False) -> str:
    """The first so many tokens of a text, or the last; a text that fits stays as it is."""
    pieces = tokenizer.tokenize(text, verbose=False)
    if len(pieces) <= tokens:
        return text
    kept = pieces[len(pieces) - tokens :] if keep_end else pieces[:tokens]
    return tokenizer.convert_tokens_to_string(kept)
