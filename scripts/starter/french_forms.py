"""French agreement, elision and contraction, and the word entries the grammars share."""

import re
from dataclasses import dataclass

_VOWELS = "aeiouhyàâéèêëîïôœ"
# An aspirated h (and a few vowels) keeps the article whole: "le haricot", "le onze".
_NO_ELISION = (
    "haricot", "hamster", "hibou", "homard", "hérisson", "héros", "hache", "haut", "hors", "huit",
    "onze", "yaourt", "yeux", "hier", "hockey", "hutte", "honte",
)  # fmt: skip
_OPEN = rf"(?!(?:{'|'.join(_NO_ELISION)}))(?=[{_VOWELS}{_VOWELS.upper()}])"
_ELIDED = re.compile(rf"(?<!-)\b(je|le|la|de|ne|que|me|te|se) {_OPEN}", re.IGNORECASE)
_FEMININE_BEFORE_VOWEL = re.compile(rf"\b(ma|ta|sa) {_OPEN}")
_CET = re.compile(rf"\bce {_OPEN}")
_CONTRACTIONS = (
    (re.compile(r"\bde le "), "du "),
    (re.compile(r"\bde les "), "des "),
    (re.compile(r"\bà le "), "au "),
    (re.compile(r"\bà les "), "aux "),
)


def smooth(text: str) -> str:
    """Apply elision ("le arbre" -> "l'arbre") and contraction ("de le" -> "du")."""
    text = _FEMININE_BEFORE_VOWEL.sub(
        lambda m: {"ma": "mon", "ta": "ton", "sa": "son"}[m[1]] + " ", text
    )
    text = _CET.sub("cet ", text)
    text = _ELIDED.sub(lambda m: m[1][:-1] + "'", text)
    for pattern, short in _CONTRACTIONS:
        text = pattern.sub(short, text)
    return text


def english_plural(word: str) -> str:
    """The regular plural of an English noun."""
    if re.search(r"(s|x|z|ch|sh)$", word):
        return word + "es"
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + "s"


def french_plural(word: str) -> str:
    """The regular plural of a French noun or adjective; only the head of a compound changes."""
    head, space, rest = word.partition(" ")
    if head.endswith(("s", "x", "z")):
        return word
    if head.endswith(("eau", "eu")) and head not in {"bleu", "pneu"}:
        return head + "x" + space + rest
    if head.endswith("al"):
        return head[:-2] + "aux" + space + rest
    return head + "s" + space + rest


def french_feminine(word: str) -> str:
    """The regular feminine of a French adjective."""
    for ending, changed in (
        ("eux", "euse"),
        ("if", "ive"),
        ("er", "ère"),
        ("en", "enne"),
        ("el", "elle"),
        ("on", "onne"),
    ):
        if word.endswith(ending):
            return word[: -len(ending)] + changed
    return word if word.endswith("e") else word + "e"


@dataclass(frozen=True)
class Noun:
    """One noun in both languages, with its plurals and French gender."""

    english: str
    english_many: str
    french: str
    french_many: str
    feminine: bool

    @classmethod
    def parse(cls, entry: str) -> "Noun":
        """Read "mouse/mice = souris f"; plurals left out are regular."""
        english, french = (side.strip() for side in entry.split("="))
        french, gender = french.rsplit(" ", 1)
        one, _, many = english.partition("/")
        un, _, plusieurs = french.partition("/")
        return cls(
            one, many or english_plural(one), un, plusieurs or french_plural(un), gender == "f"
        )

    def name(self, many: bool = False) -> tuple[str, str]:
        """The bare noun in (English, French)."""
        return (self.english_many, self.french_many) if many else (self.english, self.french)


