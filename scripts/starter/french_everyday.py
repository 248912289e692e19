"""Everyday sentences in English and French: what people do, are, like, have and ask."""

import random
from collections.abc import Callable

from scripts.starter import french_lexicon as lexicon
from scripts.starter.french_captions import article
from scripts.starter.french_forms import smooth
from scripts.starter.french_phrases import (
    Pair,
    Subject,
    act,
    animal,
    food,
    glue,
    partitive,
    person,
    phrase,
    place,
    pronoun,
    stuff,
    thing,
    who,
)

_LIKES = (
    ("like", "aime", "aime", "aimons", "aimez", "aiment"),
    ("love", "adore", "adore", "adorons", "adorez", "adorent"),
    ("hate", "déteste", "déteste", "détestons", "détestez", "détestent"),
    ("prefer", "préfère", "préfère", "préférons", "préférez", "préfèrent"),
)  # fmt: skip
_GOING = ("vais", "va", "allons", "allez", "vont")
_CAN = ("peux", "peut", "pouvons", "pouvez", "peuvent")
_MUST = ("dois", "doit", "devons", "devez", "doivent")
_WANT = ("veux", "veut", "voulons", "voulez", "veulent")
_WOULD_LIKE = ("voudrais", "voudrait", "voudrions", "voudriez", "voudraient")
# An object with one of these, or none, stands after a French negation as it is.
_DEFINITE = ("the", "my", "your", "this", "")
_SENSES = (
    ("hungry", "faim"), ("thirsty", "soif"), ("cold", "froid"), ("hot", "chaud"),
    ("afraid", "peur"),
    ("sleepy", "sommeil"), ("right", "raison"), ("wrong", "tort"), ("very hungry", "très faim"),
    ("very thirsty", "très soif"),
)  # fmt: skip


def _adverb(rng: random.Random, table: tuple[Pair, ...], share: float = 0.35) -> Pair:
    return rng.choice(table) if rng.random() < share else ("", "")


def _doing(rng: random.Random) -> Pair:
    """Such as "my sister reads / is reading a book (in the garden)"."""
    subject, (verb, (what, quoi)) = who(rng), act(rng)
    if not what and rng.random() < 0.25:
        subject = animal(rng).subject()
        verb = rng.choice(
            [
                v
                for v in lexicon.ACTING
                if v.base in ("sleep", "run", "play", "eat", "jump", "swim", "wait")
            ]
        )
    where, ou = place(rng) if rng.random() < 0.35 else _adverb(rng, lexicon.HABITS)
    continuous = rng.random() < 0.5 and verb.base not in (
        "need",
        "know",
        "want",
        "love",
        "understand",
        "see",
    )
    if continuous:
        english = glue(subject.english, subject.be()[0], verb.ing, what, where)
    else:
        english = glue(subject.english, verb.third if subject.third else verb.base, what, where)
    return english, glue(subject.french, verb.present[subject.row], quoi, ou)


def _not_doing(rng: random.Random) -> Pair:
    """Such as "we do not / don't read the book"."""
    subject, (verb, (what, quoi)) = who(rng), act(rng)
    do = "does" if subject.third else "do"
    negation = rng.choice((f"{do} not", f"{do}n't", f"{do}n't"))
    # A negated French verb takes a bare "de" for any amount.
    if quoi.startswith("de "):
        quoi = "de " + quoi.removeprefix("de le ").removeprefix("de la ")
    if what.split(" ")[0] in ("a", "an", "some", "many", "another"):
        what, quoi = "", ""
    if not what and verb not in lexicon.ACTING:
        verb = rng.choice(lexicon.ACTING)
    form, _, rest = verb.present[subject.row].partition(" ")
    return (
        glue(subject.english, negation, verb.base, what),
        glue(subject.french, "ne", form, "pas", rest, quoi),
    )


