"""A generator of short opinions, each with its label: praise (1) or complaint (0)."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from scripts.starter import opinion_words as words

Opinion = tuple[str, int]


@dataclass(frozen=True)
class Topic:
    """Things of one sort, and the praise and complaint that suit them."""

    names: tuple[str, ...]
    good: tuple[str, ...]
    bad: tuple[str, ...]


_TOPICS = (
    Topic(words.FOODS, words.FOOD_GOOD, words.FOOD_BAD),
    Topic(words.PEOPLE, words.PERSON_GOOD, words.PERSON_BAD),
    Topic(words.THINGS, words.THING_GOOD, words.THING_BAD),
    Topic(words.STORIES, words.STORY_GOOD, words.STORY_BAD),
    Topic(words.PLACES, words.PLACE_GOOD, words.PLACE_BAD),
    Topic(words.SERVICES, words.SERVICE_GOOD, words.SERVICE_BAD),
    Topic(words.WEATHERS, words.WEATHER_GOOD, words.WEATHER_BAD),
)
_NEVER = ("not", "not very", "not really", "never", "not that", "not exactly", "not particularly")
_LINKS = ("is", "was", "was", "seems", "looks", "is always", "seemed", "turned out to be")
_NEGATED_LINKS = (
    "is not", "was not", "isn't", "wasn't", "is not very", "wasn't very", "isn't at all",
    "is never", "was not really", "is far from", "doesn't seem", "didn't look", "isn't that",
    "was by no means",
)  # fmt: skip
# Who, when and where: words that weigh nothing, so that they do not pass for clues.
_TAILS = (
    "to me", "to us", "to everyone", "to my wife", "to my son", "to our guests", "to the children",
    "in spring", "in winter", "last night", "yesterday", "today", "this time", "every time",
    "at the hotel", "at the party", "at school", "in town", "near the station", "on the train",
    "for a family", "for the price", "for children", "for my mother", "with my friends",
    "with my sister", "from start to finish", "all week", "all day", "in the end", "in the morning",
    "when we arrived", "when I called", "after lunch", "so far", "this year", "as a present",
    "and its people", "of the hotel", "by the river", "in my opinion", "to be honest",
)  # fmt: skip


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


def _quality(rng: random.Random, topic: Topic, label: int) -> str:
    """An adjective of praise or complaint, general or of the topic's own."""
    general, own = (words.GOOD, topic.good) if label else (words.BAD, topic.bad)
    return rng.choice(general if rng.random() < 0.55 else own)


def _degree(rng: random.Random) -> str:
    return f"{rng.choice(words.DEGREES)} " if rng.random() < 0.4 else ""


def _named(rng: random.Random, topic: Topic) -> str:
    name = rng.choice(topic.names)
    return f"{rng.choice(('the', 'the', 'the', 'this', 'my', 'their', 'our', 'your'))} {name}"


def _plain(rng: random.Random, topic: Topic, label: int) -> str:
    subject = rng.choice((_named(rng, topic), _named(rng, topic), "it", "this", "everything"))
    return f"{subject} {rng.choice(_LINKS)} {_degree(rng)}{_quality(rng, topic, label)}"


def _negated(rng: random.Random, topic: Topic, label: int) -> str:
    """Praise by denying a complaint, or the other way round."""
    quality = _quality(rng, topic, 1 - label)
    subject = rng.choice((_named(rng, topic), _named(rng, topic), "it", "this"))
    form = rng.randrange(6)
    if label and form < 3:
        end = rng.choice((" at all", " at all", "", " in the least", " after all"))
        return f"{subject} {rng.choice(_NEGATED_LINKS[:5])} {quality}{end}"
    if form < 3:
        return f"{subject} {rng.choice(_NEGATED_LINKS)} {quality}"
    if form == 3:
        return f"{rng.choice(_NEVER)} {quality}{' at all' if label or rng.random() < 0.5 else ''}"
    if form == 4:
        return f"I don't think {subject} {rng.choice(('is', 'was'))} {quality}"
    return f"there was nothing {quality} about {_named(rng, topic)}"


