"""What a hub says of an entry: the files it is loaded from, their commit, how popular it is."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path, PurePosixPath

import httpx2
from huggingface_hub import HfApi, hf_hub_download
from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError, RevisionNotFoundError
from huggingface_hub.hf_api import ModelInfo, RepoSibling

from server.core.family import ESTIMATOR
from server.core.model import PlannerSpec, Precision
from server.errors import NotInstalled
from server.models.install import Spec, is_tabular
from server.models.pins import Pin, PinnedFile
from server.models.weights import MODEL_INDEX, choose_weights, components, memory_bytes

_SUFFIXES = frozenset({".json", ".txt", ".model", ".spm", ".jinja", ".npy"})
_LICENCE = re.compile(r"(?:licen[cs]e|notice)(?:\.\w+)?", re.IGNORECASE)
# Folders beside the weights that models are loaded from too: poolings, and voices.
_BESIDE = re.compile(r"\d+_\w+|speaker_embeddings(/\w+)?")
_MAX_REASON_CHARS = 200


@dataclass(frozen=True, slots=True)
class Facts:
    """What changes on a hub: how popular a repository is, its newest commit, its weights in memory
    at the precision asked for."""

    downloads: int
    likes: int
    commit: str
    size_bytes: int


class Hub:
    """The hub that HF_ENDPOINT names."""

    def __init__(self) -> None:
        self._api = HfApi()

    def pin(self, spec: Spec) -> Pin:
        """The commit of an entry's revision, and the files it is loaded from.

        Raises NotInstalled with the reason where it cannot be had.
        """
        with self.explained(spec):
            info = self._api.model_info(spec.id, revision=spec.revision, files_metadata=True)
            folders = self._folders(spec, info)
        files = {file.rfilename: file for file in info.siblings or ()}
        return Pin(
            revision=spec.revision,
            commit=str(info.sha),
            licence=_licence(info),
            files={name: _pinned(files[name]) for name in _wanted(spec, files, folders)},
        )

    def facts(self, spec: Spec, precision: Precision) -> Facts:
        """What the hub says of an entry's revision now; of its weights only headers are read.

        Raises NotInstalled with the reason where it cannot be had.
        """
        pin = self.pin(spec)
        with self.explained(spec):
            info = self._api.model_info(spec.id, revision=pin.commit)
            size_bytes = self._size_bytes(spec, pin, precision)
        return Facts(info.downloads or 0, info.likes or 0, pin.commit, size_bytes)

    def _size_bytes(self, spec: Spec, pin: Pin, precision: Precision) -> int:
        if isinstance(spec, PlannerSpec) or is_tabular(spec):
            return pin.size_bytes
        headers = (
            self._api.parse_safetensors_file_metadata(spec.id, name, revision=pin.commit)
            for name in pin.files
            if name.endswith(".safetensors")
        )
        tensors = ((t.dtype, prod(t.shape)) for head in headers for t in head.tensors.values())
        return memory_bytes(tensors, precision)

    def _folders(self, spec: Spec, info: ModelInfo) -> frozenset[str]:
        """The folders of a repository that are loaded from; the top one is the empty name."""
        names = [file.rfilename for file in info.siblings or ()]
        if isinstance(spec, PlannerSpec) or MODEL_INDEX not in names:
            folders = {name.rpartition("/")[0] for name in names}
            return frozenset({"", *filter(_BESIDE.fullmatch, folders)})
        with tempfile.TemporaryDirectory() as scratch:  # planning leaves the cache as it is
            index = hf_hub_download(spec.id, MODEL_INDEX, revision=info.sha, cache_dir=scratch)
            return frozenset({"", *components(Path(index).read_bytes())})

    @contextmanager
    def explained(self, spec: Spec) -> Iterator[None]:
        """What went wrong with the hub, in one line and with a way out."""
        try:
            yield
        except GatedRepoError:
            text = "asks for consent: give it on its page, then set HF_TOKEN"
            raise NotInstalled(f"{spec.id} {text}") from None
        except RevisionNotFoundError:
            text = f"has no revision {spec.revision}: correct it in the catalog"
            raise NotInstalled(f"{spec.id} {text}") from None
        except RepositoryNotFoundError:
            text = "correct its id, or set HF_TOKEN if it is private"
            raise NotInstalled(f"{spec.id} is not on {self._api.endpoint}: {text}") from None
        except (httpx2.HTTPError, OSError) as error:
            reason = " ".join(str(error).split())[:_MAX_REASON_CHARS]
            text = f"could not be fetched from {self._api.endpoint} ({reason})"
            raise NotInstalled(f"{spec.id} {text}: run the same command again") from None


def _wanted(spec: Spec, names: Collection[str], folders: frozenset[str]) -> tuple[str, ...]:
    if isinstance(spec, PlannerSpec):
        if spec.file not in names:
            ggufs = [name for name in names if name.endswith(".gguf")] or ["no .gguf file"]
            raise NotInstalled(f"{spec.id} has no {spec.file}; it has {', '.join(ggufs)}")
        return (spec.file,)
    inside = [name for name in names if name.rpartition("/")[0] in folders]
    # A pipeline's weights lie in its components; what lies on top is for other programs.
    held = [name for name in inside if "/" in name or MODEL_INDEX not in names]
    tabular = is_tabular(spec)
    weights = {ESTIMATOR} & set(held) if tabular else choose_weights(held, spec.variant)
    if not weights:
        kind = ESTIMATOR if tabular else "safetensors weights"
        raise NotInstalled(
            f"{spec.id} has no {kind} at {spec.revision}, and no others are loaded;"
            " choose another model, or a revision that has them"
        )
    return (*weights, *filter(_is_wanted, inside))


def _is_wanted(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix in _SUFFIXES or _LICENCE.fullmatch(path.name) is not None


def _pinned(file: RepoSibling) -> PinnedFile:
    if file.lfs is not None:
        return PinnedFile(size_bytes=file.lfs.size, algorithm="sha256", digest=file.lfs.sha256)
    return PinnedFile(size_bytes=file.size or 0, algorithm="git", digest=file.blob_id or "")


def _licence(info: ModelInfo) -> str | None:
    card = info.card_data
    name = card and (card.get("license_name") or card.get("license"))
    return str(name) if name else None
