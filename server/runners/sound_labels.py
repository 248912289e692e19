"""Sounds to labels and transcripts, by transformers pipelines."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import StoppingCriteriaList
from transformers.models.whisper.tokenization_whisper import TO_LANGUAGE_CODE

from server.artifacts.audio import at_least, pieces_of
from server.core.job import TaskResult, TaskWork
from server.errors import InvalidInput
from server.runners.generating import StopOnCancel, take_seed
from server.runners.ports import audio_input
from server.runners.runner import Reporter
from server.runners.sounding import check_taken, watched
from server.runners.text_labels import labelled

# Less is too little for the convolutions these models begin with.
_SHORTEST_S = 0.1
# Longer recordings go through a model in pieces, at the cost of a seam: attention over a whole
# one takes memory with the square of its length.
_LABEL_PIECE_S = 10
_TEXT_PIECE_S = 20
_OVERLAP_S = 3
_TOP = 5
# Below this a recording is silence, of which Whisper makes up words.
_QUIET = 1e-4
# Whisper's decoder begins with language, task and the like.
_BEGINNING = 8
_NOTHING = "nothing was heard"


def _samples(pipe: Any, work: TaskWork) -> NDArray[np.float32]:
    rate = pipe.feature_extractor.sampling_rate
    return at_least(audio_input(work, rate), _SHORTEST_S, rate)


def _classify(pipe: Any, work: TaskWork, reporter: Reporter) -> TaskResult:
    """Labels of the whole recording: the mean over its pieces."""
    settings = dict(work.parameters)
    top = settings.pop("top_k", _TOP)
    rate = pipe.feature_extractor.sampling_rate
    pieces = list(pieces_of(_samples(pipe, work), _LABEL_PIECE_S, rate))
    scores: dict[str, float] = {}
    for done, piece in enumerate(pieces, start=1):
        for item in pipe(at_least(piece, _SHORTEST_S, rate), **settings):
            scores[item["label"]] = scores.get(item["label"], 0.0) + item["score"] / len(pieces)
        reporter.progress(done, len(pieces))
    best = sorted(scores.items(), key=lambda item: -item[1])[:top]
    return labelled([{"label": label, "score": score} for label, score in best], work.task)


def _transcribe(pipe: Any, work: TaskWork, reporter: Reporter) -> TaskResult:
    samples = _samples(pipe, work)
    settings, seed = take_seed(work.parameters)
    write = _by_ctc if pipe.type == "ctc" else _by_generation
    torch.manual_seed(seed)
    text = write(pipe, samples, settings, work.task, reporter) if _is_loud(samples) else ""
    drawn = {"seed": seed} if settings.get("do_sample") else {}
    return TaskResult(text or _NOTHING, {"text": text, **drawn})


def _is_loud(samples: NDArray[np.float32]) -> bool:
    return float(np.abs(samples).max()) > _QUIET


def _by_ctc(
    pipe: Any, samples: NDArray[np.float32], settings: dict[str, Any], task: str, reporter: Reporter
) -> str:
    """A model that names the letter of each moment, in overlapping pieces."""
    check_taken(settings, (), task, "a model of this kind (CTC)")
    new_s = _TEXT_PIECE_S - 2 * _OVERLAP_S
    seconds = len(samples) / pipe.feature_extractor.sampling_rate
    pieces = max(1, math.ceil((seconds - 2 * _OVERLAP_S) / new_s))
    with watched(pipe.model, reporter, pieces):
        found = pipe(samples, chunk_length_s=_TEXT_PIECE_S, stride_length_s=_OVERLAP_S)
    return found["text"].strip()


def _by_generation(
    pipe: Any, samples: NDArray[np.float32], settings: dict[str, Any], task: str, reporter: Reporter
) -> str:
    """A model that writes token by token."""
    is_whisper = pipe.type == "seq2seq_whisper"
    stop = StoppingCriteriaList([StopOnCancel(reporter)])
    asked = _for_whisper(pipe.model, settings) if is_whisper else settings
    generating = {"stopping_criteria": stop, **asked}
    long: dict[str, Any] = {}
    if is_whisper and len(samples) > pipe.feature_extractor.n_samples:
        # Whisper finds its place in a long recording by the timestamps it writes.
        long = {"return_timestamps": True}
        generating["monitor_progress"] = lambda frames: reporter.progress(*frames[0].tolist())
    return pipe(samples, **long, generate_kwargs=generating)["text"].strip()


def _for_whisper(model: Any, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters as Whisper's `generate` wants them. Raises InvalidInput."""
    asked = dict(settings)
    _check_language(model.generation_config, asked)
    limit = model.config.max_target_positions - _BEGINNING
    if "max_new_tokens" in asked:
        asked["max_new_tokens"] = min(asked["max_new_tokens"], limit)
    # A temperature alone makes Whisper draw its words.
    temperature = asked.pop("temperature", 1.0)
    return asked | ({"temperature": temperature} if asked.get("do_sample") else {})


def _check_language(config: Any, asked: dict[str, Any]) -> None:
    if not getattr(config, "is_multilingual", False):
        told = ", ".join(sorted({"language", "task"} & asked.keys()))
        if told:
            raise InvalidInput(f"this Whisper model writes down English only; leave out: {told}")
        return
    if language := asked.get("language", "").lower():
        code = TO_LANGUAGE_CODE.get(language, language.replace("_", "-").partition("-")[0])
        if f"<|{code}|>" not in config.lang_to_id:
            known = ", ".join(token.strip("<|>") for token in config.lang_to_id)
            raise InvalidInput(f"this Whisper model knows no language {language!r}; say: {known}")
        asked["language"] = code


HANDLERS = {"audio-classification": _classify, "automatic-speech-recognition": _transcribe}
