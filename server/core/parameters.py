"""Which parameters a task takes, in which bounds: an allow-list for callers and for the catalog.

Names are those of huggingface_hub's InferenceClient and of the pipelines, where they have one.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from server.core.model import ModelSpec
from server.core.task import TASKS
from server.errors import InvalidInput


def _multiple_of_8(side: int) -> int:
    if side % 8:
        raise PydanticCustomError("multiple", "should be a multiple of 8")
    return side


Share = Annotated[float, Field(ge=0, le=1)]
Side = Annotated[int, Field(ge=64, le=2048), AfterValidator(_multiple_of_8)]
Template = Annotated[str, Field(pattern=r"^[^{}]*\{\}[^{}]*$", max_length=200)]
Words = Annotated[str, Field(max_length=2000)]
Language = Annotated[str, Field(pattern=r"^[A-Za-z]{2,20}([_-][A-Za-z]{2,8})?$")]


class Parameters(BaseModel):
    """No parameters: what is not named here is refused. Others add theirs; None is "not given"."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Seeded(Parameters):
    """Whatever draws random numbers: the same seed gives the same result."""

    seed: int | None = Field(default=None, ge=0, lt=1 << 63)


class Ranked(Parameters):
    """The best so many labels or answers."""

    top_k: int | None = Field(default=None, ge=1, le=1000)


class Labelling(Ranked):
    """Labels with scores."""

    function_to_apply: Literal["sigmoid", "softmax", "none"] | None = None


class TokenLabelling(Parameters):
    """How parts of words become entities."""

    aggregation_strategy: Literal["none", "simple", "first", "average", "max"] | None = None


class Sorting(Parameters):
    """Labels that the request names."""

    multi_label: bool | None = None
    hypothesis_template: Template | None = None


class PictureSorting(Parameters):
    """Labels that the request names, for a picture or a sound."""

    hypothesis_template: Template | None = None


class Finding(Parameters):
    """Boxes above a score."""

    threshold: Share | None = None


class Segmenting(Finding):
    """Segments above a score."""

    mask_threshold: Share | None = None
    overlap_mask_area_threshold: Share | None = None


class Masking(Parameters):
    """Masks of everything: how finely to look."""

    points_per_side: int | None = Field(default=None, ge=1, le=64)
    pred_iou_thresh: Share | None = None


class Writing(Seeded):
    """Whatever writes token by token."""

    max_new_tokens: int | None = Field(default=None, ge=1, le=8192)
    do_sample: bool | None = None
    temperature: float | None = Field(default=None, gt=0, le=2)
    top_k: int | None = Field(default=None, ge=1, le=1000)
    top_p: float | None = Field(default=None, gt=0, le=1)
    num_beams: int | None = Field(default=None, ge=1, le=8)
    repetition_penalty: float | None = Field(default=None, ge=0.5, le=2)


class Rewriting(Writing):
    """`prefix` goes before the text: some models are told so which of their tasks is meant."""

    prefix: Words | None = None


class Translating(Rewriting):
    """From and into which language, by the codes the model uses."""

    src_lang: Language | None = None
    tgt_lang: Language | None = None


class Listening(Writing):
    """Speech: the language spoken, and whether to write it down or to translate it into English."""

    language: Language | None = None
    task: Literal["transcribe", "translate"] | None = None


class Answering(Ranked):
    """Answers found in a text."""

    max_answer_len: int | None = Field(default=None, ge=1, le=1000)
    handle_impossible_answer: bool | None = None


class FillingIn(Ranked):
    """The words to choose from."""

    targets: list[str] | None = Field(default=None, min_length=1, max_length=1000)


class Embedding(Parameters):
    """Whether the vector is brought to length 1."""

    normalize: bool | None = None


class Diffusing(Seeded):
    """Diffusion: its steps."""

    num_inference_steps: int | None = Field(default=None, ge=1, le=150)


class Drawing(Diffusing):
    """How closely to follow the text, what to avoid, and the size in pixels."""

    guidance_scale: float | None = Field(default=None, ge=0, le=30)
    negative_prompt: Words | None = None
    width: Side | None = None
    height: Side | None = None


