"""Captions, labels and questions about pictures of shapes, in English and French."""

import random
from collections.abc import Callable

from scripts.starter.french_forms import (
    Adjective,
    Noun,
    adjectives,
    join_adjective,
    nouns,
    smooth,
)

Pair = tuple[str, str]

# The small world's own kinds, colours and sizes; it draws, labels and describes only these.
KINDS = nouns("circle = cercle m; square = carré m; triangle = triangle m; star = étoile f")
COLOURS = adjectives(
    "red = rouge; green = vert; blue = bleu; yellow = jaune; orange = orange!;"
    "purple = violet/violette; pink = rose; black = noir"
)
SIZES = adjectives("small = < petit; big = < grand")
BACKGROUNDS = adjectives(
    "white = blanc/blanche; grey = gris; light blue = bleu clair!; cream = crème!"
)

_MORE_KINDS = nouns(
    "heart = cœur m; diamond = losange m; rectangle = rectangle m; oval = ovale m;"
    "ring = anneau m; cross = croix f; moon = lune f; arrow = flèche f; dot = point m;"
    "line = ligne f; hexagon = hexagone m; pentagon = pentagone m; cube = cube m;"
    "ball = balle f; shape = forme f; flower = fleur f; cloud = nuage m; sun = soleil m;"
    "tree = arbre m; house = maison f; box = boîte f; disc = disque m; spiral = spirale f;"
    "car = voiture f; boat = bateau m; bird = oiseau m; fish/fish = poisson m; cat = chat m;"
    "dog = chien m; leaf/leaves = feuille f; button = bouton m; balloon = ballon m"
)
_MORE_COLOURS = adjectives(
    "white = blanc/blanche; grey = gris; gray = gris; brown = marron!; beige = beige;"
    "violet = violet/violette; turquoise = turquoise!; gold = doré; golden = doré;"
    "silver = argenté; cyan = cyan!; magenta = magenta!; cream = crème!;"
    "light blue = bleu clair!; dark blue = bleu foncé!; light green = vert clair!;"
    "dark green = vert foncé!; light grey = gris clair!; dark red = rouge foncé!;"
    "pale yellow = jaune pâle!; bright red = rouge vif!; dark grey = gris foncé!"
)
_MORE_SIZES = adjectives("large = < grand; little = < petit; tiny = < minuscule; huge = < énorme")
_EVERY_BACKGROUND = BACKGROUNDS + COLOURS + _MORE_COLOURS
_NUMBERS = (
    ("two", "deux"), ("three", "trois"), ("four", "quatre"), ("five", "cinq"), ("six", "six"),
    ("seven", "sept"), ("eight", "huit"), ("nine", "neuf"), ("ten", "dix"),
    ("several", "plusieurs"), ("some", "quelques"), ("2", "2"), ("3", "3"), ("4", "4"),
)  # fmt: skip
_RELATIONS = (
    ("above", "au-dessus de"), ("below", "en dessous de"), ("next to", "à côté de"),
    ("to the left of", "à gauche de"), ("left of", "à gauche de"), ("under", "sous"),
    ("to the right of", "à droite de"), ("right of", "à droite de"), ("behind", "derrière"),
    ("inside", "dans"), ("in front of", "devant"), ("near", "près de"), ("on", "sur"),
    ("over", "au-dessus de"), ("beside", "à côté de"),
)  # fmt: skip
_PLACES = (
    ("at the top", "en haut"), ("at the bottom", "en bas"), ("on the left", "à gauche"),
    ("on the right", "à droite"), ("in the middle", "au milieu"), ("in the centre", "au centre"),
    ("in the center", "au centre"), ("in the corner", "dans le coin"),
    ("in the top left corner", "dans le coin supérieur gauche"),
    ("in the top right corner", "dans le coin supérieur droit"),
    ("in the bottom left corner", "dans le coin inférieur gauche"),
    ("in the bottom right corner", "dans le coin inférieur droit"),
)  # fmt: skip
_PICTURES = (
    ("a picture of", "une image de"), ("an image of", "une image de"),
    ("a photo of", "une photo de"), ("a drawing of", "un dessin de"),
    ("a painting of", "une peinture de"), ("the picture shows", "l'image montre"),
    ("the image shows", "l'image montre"), ("the picture contains", "l'image contient"),
    ("there is", "il y a"), ("this is", "c'est"), ("it is", "c'est"), ("I see", "je vois"),
    ("I can see", "je peux voir"), ("we see", "nous voyons"), ("draw", "dessinez"),
    ("I drew", "j'ai dessiné"), ("look at", "regardez"), ("I want", "je veux"),
    ("paint", "peignez"), ("find", "trouvez"), ("show me", "montrez-moi"),
)  # fmt: skip


