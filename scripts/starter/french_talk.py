"""Questions, requests, time, weather and names, in English and French; and what dresses a pair."""

import random
from collections.abc import Callable

from scripts.starter import french_lexicon as lexicon
from scripts.starter.french_captions import article
from scripts.starter.french_everyday import statement
from scripts.starter.french_forms import smooth
from scripts.starter.french_phrases import (
    Pair,
    act,
    animal,
    glue,
    person,
    phrase,
    place,
    pronoun,
    stuff,
    thing,
)

_PLEASE = (("", ""), ("", ""), (", please", ", s'il vous plaît"))
_WEATHER = (
    ("it is cold", "il fait froid"), ("it is hot", "il fait chaud"), ("it is raining", "il pleut"),
    ("it is snowing", "il neige"), ("it is sunny", "il y a du soleil"),
    ("it is windy", "il y a du vent"), ("it is warm", "il fait chaud"),
    ("it is very cold", "il fait très froid"), ("it is too hot", "il fait trop chaud"),
    ("it is foggy", "il y a du brouillard"), ("it is dark", "il fait nuit"),
    ("the weather is nice", "il fait beau"), ("the weather is bad", "il fait mauvais"),
    ("the weather is beautiful", "il fait beau"), ("it is cloudy", "le temps est nuageux"),
    ("it is not cold", "il ne fait pas froid"), ("it is not raining", "il ne pleut pas"),
    ("the sun is shining", "le soleil brille"), ("the wind is strong", "le vent est fort"),
    ("there is a storm", "il y a un orage"), ("the sky is grey", "le ciel est gris"),
    ("it often rains", "il pleut souvent"), ("the sky is blue", "le ciel est bleu"),
)  # fmt: skip
_PAST_WEATHER = (
    ("it was cold", "il faisait froid"), ("it was hot", "il faisait chaud"),
    ("it rained", "il a plu"), ("it snowed", "il a neigé"),
    ("it was sunny", "il y avait du soleil"),
    ("the weather was nice", "il faisait beau"), ("it was windy", "il y avait du vent"),
)  # fmt: skip
_COMING_WEATHER = (
    ("it will rain", "il va pleuvoir"), ("it will snow", "il va neiger"),
    ("it will be cold", "il va faire froid"), ("it will be hot", "il va faire chaud"),
    ("it is going to rain", "il va pleuvoir"), ("it will be sunny", "il y aura du soleil"),
)  # fmt: skip
_SYLLABLES = (
    "ka", "lo", "mi", "ra", "ne", "to", "sa", "vi", "du", "ber", "lin", "mar", "zo", "fe", "gor",
    "tan", "il", "ol", "ry", "ton", "dra", "pel",
)  # fmt: skip


def _weather(rng: random.Random) -> Pair:
    table, times = rng.choice((
        (_WEATHER, lexicon.HABITS[5:7] + lexicon.SEASONS + tuple(
            (f"in {town}", ville) for town, ville in lexicon.TOWNS)),
        (_WEATHER, (("", ""), ("today", "aujourd'hui"), ("here", "ici"))),
        (_PAST_WEATHER, lexicon.PAST_TIMES),
        (_COMING_WEATHER, lexicon.FUTURE_TIMES),
    ))  # fmt: skip
    (what, quoi), (when, quand) = rng.choice(table), rng.choice(times)
    if when and rng.random() < 0.2:
        return f"{when}, {what}", f"{quand}, {quoi}"
    return glue(what, when), glue(quoi, quand)


def _clock(rng: random.Random) -> Pair:
    number, nombre = rng.choice(lexicon.COUNTS[:12])
    digit = str(rng.randint(1, 12))
    hour = "une heure" if nombre == "un" else f"{nombre} heures"
    digit_hour = f"{digit} {'heure' if digit == '1' else 'heures'}"
    english, french = rng.choice((
        (f"{number} o'clock", hour), (f"half past {number}", f"{hour} et demie"),
        (f"quarter past {number}", f"{hour} et quart"), (f"ten past {number}", f"{hour} dix"),
        (f"quarter to {number}", f"{hour} moins le quart"), (f"{digit} o'clock", digit_hour),
        (f"twenty past {number}", f"{hour} vingt"), (f"five to {number}", f"{hour} moins cinq"),
    ))  # fmt: skip
    subject = pronoun(rng)
    get = {1: "gets"}.get(subject.row, "get")
    me, lever = (("me lève"), ("se lève"), ("nous levons"), ("vous levez"), ("se lèvent"))[
        subject.row
    ].split()
    return rng.choice((
        (f"it is {english}", f"il est {french}"), (f"at {english}", f"à {french}"),
        (f"the train leaves at {english}", f"le train part à {french}"),
        (f"{subject.english} {get} up at {english}", f"{subject.french} {me} {lever} à {french}"),
        (f"the shop opens at {english}", f"le magasin ouvre à {french}"),
        (f"see you at {english}", f"à {french}"),
    ))  # fmt: skip