class Editing(Drawing):
    """How far to go from the picture given."""

    strength: float | None = Field(default=None, gt=0, le=1)
    image_guidance_scale: float | None = Field(default=None, ge=1, le=10)


class Guided(Drawing):
    """How closely to follow the guiding picture."""

    controlnet_conditioning_scale: float | None = Field(default=None, ge=0, le=2)


class Filming(Drawing):
    """How many pictures, and how many of them a second."""

    num_frames: int | None = Field(default=None, ge=1, le=257)
    fps: int | None = Field(default=None, ge=1, le=60)


class Speaking(Writing):
    """Speech: whose voice, by a name the model knows."""

    voice: Annotated[str, Field(pattern=r"^[\w./-]{1,80}$")] | None = None


class Converting(Seeded):
    """Speech made of speech: in whose voice, by a name the model knows."""

    voice: Annotated[str, Field(pattern=r"^[\w./-]{1,80}$")] | None = None


class Sounding(Writing):
    """Music and sounds: how long, and for diffusion the steps and how closely to follow."""

    seconds: float | None = Field(default=None, gt=0, le=120)
    num_inference_steps: int | None = Field(default=None, ge=1, le=500)
    guidance_scale: float | None = Field(default=None, ge=0, le=30)
    negative_prompt: Words | None = None


class Edges(Parameters):
    """Canny's two thresholds on the strength of an edge."""

    low_threshold: int | None = Field(default=None, ge=0, le=255)
    high_threshold: int | None = Field(default=None, ge=0, le=255)


PARAMETERS: Mapping[str, type[Parameters]] = MappingProxyType(
    {
        **dict.fromkeys(TASKS, Parameters),
        "token-classification": TokenLabelling,
        **dict.fromkeys(
            (
                "text-classification",
                "image-classification",
                "audio-classification",
                "video-classification",
            ),
            Labelling,
        ),
        "zero-shot-classification": Sorting,
        "zero-shot-image-classification": PictureSorting,
        "object-detection": Finding,
        "zero-shot-object-detection": Finding,
        "image-segmentation": Segmenting,
        "seg-control": Segmenting,
        "mask-generation": Masking,
        "text2text-generation": Rewriting,
        "summarization": Rewriting,
        "translation": Translating,
        "conversational": Writing,
        "text-generation": Writing,
        "image-to-text": Writing,
        "visual-question-answering": Writing,
        "document-question-answering": Writing,
        "question-answering": Answering,
        "fill-mask": FillingIn,
        "feature-extraction": Embedding,
        "text-to-image": Drawing,
        "image-to-image": Editing,
        "text-to-video": Filming,
        "image-to-video": Filming,
        "text-to-speech": Speaking,
        "text-to-audio": Sounding,
        "audio-to-audio": Converting,
        "automatic-speech-recognition": Listening,
        "canny-control": Edges,
        **dict.fromkeys((name for name in TASKS if name.endswith("-text-to-image")), Guided),
        "normal-control": Diffusing,
    }
)


def check_parameters(task: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters as the task takes them, those that are None left out.

    Raises InvalidInput that names the first wrong one, its bounds, and what there is instead.
    """
    try:
        return PARAMETERS[task].model_validate(dict(given)).model_dump(exclude_none=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = str(first["loc"][0])
        if first["type"] == "extra_forbidden":
            known = ", ".join(PARAMETERS[task].model_fields) or "none"
            raise InvalidInput(f"{task} has no parameter {name!r}; it takes: {known}") from None
        raise InvalidInput(f"{task}: the parameter {name!r} is wrong: {first['msg']}") from None


def defaults(spec: ModelSpec, task: str) -> dict[str, Any]:
    """A catalog entry's parameters, but for those that only its other tasks take."""
    others = {name for other in spec.tasks for name in PARAMETERS[other].model_fields}
    here = PARAMETERS[task].model_fields
    return {name: v for name, v in spec.parameters.items() if name in here or name not in others}