def article(english: str) -> str:
    """The English indefinite article that goes before a phrase."""
    return "an" if english[0] in "aeiou" else "a"


def _noun_and_size(rng: random.Random, many: bool, sized: bool) -> tuple[Noun, Pair]:
    """A kind of shape, half the time with a size, plainly of the world most of the time."""
    noun = rng.choice(KINDS if rng.random() < 0.7 else _MORE_KINDS)
    if not sized:
        return noun, noun.name(many)
    size = rng.choice(SIZES if rng.random() < 0.75 else _MORE_SIZES)
    return noun, join_adjective(size, noun, many)


def _colour(rng: random.Random) -> Adjective:
    return rng.choice(COLOURS if rng.random() < 0.7 else _MORE_COLOURS)


def shape(rng: random.Random, many: bool = False) -> tuple[Noun, Pair]:
    """A shape without its article: "small red circle", "petit cercle rouge"."""
    sized = rng.random() < 0.5
    noun, (english, french) = _noun_and_size(rng, many, sized)
    if rng.random() < 0.92:
        colour = _colour(rng)
        at = english.rfind(noun.name(many)[0])
        english = f"{english[:at]}{colour.english} {english[at:]}"
        french = f"{french} {colour.agree(noun.feminine, many)}"
    return noun, (english, french)


def some_shape(rng: random.Random) -> Pair:
    """A shape with its article or its number."""
    if rng.random() < 0.25:
        number, nombre = rng.choice(_NUMBERS[:2] if rng.random() < 0.6 else _NUMBERS)
        _, (english, french) = shape(rng, many=True)
        return f"{number} {english}", f"{nombre} {french}"
    noun, (english, french) = shape(rng)
    return f"{article(english)} {english}", f"{'une' if noun.feminine else 'un'} {french}"


def the_shape(rng: random.Random) -> tuple[Noun, Pair]:
    """A shape with the definite article."""
    noun, (english, french) = shape(rng)
    return noun, (f"the {english}", f"{'la' if noun.feminine else 'le'} {french}")


def shapes(rng: random.Random) -> Pair:
    """One to four shapes, listed."""
    parts = [some_shape(rng) for _ in range(rng.choices((1, 2, 3, 4), (50, 33, 15, 2))[0])]
    return _listed(parts)


def _listed(parts: list[Pair]) -> Pair:
    texts = []
    for side, word in ((0, "and"), (1, "et")):
        *first, last = (part[side] for part in parts)
        texts.append(f"{', '.join(first)} {word} {last}" if first else last)
    return texts[0], texts[1]


def _background(rng: random.Random) -> Pair:
    colour = rng.choice(BACKGROUNDS if rng.random() < 0.6 else _EVERY_BACKGROUND)
    return (
        f"on {article(colour.english)} {colour.english} background",
        f"sur un fond {colour.masculine}",
    )


def caption(rng: random.Random) -> Pair:
    """A caption as the small world words it, of these shapes and of a few more."""
    english, french = shapes(rng)
    if rng.random() < 0.4:
        behind, fond = _background(rng)
        return f"{english} {behind}", f"{french} {fond}"
    return english, french


def _picture(rng: random.Random) -> Pair:
    lead, tete = rng.choice(_PICTURES)
    english, french = some_shape(rng) if tete.endswith(" de") else caption(rng)
    if lead == "there is" and english.split()[0] not in ("a", "an"):
        lead = "there are"
    if lead in ("this is", "it is") and english.split()[0] not in ("a", "an"):
        lead, tete = "these are", "ce sont"
    return f"{lead} {english}", f"{tete} {french}"


