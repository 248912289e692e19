"""Speech, labels of sounds, music and voices, on twins of the real models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from scripts.twins.sound import TWINS
from server.artifacts.audio import read_audio, write_audio
from server.core.job import MediaFile, TaskWork
from server.core.lane import Weights
from server.core.model import Catalog, Family, ModelSpec, Precision
from server.core.task import TASKS, Media
from server.errors import Cancelled, InvalidInput, LoadError, TooLarge
from server.runners.registry import load_runner
from server.runners.runner import Reporter, Runner
from server.runners.speech import sentences_of
from server.runners.spelling import spelled
from tests.runners.bench import cancelled_at, run, silent, tone, work
from tests.runners.conftest import TwinRunner

WHISPER = "openai/whisper-small"
CTC = "facebook/wav2vec2-base-960h"
AST = "MIT/ast-finetuned-audioset-10-10-0.4593"
EMOTIONS = "superb/wav2vec2-base-superb-er"
SPEECHT5 = "microsoft/speecht5_tts"
BARK = "suno/bark-small"
ACE = "ACE-Step/acestep-v15-xl-turbo-diffusers"
VOICE = "microsoft/speecht5_vc"
ASR = "automatic-speech-recognition"
SHORT = {"max_new_tokens": 8}
TWO_SENTENCES = "The fox is quick. The dog is lazy."


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def uncatalogued(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Runner]:
    """A model of a kind that runs, but whose weights no catalog of this project may name."""
    folder = tmp_path_factory.mktemp("uncatalogued")
    loaded: dict[str, Runner] = {}

    def load(model_id: str, task: str, family: Family) -> Runner:
        if model_id not in loaded:
            path = folder / model_id
            path.mkdir(parents=True)
            TWINS[model_id](path, None)
            loaded[model_id] = load_runner(Weights(spec(model_id, task, family), path), "cpu:0")
        return loaded[model_id]

    return load


def spec(model_id: str, task: str, family: Family) -> ModelSpec:
    return ModelSpec(
        id=model_id,
        tasks=(task,),
        revision="main",
        licence="CC-BY-NC-4.0",
        downloads=0,
        likes=0,
        description="",
        size_bytes=1,
        precision=Precision.FLOAT32,
        family=family,
    )


def heard(file: MediaFile) -> np.ndarray:
    assert (file.media, file.mime) == (Media.AUDIO, "audio/wav")
    return read_audio(file, 16_000, 600)


def seconds(file: MediaFile) -> float:
    return len(heard(file)) / 16_000


def recording(folder: Path, samples: np.ndarray, rate: int = 16_000) -> MediaFile:
    return write_audio(folder / "recording", samples.astype(np.float32), rate)


def silence(folder: Path, length_s: float = 1.0) -> MediaFile:
    return recording(folder, np.zeros(int(16_000 * length_s)))


def listen(audio: MediaFile, folder: Path, **parameters: object) -> TaskWork:
    return work(ASR, folder, {"audio": audio}, **parameters)


def read_aloud(text: str, folder: Path, **parameters: object) -> TaskWork:
    return work("text-to-speech", folder, {"text": text}, **parameters)


def compose(folder: Path, text: str = "calm piano", **parameters: object) -> TaskWork:
    return work("text-to-audio", folder, {"text": text}, **parameters)


def made_bytes(runner: Runner, job: TaskWork) -> bytes:
    (file,) = run(runner, job).files
    return file.path.read_bytes()


def progress_of(runner: Runner, job: TaskWork) -> list[tuple[int, int]]:
    told: list[tuple[int, int]] = []
    run(runner, job, Reporter(lambda done, total: told.append((done, total)), lambda _: None))
    return told


def check_seed(runner: Runner, make: Callable[[int], TaskWork]) -> None:
    assert made_bytes(runner, make(1)) == made_bytes(runner, make(1))
    assert made_bytes(runner, make(1)) != made_bytes(runner, make(2))


# --- automatic-speech-recognition


@pytest.mark.parametrize("model", ["openai/whisper-large-v3-turbo", WHISPER, CTC])
def test_a_recording_becomes_a_text(twin: TwinRunner, tmp_path: Path, model: str) -> None:
    given = {} if model == CTC else SHORT
    result = run(twin(model), listen(tone(tmp_path), tmp_path, **given))
    assert result.text in (result.data["text"], "nothing was heard")
    assert result.files == ()


@pytest.mark.parametrize("model", [WHISPER, CTC])
def test_silence_is_told_in_a_plain_sentence(twin: TwinRunner, tmp_path: Path, model: str) -> None:
    result = run(twin(model), listen(silence(tmp_path), tmp_path))
    assert (result.text, result.data) == ("nothing was heard", {"text": ""})


@pytest.mark.parametrize("model", [WHISPER, CTC])
def test_a_clip_of_10_ms_is_listened_to(twin: TwinRunner, tmp_path: Path, model: str) -> None:
    given = {} if model == CTC else SHORT
    assert run(twin(model), listen(tone(tmp_path, 0.01), tmp_path, **given)).text


def test_whisper_listens_to_more_than_30_s_and_reports_how_far_it_is(
    twin: TwinRunner, tmp_path: Path
) -> None:
    told = progress_of(twin(WHISPER), listen(tone(tmp_path, 50), tmp_path, num_beams=1))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert {total for _, total in told} == {5000}
    assert told[-1][0] > 0


def test_wav2vec2_listens_in_pieces_and_reports_each(twin: TwinRunner, tmp_path: Path) -> None:
    told = progress_of(twin(CTC), listen(tone(tmp_path, 50), tmp_path))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_pieces_of_a_long_recording_make_one_text(twin: TwinRunner, tmp_path: Path) -> None:
    short = run(twin(CTC), listen(tone(tmp_path, 15), tmp_path)).data["text"]
    long = run(twin(CTC), listen(tone(tmp_path, 45), tmp_path)).data["text"]
    assert len(long) > len(short)


@pytest.mark.parametrize("language", ["en", "French", "de-AT", "fr_CA"])
def test_whisper_is_told_the_language_and_what_to_do(
    twin: TwinRunner, tmp_path: Path, language: str
) -> None:
    given = {"language": language, "task": "translate", **SHORT}
    assert run(twin(WHISPER), replace(listen(tone(tmp_path), tmp_path), parameters=given)).text


def test_a_language_that_whisper_does_not_know_is_refused_with_those_it_does(
    twin: TwinRunner, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput, match="knows no language 'klingon'; say: de, en, fr"):
        run(twin(WHISPER), listen(tone(tmp_path), tmp_path, language="klingon"))


def test_a_language_is_refused_where_the_model_writes_english_only(
    twin: TwinRunner, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput, match="takes no 'language'"):
        run(twin(CTC), listen(tone(tmp_path), tmp_path, language="fr"))


def test_more_tokens_than_whisper_has_positions_are_not_asked_of_it(
    twin: TwinRunner, tmp_path: Path
) -> None:
    job = listen(tone(tmp_path), tmp_path, max_new_tokens=8192, num_beams=1)
    assert run(twin(WHISPER), job).text


def test_words_that_are_drawn_follow_the_seed(twin: TwinRunner, tmp_path: Path) -> None:
    def said(seed: int) -> str:
        given = {"do_sample": True, "temperature": 1.5, "seed": seed, **SHORT}
        result = run(twin(WHISPER), listen(tone(tmp_path), tmp_path, **given))
        assert result.data["seed"] == seed
        return result.data["text"]

    assert said(1) == said(1)
    assert len({said(seed) for seed in range(4)}) > 1


@pytest.mark.parametrize("model", [WHISPER, CTC])
def test_a_cancelled_transcription_stops_and_the_next_one_works(
    twin: TwinRunner, tmp_path: Path, model: str
) -> None:
    audio = tone(tmp_path, 50)
    assert len(cancelled_at(twin(model), lambda: listen(audio, tmp_path), at=0)) == 1
    given = {} if model == CTC else SHORT
    assert run(twin(model), listen(tone(tmp_path), tmp_path, **given)).text


def test_a_recording_longer_than_the_limit_is_refused(twin: TwinRunner, tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="longer than 60 s"):
        run(twin(CTC), listen(tone(tmp_path, 61), tmp_path))


# --- audio-classification


def classify(audio: MediaFile, folder: Path, **parameters: object) -> TaskWork:
    return work("audio-classification", folder, {"audio": audio}, **parameters)


@pytest.mark.parametrize("model", [AST, EMOTIONS, "superb/wav2vec2-base-superb-ks"])
@pytest.mark.parametrize("length_s", [0.01, 1.0, 25.0])
def test_a_sound_gets_labels_best_first_whatever_its_length(
    twin: TwinRunner, tmp_path: Path, model: str, length_s: float
) -> None:
    result = run(twin(model), classify(tone(tmp_path, length_s), tmp_path))
    scores = [item["score"] for item in result.data]
    assert result.text == result.data[0]["label"]
    assert scores == sorted(scores, reverse=True)
    assert all(type(score) is float for score in scores)
    assert 0 < sum(scores) <= 1.01


def test_silence_gets_labels_too(twin: TwinRunner, tmp_path: Path) -> None:
    assert run(twin(AST), classify(silence(tmp_path), tmp_path)).data


def test_as_many_labels_as_are_asked_for(twin: TwinRunner, tmp_path: Path) -> None:
    audio = tone(tmp_path)
    assert len(run(twin(AST), classify(audio, tmp_path)).data) == 5
    assert len(run(twin(AST), classify(audio, tmp_path, top_k=2)).data) == 2
    assert len(run(twin(AST), classify(audio, tmp_path, top_k=1000)).data) == 6


def test_a_long_sound_is_judged_in_pieces_and_can_be_cancelled(
    twin: TwinRunner, tmp_path: Path
) -> None:
    audio = tone(tmp_path, 40)
    assert progress_of(twin(AST), classify(audio, tmp_path))[-1] == (5, 5)
    assert cancelled_at(twin(AST), lambda: classify(audio, tmp_path), at=1) == [1]
    assert run(twin(AST), classify(tone(tmp_path), tmp_path)).text


# --- text-to-speech


@pytest.fixture(params=["vits", "speecht5", "bark"])
def speaker(
    request: pytest.FixtureRequest, twin: TwinRunner, uncatalogued: Callable[..., Runner]
) -> Runner:
    if request.param == "vits":
        return uncatalogued("facebook/mms-tts-eng", "text-to-speech", Family.SPEECH)
    return twin(SPEECHT5 if request.param == "speecht5" else BARK)


def test_a_text_is_read_aloud(speaker: Runner, tmp_path: Path) -> None:
    result = run(speaker, read_aloud("hello world", tmp_path, seed=1))
    (file,) = result.files
    assert np.abs(heard(file)).max() > 0
    assert result.data["seed"] == 1
    assert result.text is None


def test_speech_of_a_seed_is_the_same_bytes(speaker: Runner, tmp_path: Path) -> None:
    check_seed(speaker, lambda seed: read_aloud("hello world", tmp_path, seed=seed))


def test_the_seed_drawn_for_speech_is_named(speaker: Runner, tmp_path: Path) -> None:
    result = run(speaker, read_aloud("hello", tmp_path))
    again = read_aloud("hello", tmp_path, seed=result.data["seed"])
    assert result.files[0].path.read_bytes() == made_bytes(speaker, again)


def test_speech_reports_each_sentence(speaker: Runner, tmp_path: Path) -> None:
    assert progress_of(speaker, read_aloud(TWO_SENTENCES, tmp_path)) == [(1, 2), (2, 2)]


def test_cancelled_speech_stops_and_the_next_works(speaker: Runner, tmp_path: Path) -> None:
    assert cancelled_at(speaker, lambda: read_aloud(TWO_SENTENCES, tmp_path), at=1) == [1]
    assert run(speaker, read_aloud("hello", tmp_path)).files


@pytest.mark.parametrize("text", ["", " \n "])
def test_an_empty_text_is_not_read(speaker: Runner, tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidInput, match="needs a text; this one is empty"):
        run(speaker, read_aloud(text, tmp_path))


@pytest.mark.parametrize(
    "text",
    [
        "naïve 你好 ☃ x",
        "in 1984 or 3.5 %, $7!",
        "a",
        "?! ... a",
        "<unk></s>[SEP] b",
        "é\x00è c",
        "7" * 300 + " a",
    ],
)
def test_characters_that_the_model_does_not_know_do_no_harm(
    speaker: Runner, tmp_path: Path, text: str
) -> None:
    assert run(speaker, read_aloud(text, tmp_path)).files


def test_a_text_of_nothing_but_unknown_characters_is_refused(
    uncatalogued: Callable[..., Runner], tmp_path: Path
) -> None:
    vits = uncatalogued("facebook/mms-tts-eng", "text-to-speech", Family.SPEECH)
    with pytest.raises(InvalidInput, match="knows none of the characters"):
        run(vits, read_aloud("你好 123", tmp_path))


def test_a_voice_that_is_not_there_is_refused(speaker: Runner, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"has no voice '\.\./x'; its voices: "):
        run(speaker, read_aloud("hello", tmp_path, voice="../x"))


def test_a_parameter_that_the_model_has_not_is_refused(twin: TwinRunner, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="takes no 'temperature'; of the parameters: voice"):
        run(twin(SPEECHT5), read_aloud("hello", tmp_path, temperature=0.5))


@pytest.mark.parametrize(
    ("model", "voices"),
    [(SPEECHT5, ("alder", "rowan")), (BARK, ("v2/en_speaker_6", "v2/de_speaker_1"))],
)
def test_each_voice_sounds_its_own_way(
    twin: TwinRunner, tmp_path: Path, model: str, voices: tuple[str, str]
) -> None:
    first, second = (
        made_bytes(twin(model), read_aloud("hello", tmp_path, voice=voice, seed=1))
        for voice in voices
    )
    assert first != second
    assert made_bytes(twin(model), read_aloud("hello", tmp_path, seed=1)) == first


def test_bark_without_voice_files_makes_up_a_voice(
    tmp_path: Path, uncatalogued: Callable[..., Runner]
) -> None:
    folder = tmp_path / "bark"
    folder.mkdir()
    TWINS[BARK](folder, None)
    for file in folder.glob("speaker_embeddings/*/*.npy"):
        file.unlink()
    weights = Weights(spec(BARK, "text-to-speech", Family.SPEECH), folder)
    result = run(load_runner(weights, "cpu:0"), read_aloud("hello", tmp_path))
    assert "voice" not in result.data


def test_speecht5_without_a_vocoder_is_not_loaded(tmp_path: Path) -> None:
    TWINS[SPEECHT5](tmp_path, None)
    weights = Weights(spec(SPEECHT5, "text-to-speech", Family.SPEECH), tmp_path)
    with pytest.raises(LoadError, match="has no vocoder"):
        load_runner(weights, "cpu:0")


def test_a_model_that_does_not_speak_is_not_loaded_as_one(tmp_path: Path) -> None:
    TWINS[AST](tmp_path, None)
    weights = Weights(spec(AST, "text-to-speech", Family.SPEECH), tmp_path)
    with pytest.raises(LoadError, match="is a ASTConfig; speech is made by"):
        load_runner(weights, "cpu:0")


def test_a_long_text_is_parted_at_sentences_then_at_commas_then_at_words() -> None:
    words = "word " * 60
    parts = list(sentences_of(f"One. Two!\nThree? {words}, and more. {'x' * 450}"))
    assert parts[:3] == ["One.", "Two!", "Three?"]
    assert all(0 < len(part) <= 200 for part in parts)
    assert "".join(parts).count("word") == 60
    assert "".join(parts).count("x") == 450


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("In 1984, 3.5 % of $7!", "In one thousand nine hundred eighty four, "
         "three point five percent of seven dollars!"),
        ("£1,250,000 & 0 or 007", "one million two hundred fifty thousand pounds and zero "
         "or zero zero seven"),
        ("9" * 16 + ".", " ".join(["nine"] * 16) + "."),
        ("10 apples", "ten apples"),
        ("no number", "no number"),
    ],
)  # fmt: skip
def test_numbers_are_spelled_for_a_model_that_knows_letters_only(text: str, said: str) -> None:
    assert spelled(text) == said


@given(st.text(alphabet="0123456789.,%$€£& a٣½", max_size=40))
def test_spelling_leaves_no_digit_and_never_fails(text: str) -> None:
    assert not any(letter.isdecimal() for letter in spelled(text))


def test_a_vocoder_counts_among_what_speech_takes(twin: TwinRunner, tmp_path: Path) -> None:
    TWINS["microsoft/speecht5_hifigan"](tmp_path, None)
    vocoder_bytes = (tmp_path / "model.safetensors").stat().st_size
    assert twin(SPEECHT5).resident_bytes > vocoder_bytes


# --- text-to-audio


@pytest.fixture(params=["musicgen", "audioldm2", "stable-audio", "ace-step"])
def composer(
    request: pytest.FixtureRequest, twin: TwinRunner, uncatalogued: Callable[..., Runner]
) -> Runner:
    if request.param == "ace-step":
        return twin(ACE)
    model, family = {
        "musicgen": ("facebook/musicgen-small", Family.MUSIC),
        "audioldm2": ("cvssp/audioldm2", Family.SOUND_DIFFUSION),
        "stable-audio": ("stabilityai/stable-audio-open-1.0", Family.SOUND_DIFFUSION),
    }[request.param]
    return uncatalogued(model, "text-to-audio", family)


def quick(composer: Runner) -> dict[str, Any]:
    """Parameters that make it so."""
    is_diffusion = type(composer).__name__ == "SoundDiffusionRunner"
    return {"seconds": 0.5, **({"num_inference_steps": 3} if is_diffusion else {})}


def test_music_lasts_as_long_as_it_is_asked_to(composer: Runner, tmp_path: Path) -> None:
    (file,) = run(composer, compose(tmp_path, **quick(composer))).files
    assert seconds(file) == pytest.approx(0.5, abs=0.02)


def test_music_of_a_seed_is_the_same_bytes(composer: Runner, tmp_path: Path) -> None:
    check_seed(composer, lambda seed: compose(tmp_path, seed=seed, **quick(composer)))


def test_music_reports_progress_to_its_end(composer: Runner, tmp_path: Path) -> None:
    told = progress_of(composer, compose(tmp_path, **quick(composer)))
    total = told[0][1]
    assert [done for done, _ in told] == list(range(1, len(told) + 1))
    assert total - told[-1][0] <= 2


def test_cancelled_music_stops_within_a_step_and_the_next_works(
    composer: Runner, tmp_path: Path
) -> None:
    given = quick(composer)
    assert cancelled_at(composer, lambda: compose(tmp_path, **given), at=2) == [1, 2]
    assert run(composer, compose(tmp_path, **given)).files


def test_music_of_nothing_is_not_made(composer: Runner, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="needs a text"):
        run(composer, compose(tmp_path, " "))


def test_what_a_model_of_music_does_not_take_is_refused(composer: Runner, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="takes no 'num_beams'"):
        run(composer, compose(tmp_path, num_beams=4))


def test_what_to_avoid_changes_the_sound(
    uncatalogued: Callable[..., Runner], tmp_path: Path
) -> None:
    model = uncatalogued(
        "stabilityai/stable-audio-open-1.0", "text-to-audio", Family.SOUND_DIFFUSION
    )
    given = {**quick(model), "seed": 1, "guidance_scale": 5.0}
    plain = made_bytes(model, compose(tmp_path, **given))
    assert made_bytes(model, compose(tmp_path, negative_prompt="noise", **given)) != plain


def test_more_seconds_than_musicgen_has_positions_are_refused(
    uncatalogued: Callable[..., Runner], tmp_path: Path
) -> None:
    model = uncatalogued("facebook/musicgen-small", "text-to-audio", Family.MUSIC)
    with pytest.raises(TooLarge, match=r"60 s are more .* ask for 5 s or less"):
        run(model, compose(tmp_path, seconds=60.0))


def test_bark_sings_what_it_is_told(twin: TwinRunner, tmp_path: Path) -> None:
    check_seed(twin(BARK), lambda seed: compose(tmp_path, "la la la", seed=seed, seconds=0.3))
    with pytest.raises(InvalidInput, match="takes no 'negative_prompt'"):
        run(twin(BARK), compose(tmp_path, negative_prompt="noise"))


# --- audio-to-audio


def convert(audio: MediaFile, folder: Path, **parameters: object) -> TaskWork:
    return work("audio-to-audio", folder, {"audio": audio}, **parameters)


def test_speech_becomes_speech_in_another_voice(twin: TwinRunner, tmp_path: Path) -> None:
    audio = tone(tmp_path)
    result = run(twin(VOICE), convert(audio, tmp_path, seed=1))
    assert result.data == [{"label": "alder", "seed": 1}]
    other = made_bytes(twin(VOICE), convert(audio, tmp_path, seed=1, voice="birch"))
    assert made_bytes(twin(VOICE), convert(audio, tmp_path, seed=1)) != other


def test_the_same_seed_gives_the_same_voice(twin: TwinRunner, tmp_path: Path) -> None:
    audio = tone(tmp_path)
    check_seed(twin(VOICE), lambda seed: convert(audio, tmp_path, seed=seed))


@pytest.mark.parametrize("length_s", [0.01, 1.0])
def test_silence_goes_through_as_well(twin: TwinRunner, tmp_path: Path, length_s: float) -> None:
    assert run(twin(VOICE), convert(silence(tmp_path, length_s), tmp_path)).files


def test_a_long_recording_is_converted_in_pieces_and_can_be_cancelled(
    twin: TwinRunner, tmp_path: Path
) -> None:
    audio = tone(tmp_path, 20)
    assert cancelled_at(twin(VOICE), lambda: convert(audio, tmp_path), at=1) == [1]
    assert progress_of(twin(VOICE), convert(audio, tmp_path)) == [(1, 2), (2, 2)]


def test_a_voice_that_nobody_has_is_refused(twin: TwinRunner, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no voice 'oak'; the voices: alder, birch"):
        run(twin(VOICE), convert(tone(tmp_path), tmp_path, voice="oak"))


# --- all of them


class Impatient(Reporter):
    """Asks the job to stop the fourth time it looks."""

    def __init__(self) -> None:
        self.told: list[int] = []
        self._looks = 0
        super().__init__(lambda done, _total: self.told.append(done), lambda _: None)

    def check(self) -> None:
        self._looks += 1
        if self._looks == 4:
            self.cancel()
        super().check()


@pytest.mark.parametrize("model", [SPEECHT5, BARK, VOICE])
def test_speech_is_cancelled_in_the_middle_of_a_sentence(
    twin: TwinRunner, tmp_path: Path, model: str
) -> None:
    audio = tone(tmp_path)
    text = "The quick brown fox jumps over the lazy dog and away into the woods."
    job = convert(audio, tmp_path) if model == VOICE else read_aloud(text, tmp_path, seed=1)
    reporter = Impatient()
    with pytest.raises(Cancelled):
        run(twin(model), job, reporter)
    assert reporter.told == []
    assert run(twin(model), job).files


@pytest.mark.parametrize("model", [WHISPER, CTC, AST, SPEECHT5, BARK, ACE, VOICE])
def test_a_job_cancelled_beforehand_is_not_done(
    twin: TwinRunner, tmp_path: Path, real_catalog: Catalog, model: str
) -> None:
    spec = real_catalog.model(model)
    assert spec is not None
    port = TASKS[spec.tasks[0]].inputs[0]
    value = tone(tmp_path) if port.media is Media.AUDIO else "hello"
    reporter = silent()
    reporter.cancel()
    with pytest.raises(Cancelled):
        run(twin(model), work(spec.tasks[0], tmp_path, {port.name: value}), reporter)
