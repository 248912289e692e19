"""Noun phrases, subjects and verb phrases of the everyday translation grammar."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from scripts.starter import french_lexicon as lexicon
from scripts.starter.french_captions import article
from scripts.starter.french_forms import Adjective, Noun, Verb, join_adjective

Pair = tuple[str, str]


@dataclass(frozen=True)
class Subject:
    """Who acts: its words, its row in the French conjugation, gender and number."""

    english: str
    french: str
    row: int
    feminine: bool = False
    many: bool = False

    @property
    def third(self) -> bool:
        """Whether the English verb takes its -s."""
        return self.row == 1

    def be(self) -> Pair:
        """The present of "to be"."""
        english = "am" if self.row == 0 else "is" if self.third else "are"
        return english, ("suis", "est", "sommes", "êtes", "sont")[self.row]

    def was(self) -> Pair:
        """The past of "to be"."""
        english = "was" if self.row in (0, 1) else "were"
        return english, ("étais", "était", "étions", "étiez", "étaient")[self.row]

    def have(self) -> Pair:
        """The present of "to have"."""
        return "has" if self.third else "have", ("ai", "a", "avons", "avez", "ont")[self.row]


_PRONOUNS = (
    Subject("I", "je", 0), Subject("he", "il", 1), Subject("she", "elle", 1, feminine=True),
    Subject("we", "nous", 2, many=True), Subject("you", "vous", 3),
    Subject("they", "ils", 4, many=True),
)  # fmt: skip
# English determiner, then French: masculine, feminine, plural; and whether the noun is plural.
_ONE = (
    ("the", "le", "la"), ("a", "un", "une"), ("my", "mon", "ma"), ("your", "votre", "votre"),
    ("this", "ce", "cette"), ("our", "notre", "notre"), ("his", "son", "sa"), ("her", "son", "sa"),
    ("their", "leur", "leur"), ("that", "ce", "cette"), ("another", "un autre", "une autre"),
)  # fmt: skip
_MANY = (
    ("the", "les"), ("my", "mes"), ("your", "vos"), ("these", "ces"), ("our", "nos"),
    ("his", "ses"), ("her", "ses"), ("their", "leurs"), ("those", "ces"), ("two", "deux"),
    ("three", "trois"), ("some", "quelques"), ("many", "beaucoup de"), ("four", "quatre"),
)  # fmt: skip


@dataclass(frozen=True)
class Phrase:
    """A noun phrase in both languages, with the French gender and number."""

    english: str
    french: str
    feminine: bool
    many: bool

    @property
    def pair(self) -> Pair:
        """The words alone."""
        return self.english, self.french

    def subject(self) -> Subject:
        """The phrase as a subject."""
        return Subject(self.english, self.french, 4 if self.many else 1, self.feminine, self.many)


def phrase(
    rng: random.Random,
    table: Sequence[Noun],
    looks: Sequence[Adjective] = (),
    many: bool | None = None,
    only: Sequence[str] = (),
) -> Phrase:
    """A noun with a determiner and sometimes an adjective."""
    noun = rng.choice(table)
    many = rng.random() < 0.25 if many is None else many
    if looks and rng.random() < 0.3:
        english, french = join_adjective(rng.choice(looks), noun, many)
    else:
        english, french = noun.name(many)
    if many:
        usable = [d for d in _MANY if not only or d[0] in only]
        word, mot = rng.choice(usable)
        return Phrase(f"{word} {english}", f"{mot} {french}", noun.feminine, True)
    usable_one = [d for d in _ONE if not only or d[0] in only]
    weights = [4 if d[0] in ("the", "a", "my") else 1 for d in usable_one]
    word, masculine, feminine = rng.choices(usable_one, weights)[0]
    word = article(english) if word == "a" else word
    return Phrase(
        f"{word} {english}",
        f"{feminine if noun.feminine else masculine} {french}",
        noun.feminine,
        False,
    )


_KNOWN = ("the", "my", "your", "our", "his", "her", "their", "this", "these")
# "pauvre" changes its meaning with its place, so people are not called poor or rich here.
_EPITHETS = [quality for quality in lexicon.CHARACTER if quality.english not in ("poor", "rich")]


def person(rng: random.Random, many: bool | None = None) -> Phrase:
    """Somebody."""
    return phrase(rng, lexicon.PEOPLE, _EPITHETS, many)


def animal(rng: random.Random, many: bool | None = None) -> Phrase:
    """Some beast."""
    return phrase(rng, lexicon.ANIMALS, lexicon.BEAST_LOOKS, many)


def thing(rng: random.Random, many: bool | None = None, only: Sequence[str] = ()) -> Phrase:
    """Some object."""
    looks = [adjective for adjective in lexicon.LOOKS if adjective.english != "cheap"]
    return phrase(rng, lexicon.THINGS, looks, many, only)


def pronoun(rng: random.Random) -> Subject:
    """A personal pronoun, "I" most often."""
    return rng.choices(_PRONOUNS, (6, 3, 3, 2, 3, 2))[0]


def who(rng: random.Random) -> Subject:
    """Anyone who can act: a pronoun, a name, a person."""
    roll = rng.random()
    if roll < 0.6:
        return pronoun(rng)
    if roll < 0.72:
        name = rng.choice(lexicon.NAMES)
        return Subject(name, name, 1)
    return phrase(rng, lexicon.PEOPLE, (), None, _KNOWN).subject()


def partitive(noun: Noun) -> str:
    """An unnamed amount of a stuff, in French: du, de la, de l'."""
    return f"de {'la' if noun.feminine else 'le'} {noun.french}"