def _relation(rng: random.Random) -> Pair:
    first, second = some_shape(rng), some_shape(rng)
    where, ou = rng.choice(_RELATIONS)
    return f"{first[0]} {where} {second[0]}", f"{first[1]} {ou} {second[1]}"


def _statement(rng: random.Random) -> Pair:
    noun, (english, french) = the_shape(rng)
    choice = rng.randrange(3)
    if choice == 0:
        where, ou = rng.choice(_RELATIONS)
        _, other = the_shape(rng)
        return f"{english} is {where} {other[0]}", f"{french} est {ou} {other[1]}"
    if choice == 1:
        where, ou = rng.choice(_PLACES)
        return f"{english} is {where}", f"{french} est {ou}"
    colour = rng.choice(COLOURS + _MORE_COLOURS + SIZES)
    return (
        f"the {noun.english} is {colour.english}",
        f"{'la' if noun.feminine else 'le'} {noun.french} est {colour.agree(noun.feminine)}",
    )


def _place(rng: random.Random) -> Pair:
    english, french = some_shape(rng)
    where, ou = rng.choice(_PLACES)
    return f"{english} {where}", f"{french} {ou}"


def _question(rng: random.Random) -> Pair:
    noun, (english, french) = the_shape(rng)
    _, (many, plusieurs) = shape(rng, many=True)
    spelling = rng.choice(("colour", "color"))
    colour = _colour(rng)
    bare = f"{'la' if noun.feminine else 'le'} {noun.french}"
    return rng.choice((
        (f"where is {english}?", f"où est {french} ?"),
        (f"what {spelling} is {english}?", f"de quelle couleur est {french} ?"),
        (f"what {spelling} is the {noun.english}?", f"de quelle couleur est {bare} ?"),
        (f"how many {many} are there?", f"combien de {plusieurs} y a-t-il ?"),
        (f"how many {many} are in the picture?",
         f"combien de {plusieurs} y a-t-il dans l'image ?"),
        (f"is there {article(english[4:])} {english[4:]}?",
         f"y a-t-il {'une' if noun.feminine else 'un'} {french.split(' ', 1)[1]} ?"),
        (f"is the {noun.english} {colour.english}?",
         f"est-ce que {bare} est {colour.agree(noun.feminine)} ?"),
        (f"there are no {many}", f"il n'y a pas de {plusieurs}"),
        (f"what is next to {english}?", f"qu'y a-t-il à côté de {french} ?"),
    ))  # fmt: skip


def _label(rng: random.Random) -> Pair:
    """One label of a classifier or a detector, or several, some with their scores."""
    parts = []
    form = rng.randrange(4)
    for _ in range(rng.choices((1, 2, 3), (6, 2, 2))[0]):
        _, (english, french) = shape(rng, many=rng.random() < 0.1)
        percent = rng.choices((rng.randint(1, 99), rng.randint(80, 100)))[0]
        scores = {0: (f" ({percent}%)", f" ({percent} %)"), 1: (f": {percent}%", f" : {percent} %")}
        score = scores.get(form, ("", ""))
        parts.append((english + score[0], french + score[1]))
    return ", ".join(part[0] for part in parts), ", ".join(part[1] for part in parts)


def _word(rng: random.Random) -> Pair:
    """A single word: an answer such as "red" or "two"."""
    adjective = rng.choice(COLOURS + _MORE_COLOURS + SIZES)
    noun = rng.choice(KINDS + _MORE_KINDS)
    many = rng.random() < 0.5
    return rng.choice(
        (
            (adjective.english, adjective.masculine),
            noun.name(many),
            rng.choice(_NUMBERS[:9]),
            rng.choice(_PLACES),
            _background(rng),
        )
    )


_FORMS: tuple[tuple[Callable[[random.Random], Pair], int], ...] = (
    (caption, 50), (_label, 14), (_picture, 10), (_relation, 7), (_statement, 7), (_place, 4),
    (_question, 6), (_word, 2),
)  # fmt: skip


def about_a_picture(rng: random.Random) -> Pair:
    """One pair about pictures, captions above all."""
    forms, weights = zip(*_FORMS, strict=True)
    english, french = rng.choices(forms, weights)[0](rng)
    return english, smooth(french)