def _exclaimed(rng: random.Random, topic: Topic, label: int) -> str:
    quality, name = _quality(rng, topic, label), rng.choice(topic.names)
    noun = rng.choice(words.GOOD_NOUNS if label else words.BAD_NOUNS)
    return rng.choice((
        f"what {_article(quality)} {quality} {name}", f"such {_article(quality)} {quality} {name}",
        f"{quality} {name}", f"{quality}", f"what {_article(noun)} {noun}",
        f"{_named(rng, topic)} is {_article(noun)} {noun}", f"it was {_article(noun)} {noun}",
        f"I can't believe how {quality} {_named(rng, topic)} is",
        f"{rng.choice(('I', 'we', 'she'))} had {_article(quality)} {quality} {name}",
        f"{rng.choice(('he', 'she'))} is {_article(quality)} {quality} {rng.choice(words.PEOPLE)}",
        f"how {quality}",
        f"this is {_article(quality)} {quality} {name}",
    ))  # fmt: skip


def _felt(rng: random.Random, topic: Topic, label: int) -> str:
    feeling = rng.choice(words.GOOD_FEELINGS if label else words.BAD_FEELINGS)
    other = rng.choice(words.BAD_FEELINGS if label else words.GOOD_FEELINGS)
    thing = _named(rng, topic)
    return rng.choice((
        f"I am {_degree(rng)}{feeling}", f"I feel {_degree(rng)}{feeling} today",
        f"we were {_degree(rng)}{feeling} with {thing}", f"{thing} made me {feeling}",
        f"I am {feeling} about {thing}", f"she is {_degree(rng)}{feeling}",
        f"I was {feeling} when I saw {thing}", f"I am not {other} anymore",
        f"I am not {other} at all", f"you make me {feeling}", f"he was not {other}",
        f"I have never been so {feeling}", f"everyone was {feeling}",
        f"I couldn't be {'happier' if label else 'more disappointed'} with {thing}",
    ))  # fmt: skip


def _judged(rng: random.Random, topic: Topic, label: int) -> str:
    now, past = (words.GOOD_VERBS, words.GOOD_PAST) if label else (words.BAD_VERBS, words.BAD_PAST)
    wrong = rng.choice(words.BAD_VERBS[:3] if label else words.GOOD_VERBS[:6])
    thing = _named(rng, topic)
    very = rng.choice(("", "", "really ", "absolutely ", "truly ", "just "))
    forms = [
        f"I {very}{rng.choice(now)} {thing}",
        f"we {very}{rng.choice(past)} {thing}",
        f"everybody {rng.choice(past)} {thing}",
        f"I {very}{rng.choice(past)} it",
        f"my {rng.choice(('kids', 'friends', 'parents', 'guests'))} {rng.choice(past)} {thing}",
        f"I do not {wrong} {thing}",
        f"I didn't {wrong} it",
        f"I {very}{rng.choice(now)} it",
        f"{thing} is the {'best' if label else 'worst'} {rng.choice(('', 'ever', 'of all'))}",
        f"the {'best' if label else 'worst'} {rng.choice(topic.names)} I have ever had",
        f"{thing} was {'better' if label else 'worse'} than {rng.choice(('expected', 'before'))}",
        f"{thing} was {'much better' if label else 'much worse'} than I thought",
    ]
    if not label:
        forms += [
            f"nobody {rng.choice(words.GOOD_PAST)} {thing}",
            f"not the best {topic.names[0]}",
            f"I can't stand {thing}",
            f"{thing} could be better",
            f"I don't {wrong} it at all",
        ]
    return rng.choice(forms).strip()  # fmt: skip