@dataclass(frozen=True)
class Adjective:
    """One adjective in both languages; `before` says it precedes the French noun."""

    english: str
    masculine: str
    feminine: str
    masculine_many: str
    feminine_many: str
    before: bool

    @classmethod
    def parse(cls, entry: str) -> "Adjective":
        """Read "old = < vieux/vieille"; "<" is before the noun, a final "!" never agrees."""
        english, french = (side.strip() for side in entry.split("="))
        before = french.startswith("<")
        french = french.lstrip("< ")
        if french.endswith("!"):
            word = french[:-1]
            return cls(english, word, word, word, word, before)
        masculine, _, feminine = french.partition("/")
        feminine = feminine or french_feminine(masculine)
        return cls(
            english, masculine, feminine, french_plural(masculine), french_plural(feminine), before
        )

    def agree(self, feminine: bool, many: bool = False) -> str:
        """The French form for a gender and number."""
        if many:
            return self.feminine_many if feminine else self.masculine_many
        return self.feminine if feminine else self.masculine


# Before a masculine noun that opens with a vowel these three change once more.
_LIAISON = {"beau": "bel", "nouveau": "nouvel", "vieux": "vieil"}


def join_adjective(adjective: Adjective, noun: Noun, many: bool = False) -> tuple[str, str]:
    """Noun and adjective in both languages, the French adjective agreeing and in its place."""
    english, french = noun.name(many)
    form = adjective.agree(noun.feminine, many)
    if not adjective.before:
        return f"{adjective.english} {english}", f"{french} {form}"
    if not many and re.match(_OPEN, french):
        form = _LIAISON.get(form, form)
    return f"{adjective.english} {english}", f"{form} {french}"


def nouns(table: str) -> tuple[Noun, ...]:
    """Parse a table of nouns, entries parted by ";" or line ends."""
    return tuple(Noun.parse(entry) for entry in re.split(r"[;\n]", table) if entry.strip())


def adjectives(table: str) -> tuple[Adjective, ...]:
    """Parse a table of adjectives, entries parted by ";" or line ends."""
    return tuple(Adjective.parse(entry) for entry in re.split(r"[;\n]", table) if entry.strip())


@dataclass(frozen=True)
class Verb:
    """One verb: English base, third person, -ing and past; French present, infinitive, past."""

    base: str
    third: str
    ing: str
    past: str
    present: tuple[str, ...]
    infinitive: str
    participle: str

    @classmethod
    def parse(cls, entry: str) -> "Verb":
        """Read "watch = regard+er" or "run ran running = cours court ... courir couru".

        The irregular right side lists je, il, nous, vous, ils, infinitive, past participle.
        """
        left, right = (side.split() for side in entry.split("="))
        base, *rest = [word.replace("_", " ") for word in left]
        past = rest[0] if rest else _inflect(base, "ed")
        ing = rest[1] if len(rest) > 1 else _inflect(base, "ing")
        if len(right) == 1:
            stem = right[0].removesuffix("+er").replace("_", " ")
            soft = stem + "e" if stem.endswith("g") else stem
            present: tuple[str, ...] = (
                f"{stem}e",
                f"{stem}e",
                f"{soft}ons",
                f"{stem}ez",
                f"{stem}ent",
            )
            return cls(base, _inflect(base, "s"), ing, past, present, stem + "er", stem + "é")
        words = [word.replace("_", " ") for word in right]
        return cls(base, _inflect(base, "s"), ing, past, tuple(words[:5]), words[5], words[6])


def _inflect(base: str, ending: str) -> str:
    """Put a regular English ending on the first word of a verb ("look at" -> "looks at")."""
    head, space, rest = base.partition(" ")
    if ending == "s":
        special = {"go": "goes", "do": "does", "have": "has"}
        return special.get(head, english_plural(head)) + space + rest
    if head.endswith("e") and not (ending == "ing" and head.endswith("ee")):
        head = head[:-1]
    elif ending == "ed" and re.search(r"[^aeiou]y$", head):
        head = head[:-1] + "i"
    return head + ending + space + rest


def verbs(table: str) -> tuple[Verb, ...]:
    """Parse a table of verbs, one a line or parted by ";"."""
    return tuple(Verb.parse(entry) for entry in re.split(r"[;\n]", table) if entry.strip())
