"""The content of requests: descriptions, sentences, questions, labels, file names.

The vocabulary is wide and partly invented on purpose: a planner that has seen many words in each
place learns to copy a text by where it stands, not by what it says.
"""

# A phrase reads best on one line, and hundreds of words without quotes.
# ruff: noqa: E501, SIM905

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from scripts.starter.world import BACKGROUNDS, COLOURS, KINDS, describe, sample_scene

_ALTERNATIVES = re.compile(r"\(([^()]*)\)")

NOUNS = """dog cat horse bird fish rabbit fox wolf bear lion tiger elephant monkey owl eagle whale
dolphin turtle frog snake spider bee butterfly cow sheep goat pig chicken duck mouse dragon unicorn
robot alien astronaut wizard knight pirate king queen princess child boy girl man woman baby farmer
doctor nurse teacher student chef driver pilot sailor soldier singer dancer painter clown ghost
car truck bus train plane boat ship bicycle motorcycle tractor rocket balloon submarine taxi scooter
house castle tower bridge church barn cabin lighthouse skyscraper tent temple palace school hospital
library museum station factory windmill pyramid tree flower rose tulip cactus mushroom forest meadow
mountain hill valley river lake ocean beach island desert waterfall volcano cave cloud rainbow sun
moon star planet galaxy comet storm snowflake fire table chair sofa bed lamp clock mirror window door
carpet shelf book newspaper letter map pen pencil brush camera phone laptop keyboard radio television
guitar piano violin drum trumpet flute ball kite doll puzzle swing umbrella hat scarf shoe boot glove
coat dress shirt ring necklace crown watch bag suitcase bottle cup mug glass plate bowl spoon fork
knife pot pan oven fridge apple banana orange lemon cherry strawberry grape melon tomato potato carrot
onion pumpkin corn bread cheese cake cookie pizza burger soup salad sandwich noodle rice egg coffee tea
juice wine market street road park garden square harbor airport stadium theater kitchen office bakery
village city farm field fence wall gate staircase roof chimney tunnel statue fountain bench poster
flag sign ticket coin banknote key lock chain hammer saw nail rope bucket ladder engine wheel battery
magnet microscope telescope satellite antenna circuit sensor pipe turbine crystal diamond pearl shell
feather bone skull mask sword shield arrow candle lantern parcel basket blanket pillow curtain vase
contract invoice recipe poem novel essay report review speech lecture meeting interview experiment
theory market budget law election treaty battle festival concert match race holiday birthday wedding
vaccine muscle brain heart lung cell virus enzyme protein molecule atom neuron gene fossil glacier
earthquake tide current climate harvest soil seed root leaf branch nest hive orchard vineyard""".split()

ADJECTIVES = """big small tiny huge tall short long wide narrow round flat old new young ancient modern
shiny dusty rusty golden silver wooden stone glass paper plastic metal broken empty full busy quiet
calm wild gentle brave lazy sleepy angry happy sad lonely proud shy funny strange mysterious magical
beautiful ugly elegant colorful bright dark pale foggy sunny rainy snowy stormy windy frozen warm cold
hot wet dry soft hard smooth rough sharp heavy light fast slow loud cheap expensive famous secret
hidden lost abandoned crowded floating flying sleeping dancing smiling running jumping glowing
burning melting giant fluffy furry striped spotted red green blue yellow orange purple pink black
white brown grey turquoise crimson futuristic medieval tropical rural urban cosmic electric steam
fresh sweet sour salty bitter spicy digital natural final hopeful modest rapid steep clever""".split()

VERBS = """crossed watched carried painted built broke found lost chased followed visited opened closed
cleaned repaired bought sold borrowed stole admired photographed described measured studied taught
forgot remembered loved hated feared missed cooked baked tasted ate drank grew planted cut burned
threw caught kicked pushed pulled lifted dropped hid showed sent received wrote read sang played
heard called answered asked invited greeted thanked blamed praised ignored surprised scared helped
rescued discovered invented designed tested launched climbed approached left entered surrounded
covered reached replaced joined changed improved ruined finished started delayed sponsored""".split()