def _calendar(rng: random.Random) -> Pair:
    (day, jour), (month, mois) = rng.choice(lexicon.DAYS), rng.choice(lexicon.MONTHS)
    date = rng.randint(2, 31)
    return rng.choice((
        (f"today is {day}", f"aujourd'hui, c'est {jour}"),
        (f"tomorrow is {day}", f"demain, c'est {jour}"), (f"see you on {day}", f"à {jour}"),
        (f"my birthday is in {month}", f"mon anniversaire est en {mois}"),
        (f"it is {month} {date}", f"nous sommes le {date} {mois}"),
        (f"{day}, {month} {date}", f"{jour} {date} {mois}"), (day, jour), (month, mois),
        (f"I work on {day}", f"je travaille {jour}"), (f"in {month}", f"en {mois}"),
    ))  # fmt: skip


def _age(rng: random.Random) -> Pair:
    who = rng.choice((pronoun, lambda r: person(r, many=False).subject()))(rng)
    number, nombre = rng.choice((*lexicon.COUNTS[1:], *((str(n), str(n)) for n in range(2, 90, 7))))
    be, avoir = who.be()[0], who.have()[1]
    return rng.choice(
        (
            (f"{who.english} {be} {number} years old", f"{who.french} {avoir} {nombre} ans"),
            (f"{who.english} {be} {number}", f"{who.french} {avoir} {nombre} ans"),
        )
    )


def _name(rng: random.Random) -> str:
    """A name of the lexicon, or an invented one: unknown names must learn to pass through."""
    if rng.random() < 0.3:
        return rng.choice(lexicon.NAMES)
    return "".join(rng.choices(_SYLLABLES, k=rng.randint(2, 3))).capitalize()


def _naming(rng: random.Random) -> Pair:
    name = _name(rng)
    someone = phrase(rng, lexicon.PEOPLE, (), False, ("my", "his", "her", "your"))
    beast = phrase(rng, lexicon.ANIMALS[:2], (), False, ("my", "our", "his"))
    return rng.choice((
        (f"my name is {name}", f"je m'appelle {name}"), (f"I am {name}", f"je suis {name}"),
        (f"his name is {name}", f"il s'appelle {name}"), (f"hello {name}", f"bonjour {name}"),
        (f"her name is {name}", f"elle s'appelle {name}"), (f"this is {name}", f"c'est {name}"),
        (f"{name} is {someone.english}", f"{name} est {someone.french}"),
        (f"thank you {name}", f"merci {name}"), (f"where is {name}?", f"où est {name} ?"),
        (f"{beast.english} is called {name}", f"{beast.french} s'appelle {name}"),
        (f"this is {someone.english}", f"c'est {someone.french}"),
        (f"good morning, {name}", f"bonjour, {name}"),
    ))  # fmt: skip


def _asking(rng: random.Random) -> Pair:
    """Questions, made in French with "est-ce que" wherever English has a plain auxiliary."""
    subject, (verb, (what, quoi)) = pronoun(rng), act(rng)
    do = "does" if subject.third else "do"
    que = smooth(f"est-ce que {subject.french}")
    found = rng.choice((animal, person, thing))(rng)
    while found.english.split(" ")[0] in (
        "a",
        "an",
        "two",
        "three",
        "four",
        "some",
        "many",
        "another",
    ):
        found = rng.choice((animal, person, thing))(rng)
    item = thing(rng, many=False, only=("the", "this", "that"))
    be = "are" if found.many else "is"
    et = "sont" if found.many else "est"
    noun = rng.choice(lexicon.THINGS + lexicon.ANIMALS)
    feeling = rng.choice(lexicon.FEELINGS)
    form = verb.present[subject.row]
    (where, ou), (amount, quantite) = place(rng), stuff(rng, drink=rng.random() < 0.6)
    return rng.choice((
        (glue(do, subject.english, verb.base, what), glue(que, form, quoi)),
        (glue(subject.be()[0], subject.english, verb.ing, what), glue(que, form, quoi)),
        (f"where {be} {found.english}", f"où {et} {found.french}"),
        (f"who is {found.english}" if not found.many else "who are they",
         f"qui est {found.french}" if not found.many else "qui sont-ils"),
        (f"{be} {found.english} {where}", f"est-ce que {found.french} {et} {ou}"),
        (f"is there {article(noun.english)} {noun.english} {where}",
         f"y a-t-il {'une' if noun.feminine else 'un'} {noun.french} {ou}"),
        (f"{subject.be()[0]} {subject.english} {feeling.english}",
         f"{que} {subject.be()[1]} {feeling.agree(subject.feminine, subject.many)}"),
        (f"do you have {article(noun.english)} {noun.english}",
         f"avez-vous {'une' if noun.feminine else 'un'} {noun.french}"),
        (f"how much is {item.english}", f"combien coûte {item.french}"),
        (f"can I have {amount}", f"puis-je avoir {quantite}"),
        (f"do you like {noun.english_many}", f"aimez-vous les {noun.french_many}"),
        (f"how many {noun.english_many} do you have", f"combien de {noun.french_many} avez-vous"),
        (f"would you like {amount}", f"voudriez-vous {quantite}"),
        (f"what colour is {found.english}" if not found.many else f"are {found.english} {where}",
         f"de quelle couleur est {found.french}" if not found.many else
         f"est-ce que {found.french} sont {ou}"),
        (glue("can you", verb.base, what), glue("pouvez-vous", verb.infinitive, quoi)),
    ))  # fmt: skip