def _did(rng: random.Random) -> Pair:
    """Such as "I saw your brother yesterday"."""
    subject, (verb, (what, quoi)) = who(rng), act(rng)
    when, quand = _adverb(rng, lexicon.PAST_TIMES, 0.5)
    deniable = not quoi.startswith("de ") and what.split(" ")[0] in _DEFINITE
    _, auxiliary = subject.have()
    if rng.random() < 0.2 and deniable:
        did_not = rng.choice(("did not", "didn't"))
        return (
            glue(subject.english, did_not, verb.base, what, when),
            glue(subject.french, "ne", auxiliary, "pas", verb.participle, quoi, quand),
        )
    return (
        glue(subject.english, verb.past, what, when),
        glue(subject.french, auxiliary, verb.participle, quoi, quand),
    )


def _modal(rng: random.Random) -> Pair:
    """Such as "she can swim", "I want to buy a dress", "we are going to wait"."""
    subject, (verb, (what, quoi)) = who(rng), act(rng)
    third = subject.third
    modal, forms = rng.choice(
        (
            ("can", _CAN),
            ("must", _MUST),
            ("has to" if third else "have to", _MUST),
            ("wants to" if third else "want to", _WANT),
            ("would like to", _WOULD_LIKE),
            (f"{subject.be()[0]} going to", _GOING),
            ("will", _GOING),
            ("likes to" if third else "like to", _LIKES[0][1:]),
            ("loves to" if third else "love to", _LIKES[1][1:]),
        )
    )
    future = forms is _GOING
    when, quand = _adverb(rng, lexicon.FUTURE_TIMES, 0.5 if future else 0.1)
    return (
        glue(subject.english, modal, verb.base, what, when),
        glue(subject.french, forms[subject.row], verb.infinitive, quoi, quand),
    )


def _generic(rng: random.Random) -> Pair:
    """Things in general: "cats" -> "les chats", "tea" -> "le thé"."""
    if rng.random() < 0.5:
        noun = rng.choice(lexicon.ANIMALS + lexicon.FOODS + lexicon.FOODS + lexicon.THINGS)
        return noun.english_many, f"les {noun.french_many}"
    noun = rng.choice(lexicon.DRINKS + lexicon.FOOD_STUFFS)
    return noun.english, f"{'la' if noun.feminine else 'le'} {noun.french}"


def _liking(rng: random.Random) -> Pair:
    """Such as "I like tea", "he does not like cats", "I prefer tea to coffee"."""
    subject = who(rng)
    verb, *forms = rng.choice(_LIKES)
    what, quoi = rng.choice(
        (_generic, _generic, lambda r: thing(r, only=("my", "your", "this", "these")).pair)
    )(rng)
    if verb == "prefer" and rng.random() < 0.6:
        other, autre = _generic(rng)
        what, quoi = f"{what} to {other}", f"{quoi} à {autre}"
    form = forms[subject.row]
    if verb == "like" and rng.random() < 0.3:
        do = "does" if subject.third else "do"
        not_ = rng.choice((f"{do} not", f"{do}n't"))
        return (f"{subject.english} {not_} like {what}", f"{subject.french} ne {form} pas {quoi}")
    extra, de_plus = rng.choice((("", ""), ("", ""), ("very much", "beaucoup")))
    if verb != "like":
        extra, de_plus = "", ""
    third = verb + "s" if subject.third else verb
    return (glue(subject.english, third, what, extra), glue(subject.french, form, de_plus, quoi))


def _being(rng: random.Random) -> Pair:
    """Such as "my mother is very tired", "the red car is expensive", "I am not ready"."""
    kind = rng.randrange(5)
    if kind < 2:
        subject, looks = who(rng), lexicon.FEELINGS + lexicon.CHARACTER + lexicon.FEELINGS
    elif kind == 2:
        subject, looks = animal(rng).subject(), lexicon.BEAST_LOOKS + lexicon.FEELINGS[:3]
    elif kind == 3:
        subject, looks = (
            thing(rng, only=("the", "my", "this", "these", "your")).subject(),
            (lexicon.LOOKS),
        )
    else:
        subject = phrase(rng, lexicon.BUILDINGS, (), None, ("the", "the", "my", "our")).subject()
        looks = lexicon.SCENERY_LOOKS
    quality = rng.choice(looks)
    be, etre = subject.was() if rng.random() < 0.15 else subject.be()
    form = quality.agree(subject.feminine, subject.many)
    whole = " " in quality.masculine
    degree, degre = ("", "") if whole else _adverb(rng, lexicon.DEGREES, 0.4)
    if not degree and rng.random() < 0.15:
        return (
            f"{subject.english} {be} not {quality.english}",
            f"{subject.french} ne {etre} pas {form}",
        )
    if degree == "not very":
        return (
            f"{subject.english} {be} not very {quality.english}",
            f"{subject.french} ne {etre} pas très {form}",
        )
    return (
        glue(subject.english, be, degree, quality.english),
        glue(subject.french, etre, degre, form),
    )


