"""Weight files in a folder: which ones a model loads, whether they are whole, what they need.

Only headers are read; no weights are loaded and torch is not imported.
"""

from __future__ import annotations

import json
import math
import re
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from server.core.family import ESTIMATOR
from server.core.model import Precision
from server.errors import LoadError, NotInstalled

MODEL_INDEX = "model_index.json"

_VARIANT = r"(?:\.(?P<{}>\w+))?"
_WEIGHTS = re.compile(
    rf"(?:model|diffusion_pytorch_model){_VARIANT.format('before')}(?:-\d+-of-\d+)?"
    rf"{_VARIANT.format('after')}\.safetensors"
)
_INDEX = re.compile(
    rf"(?:model|diffusion_pytorch_model){_VARIANT.format('before')}"
    rf"\.safetensors\.index{_VARIANT.format('after')}\.json"
)
_SHARD = re.compile(r"-\d+-of-\d+")
_PRECISION_BYTES = {Precision.FLOAT32: 4, Precision.FLOAT16: 2, Precision.BFLOAT16: 2}
_GGUF_MAGIC = b"GGUF"
_GGUF_HEADER_BYTES = 24
_MAX_JSON_BYTES = 64 << 20


def choose_weights(names: Collection[str], variant: str | None) -> tuple[str, ...]:
    """The weight files a model loads, of all files of a repository (`folder/name`).

    In each folder those of the variant, or the plain ones where it has none of that variant;
    one whole file rather than the same weights in shards.
    """
    return tuple(
        sorted(
            name
            for files in _by_folder(names).values()
            for name in _preferred(_of_variant(files, _WEIGHTS, variant))
        )
    )


def _by_folder(names: Iterable[str]) -> dict[str, list[str]]:
    folders: dict[str, list[str]] = defaultdict(list)
    for name in names:
        folders[name.rpartition("/")[0]].append(name)
    return folders


def _of_variant(names: Iterable[str], pattern: re.Pattern[str], variant: str | None) -> list[str]:
    by_variant: dict[str | None, list[str]] = defaultdict(list)
    for name in names:
        if match := pattern.fullmatch(name.rpartition("/")[2]):
            by_variant[match["before"] or match["after"]].append(name)
    return by_variant.get(variant) or by_variant[None]


def _preferred(names: list[str]) -> list[str]:
    return [name for name in names if not _SHARD.search(name)] or names


def components(model_index: bytes) -> tuple[str, ...]:
    """The folders a diffusers pipeline is made of, by its model_index.json.

    Raises LoadError where that is not what diffusers writes.
    """
    entries = _mapping(model_index, MODEL_INDEX)
    return tuple(
        name
        for name, value in entries.items()
        if isinstance(value, list) and value[:1] != [None] and re.fullmatch(r"\w+", name)
    )


def check_pipeline(directory: Path, variant: str | None) -> tuple[Path, ...]:
    """The weight files a model would load from a directory, each with a sane header.

    Raises NotInstalled naming what is missing, LoadError naming what is damaged.
    """
    index = directory / MODEL_INDEX
    if not index.is_file():
        _require_config(directory, directory, "config.json")
        return _checked(directory, directory, variant)
    files: list[Path] = []
    for name in components(_read(index)):
        folder = directory / name
        _require_config(directory, folder, "*config.json")
        if (folder / "config.json").is_file():  # schedulers and tokenizers have no weights
            files += _checked(directory, folder, variant)
    return tuple(files)


def _require_config(directory: Path, folder: Path, pattern: str) -> None:
    if not any(folder.glob(pattern)):
        raise NotInstalled(f"{(folder / pattern).relative_to(directory)} is missing")


def _checked(directory: Path, folder: Path, variant: str | None) -> tuple[Path, ...]:
    where = "it" if folder == directory else folder.name
    files = tuple(folder / name for name in _expected(folder, variant, where))
    for file in files:
        if not file.is_file():
            raise NotInstalled(f"{file.relative_to(directory)} is missing")
        tensor_shapes(file)
    return files