PLACES = """in the park|on the beach|under a bridge|near the river|at night|in the morning|on the moon
in space|by the window|behind the house|over the mountains|on a rainy day|in the snow|at sunset
in a field of flowers|on the table|next to the old mill|in the city|under the stars|in a small village
at the market|across the valley|before dinner|during the storm|last summer|on Monday|after the meeting
without any warning|for the first time|on a hill|at the edge of the forest|in the middle of nowhere
in the style of Van Gogh|in watercolor|at dawn|on a wooden floor|in a busy street|inside a cave""".replace(
    "\n", "|"
).split("|")

NAMES = """Tom Anna Maria John Sarah Peter Lucy Ahmed Yuki Carlos Elena Ivan Priya Wei Olga Kofi Ingrid
Marco Fatima Noah Emma Liam Chloe Hugo Zara Omar Nina Felix Ruth Diego Paris London Berlin Tokyo Madrid
Rome Vienna Cairo Lagos Lima Oslo Dublin Prague Boston Chicago Sydney Mumbai Nairobi Toronto Lisbon
Google Apple Microsoft NASA Toyota Amazon Siemens Nokia Einstein Mozart Shakespeare Picasso Curie
Newton Darwin Gandhi Lincoln Cleopatra Jupiter Everest Amazonia""".split()

LANGUAGES = """French German Spanish Italian Portuguese Dutch Swedish Polish Russian Japanese Chinese
Korean Arabic Hindi Turkish Greek Latin Danish Finnish Norwegian Czech Hungarian Romanian Ukrainian
English Hebrew Thai Vietnamese Indonesian Swahili""".split()

SENTIMENTS = """I (love|hate|like|adore|dislike|enjoy) (this|the|my new) {n}|what a (great|awful|lovely|terrible|wonderful|boring) {n}
the {n} was (great|terrible|fantastic|horrible|disappointing|delicious|a bit dull)|I am so (happy|sad|angry|glad|tired) today
this is the (best|worst) {n} I have ever (seen|had|bought)|the service was (slow|excellent|rude|friendly)
I (really|absolutely|) (loved|hated|enjoyed) the {n}, it was (perfect|a waste of money|brilliant|awful)
nothing works and I want my money back|everything went better than I hoped|it is okay, nothing special
never again|thank you so much for the {n}|the {n} broke after two days|my {n} makes me smile every day
I feel (wonderful|terrible|great|miserable)|that film was (so good|so bad|a masterpiece|garbage)
I can't stand this {n}|we had a (lovely|dreadful) time|best day ever|this {n} is not bad at all""".replace(
    "\n", "|"
)

SAYINGS = (
    "The quick {n} {v} the lazy {n}.",
    "The {a} {n} {v} a {n} {p}.",
    "{N} {v} the {n} {p} and {v} it.",
    "{N} and {N} went to {N} {p} to see the {a} {n}.",
    "A {n} is a {a} {n} that has been {v} by many people.",
    "Yesterday the {a} {n} {v} the {n}, but the {n} {v} {N}.",
    "{N} was born in {N} in 19{d}{d} and worked for {N}.",
    "Scientists at {N} {v} a {a} {n} {p}.",
    "My {n} is {a} and my {n} is {a}.",
    "It was a {a} {n} {p}; nobody {v} the {n}.",
    "If the {n} is {a}, the {n} will be {a} too.",
    "Every {a} {n} needs a {a} {n}.",
    "We {v} the {n} because the {n} was {a}.",
    "{N} has {d} {a} {n}s and {d}{d} {n}s {p}.",
    "Where is the {a} {n}, and who {v} it?",
    "Please send the {n} to {N} before {d} o'clock.",
    "The price of the {n} rose by {d}{d} percent {p}.",
    "Nobody knows why {N} {v} the {a} {n}",
    "{a} {n}s {v} {a} {n}s",
    "hello {N}, how is your {n}?",
    "The {n} of the {n} is the {a} {n}",
    "Dear {N}, the {n} you {v} arrived {p}. It is {a}.",
    "Once upon a time there was a {a} {n}. It {v} a {n} {p}. Then {N} {v} it.",
    "{w} {w} {w} {w}",
    "the {w} {v} a {w} {w} {p}",
    "{W} is the {a} {w} of {W}.",
    "In {d}{d}{d}{d}, {W} {v} the {n} of {N}, which {v} the {a} {n} {p}.",
)

