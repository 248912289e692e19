"""What every runner that looks at pictures has in common: sizes a model takes, loading, writing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from PIL import Image
from transformers import StoppingCriteriaList

from server.core.lane import Weights
from server.errors import TooLarge
from server.runners.generating import StopOnCancel, take_seed
from server.runners.loading import dtype_of, spec_of, torch_device
from server.runners.runner import Reporter

# Below this many pixels a side, or beyond this ratio, some model is left with no patch to look at.
_SHORTEST = 32
_RATIO = 10


def fitted(image: Image.Image, longest: int = 2048) -> Image.Image:
    """The picture in a size that any model takes; a picture that has one stays as it is.

    No side has more than `longest` pixels or fewer than 32, and none is more than ten times the
    other: a strip narrower than that is widened.
    """
    width, height = image.size
    scale = min(longest / max(width, height), max(1, _SHORTEST / min(width, height)))
    least = max(_SHORTEST, math.ceil(scale * max(width, height) / _RATIO))
    size = (max(round(width * scale), least), max(round(height * scale), least))
    return image if size == image.size else image.resize(size, Image.Resampling.BICUBIC)


def vision_model(auto: Any, weights: Weights, device: str, part: str | None = None) -> Any:
    """The model that an Auto class finds in the weights, or in one of their parts, on a device."""
    spec = spec_of(weights)
    model = auto.from_pretrained(
        str(weights.parts[part] if part else weights.path),
        local_files_only=True,
        use_safetensors=True,
        variant=spec.parts[part].variant if part else spec.variant,
        dtype=dtype_of(spec),
    )
    return model.to(torch_device(device)).eval()


def check_tokens(tokens: int, limit: int, what: str) -> None:
    """Raise TooLarge where a text has more tokens than the model takes."""
    if tokens > limit:
        raise TooLarge(f"{what} has {tokens} tokens, the model takes {limit}; send a shorter one")


def shortened(tokenizer: Any, text: str, tokens: int) -> str:
    """The beginning of a text, with so many tokens at most, those that begin and end it included.

    A text that fits stays as it is.
    """
    while text and (count := len(tokenizer(text, verbose=False)["input_ids"])) > tokens:
        text = text[: len(text) * tokens // count]
    return text


@dataclass(frozen=True, slots=True)
class Written:
    """What a model wrote: the tokens of the one sequence, the seed by name where numbers were
    drawn, and, where asked for, how sure it was of each token (0 to 1, the geometric mean)."""

    tokens: torch.Tensor
    seed: Mapping[str, int]
    score: float | None


def write(
    model: Any,
    inputs: Mapping[str, Any],
    parameters: Mapping[str, Any],
    reporter: Reporter,
    longest: int,
    scored: bool = False,
) -> Written:
    """Generate `max_new_tokens` at most, and never more than `longest`, from the inputs.

    Progress is told by tokens. `scored` keeps the logits of every token: for short answers.
    Raises Cancelled.
    """
    settings, seed = take_seed(parameters)
    most = min(settings.pop("max_new_tokens", longest), longest)
    reporter.check()
    torch.manual_seed(seed)
    with torch.inference_mode():
        made = model.generate(
            **inputs,
            **settings,
            max_new_tokens=most,
            output_logits=scored,
            return_dict_in_generate=True,
            stopping_criteria=StoppingCriteriaList([StopOnCancel(reporter, most)]),
        )
    sampled = settings.get("do_sample", model.generation_config.do_sample)
    return Written(
        made.sequences[0], {"seed": seed} if sampled else {}, _certainty(made) if scored else None
    )


def _certainty(made: Any) -> float:
    if getattr(made, "sequences_scores", None) is not None:
        return round(float(made.sequences_scores[0].exp()), 4)  # of a beam: a mean already
    tokens = made.sequences[0, -len(made.logits) :]
    steps = torch.stack([logits[0].float() for logits in made.logits]).log_softmax(-1)
    return round(float(steps.gather(1, tokens[:, None]).mean().exp()), 4)
