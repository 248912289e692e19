"""The small world of the starter kit: one to three coloured shapes on a plain canvas."""

import io
import math
import random
from collections import Counter
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

Colour = tuple[int, int, int]
Point = tuple[float, float]

KINDS = ("circle", "square", "triangle", "star")
COLOURS: dict[str, Colour] = {
    "red": (220, 40, 40),
    "green": (40, 160, 70),
    "blue": (45, 85, 215),
    "yellow": (250, 210, 40),
    "orange": (245, 135, 30),
    "purple": (130, 55, 170),
    "pink": (250, 130, 185),
    "black": (25, 25, 25),
}
BACKGROUNDS: dict[str, Colour] = {
    "white": (255, 255, 255),
    "grey": (190, 190, 190),
    "light blue": (200, 226, 246),
    "cream": (252, 242, 212),
}
SIZES = ("small", "", "big")

_BACKGROUND_WEIGHTS = (0.7, 0.1, 0.1, 0.1)
_SIZE_WEIGHTS = (0.25, 0.5, 0.25)
_COUNT_WEIGHTS = (0.55, 0.3, 0.15)
_RADII = {"small": (0.09, 0.115), "": (0.15, 0.185), "big": (0.235, 0.28)}
_MARGIN = 0.03
_GAP = 1.15
_SUPERSAMPLING = 4
_COUNT_WORDS = {2: "two", 3: "three"}


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape; its centre and radius are fractions of the canvas, y pointing down."""

    kind: str
    colour: str
    size: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Scene:
    """Shapes that do not overlap, on a plain background."""

    shapes: tuple[Shape, ...]
    background: str


def sample_scene(rng: random.Random, count: int | None = None) -> Scene:
    """Draw a random scene of `count` shapes, or of one to three."""
    wanted = count or rng.choices((1, 2, 3), _COUNT_WEIGHTS)[0]
    shapes: tuple[Shape, ...] | None = None
    while shapes is None:
        shapes = _place(rng, wanted)
    return Scene(shapes, rng.choices(tuple(BACKGROUNDS), _BACKGROUND_WEIGHTS)[0])


def _place(rng: random.Random, count: int) -> tuple[Shape, ...] | None:
    """Place shapes one after the other; None where one finds no room."""
    placed: list[Shape] = []
    for _ in range(count):
        size = rng.choices(SIZES, _SIZE_WEIGHTS)[0]
        kind, colour = rng.choice(KINDS), rng.choice(tuple(COLOURS))
        radius = rng.uniform(*_RADII[size])
        low, high = radius + _MARGIN, 1 - radius - _MARGIN
        for _ in range(30):
            x, y = rng.uniform(low, high), rng.uniform(low, high)
            if all(math.hypot(x - o.x, y - o.y) > _GAP * (radius + o.radius) for o in placed):
                placed.append(Shape(kind, colour, size, x, y, radius))
                break
        else:
            return None
    return tuple(placed)


def outline(shape: Shape) -> list[Point]:
    """The corners of a shape's outline, as fractions of the canvas."""
    return [(shape.x + shape.radius * x, shape.y + shape.radius * y) for x, y in _unit(shape.kind)]


def _unit(kind: str) -> list[Point]:
    """The outline of a kind around the origin, about one radius wide."""
    if kind == "circle":
        return _ring(64, (1.0,))
    if kind == "square":
        return [(-0.87, -0.87), (0.87, -0.87), (0.87, 0.87), (-0.87, 0.87)]
    if kind == "triangle":
        # Lowered, so that the box around it is centred.
        return [(x, y + 0.29) for x, y in _ring(3, (1.15,))]
    if kind == "star":
        return [(x, y + 0.1) for x, y in _ring(10, (1.1, 0.45))]
    raise ValueError(f"no such kind of shape: {kind}")


def _ring(corners: int, radii: tuple[float, ...]) -> list[Point]:
    """Corners around the origin, the first one on top, at radii taken in turn."""
    angles = (2 * math.pi * i / corners for i in range(corners))
    return [
        (radii[i % len(radii)] * math.sin(a), -radii[i % len(radii)] * math.cos(a))
        for i, a in enumerate(angles)
    ]