MASKED = (
    "The {n} is very [MASK].",
    "{N} is the capital of [MASK].",
    "I [MASK] the {a} {n} {p}.",
    "A {n} eats [MASK] {p}",
    "the [MASK] {n} {v} the {n}",
    "My [MASK] is {a}.",
)

DESCRIPTIONS = (
    "{art}",
    "{art}",
    "{art} {p}",
    "{art} and {art}",
    "{art} with {art}",
    "{art} {ing} {art}",
    "{art} {ing} {art} {p}",
    "two {n}s",
    "two {a} {n}s {p}",
    "three {n}s and {art}",
    "the {n} of {N}",
    "{a} {n}s",
    "{N} {p}",
    "{w}",
    "a {w} {n}",
    "{art}, {a} and {a}",
    "{art} on top of {art}",
    "a {w} {w} {p}",
    "{N} {ing} {art}",
    "{art} next to {art}, {p}",
    "my {n} as {art}",
)

ACTING = """eating holding riding chasing wearing carrying watching painting reading drinking playing with
jumping over|sitting on|looking at|standing beside|flying above|walking past|hiding behind|made of
talking to|fighting|kissing|feeding|leaning against""".replace("\n", "|").split("|")

SOUNDS = (
    "{art}",
    "rain on {art}",
    "a {a} piano",
    "{a} jazz",
    "{a} drums and {art}",
    "waves {p}",
    "birds {p}",
    "a crowd {p}",
    "{art} {p}",
    "soft guitar {p}",
    "thunder",
    "a {a} orchestra",
    "{w} beats",
)

# Direct question | the same asked indirectly.
IMAGE_QUESTIONS = (
    "what (color|colour) is the {n}?|what (color|colour) the {n} is",
    "how many {n}s are there?|how many {n}s there are",
    "is there a {n}?|whether there is a {n}",
    "what is the {n} doing?|what the {n} is doing",
    "where is the {n}?|where the {n} is",
    "how many {n}s are {a}?|how many {n}s are {a}",
    "who is holding the {n}?|who is holding the {n}",
    "is the {n} {a}?|if the {n} is {a}",
    "what is on the {n}?|what is on the {n}",
    "which {n} is {a}?|which {n} is {a}",
    "how many people are near the {n}?|how many people are near the {n}",
    "what shape is the {a} {n}?|what shape the {a} {n} is",
    "what is the {a} object?|what the {a} object is",
    "what is behind the {a} {n}?|what is behind the {a} {n}",
    "is it {p}?|whether it is {p}",
    "how many {c} {k}s are there?|how many {c} {k}s there are",
    "what color is the {k}?|what color the {k} is",
    "is there a {c} {k}?|whether there is a {c} {k}",
    "what kind of {w} is it?|what kind of {w} it is",
)
DOCUMENT_QUESTIONS = (
    "what is the total?|what the total is",
    "what is the (invoice|order|account|policy|page) number?|the (invoice|order|account|policy) number",
    "who signed the {n}?|who signed the {n}",
    "when is the {n} due?|when the {n} is due",
    "what is the date of the {n}?|the date of the {n}",
    "how much does the {n} cost?|how much the {n} costs",
    "what is the (sender|customer|company) name?|who the (sender|customer|company) is",
    "what is the title?|what the title is",
    "which address is given?|which address is given",
    "how many {n}s were ordered?|how many {n}s were ordered",
    "what does {N} say about the {n}?|what {N} says about the {n}",
    "what is the purpose of the {n}?|what the purpose of the {n} is",
)
TEXT_QUESTIONS = (
    "who {v} the {n}?|who {v} the {n}",
    "where did {N} go?|where {N} went",
    "what is {w}?|what {w} is",
    "when was the {n} {v}?|when the {n} was {v}",
    "why was the {n} {a}?|why the {n} was {a}",
    "what is the main purpose of the {n}?|what the main purpose of the {n} is",
    "what is the capital of {N}?|what the capital of {N} is",
    "how many {n}s did {N} have?|how many {n}s {N} had",
    "what {v} the {a} {n}?|what {v} the {a} {n}",
    "which {n} does {N} like?|which {n} {N} likes",
    "how old is {N}?|how old {N} is",
)
TABLE_QUESTIONS = (
    "which {n} has the highest {n}?|which {n} has the highest {n}",
    "how many {n}s were sold in {N}?|how many {n}s were sold in {N}",
    "what is the average {n}?|what the average {n} is",
    "which row has the most {n}s?|which row has the most {n}s",
    "what is the sum of the {n} column?|the sum of the {n} column",
    "who has the {a} {n}?|who has the {a} {n}",
)