def stuff(rng: random.Random, drink: bool) -> Pair:
    """An amount of something to eat or drink."""
    noun = rng.choice(lexicon.DRINKS if drink else lexicon.FOOD_STUFFS)
    roll = rng.random()
    if drink and roll < 0.4:
        measure = rng.choice(lexicon.MEASURES[:3])
        un = "une" if measure.feminine else "un"
        return f"a {measure.english} of {noun.english}", f"{un} {measure.french} de {noun.french}"
    if roll < 0.7:
        return f"some {noun.english}", partitive(noun)
    return noun.english, partitive(noun)


def food(rng: random.Random) -> Pair:
    """Something to eat."""
    if rng.random() < 0.5:
        return stuff(rng, drink=False)
    return phrase(
        rng,
        lexicon.FOODS,
        [a for a in lexicon.COLOURS if a.english in ("red", "green")],
        None,
        ("a", "the", "my", "two", "three", "some", "many"),
    ).pair


def place(rng: random.Random) -> Pair:
    """Where something is: "on the table", "in the garden"."""
    roll = rng.random()
    if roll < 0.45:
        spot = phrase(rng, lexicon.FURNITURE, (), False, ("the",))
        where, ou = rng.choice(
            (
                ("on", "sur"),
                ("under", "sous"),
                ("behind", "derrière"),
                ("next to", "à côté de"),
                ("near", "près de"),
                ("on", "sur"),
                ("in front of", "devant"),
            )
        )
    elif roll < 0.85:
        spot = phrase(rng, lexicon.ROOMS, (), False, ("the", "the", "my"))
        where, ou = "in", "dans"
    else:
        spot = phrase(rng, lexicon.PLACES, (), False, ("the",))
        where, ou = rng.choice(
            (("at", "à"), ("near", "près de"), ("in front of", "devant"), ("behind", "derrière"))
        )
    return f"{where} {spot.english}", f"{ou} {spot.french}"


def act(rng: random.Random) -> tuple[Verb, Pair]:
    """A verb and what it acts on (empty where it needs nothing)."""
    roll = rng.random()
    if roll < 0.3:
        return rng.choice(lexicon.ACTING), ("", "")
    if roll < 0.5:
        return rng.choice(lexicon.EATING), food(rng)
    if roll < 0.6:
        return lexicon.DRINKING[0], stuff(rng, drink=True)
    if roll < 0.68:
        return rng.choice(lexicon.READING), phrase(rng, lexicon.READINGS).pair
    if roll < 0.86:
        return rng.choice(lexicon.HANDLING), thing(rng).pair
    return rng.choice(lexicon.MEETING), rng.choice((person, person, animal))(rng).pair


def glue(*words: str) -> str:
    """Join words by spaces, leaving out the empty ones."""
    return " ".join(word for word in words if word)