def _tasting(rng: random.Random) -> Pair:
    """Such as "the soup is too hot"."""
    noun = rng.choice(lexicon.FOOD_STUFFS + lexicon.DRINKS + lexicon.FOODS)
    quality = rng.choice(lexicon.TASTES)
    degree, degre = _adverb(rng, lexicon.DEGREES[:4], 0.5)
    be, etre = rng.choice((("is", "est"), ("is", "est"), ("was", "était")))
    le = "la" if noun.feminine else "le"
    return (
        glue("the", noun.english, be, degree, quality.english),
        glue(le, noun.french, etre, degre, quality.agree(noun.feminine)),
    )


def _sensing(rng: random.Random) -> Pair:
    """Such as "I am hungry", which is "j'ai faim"."""
    subject, (sense, sens) = who(rng), rng.choice(_SENSES)
    if rng.random() < 0.25 and not sense.startswith("very"):
        return (
            f"{subject.english} {subject.be()[0]} not {sense}",
            f"{subject.french} ne {subject.have()[1]} pas {sens}",
        )
    return (
        f"{subject.english} {subject.be()[0]} {sense}",
        f"{subject.french} {subject.have()[1]} {sens}",
    )


def _having(rng: random.Random) -> Pair:
    """Such as "I have two brothers", "she has blue eyes", "we don't have a dog"."""
    subject = who(rng)
    have, avoir = subject.have()
    roll = rng.random()
    if roll < 0.12:
        colour = rng.choice(
            [c for c in lexicon.COLOURS if c.english in ("blue", "green", "brown", "black")]
        )
        eyes = rng.choice((("eyes", "les yeux", False), ("hair", "les cheveux", False)))
        return (
            f"{subject.english} {have} {colour.english} {eyes[0]}",
            f"{subject.french} {avoir} {eyes[1]} {colour.agree(False, True)}",
        )
    if roll < 0.3:
        noun = rng.choice(lexicon.PEOPLE[5:17] + lexicon.ANIMALS + lexicon.THINGS)
        do = rng.choice(("does not", "doesn't") if subject.third else ("do not", "don't"))
        return (
            f"{subject.english} {do} have {article(noun.english)} {noun.english}",
            f"{subject.french} ne {avoir} pas de {noun.french}",
        )
    what, quoi = rng.choice((person, animal, thing, thing))(rng).pair
    return f"{subject.english} {have} {what}", f"{subject.french} {avoir} {quoi}"


def _being_somewhere(rng: random.Random) -> Pair:
    """Such as "the keys are on the table", "there is a dog in the garden"."""
    where, ou = place(rng)
    if rng.random() < 0.45:
        maker = rng.choice((animal, thing, person))
        found = maker(rng)
        if found.english.split(" ")[0] not in (
            "a",
            "an",
            "two",
            "three",
            "four",
            "some",
            "many",
            "another",
        ):
            noun = rng.choice(lexicon.ANIMALS + lexicon.THINGS + lexicon.PEOPLE)
            un = "une" if noun.feminine else "un"
            return (
                f"there is {article(noun.english)} {noun.english} {where}",
                f"il y a {un} {noun.french} {ou}",
            )
        there = "there are" if found.many else "there is"
        return f"{there} {found.english} {where}", f"il y a {found.french} {ou}"
    subject = rng.choice((lambda r: animal(r).subject(), lambda r: thing(r).subject(), who))(rng)
    be, etre = subject.was() if rng.random() < 0.15 else subject.be()
    return f"{subject.english} {be} {where}", f"{subject.french} {etre} {ou}"