def draw(scene: Scene, side: int = 128) -> Image.Image:
    """Paint a scene with smooth edges."""
    large = side * _SUPERSAMPLING
    image = Image.new("RGB", (large, large), BACKGROUNDS[scene.background])
    pencil = ImageDraw.Draw(image)
    for shape in scene.shapes:
        corners = [(x * large, y * large) for x, y in outline(shape)]
        pencil.polygon(corners, fill=COLOURS[shape.colour])
    return image.resize((side, side), Image.Resampling.BOX)


def boxes(scene: Scene, side: int = 128) -> list[tuple[float, float, float, float]]:
    """The tight box around each shape, in pixels: left, top, right, bottom."""
    found = []
    for shape in scene.shapes:
        xs, ys = zip(*outline(shape), strict=True)
        found.append((min(xs) * side, min(ys) * side, max(xs) * side, max(ys) * side))
    return found


def describe(scene: Scene) -> str:
    """The canonical caption of a scene; shapes that look alike are counted together."""
    ordered = sorted(scene.shapes, key=lambda shape: shape.x)
    counts = Counter((shape.size, shape.colour, shape.kind) for shape in ordered)
    phrases = [_phrase(" ".join(filter(None, words)), n) for words, n in counts.items()]
    text = ", ".join(phrases[:-1])
    text = f"{text} and {phrases[-1]}" if text else phrases[-1]
    return text if scene.background == "white" else f"{text} on a {scene.background} background"


def _phrase(noun: str, count: int) -> str:
    """A noun with its article or its number."""
    if count > 1:
        return f"{_COUNT_WORDS[count]} {noun}s"
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def jitter(image: Image.Image, rng: random.Random) -> Image.Image:
    """Spoil a picture a little, the way cameras, painters and diffusion models do."""
    side = image.size
    background = image.getpixel((0, 0))
    if rng.random() < 0.5:
        image = _warp(image, rng)
    if rng.random() < 0.5:
        turn = rng.uniform(-8, 8)
        image = image.rotate(turn, Image.Resampling.BICUBIC, fillcolor=background)
    if rng.random() < 0.5:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.8) * side[0] / 128))
    if rng.random() < 0.7:
        image = _shift_colours(image, rng)
    if rng.random() < 0.5:
        image = _add_noise(image, rng)
    if rng.random() < 0.4:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=rng.randint(35, 92))
        image = Image.open(buffer).convert("RGB")
    return image


def _warp(image: Image.Image, rng: random.Random) -> Image.Image:
    """Bend the picture: move the knots of a coarse grid by a few pixels."""
    width, height = image.size
    cells, reach = 4, 0.025
    knots = {
        (i, j): (
            width * (i / cells + rng.uniform(-reach, reach) * (0 < i < cells)),
            height * (j / cells + rng.uniform(-reach, reach) * (0 < j < cells)),
        )
        for i in range(cells + 1)
        for j in range(cells + 1)
    }
    mesh = []
    for i in range(cells):
        for j in range(cells):
            box = tuple(
                round(part)
                for part in (
                    width * i / cells,
                    height * j / cells,
                    width * (i + 1) / cells,
                    height * (j + 1) / cells,
                )
            )
            quad = knots[i, j] + knots[i, j + 1] + knots[i + 1, j + 1] + knots[i + 1, j]
            mesh.append((box, quad))
    return image.transform(image.size, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC)


def _shift_colours(image: Image.Image, rng: random.Random) -> Image.Image:
    """Change brightness, contrast and saturation, and tint each channel."""
    for enhancer in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
        image = enhancer(image).enhance(rng.uniform(0.85, 1.15))
    tints = [rng.uniform(-10, 10) for _ in range(3)]
    table = [round(min(255, max(0, level + tint))) for tint in tints for level in range(256)]
    return image.point(table)


def _add_noise(image: Image.Image, rng: random.Random) -> Image.Image:
    """Mix in a little grey noise."""
    # effect_noise has no seed: a scrambled strip of bytes keeps the picture reproducible.
    noise = Image.frombytes("RGB", image.size, rng.randbytes(3 * image.width * image.height))
    return Image.blend(image, noise, rng.uniform(0.01, 0.06))
