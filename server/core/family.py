"""How the models of each task are usually loaded and run."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from server.core.model import Family, ModelSpec

# The one file of a tabular model.
ESTIMATOR = "model.skops"

# How a model of a task is run where its entry does not say.
USUAL: Mapping[str, Family] = MappingProxyType(
    {
        "token-classification": Family.PIPELINE,
        "text-classification": Family.PIPELINE,
        "zero-shot-classification": Family.PIPELINE,
        "text2text-generation": Family.SEQ2SEQ,
        "summarization": Family.SEQ2SEQ,
        "translation": Family.SEQ2SEQ,
        "question-answering": Family.EXTRACTIVE,
        "table-question-answering": Family.PIPELINE,
        "conversational": Family.CAUSAL,
        "text-generation": Family.CAUSAL,
        "sentence-similarity": Family.EMBEDDING,
        "feature-extraction": Family.EMBEDDING,
        "fill-mask": Family.PIPELINE,
        "tabular-classification": Family.TABULAR,
        "object-detection": Family.PIPELINE,
        "zero-shot-object-detection": Family.PIPELINE,
        "image-classification": Family.PIPELINE,
        "zero-shot-image-classification": Family.PIPELINE,
        "image-to-image": Family.DIFFUSION,
        "image-to-text": Family.CAPTION,
        "text-to-image": Family.DIFFUSION,
        "text-to-video": Family.VIDEO_DIFFUSION,
        "image-to-video": Family.VIDEO_DIFFUSION,
        "visual-question-answering": Family.VISUAL_QUESTION,
        "document-question-answering": Family.DOCUMENT,
        "image-segmentation": Family.PIPELINE,
        "mask-generation": Family.PIPELINE,
        "depth-estimation": Family.PIPELINE,
        "text-to-speech": Family.SPEECH,
        "text-to-audio": Family.MUSIC,
        "automatic-speech-recognition": Family.PIPELINE,
        "audio-to-audio": Family.VOICE,
        "audio-classification": Family.PIPELINE,
        "video-classification": Family.PIPELINE,
        "canny-control": Family.ANNOTATOR,
        "hed-control": Family.ANNOTATOR,
        "mlsd-control": Family.ANNOTATOR,
        "normal-control": Family.NORMALS,
        "openpose-control": Family.POSE,
        "depth-control": Family.PIPELINE,
        "seg-control": Family.PIPELINE,
        "canny-text-to-image": Family.CONTROLNET,
        "hed-text-to-image": Family.CONTROLNET,
        "mlsd-text-to-image": Family.CONTROLNET,
        "normal-text-to-image": Family.CONTROLNET,
        "openpose-text-to-image": Family.CONTROLNET,
        "depth-text-to-image": Family.CONTROLNET,
        "seg-text-to-image": Family.CONTROLNET,
    }
)


def family_of(spec: ModelSpec) -> Family:
    """How the entry's model is run: as it says, or as is usual for its first task."""
    return spec.family or USUAL[spec.tasks[0]]