def _going(rng: random.Random) -> Pair:
    """Such as "I am going to the station", "she lives in London"."""
    subject = who(rng)
    if rng.random() < 0.4:
        town, ville = rng.choice(lexicon.TOWNS)
        if rng.random() < 0.5:
            live = "lives" if subject.third else "live"
            forms = ("habite", "habite", "habitons", "habitez", "habitent")
            return (
                f"{subject.english} {live} in {town}",
                f"{subject.french} {forms[subject.row]} {ville}",
            )
        to, vers = f"to {town}", ville
    else:
        spot = phrase(rng, lexicon.PLACES, (), False, ("the",))
        to, vers = f"to {spot.english}", f"à {spot.french}"
        if spot.english == "the school":
            to = "to school"
    when, quand = _adverb(rng, lexicon.FUTURE_TIMES + lexicon.HABITS[:6], 0.3)
    go = rng.choice((f"{subject.be()[0]} going", "goes" if subject.third else "go"))
    return (
        glue(subject.english, go, to, when),
        glue(subject.french, _GOING[subject.row], vers, quand),
    )


def _wishing(rng: random.Random) -> Pair:
    """Such as "I would like a cup of tea, please"."""
    subject = pronoun(rng) if rng.random() < 0.6 else Subject("I", "je", 0)
    what, quoi = rng.choice(
        (
            lambda r: stuff(r, True),
            food,
            food,
            lambda r: thing(r, only=("a", "this", "two", "three")).pair,
        )
    )(rng)
    please, svp = rng.choice((("", ""), (", please", ", s'il vous plaît")))
    verb, forms = rng.choice((("would like", _WOULD_LIKE), ("want", _WANT)))
    if verb == "want" and subject.third:
        verb = "wants"
    if subject.row == 0 and verb == "would like" and rng.random() < 0.3:
        return f"I'd like {what}{please}", f"je voudrais {quoi}{svp}"
    return (
        f"{subject.english} {verb} {what}{please}",
        f"{subject.french} {forms[subject.row]} {quoi}{svp}",
    )


def _no_stuff(rng: random.Random) -> Pair:
    """Such as "there is no milk", "I don't eat meat", "she drinks coffee"."""
    drink = rng.random() < 0.5
    noun = rng.choice(lexicon.DRINKS if drink else lexicon.FOOD_STUFFS)
    subject = who(rng)
    verb = lexicon.DRINKING[0] if drink else lexicon.EATING[0]
    do = rng.choice(("does not", "doesn't") if subject.third else ("do not", "don't"))
    form = verb.present[subject.row]
    base = verb.third if subject.third else verb.base
    return rng.choice(
        (
            (f"there is no {noun.english}", f"il n'y a pas de {noun.french}"),
            (
                f"there is some {noun.english} in the kitchen",
                f"il y a {partitive(noun)} dans la cuisine",
            ),
            (
                f"{subject.english} {do} {verb.base} {noun.english}",
                f"{subject.french} ne {form} pas de {noun.french}",
            ),
            (
                f"{subject.english} {base} {noun.english}",
                f"{subject.french} {form} {partitive(noun)}",
            ),
        )
    )


FORMS: tuple[tuple[Callable[[random.Random], Pair], int], ...] = (
    (_doing, 18), (_not_doing, 6), (_did, 9), (_modal, 9), (_liking, 9), (_being, 14),
    (_tasting, 3), (_sensing, 3), (_having, 6), (_being_somewhere, 9), (_going, 6), (_wishing, 5),
    (_no_stuff, 3),
)  # fmt: skip


def statement(rng: random.Random) -> Pair:
    """One everyday statement."""
    forms, weights = zip(*FORMS, strict=True)
    english, french = rng.choices(forms, weights)[0](rng)
    return english, smooth(french)