def _expected(folder: Path, variant: str | None, where: str) -> tuple[str, ...]:
    names = [file.name for file in folder.iterdir()]
    weights = choose_weights(names, variant)
    if weights and not _SHARD.search(weights[0]):
        return weights
    for index in _of_variant(names, _INDEX, variant):
        return _shards(folder / index)
    if weights:
        raise NotInstalled(f"{where} lacks the index of its weight shards")
    raise NotInstalled(f"{where} has no safetensors weights")


def _shards(index: Path) -> tuple[str, ...]:
    weight_map = _mapping(_read(index), index.name).get("weight_map")
    shards = set(weight_map.values()) if isinstance(weight_map, dict) else set()
    if not shards or not all(isinstance(name, str) and _WEIGHTS.fullmatch(name) for name in shards):
        raise LoadError(f"{index.name} does not list weight shards")
    return tuple(sorted(shards))


def _read(file: Path) -> bytes:
    if file.stat().st_size > _MAX_JSON_BYTES:
        raise LoadError(f"{file.name} is larger than {_MAX_JSON_BYTES} bytes")
    return file.read_bytes()


def _mapping(text: bytes, name: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise LoadError(f"{name} is damaged: not a JSON object")
    return value


def tensor_shapes(file: Path) -> tuple[tuple[str, int], ...]:
    """Number type and element count of each tensor of a safetensors file.

    Raises LoadError where the header is damaged or the file is cut short.
    """
    try:
        if file.stat().st_size == 0:
            raise LoadError(f"{file.name} is empty")
        with safe_open(file, framework="numpy") as tensors:
            slices = [tensors.get_slice(name) for name in tensors.keys()]  # noqa: SIM118
            return tuple((part.get_dtype(), math.prod(part.get_shape())) for part in slices)
    except (SafetensorError, OSError) as error:
        raise LoadError(f"{file.name} is damaged: {error}") from None


def footprint_bytes(files: Iterable[Path], precision: Precision) -> int:
    """Bytes the tensors of these files take once loaded: floats at that precision, others as is.

    Raises LoadError.
    """
    return sum(memory_bytes(tensor_shapes(file), precision) for file in files)


def memory_bytes(tensors: Iterable[tuple[str, int]], precision: Precision) -> int:
    """Bytes that tensors of these number types and element counts take once loaded."""
    return sum(
        count * (_PRECISION_BYTES[precision] if _is_float(dtype) else _bits(dtype) // 8)
        for dtype, count in tensors
    )


def _is_float(dtype: str) -> bool:
    return dtype.startswith(("F", "BF"))


def _bits(dtype: str) -> int:
    digits = re.search(r"\d+", dtype)
    return max(8, int(digits[0])) if digits else 8


def check_estimator(directory: Path) -> Path:
    """The file of a tabular model, whole as far as its table of contents tells.

    Raises NotInstalled where it is missing, LoadError where skops cannot have written it.
    """
    file = directory / ESTIMATOR
    if not file.is_file():
        raise NotInstalled(f"{ESTIMATOR} is missing")
    try:
        with zipfile.ZipFile(file) as archive:
            archive.getinfo("schema.json")
    except (zipfile.BadZipFile, KeyError):
        raise LoadError(f"{ESTIMATOR} is damaged: not a skops file") from None
    return file


def check_gguf(file: Path) -> None:
    """Raises NotInstalled where the file is missing, LoadError where it cannot be a GGUF file."""
    if not file.is_file():
        raise NotInstalled(f"{file.name} is missing")
    with file.open("rb") as opened:
        header = opened.read(_GGUF_HEADER_BYTES)
    if len(header) < _GGUF_HEADER_BYTES or not header.startswith(_GGUF_MAGIC):
        raise LoadError(f"{file.name} is damaged: not a GGUF file")
