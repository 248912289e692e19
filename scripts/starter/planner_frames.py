"""How clauses become a request: openings, connectives, introductions, endings, spelling noise."""

from __future__ import annotations

import random

# Words between these marks are the user's own content or a file name: never misspelt, never cased.
OPEN, CLOSE = "\ue000", "\ue001"

OPENERS = (
    "",
    "",
    "",
    "",
    "please ",
    "can you ",
    "could you ",
    "could you please ",
    "I want you to ",
    "I'd like to ",
    "I would like you to ",
    "help me ",
    "please help me ",
    "I need to ",
    "I want to ",
    "would you ",
    "can you please ",
    "hey, ",
    "hi, ",
    "hey can you ",
    "now ",
    "I'd like you to ",
    "your job is to ",
    "you should ",
    "kindly ",
    "let's ",
    "pls ",
    "I need you to ",
    "I am looking to ",
    "my goal is to ",
    "would it be possible to ",
    "I was wondering if you could ",
    "ok so ",
    "hello! please ",
    "next, ",
    "quickly ",
    "it would be great if you could ",
    "i wanna ",
    "try to ",
    "go ahead and ",
    "Baton, ",
    "in order: ",
    "do the following: ",
    "hi there, could you ",
    "just ",
)
ENDINGS = (
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    ".",
    ".",
    ".",
    ".",
    ".",
    "?",
    " please",
    " pls",
    ", thanks",
    ". Thanks!",
    ". Thank you.",
    ", please.",
    "!",
    " for me",
    " for my homework.",
    " as fast as you can.",
    " quickly please",
    ", and be careful",
    " with the best model.",
    ". I am curious.",
    " - thank you so much",
    ". It is for a presentation.",
    ", that would be great.",
    " so that I understand it better.",
    " if you can",
    " for better understanding.",
    ". Take your time.",
)
JOINS = (  # between clauses; before the last
    (", ", " and "),
    (", ", ", and "),
    (", then ", " and then "),
    (" and ", " and "),
    (", ", " and then "),
    (", ", ", then "),
    (", ", ", and finally "),
    ("; ", "; "),
    (" and then ", " and then "),
    (", after that ", ", and finally "),
    (", ", " and finally "),
    (". ", ". "),
    (", next ", " and last "),
    (" -> ", " -> "),
    (" then ", " then "),
    (", ", ", and also "),
    (", ", " and afterwards "),
    (" + ", " + "),
    (", and ", ", and "),
    (", followed by that ", " and to finish "),
    (", once done ", ", lastly "),
    (" & ", " & "),
    (", ", ", "),
)
STARTS = (
    "",
    "",
    "",
    "First, ",
    "To begin, ",
    "Start: ",
    "First of all, ",
    "To start with, ",
    "Firstly, ",
    "1st ",
)
MIDDLES = (
    "Then, ",
    "Then ",
    "Next, ",
    "After that, ",
    "Afterwards, ",
    "",
    "",
    "Also, ",
    "Once that is done, ",
    "Second, ",
    "With that done, ",
    "When you have it, ",
    "Following that, ",
    "Subsequently, ",
    "And ",
    "In the next step, ",
)
LASTS = (
    "Finally, ",
    "Finally, ",
    "Lastly, ",
    "Then, ",
    "Then ",
    "After that, ",
    "In the end, ",
    "Last, ",
    "Also, ",
    "",
    "Next, ",
    "To finish, ",
    "As a last step, ",
    "And ",
    "Afterwards, ",
)
WISHES = (  # around an imperative
    "{c}.",
    "{c}.",
    "{c}.",
    "{c}.",
    "please {c}.",
    "I want to {c}.",
    "I'd like you to {c}.",
    "I would like to {c}.",
    "I need you to {c}.",
    "can you {c}?",
    "could you {c}?",
    "could you please {c}?",
    "you should {c}.",
    "we need to {c}.",
    "I want you to {c}.",
    "please also {c}.",
    "let's {c}.",
    "help me {c}.",
    "I'd love for you to {c}.",
    "I need to {c}.",
    "you could {c}.",
)
NOUN_WISHES = (  # around a noun phrase
    "I need {c}.",
    "give me {c}.",
    "I want {c}.",
    "I'd like {c}.",
    "show me {c}.",
    "please provide {c}.",
    "can I have {c}?",
    "I would like to have {c}.",
    "produce {c}.",
    "get me {c}.",
    "could I get {c}?",
    "make {c}.",
    "create {c}.",
    "I am after {c}.",
)
NOUN_OPENERS = (
    "",
    "I need ",
    "give me ",
    "I want ",
    "please give me ",
    "I'd like ",
    "can I get ",
    "show me ",
    "send me ",
    "could you make ",
    "prepare ",
)
BEFORE = (  # {b} happens last; {bg}, {ag} are gerunds
    "before {bg}, {a}",
    "{b}, but first {a}",
    "{b} after {ag}",
    "after {ag}, {b}",
    "{a} before {bg}",
    "first {a}, only then {b}",
    "{b} once you have finished {ag}",
    "prior to {bg}, {a}",
    "I want to {b}, so {a} first",
    "{b}. But before that, {a}",
    "start by {ag}, then {b}",
    "to {b}, you must first {a}",
    "by {ag} first, {b}",
)
INTRODUCTIONS = {
    "file": (
        "I have {a} {f}.",
        "Here is {a} {f}.",
        "I have an {m} file {f}.",
        "I have {a} called {f}.",
        "I have uploaded {f}.",
        "This is {f}.",
        "Given {f},",
        "I have {a} ({f}).",
        "I have {a} named {f}.",
        "I've attached {a}, {f}.",
        "Take {f}.",
        "I have {a} {f} of {d}.",
        "I got {a} of {d} ({f}).",
        "{f}:",
        "There is {a} {f} showing {d}.",
        "Please look at {f}.",
        "My {m} is {f}.",
        "Given {a} {f},",
        "Consider {a} {f}.",
        "I have {f} here.",
        "With {f}:",
        "Use {f}.",
    ),
    "upload": (
        "I have {a}.",
        "Here is {a}.",
        "I uploaded {a}.",
        "I have attached {a} of {d}.",
        "This is my {m}.",
        "See the attached {m}.",
        "I took {a} of {d}.",
        "Given the {m},",
        "I just sent you {a}.",
    ),
    "text": (
        "I have a text: {q}.",
        "Here is a sentence: {q}.",
        "I have this text {q}.",
        "Given the text {q},",
        "The text is {q}.",
        "Take the sentence {q}.",
        "I wrote {q}.",
        "My text says {q}.",
        "Here is the given text: {q}.",
        "I have a text prompt {q}.",
        "Consider the following text: {q}.",
        "{q}:",
        "We have the phrase {q}.",
        "I have a text that reads {q}.",
        "My friend wrote {q}.",
        "I have a sentence {q} and I need some help.",
        "Text: {q}.",
        "The customer said {q}.",
    ),
}
_PROMPTS = {
    "question": (
        "My question is {q}.",
        "I have a question: {q}.",
        "The question is {q}.",
        "Question: {q}.",
        "I have the question {q}.",
        "I want to know {q}.",
        "I wonder: {q}.",
    ),
    "instruction": (
        "I have a text description {q}.",
        "My instruction is {q}.",
        "The edit I want is {q}.",
        "Here is my description: {q}.",
        "I have the instruction {q}.",
        "Description: {q}.",
    ),
}
INTRODUCTIONS |= _PROMPTS
# Several things at once: "I have a text '...' and an image photo.jpg."
LISTED = (
    "I have {x}.",
    "Here are {x}.",
    "Given {x},",
    "I have got {x}.",
    "There are {x}.",
    "Take {x}.",
    "I uploaded {x}.",
    "You get {x}.",
    "Using {x}:",
)
# The text stands bare at the end of the request.
FOLLOWING = (
    "this",
    "the following",
    "the following text",
    "this sentence",
    "this text",
    "the text below",
    "the following sentence",
    "this:",
    "the sentence below",
    "that",
)
FOLLOWING_LINKS = (": ", ": ", ": ", ":\n", "\n", "\n\n", " - ", ":\n\n")
ASIDES = (
    "I am preparing a talk about {d}. ",
    "I work on {d}. ",
    "My boss wants this today. ",
    "I am a bit lost here. ",
    "It is for my {d}. ",
    "I am curious about something. ",
    "Sorry to bother you. ",
    "I have been thinking about {d}. ",
    "I'm writing a report. ",
    "This is a test. ",
    "I need some help with this. ",
    "Good morning. ",
)
MEDIA_WORDS = {
    "image": ("image", "picture", "photo"),
    "audio": ("audio file", "recording", "audio", "sound file"),
    "video": ("video", "clip"),
    "text": ("text", "document", "text file"),
}
# What people add to a clause, and a plan ignores.
TAILS = (
    "for better understanding",
    "for further analysis",
    "to get a better idea of it",
    "as well",
    "too",
    "for my friends",
    "so I can share it with {N}",
    "in order to learn more",
    "to help me with my {n}",
    "in detail",
    "if possible",
    "for my project",
    "with a good model",
    "so that {N} can use it",
    "as accurately as possible",
    "for clarity",
    "to make things easier",
    "because I need it for {art}",
    "and show me",
    "and give me the result",
    "properly",
)
GENERIC = {
    "image": (
        "the image",
        "the picture",
        "the photo",
        "this image",
        "my picture",
        "this photo",
        "the attached image",
        "the given image",
        "my image",
        "the uploaded picture",
        "this pic",
        "the pic",
    ),
    "audio": (
        "the audio",
        "the recording",
        "this recording",
        "my audio file",
        "the sound file",
        "the attached audio",
        "the voice memo",
        "this audio",
    ),
    "video": ("the video", "the clip", "this video", "my clip", "the attached video", "this clip"),
    "text": (
        "the document",
        "the text",
        "my document",
        "this text",
        "the attached text",
        "the text file",
        "the article",
        "this document",
    ),
}
LATEST = {
    "image": (
        "the result",
        "the resulting image",
        "the new image",
        "the output",
        "the resulting picture",
    ),
    "audio": ("the result", "the resulting audio", "the output"),
    "video": ("the result", "the resulting video", "the output"),
    "text": ("the result", "the output", "the resulting text", "the results"),
}
QUOTES = (("'", "'"), ("'", "'"), ('"', '"'), ('"', '"'), ("“", "”"), ("`", "`"), ("«", "»"))

