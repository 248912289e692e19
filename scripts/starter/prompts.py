"""What the picture maker learns from: composed scenes and the many ways to ask for them."""

import random
import string
from dataclasses import replace

from scripts.starter.world import BACKGROUNDS, COLOURS, KINDS, SIZES, Scene, Shape, sample_scene

EXAM_SEED = 20_000
EXAM_SIZE = 40

_PLACES = {
    1: ((0.5, 0.5),),
    2: ((0.27, 0.5), (0.73, 0.5)),
    3: ((0.23, 0.3), (0.5, 0.71), (0.77, 0.3)),
}
_SHAKE = {1: 0.1, 2: 0.03, 3: 0.02}
_SCALES = {1: 1.0, 2: 0.8, 3: 0.8}
_NUMBERS = {2: ("two", "two", "2", "a pair of"), 3: ("three", "three", "3")}
_SYNONYMS = {
    "circle": ("round", "disc", "ball", "dot"),
    "square": ("box", "block"),
    "triangle": ("triangular shape", "pyramid"),
    "star": ("five-pointed star", "starlet"),
    "purple": ("violet",),
    "grey": ("gray",),
    "pink": ("rose",),
    "small": ("little", "tiny"),
    "big": ("large", "huge", "giant"),
}
_LEADS = (
    *("a picture of", "a drawing of", "a watercolour of", "an image showing", "a painting of"),
    *("please draw", "draw", "draw me", "paint", "generate an image of", "create a picture of"),
    *(
        "i want",
        "show me",
        "a photo of",
        "an illustration of",
        "generate",
        "make",
        "could you draw",
    ),
    *("there is", "a simple image of", "a cartoon of", "an oil painting of", "a sketch of"),
)
_TAILS = (
    *("please", "in the style of monet", "highly detailed", "for my daughter", "on canvas"),
    *("thank you", "in the middle", "digital art", "simple", "minimalist", "4k", "for a birthday"),
    *("very pretty", "with soft light", "as a logo", "flat design", "and nothing else"),
)


def compose(rng: random.Random, count: int | None = None) -> Scene:
    """A random scene laid out like a picture: centred, or left to right in order."""
    scene = sample_scene(rng, count)
    shapes = scene.shapes
    if len(shapes) > 1 and rng.random() < 0.25:
        first = shapes[0]
        shapes = tuple(
            replace(s, kind=first.kind, colour=first.colour, size=first.size, radius=first.radius)
            for s in shapes
        )
    return Scene(_lay_out(shapes, rng), scene.background)


def _lay_out(shapes: tuple[Shape, ...], rng: random.Random) -> tuple[Shape, ...]:
    """Move shapes to their usual places, a little off each time."""
    shake, scale = _SHAKE[len(shapes)], _SCALES[len(shapes)]
    return tuple(
        replace(
            shape,
            x=x + rng.uniform(-shake, shake),
            y=y + rng.uniform(-shake, shake),
            radius=shape.radius * scale,
        )
        for shape, (x, y) in zip(shapes, _PLACES[len(shapes)], strict=True)
    )


def single(rng: random.Random) -> Scene:
    """One shape, every kind, colour, size and background being equally likely."""
    (shape,) = compose(rng, 1).shapes
    other = Shape(
        rng.choice(KINDS),
        rng.choice(tuple(COLOURS)),
        rng.choice(SIZES),
        shape.x,
        shape.y,
        shape.radius,
    )
    return Scene((other,), rng.choice(tuple(BACKGROUNDS)))


def exam_scenes() -> list[Scene]:
    """The scenes asked for, of one, two and three shapes; training leaves them out."""
    rng = random.Random(EXAM_SEED)
    scenes = [single(rng) for _ in range(EXAM_SIZE)]
    scenes += [compose(rng, count) for count in (2, 3) for _ in range(EXAM_SIZE)]
    return scenes


def ask(scene: Scene, rng: random.Random) -> str:
    """One of the many ways to ask for a scene."""
    text = _join(_nouns(scene, rng), rng)
    if scene.background != "white" or rng.random() < 0.15:
        colour = _vary(scene.background, rng)
        place = rng.choice(("on a {} background", "on {}", "against a {} background"))
        text = f"{text} {place.format(colour)}"
    if rng.random() < 0.4:
        text = f"{rng.choice(_LEADS)} {text}"
    if rng.random() < 0.15:
        text = f"{text}{rng.choice((', ', ' '))}{rng.choice(_TAILS)}"
    if rng.random() < 0.1:
        text = rng.choice((f"{_babble(rng)} {text}", f"{text} {_babble(rng)}"))
    return text + rng.choice(("", "", "", ".", "!"))


def _nouns(scene: Scene, rng: random.Random) -> list[str]:
    """A phrase for each group of neighbours that look alike, left to right."""
    groups: list[tuple[Shape, int]] = []
    for shape in sorted(scene.shapes, key=lambda shape: shape.x):
        if groups and _look(groups[-1][0]) == _look(shape):
            groups[-1] = (groups[-1][0], groups[-1][1] + 1)
        else:
            groups.append((shape, 1))
    bare = rng.random() < 0.15
    return [_noun(shape, number, bare, rng) for shape, number in groups]


def _look(shape: Shape) -> tuple[str, str, str]:
    return shape.size, shape.colour, shape.kind


def _noun(shape: Shape, number: int, bare: bool, rng: random.Random) -> str:
    """A phrase for one group; `bare` leaves the article out."""
    colour = "" if rng.random() < 0.03 else _vary(shape.colour, rng)
    words = " ".join(filter(None, (_vary(shape.size, rng), colour, _vary(shape.kind, rng))))
    if number > 1:
        return f"{rng.choice(_NUMBERS[number])} {words}s"
    if bare:
        return words
    article = "an" if words[0] in "aeiou" else "a"
    return f"{rng.choice((article, article, article, 'one', 'the'))} {words}"


def _vary(word: str, rng: random.Random) -> str:
    """The word, or now and then another one for it."""
    return rng.choice(_SYNONYMS[word]) if word in _SYNONYMS and rng.random() < 0.15 else word


def _join(phrases: list[str], rng: random.Random) -> str:
    """Phrases in a row, the last one joined by a word."""
    if len(phrases) == 1:
        return phrases[0]
    links = (" and ", " and ", " and ", " next to ", ", ", " with ", " beside ", " to the left of ")
    return ", ".join(phrases[:-1]) + rng.choice(links) + phrases[-1]


def _babble(rng: random.Random) -> str:
    """One or two words that mean nothing, so that unknown words come to be ignored."""
    return " ".join(
        "".join(rng.choices(string.ascii_lowercase, k=rng.randint(2, 8)))
        for _ in range(rng.randint(1, 2))
    )