EDITS = (
    "(make|paint|turn|colour) the {n} {c}",
    "(remove|delete|erase|take out) the {a} {n}",
    "add {art}",
    "(make|turn) it into {art}",
    "replace the {n} with {art}",
    "(change|set) the background to {art}",
    "give the {n} {art}",
    "make it (look like|) {a}",
    "turn the {n} into {art}",
    "change the (color|colour) of the {n} to {c}",
    "make the {n} {a}",
    "put {art} on the {n}",
    "make the {n} more {a}",
    "make the {k} {c}",
    "swap the {n} for {art}",
    "add {art} {p}",
    "change the {c} {n}s to {c}",
    "make the sky {c} and the {n} {a}",
    "turn it into (an oil painting|a pencil sketch|a cartoon|a watercolor|anime)",
)

PROMPTS = (
    "(write|tell me|make up|compose|create) (a story|a short story|a tale|a poem|a haiku|a song|a limerick) about {art}",
    "write (a|me a) (letter|blog post|paragraph|speech|text|review|tweet|joke|advert|product description) about {art}",
    "(write|draft) an (email|essay|article|announcement) (about|on) {art} {p}",
    "tell me a (story|bedtime story|joke|tale) about {N} and {art}",
    "come up with a (slogan|name|title|plot) for {art}",
    "write (four|ten|a few) lines about {a} {n}s",
    "invent a {n} recipe with {n}s",
    "write a {a} poem (on|about) the {n} of {N}",
    "write a story where {art} meets {art}",
)

LABELS = (
    "{n}, {n} or {n}",
    "{n} or {n}",
    "{a} or {a}",
    "{n}s, {n}s and {n}s",
    "{n}, {n}, {n}",
    "{c} or {c}",
    "sports, politics or {n}",
    "urgent or not urgent",
    "{w} or {w}",
    "{c} {k} or {c} {k}",
)
THINGS = (
    "the {n}",
    "a {n}",
    "{n}s",
    "{a} {n}s",
    "the {a} {n}",
    "{n}s and {n}s",
    "the {c} {k}",
    "{c} {k}s",
    "any {w}",
)

STEMS = """photo picture image img scan holiday screenshot example input sample test report notes document
data speech voice recording memo interview talk song clip video movie article essay letter table
results sales drawing cat dog family beach street room face map chart kitchen garden party DSC scene
painting receipt invoice""".split()
EXTENSIONS = {
    "image": ("jpg", "jpg", "png", "jpeg", "webp"),
    "audio": ("wav", "wav", "mp3", "flac", "ogg"),
    "video": ("mp4", "mov", "webm"),
    "text": ("txt", "txt", "csv", "md", "txt"),
}

_ONSETS = (
    "b br c ch d dr f fl g gl gr h j k l m n p pl qu r s sh sk sl st str t th tr v w x y z".split()
)
_VOWELS = "a e i o u ai ea ee io oo ou".split()
_CODAS = ["", "", "", "n", "r", "l", "s", "t", "ck", "nd", "mp", "rt", "x", "ng", "sh"]


def choose(rng: random.Random, template: str) -> str:
    """The template with one alternative taken from each `(a|b)`."""
    while (
        picked := _ALTERNATIVES.sub(lambda m: rng.choice(m[1].split("|")), template)
    ) != template:
        template = picked
    return " ".join(template.split())


def coin_word(rng: random.Random) -> str:
    """A word nobody has read before."""
    syllables = rng.choice((1, 2, 2, 3))
    return "".join(
        rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_CODAS) for _ in range(syllables)
    )


