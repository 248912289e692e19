"""text-to-speech: a text read aloud, sentence by sentence, by VITS, SpeechT5 or Bark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import (
    AutoConfig,
    BarkConfig,
    BarkModel,
    BarkProcessor,
    SpeechT5Config,
    SpeechT5ForTextToSpeech,
    SpeechT5Tokenizer,
    StoppingCriteriaList,
    VitsConfig,
    VitsModel,
    VitsTokenizer,
)
from transformers.models.bark.generation_configuration_bark import BarkSemanticGenerationConfig

from server.core.job import TaskResult, Work
from server.core.lane import Weights
from server.core.parameters import Writing
from server.errors import InvalidInput, LoadError
from server.runners.generating import StopOnCancel, take_seed
from server.runners.loading import bytes_of, dtype_of, spec_of, torch_device
from server.runners.ports import audio_output, task_work
from server.runners.runner import Reporter
from server.runners.sounding import check_taken, mono, wanted_text, watched
from server.runners.spelling import spelled
from server.runners.voice import VOICES, load_vocoder, voice_vector

# What Bark can say in one breath; the others are given no more either.
_LONGEST_CHARS = 200
_PAUSE_S = 0.25
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])|\n+")
# The last place of a long sentence where it may be parted: after a comma or the like, or a word.
_PARTINGS = (re.compile(r".*[,;:、，；]"), re.compile(r".*\s"))
# Bark can end before it has said anything, and cannot make sound of nothing.
_FEWEST_TOKENS = 16
# So Bark's authors mark what is to be sung.
_SUNG = "♪ {} ♪"


class _Speaker(Protocol):
    """A model that reads one sentence aloud."""

    taken: frozenset[str]
    """The parameters it takes."""
    voices: tuple[str, ...]
    """Their names, the usual one first; none where the model has but one voice."""
    rate: int
    modules: tuple[torch.nn.Module, ...]

    def prepared(self, text: str) -> str:
        """The whole text as it is to be read."""
        ...

    def say(
        self, sentence: str, voice: str | None, settings: Mapping[str, Any], reporter: Reporter, /
    ) -> torch.Tensor | None:
        """The samples, shape (1, count); None where it knows none of the characters."""
        ...


class _Vits:
    """Says a sentence in one pass; speakers, where it has several, go by number."""

    taken = frozenset({"voice"})

    def __init__(self, weights: Weights, device: str) -> None:
        self._tokenizer: Any = VitsTokenizer.from_pretrained(weights.path, local_files_only=True)
        self._model = _loaded(VitsModel, weights, device)
        numbers = range(self._model.config.num_speakers)
        self.voices: tuple[str, ...] = tuple(map(str, numbers)) if len(numbers) > 1 else ()
        self.rate = self._model.config.sampling_rate
        self.modules: tuple[torch.nn.Module, ...] = (self._model,)

    def prepared(self, text: str) -> str:
        return text

    def say(
        self, sentence: str, voice: str | None, _settings: Mapping[str, Any], _reporter: Reporter
    ) -> torch.Tensor | None:
        inputs = self._tokenizer(sentence, return_tensors="pt")
        if not inputs["input_ids"].numel():
            return None
        speaker = None if voice is None else int(voice)
        return self._model(**inputs.to(self._model.device), speaker_id=speaker).waveform


class _SpeechT5:
    """Says an English sentence in a voice given as a vector, through its vocoder."""

    taken = frozenset({"voice"})
    voices: tuple[str, ...] = VOICES

    def __init__(self, weights: Weights, device: str) -> None:
        self._tokenizer: Any = SpeechT5Tokenizer.from_pretrained(
            weights.path, local_files_only=True
        )
        self._model = _loaded(SpeechT5ForTextToSpeech, weights, device)
        self._vocoder = load_vocoder(weights, device)
        self.rate = self._vocoder.config.sampling_rate
        self.modules: tuple[torch.nn.Module, ...] = (self._model, self._vocoder)

    def prepared(self, text: str) -> str:
        return spelled(text)

    def say(
        self, sentence: str, voice: str | None, _settings: Mapping[str, Any], reporter: Reporter
    ) -> torch.Tensor | None:
        inputs = self._tokenizer(sentence, return_tensors="pt").to(self._model.device)
        vector = voice_vector(voice or VOICES[0], self._model)
        with watched(self._model.speecht5.decoder.wrapped_decoder, reporter):
            return self._model.generate_speech(
                inputs["input_ids"], vector, vocoder=self._vocoder
            ).reshape(1, -1)


class _Bark:
    """Says, sings and sounds what it is told, in the voices that lie beside its weights."""

    taken = frozenset({"voice", "seconds", *Writing.model_fields}) - {"seed", "num_beams"}

    def __init__(self, weights: Weights, device: str) -> None:
        # The files of its voices are named relative to this folder.
        self._processor: Any = BarkProcessor.from_pretrained(
            str(weights.path), local_files_only=True
        )
        self._model = _loaded(BarkModel, weights, device)
        self.voices: tuple[str, ...] = tuple(self._voices(weights.path))
        self.rate = self._model.config.codec_config.sampling_rate
        self.modules: tuple[torch.nn.Module, ...] = (self._model,)

    def prepared(self, text: str) -> str:
        return text

    def say(
        self, sentence: str, voice: str | None, settings: Mapping[str, Any], reporter: Reporter
    ) -> torch.Tensor | None:
        inputs = self._processor(sentence, voice_preset=voice).to(self._model.device)
        with watched(self._model.fine_acoustics.layers[0], reporter):
            return self._model.generate(
                **inputs,
                **self._for_bark(settings),
                stopping_criteria=StoppingCriteriaList([StopOnCancel(reporter)]),
            )

    def _voices(self, folder: Path) -> Iterator[str]:
        """Those whose files are here; without any it makes up a voice for each sentence."""
        for name in self._processor.available_voice_presets:
            files = self._processor.speaker_embeddings[name].values()
            if all((folder / file).is_file() for file in files):
                yield name

    def _for_bark(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """What is asked of the first of its three models, the one that decides what is said."""
        usual = BarkSemanticGenerationConfig(**self._model.generation_config.semantic_config)
        asked = dict(settings)
        if seconds := asked.pop("seconds", None):
            asked["max_new_tokens"] = max(1, round(seconds * usual.semantic_rate_hz))
        longest = min(asked.get("max_new_tokens", usual.max_new_tokens), usual.max_new_tokens)
        asked |= {"max_new_tokens": longest, "min_new_tokens": min(longest, _FEWEST_TOKENS)}
        return {f"semantic_{name}": value for name, value in asked.items()}


_SPEAKERS: Mapping[type, Callable[[Weights, str], _Speaker]] = MappingProxyType(
    {VitsConfig: _Vits, SpeechT5Config: _SpeechT5, BarkConfig: _Bark}
)


class SpeechRunner:
    """Text in, speech out; `voice` and `seed` make it reproducible."""

    def __init__(self, weights: Weights, device: str) -> None:
        self._spec = spec_of(weights)
        kind = type(AutoConfig.from_pretrained(weights.path, local_files_only=True))
        if kind not in _SPEAKERS:
            known = ", ".join(known.__name__ for known in _SPEAKERS)
            raise LoadError(f"{self._spec.id} is a {kind.__name__}; speech is made by: {known}")
        self._speaker = _SPEAKERS[kind](weights, device)

    @property
    def resident_bytes(self) -> int:
        """Parameters and buffers, the vocoder's included."""
        return bytes_of(self._speaker.modules)

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """Read the text. Raises InvalidInput where there is nothing in it to say."""
        task = task_work(work)
        settings, seed = take_seed(task.parameters)
        check_taken(settings, self._speaker.taken, task.task, self._spec.id)
        voice = self._voice(settings.pop("voice", None), task.task)
        sentences = _spoken(self._speaker.prepared(wanted_text(task)), task.task)
        torch.manual_seed(seed)
        with torch.inference_mode():
            said = list(self._said(sentences, voice, settings, reporter))
        if not said:
            raise InvalidInput(f"{self._spec.id} knows none of the characters; send another text")
        sound = audio_output(_joined(said, self._speaker.rate), self._speaker.rate, task)
        return TaskResult(files=(sound,), data={"seed": seed} | ({"voice": voice} if voice else {}))

    def _said(
        self,
        sentences: Sequence[str],
        voice: str | None,
        settings: Mapping[str, Any],
        reporter: Reporter,
    ) -> Iterator[NDArray[np.float32]]:
        for done, sentence in enumerate(sentences, start=1):
            reporter.check()
            waveform = self._speaker.say(sentence, voice, settings, reporter)
            if waveform is not None:
                yield mono(waveform)
            reporter.progress(done, len(sentences))

    def _voice(self, asked: str | None, task: str) -> str | None:
        voices = self._speaker.voices
        if asked is None:
            # Music is nobody's voice.
            return voices[0] if voices and task == "text-to-speech" else None
        if asked not in voices:
            some = ", ".join(voices[:12]) or "none to choose from"
            raise InvalidInput(f"{self._spec.id} has no voice {asked!r}; its voices: {some}")
        return asked


