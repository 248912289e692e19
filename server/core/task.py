"""Tasks and their typed ports.

A task is a Hugging Face task name. Every task declares named, typed inputs and typed
outputs, so that a plan whose types do not fit is refused before anything runs. A structured
result (labels, boxes, an answer) is also a text, and where a picture of it helps, also an image.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Media(StrEnum):
    """The four types a resource, a port or an output can have."""

    TEXT = "text"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Port:
    """A named, typed input. An optional port takes the empty text for "nothing said"."""

    name: str
    media: Media
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """One task: what it takes, what it gives, and one line that tells a planner when to use it."""

    name: str
    inputs: tuple[Port, ...]
    outputs: tuple[Media, ...]
    summary: str

    def port(self, name: str) -> Port | None:
        """The input port of that name, or None."""
        return next((port for port in self.inputs if port.name == name), None)

    def gives(self, media: Media) -> bool:
        """Whether one of the outputs can feed a port of this type."""
        return media in self.outputs


_TEXT = Port("text", Media.TEXT)
_IMAGE = Port("image", Media.IMAGE)
_AUDIO = Port("audio", Media.AUDIO)
_VIDEO = Port("video", Media.VIDEO)
_LABELS = Port("labels", Media.TEXT)
_T, _I, _A, _V = Media.TEXT, Media.IMAGE, Media.AUDIO, Media.VIDEO

_CONTROLS = {
    "canny": "its edges (Canny)",
    "hed": "its soft edges (HED)",
    "mlsd": "its straight lines (MLSD)",
    "normal": "its surface normals",
    "openpose": "the poses of its people",
    "depth": "its depth",
    "seg": "its segments",
}


def _tasks() -> tuple[Task, ...]:
    return (
        Task(
            "token-classification",
            (_TEXT,),
            (_T,),
            "find names, places and other entities in a text",
        ),
        Task("text-classification", (_TEXT,), (_T,), "tell the sentiment or category of a text"),
        Task(
            "zero-shot-classification",
            (_TEXT, _LABELS),
            (_T,),
            "sort a text under labels the user names",
        ),
        Task("text2text-generation", (_TEXT,), (_T,), "rewrite, correct or paraphrase a text"),
        Task("summarization", (_TEXT,), (_T,), "shorten a text to its main points"),
        Task("translation", (_TEXT,), (_T,), "translate a text into another language"),
        Task(
            "question-answering",
            (_TEXT, Port("context", _T)),
            (_T,),
            "answer a question from a text",
        ),
        Task(
            "table-question-answering",
            (_TEXT, Port("table", _T)),
            (_T,),
            "answer a question from a table",
        ),
        Task("conversational", (_TEXT,), (_T,), "reply to a message in conversation"),
        Task("text-generation", (_TEXT,), (_T,), "write a new text or continue one"),
        Task(
            "sentence-similarity",
            (Port("text1", _T), Port("text2", _T)),
            (_T,),
            "tell how alike two texts are",
        ),
        Task("feature-extraction", (_TEXT,), (_T,), "turn a text into an embedding vector"),
        Task("fill-mask", (_TEXT,), (_T,), "fill the blank ([MASK]) in a text"),
        Task("tabular-classification", (Port("table", _T),), (_T,), "classify the rows of a table"),
        Task("object-detection", (_IMAGE,), (_T, _I), "find the objects in an image, with boxes"),
        Task(
            "zero-shot-object-detection",
            (_IMAGE, _LABELS),
            (_T, _I),
            "find named things in an image",
        ),
        Task("image-classification", (_IMAGE,), (_T,), "tell what class an image belongs to"),
        Task(
            "zero-shot-image-classification",
            (_IMAGE, _LABELS),
            (_T,),
            "sort an image under named labels",
        ),
        Task(
            "image-to-image",
            (_IMAGE, Port("text", _T, optional=True)),
            (_I,),
            "edit an image as told, or enhance it when the text is empty",
        ),
        Task("image-to-text", (_IMAGE,), (_T,), "describe an image, caption it, or read its text"),
        Task("text-to-image", (_TEXT,), (_I,), "draw an image from a description"),
        Task("text-to-video", (_TEXT,), (_V,), "make a video from a description"),
        Task("image-to-video", (_IMAGE,), (_V,), "bring an image to motion"),
        Task(
            "visual-question-answering", (_IMAGE, _TEXT), (_T,), "answer a question about an image"
        ),
        Task(
            "document-question-answering",
            (_IMAGE, _TEXT),
            (_T,),
            "answer a question about a document image",
        ),
        Task("image-segmentation", (_IMAGE,), (_I, _T), "divide an image into labelled segments"),
        Task("mask-generation", (_IMAGE,), (_I, _T), "cut out everything in an image as masks"),
        Task(
            "depth-estimation",
            (_IMAGE,),
            (_I, _T),
            "estimate how far away each part of an image is",
        ),
        Task("text-to-speech", (_TEXT,), (_A,), "read a text aloud"),
        Task("text-to-audio", (_TEXT,), (_A,), "make music or a sound from a description"),
        Task(
            "automatic-speech-recognition", (_AUDIO,), (_T,), "write down what is said in an audio"
        ),
        Task("audio-to-audio", (_AUDIO,), (_A,), "clean, separate or change a voice or sound"),
        Task(
            "audio-classification",
            (_AUDIO,),
            (_T,),
            "tell what kind of sound or emotion an audio is",
        ),
        Task("video-classification", (_VIDEO,), (_T,), "tell what happens in a video"),
        *(
            Task(f"{name}-control", (_IMAGE,), (_I,), f"extract from an image {what}")
            for name, what in _CONTROLS.items()
        ),
        *(
            Task(
                f"{name}-text-to-image",
                (_TEXT, _IMAGE),
                (_I,),
                f"draw a description, guided by an image of {what}",
            )
            for name, what in _CONTROLS.items()
        ),
    )


TASKS: Mapping[str, Task] = MappingProxyType({task.name: task for task in _tasks()})