_DOUBLED = {
    "get",
    "cut",
    "put",
    "split",
    "sum",
    "set",
    "run",
    "tag",
    "spot",
    "map",
    "shrink",
    "chat",
    "let",
    "box",
    "swap",
} - {"shrink", "box"}
_SLIPS = {
    "the": "teh",
    "please": "plase",
    "picture": "pciture",
    "image": "imgae",
    "translate": "tranlsate",
    "describe": "decribe",
    "detect": "detct",
    "what": "waht",
    "and": "adn",
    "you": "u",
    "then": "than",
}


# Verbs that many tasks share: after them, "it" must be the last thing spoken of.
SHARED_VERBS = (
    "turn ",
    "convert ",
    "transform ",
    "make ",
    "improve ",
    "enhance ",
    "use ",
    "have ",
    "get ",
)


def gerund(imperative: str) -> str:
    """ "translate it" as "translating it"."""
    verb, _, rest = imperative.partition(" ")
    if verb in _DOUBLED:
        verb += verb[-1]
    elif verb.endswith("e") and not verb.endswith("ee"):
        verb = verb[:-1]
    return f"{verb}ing {rest}".rstrip()


def mark(text: str) -> str:
    """Text that must reach the request as it is."""
    return f"{OPEN}{text}{CLOSE}"


def finish(rng: random.Random, text: str, lower: bool, sloppy: bool) -> str:
    """Case and misspell what is not marked, and take the marks away."""
    text = " ".join(text.split(" "))
    pieces = text.replace(CLOSE, OPEN).split(OPEN)
    for index in range(0, len(pieces), 2):
        piece = pieces[index].lower() if lower else pieces[index]
        pieces[index] = _misspell(rng, piece) if sloppy else piece
    if not lower and pieces[0]:
        pieces[0] = _capitalise(pieces[0])
    return "".join(pieces).strip()


def _capitalise(text: str) -> str:
    return text[0].upper() + text[1:]


def _misspell(rng: random.Random, text: str) -> str:
    words = text.split(" ")
    for index, word in enumerate(words):
        if word in _SLIPS and rng.random() < 0.25:
            words[index] = _SLIPS[word]
        elif len(word) > 4 and word.isalpha() and rng.random() < 0.08:
            spot = rng.randrange(1, len(word) - 1)
            swapped = word[:spot] + word[spot + 1] + word[spot] + word[spot + 2 :]
            words[index] = rng.choice(
                (swapped, word[:spot] + word[spot + 1 :], word[:spot] + word[spot] + word[spot:])
            )
    return " ".join(words)