def _loaded(kind: Any, weights: Weights, device: str) -> Any:
    spec = spec_of(weights)
    model = kind.from_pretrained(
        weights.path,
        local_files_only=True,
        use_safetensors=True,
        variant=spec.variant,
        dtype=dtype_of(spec),
    )
    return model.to(torch_device(device))


def sentences_of(text: str) -> Iterator[str]:
    """The sentences of a text, those that are too long for a model in parts; none is empty."""
    for sentence in _SENTENCE_END.split(text):
        rest = " ".join(sentence.split())
        while len(rest) > _LONGEST_CHARS:
            found = (parting.match(rest[:_LONGEST_CHARS]) for parting in _PARTINGS)
            end = next((match.end() for match in found if match), _LONGEST_CHARS)
            yield rest[:end].strip()
            rest = rest[end:].strip()
        if rest:
            yield rest


def _spoken(text: str, task: str) -> list[str]:
    """What is said one after the other: sentences, or for a sound the whole, marked as music."""
    return list(sentences_of(text)) if task == "text-to-speech" else [_SUNG.format(text)]


def _joined(said: Sequence[NDArray[np.float32]], rate: int) -> NDArray[np.float32]:
    pause = np.zeros(int(_PAUSE_S * rate), np.float32)
    spaced = [part for samples in said for part in (samples, pause)]
    return np.concatenate(spaced[:-1])
