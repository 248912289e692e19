"""Which runner a catalog entry gets: by its tasks or its stated family, never by its name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from server.core.family import family_of
from server.core.lane import Weights
from server.core.model import Family, ModelSpec
from server.errors import LoadError
from server.runners.annotators import AnnotatorRunner
from server.runners.captions import CaptionRunner
from server.runners.causal import CausalRunner
from server.runners.controlnet import ControlNetRunner
from server.runners.diffusion import DiffusionRunner
from server.runners.document import DocumentRunner
from server.runners.embedding import EmbeddingRunner
from server.runners.extractive import ExtractiveRunner
from server.runners.music import MusicRunner
from server.runners.normals import NormalsRunner
from server.runners.pipelines import PipelineRunner
from server.runners.pose import PoseRunner
from server.runners.restoration import RestorationRunner
from server.runners.runner import Loader, Runner
from server.runners.seq2seq import Seq2SeqRunner
from server.runners.sound_diffusion import SoundDiffusionRunner
from server.runners.speech import SpeechRunner
from server.runners.tabular import TabularRunner
from server.runners.video_diffusion import VideoDiffusionRunner
from server.runners.vision_chat import VisionChatRunner
from server.runners.visual_question import VisualQuestionRunner
from server.runners.voice import VoiceRunner

LOADERS: Mapping[Family, Loader] = MappingProxyType(
    {
        Family.PIPELINE: PipelineRunner,
        Family.SEQ2SEQ: Seq2SeqRunner,
        Family.CAUSAL: CausalRunner,
        Family.EMBEDDING: EmbeddingRunner,
        Family.EXTRACTIVE: ExtractiveRunner,
        Family.TABULAR: TabularRunner,
        Family.CAPTION: CaptionRunner,
        Family.VISUAL_QUESTION: VisualQuestionRunner,
        Family.VISION_CHAT: VisionChatRunner,
        Family.DOCUMENT: DocumentRunner,
        Family.RESTORATION: RestorationRunner,
        Family.POSE: PoseRunner,
        Family.ANNOTATOR: AnnotatorRunner,
        Family.NORMALS: NormalsRunner,
        Family.DIFFUSION: DiffusionRunner,
        Family.CONTROLNET: ControlNetRunner,
        Family.VIDEO_DIFFUSION: VideoDiffusionRunner,
        Family.SPEECH: SpeechRunner,
        Family.MUSIC: MusicRunner,
        Family.SOUND_DIFFUSION: SoundDiffusionRunner,
        Family.VOICE: VoiceRunner,
    }
)


def load_runner(weights: Weights, device: str) -> Runner:
    """Load a model onto a device. Raises LoadError, OutOfMemory."""
    spec = weights.spec
    if not isinstance(spec, ModelSpec):
        raise LoadError(f"{spec.id} is a planner; a lane runs pipelines only")
    return LOADERS[family_of(spec)](weights, device)
