"""The English and French pairs that the translation model learns from, and is tested on."""

import random

from scripts.starter import french_pairs
from scripts.starter.french_captions import about_a_picture, caption
from scripts.starter.french_talk import dress, everyday
from scripts.starter.training import HELD_OUT_SEED

Pair = tuple[str, str]

_HELD_OUT = 500
# Shorter ones are too few to be kept from training: "a red circle" must be known.
_SHORTEST_HELD_OUT_WORDS = 6


def _undress(pair: Pair) -> Pair:
    """A hand-written pair without its opening capital and its final stop."""
    english, french = (text.removesuffix(" !").removesuffix("!").removesuffix(".") for text in pair)
    if not english.startswith(("I ", "I'")):
        english = english[0].lower() + english[1:]
    return english, french[0].lower() + french[1:]


def _key(english: str) -> str:
    return english.lower().strip(".!? ")


def held_out() -> dict[str, list[Pair]]:
    """Unseen pairs by sort: generated captions and talk, and hand-written sentences."""
    rng = random.Random(HELD_OUT_SEED)
    found: dict[str, list[Pair]] = {}
    for sort, make in (("captions", caption), ("everyday sentences, generated", everyday)):
        pairs: dict[str, Pair] = {}
        while len(pairs) < _HELD_OUT:
            pair = make(rng)
            if len(pair[0].split()) >= _SHORTEST_HELD_OUT_WORDS:
                pairs[_key(pair[0])] = dress(pair, rng)
        found[sort] = list(pairs.values())
    found["everyday sentences, hand-written"] = list(french_pairs.TEST)
    return found


def _one(rng: random.Random, written: list[Pair], unseen: frozenset[str]) -> Pair:
    """A dressed pair that is not held out."""
    while True:
        roll = rng.random()
        if roll < 0.4:
            pair = about_a_picture(rng)
        elif roll < 0.88:
            pair = everyday(rng)
        else:
            pair = rng.choice(written)
        if _key(pair[0]) not in unseen:
            return dress(pair, rng)


def _several(rng: random.Random, written: list[Pair], unseen: frozenset[str]) -> Pair:
    """Two or three sentences in a row."""
    parts: list[Pair] = []
    for _ in range(rng.choice((2, 2, 3))):
        english, french = _one(rng, written, unseen)
        if not english.endswith((".", "!", "?")):
            english, french = english + ".", french + "."
        parts.append((english[0].upper() + english[1:], french[0].upper() + french[1:]))
    return " ".join(part[0] for part in parts), " ".join(part[1] for part in parts)


def corpus(count: int, seed: int) -> list[Pair]:
    """Pairs to train on: pictures, everyday talk and hand-written sentences."""
    rng = random.Random(seed)
    unseen = frozenset(_key(pair[0]) for pairs in held_out().values() for pair in pairs)
    written = [_undress(pair) for pair in french_pairs.TRAINING]
    return [(_several if rng.random() < 0.06 else _one)(rng, written, unseen) for _ in range(count)]
