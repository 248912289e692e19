"""Numbers in an English text as words, for models that know letters only."""

from __future__ import annotations

import re

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_TENS = ("", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_LARGE = (
    (10**12, "trillion"),
    (10**9, "billion"),
    (10**6, "million"),
    (1000, "thousand"),
    (100, "hundred"),
)
_LONGEST_DIGITS = 15
_AMOUNT = r"\d+(?:,\d{3})*(?:\.\d+)?"
_MONEY = re.compile(rf"([$€£])\s?({_AMOUNT})")
_NUMBER = re.compile(_AMOUNT)
_SIGNS = {"$": " dollars", "€": " euros", "£": " pounds", "%": " percent", "&": " and "}


def spelled(text: str) -> str:
    """The text with its numbers, and the signs of money and percent, as English words."""
    text = _MONEY.sub(r"\2\1", text)
    text = _NUMBER.sub(lambda found: f" {_amount(found[0])} ", text)
    for sign, words in _SIGNS.items():
        text = text.replace(sign, words)
    return re.sub(r"\s+(?=[.,;:!?]|\s|$)", "", text).strip()


def _amount(digits: str) -> str:
    whole, _, fraction = digits.replace(",", "").partition(".")
    is_code = len(whole) > _LONGEST_DIGITS or (whole.startswith("0") and len(whole) > 1)
    words = _one_by_one(whole) if is_code else number_words(int(whole))
    return f"{words} point {_one_by_one(fraction)}" if fraction else words


def _one_by_one(digits: str) -> str:
    return " ".join(_SMALL[int(digit)] for digit in digits)


def number_words(number: int) -> str:
    """A number from 0 to below 10**15 in English words."""
    if number < 20:
        return _SMALL[number]
    if number < 100:
        ten, one = divmod(number, 10)
        return f"{_TENS[ten]} {_SMALL[one]}" if one else _TENS[ten]
    size, name = next(large for large in _LARGE if number >= large[0])
    many, rest = divmod(number, size)
    words = f"{number_words(many)} {name}"
    return f"{words} {number_words(rest)}" if rest else words