def _question(rng: random.Random) -> Pair:
    english, french = _asking(rng)
    return f"{english}?", f"{french} ?"


def _command(rng: random.Random) -> Pair:
    verb, (what, quoi) = act(rng)
    please, svp = rng.choice(_PLEASE)
    form = verb.present[3]
    if form.startswith("avez"):
        return f"look at this{please}", f"regardez ça{svp}"
    if (
        rng.random() < 0.25
        and not quoi.startswith("de ")
        and what.split(" ")[0] in ("the", "my", "this", "your", "")
    ):
        head, _, rest = form.partition(" ")
        return (
            glue(rng.choice(("do not", "don't")), verb.base, what) + please,
            glue("ne", head, "pas", rest, quoi) + svp,
        )
    return glue(verb.base, what) + please, glue(form, quoi) + svp


def _comparing(rng: random.Random) -> Pair:
    known = ("the", "my", "this", "your")
    first = phrase(rng, lexicon.ANIMALS + lexicon.PEOPLE, (), False, known)
    second = phrase(rng, lexicon.ANIMALS + lexicon.PEOPLE, (), False, known)
    more, adjective = rng.choice((
        ("bigger", "grand"), ("smaller", "petit"), ("older", "âgé"), ("younger", "jeune"),
        ("taller", "grand"), ("stronger", "fort"), ("faster", "rapide"), ("happier", "content"),
        ("more intelligent", "intelligent"), ("more beautiful", "beau"),
    ))  # fmt: skip
    if first.feminine:
        adjective = {"beau": "belle"}.get(adjective, adjective.removesuffix("e") + "e")
    return (
        f"{first.english} is {more} than {second.english}",
        f"{first.french} est plus {adjective} que {second.french}",
    )


def _bare(rng: random.Random) -> Pair:
    """A phrase alone: "my sister", "a black cat", "two apples", "on the table"."""
    table = rng.choice((lexicon.FOODS, lexicon.THINGS, lexicon.ANIMALS, lexicon.BUILDINGS))
    noun, quality = rng.choice(table), rng.choice(lexicon.FEELINGS + lexicon.LOOKS)
    return rng.choice((
        person(rng).pair, animal(rng).pair, thing(rng).pair, place(rng),
        phrase(rng, lexicon.BUILDINGS, lexicon.SCENERY_LOOKS).pair, noun.name(), noun.name(True),
        rng.choice(lexicon.COUNTS), (quality.english, quality.masculine),
    ))  # fmt: skip


def _joined(rng: random.Random) -> Pair:
    """Two statements, joined."""
    (first, premier), (second, deuxieme) = statement(rng), statement(rng)
    word, mot = rng.choice(
        ((" and", " et"), (", but", ", mais"), (" because", " parce que"), (" but", " mais"))
    )
    return f"{first}{word} {second}", smooth(f"{premier}{mot} {deuxieme}")


_FORMS: tuple[tuple[Callable[[random.Random], Pair], int], ...] = (
    (statement, 55), (_question, 14), (_weather, 6), (_clock, 3), (_calendar, 2), (_age, 2),
    (_naming, 5), (_command, 4), (_comparing, 2), (_bare, 6), (_joined, 5),
)  # fmt: skip


def everyday(rng: random.Random) -> Pair:
    """One pair of everyday talk."""
    forms, weights = zip(*_FORMS, strict=True)
    english, french = rng.choices(forms, weights)[0](rng)
    return english, smooth(french)


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def dress(pair: Pair, rng: random.Random) -> Pair:
    """Vary case and final punctuation; the French side follows the English one."""
    english, french = pair
    asked = english.endswith("?")
    if asked and rng.random() < 0.15:
        english, french = english[:-1], french[:-2]
    roll = rng.random()
    if roll < 0.6:
        english, french = _first_upper(english), _first_upper(french)
    elif roll < 0.66:
        english = english.lower()
    elif roll < 0.68:
        english, french = english.upper(), _first_upper(french)
    if not asked and not english.endswith((".", "!", "?")) and rng.random() < 0.5:
        mark, signe = rng.choices(((".", "."), ("!", " !")), (12, 1))[0]
        english, french = english + mark, french + signe
    if "'" in english and rng.random() < 0.15:
        english = english.replace("'", "\u2019")
    return english, french