def with_article(noun: str) -> str:
    """The noun with "a" or "an"."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _noun(rng: random.Random) -> str:
    return coin_word(rng) if rng.random() < 0.12 else rng.choice(NOUNS)


def _adjective(rng: random.Random) -> str:
    return coin_word(rng) if rng.random() < 0.06 else rng.choice(ADJECTIVES)


def _thing(rng: random.Random) -> str:
    adjective = f"{_adjective(rng)} " if rng.random() < 0.6 else ""
    return with_article(adjective + _noun(rng))


_FILLERS = {
    "n": _noun,
    "a": _adjective,
    "v": lambda rng: rng.choice(VERBS),
    "p": lambda rng: rng.choice(PLACES),
    "N": lambda rng: rng.choice(NAMES) if rng.random() < 0.9 else coin_word(rng).capitalize(),
    "w": coin_word,
    "W": lambda rng: coin_word(rng).capitalize(),
    "d": lambda rng: str(rng.randint(1, 9)),
    "c": lambda rng: rng.choice(tuple(COLOURS)),
    "k": lambda rng: rng.choice(KINDS),
    "art": _thing,
    "ing": lambda rng: rng.choice(ACTING),
}
_SLOT = re.compile(r"\{(\w+)\}")


def fill(rng: random.Random, template: str) -> str:
    """A template with its alternatives chosen and its word slots filled."""
    return _SLOT.sub(lambda m: _FILLERS[m[1]](rng), choose(rng, template))


def shapes(rng: random.Random) -> str:
    """A description of the starter kit's world: coloured shapes."""
    if rng.random() < 0.35:
        return describe(sample_scene(rng))
    parts = [_shape(rng) for _ in range(rng.choice((1, 1, 1, 2, 2, 3)))]
    text = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    if rng.random() < 0.12:
        text += f" on a {rng.choice(tuple(BACKGROUNDS))} background"
    return text


def _shape(rng: random.Random) -> str:
    size = rng.choice(("", "", "", "small ", "big ", "large ", "little "))
    colour, kind = rng.choice(tuple(COLOURS)), rng.choice(KINDS)
    if rng.random() < 0.2:
        return f"{rng.choice(('two', 'three', '2', '3'))} {size}{colour} {kind}s"
    noun = f"{size}{colour} {kind}"
    return with_article(noun) if rng.random() < 0.93 else noun


def description(rng: random.Random) -> str:
    """Something to draw."""
    return shapes(rng) if rng.random() < 0.35 else fill(rng, rng.choice(DESCRIPTIONS))


def sentence(rng: random.Random) -> str:
    """A text to work on: one to four sentences, a review or a few words."""
    roll = rng.random()
    if roll < 0.12:
        return fill(rng, rng.choice(DESCRIPTIONS))
    if roll < 0.28:
        return feeling(rng)
    count = rng.choice((1, 1, 1, 1, 1, 2, 2, 3))
    parts = [_capital(fill(rng, rng.choice(SAYINGS))) for _ in range(count)]
    text = " ".join(part if part[-1] in ".?!" or count == 1 else part + "." for part in parts)
    return text[:-1] if text[-1] == "." and rng.random() < 0.4 else text


def feeling(rng: random.Random) -> str:
    """A short text with a sentiment."""
    pieces = re.split(r"\|(?![^(]*\))", SENTIMENTS)
    text = fill(rng, rng.choice(pieces))
    return _capital(text) + rng.choice(("", ".", "!")) if rng.random() < 0.5 else text


def question(rng: random.Random, bank: Sequence[str]) -> tuple[str, str]:
    """A question, asked directly and indirectly, about the same thing."""
    direct, indirect = re.split(r"\|(?![^(]*\))", rng.choice(bank))
    seed = rng.randrange(1 << 30)
    return fill(random.Random(seed), direct), fill(random.Random(seed), indirect)


def file_name(rng: random.Random, media: str) -> str:
    """A plausible file name."""
    if rng.random() < 0.08:
        # What an earlier turn made is stored under its alias.
        return f"{media}-{rng.randint(1, 4)}.{EXTENSIONS[media][-1 if media == 'text' else 0]}"
    stem = rng.choice(STEMS) if rng.random() < 0.8 else coin_word(rng)
    roll = rng.random()
    if roll < 0.18:
        stem += f"{rng.choice('-_')}{rng.randint(1, 999)}"
    elif roll < 0.26:
        stem = f"{rng.choice(ADJECTIVES)}{rng.choice('-_')}{stem}"
    elif roll < 0.3:
        stem = f"{stem.upper()}{rng.randint(1, 9999):04d}"
    return f"{stem}.{rng.choice(EXTENSIONS[media])}"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