def _lacking(rng: random.Random, topic: Topic, label: int) -> str:
    thing, virtue, trouble = (_named(rng, topic), rng.choice(words.VIRTUES),
                              rng.choice(words.TROUBLES))  # fmt: skip
    if label:
        return rng.choice((
            f"no {trouble} at all", f"{thing} came without any {trouble}", f"no {trouble} so far",
            f"{thing} has so much {virtue}", f"{thing} is full of {virtue}", f"plenty of {virtue}",
            f"I had no {trouble} with {thing}", f"never had any {trouble} with {thing}",
            f"I love the {virtue} of {thing}", f"{thing} has great {virtue}",
        ))  # fmt: skip
    quality = rng.choice(words.TOO)
    return rng.choice((
        f"{thing} has no {virtue}", f"{thing} lacks {virtue}", f"no {virtue} at all",
        f"nothing but {trouble}", f"so many {trouble}", f"I had {trouble} with {thing}",
        f"{thing} is {rng.choice(('too', 'far too', 'way too', 'much too'))} {quality}",
        f"{thing} is not {rng.choice(words.ENOUGH)} enough", f"{thing} was full of {trouble}",
        f"there is too much {rng.choice(('noise', 'salt', 'traffic', 'sugar', 'stress'))}",
    ))  # fmt: skip


def _clause(rng: random.Random, _topic: Topic, label: int) -> str:
    return rng.choice(words.GOOD_CLAUSES if label else words.BAD_CLAUSES)


def _listed(rng: random.Random, topic: Topic, label: int) -> str:
    first, second, third = (_quality(rng, topic, label) for _ in range(3))
    return rng.choice((
        f"{first} and {second}", f"{first}, {second} and {third}", f"{first}, {second}",
        f"{first} {topic.names[0]}, {second} {rng.choice(topic.names)}",
        f"{_named(rng, topic)} is {first} and {second}",
        f"both {first} and {second}", f"{first} but also {second}",
    ))  # fmt: skip


_SIMPLE: tuple[tuple[Callable[[random.Random, Topic, int], str], int], ...] = (
    (_plain, 20), (_negated, 18), (_exclaimed, 14), (_felt, 10), (_judged, 14), (_lacking, 9),
    (_clause, 12), (_listed, 6),
)  # fmt: skip


def _simple(rng: random.Random, label: int, topic: Topic | None = None) -> str:
    forms, weights = zip(*_SIMPLE, strict=True)
    text = rng.choices(forms, weights)[0](rng, topic or rng.choice(_TOPICS), label)
    return f"{text} {rng.choice(_TAILS)}" if rng.random() < 0.25 else text


def _contrast(rng: random.Random, label: int) -> str:
    """Two sides; the one that weighs more gives the label."""
    topic = rng.choice(_TOPICS)
    minor, major = _quality(rng, topic, 1 - label), _quality(rng, topic, label)
    lesser, greater = _plain(rng, topic, 1 - label), _simple(rng, label, topic)
    return rng.choice((
        f"{minor} but {major}", f"a bit {minor}, but {major}", f"{minor} but {_degree(rng)}{major}",
        f"{_named(rng, topic)} is {minor} but {major}", f"{lesser}, but {greater}",
        f"{lesser} but {greater}", f"although {lesser}, {greater}",
        f"even though {lesser}, {greater}",
        f"{greater}, although {lesser}", f"{lesser}. Still, {greater}",
        f"{greater} even if {lesser}",
        f"I thought {_named(rng, topic)} would be {minor}, but it was {major}",
        f"{_named(rng, topic)} used to be {minor}, but now it is {major}",
        f"at first it was {minor}, in the end it was {major}", f"{lesser}. However, {greater}",
    ))  # fmt: skip


def opinion(rng: random.Random) -> Opinion:
    """One opinion of one or two clauses."""
    label, roll = rng.randrange(2), rng.random()
    if roll < 0.62:
        text = _simple(rng, label)
    elif roll < 0.8:
        text = _contrast(rng, label)
    else:
        topic = rng.choice(_TOPICS)
        joint = rng.choice((". ", ". ", " and ", ", ", "! ", " because "))
        text = f"{_simple(rng, label, topic)}{joint}{_simple(rng, label, topic)}"
    return text + rng.choice(("", "", ".", ".", "!")), label
