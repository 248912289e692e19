"""models_config.yaml: what is accepted, and that every mistake is named with its place and fix."""

from __future__ import annotations

import copy
import json
import tempfile
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from server.catalog import catalog_json_schema, load_catalog
from server.core.model import (
    DeviceSpec,
    Precision,
    PromptStyle,
    SelectionMode,
    TextArguments,
)
from server.core.task import TASKS
from server.errors import CatalogError

ROOT = Path(__file__).parents[1]
REAL = ROOT / "models_config.yaml"
STARTER = ROOT / "server" / "starter" / "catalog.yaml"
SCHEMA = ROOT / "docs" / "models_config.schema.json"

SMALL = """\
planners:
  - id: acme/planner
    file: planner.gguf
    licence: MIT
    description: Plans.
    size: 8 MB
    device: cpu:0
    context_tokens: 1024
    prompt: compact
    text_arguments: span
models:
  - id: acme/classifier
    tasks: [image-classification]
    licence: MIT
    downloads: 10
    likes: 1
    description: Classifies.
    size: 1.5 MB
    precision: float32
    path: weights/classifier
    parameters: {top_k: 3}
devices:
  - id: cpu:0
    memory: 512 MB
residency: {top_k: 3, host_memory: 1 GiB}
selection: {top_k: 2, mode: rank}
"""


def _write(folder: Path, text: str | bytes) -> Path:
    path = folder / "models.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def _refusal(folder: Path, text: str | bytes) -> list[str]:
    """The lines of the error, without the folder."""
    with pytest.raises(CatalogError) as caught:
        load_catalog(_write(folder, text))
    return str(caught.value).replace(f"{folder}/", "").splitlines()


def test_every_part_of_a_catalog_reaches_its_spec(tmp_path: Path) -> None:
    catalog = load_catalog(_write(tmp_path, SMALL))

    planner, model = catalog.planners[0], catalog.models[0]
    assert (planner.file, planner.size_bytes, planner.revision) == (
        "planner.gguf",
        8_000_000,
        "main",
    )
    assert (planner.prompt, planner.text_arguments) == (PromptStyle.COMPACT, TextArguments.SPAN)
    assert (model.tasks, model.size_bytes) == (("image-classification",), 1_500_000)
    assert (model.precision, model.parameters) == (Precision.FLOAT32, {"top_k": 3})
    assert model.path == tmp_path / "weights" / "classifier"
    assert catalog.devices == (DeviceSpec("cpu:0", 512_000_000),)
    assert catalog.residency.host_memory_bytes == 1 << 30
    assert (catalog.selection.top_k, catalog.selection.mode) == (2, SelectionMode.RANK)
    assert catalog.limits.max_steps == 8


def test_the_real_catalog_has_two_models_for_every_starter_task_and_a_planner_per_gpu() -> None:
    catalog = load_catalog(REAL)

    starter = {task for model in load_catalog(STARTER).models for task in model.tasks}
    # Of tables no model is published whose weights are not a pickle.
    for task in starter - {"tabular-classification"}:
        assert len(catalog.for_task(task)) >= 2, task
    assert {planner.tier_gb for planner in catalog.planners} == {8, 16, 80}
    assert {planner.text_arguments for planner in catalog.planners} == {TextArguments.FREE}


def test_the_starter_catalog_offers_a_choice_ranked_by_downloads() -> None:
    catalog = load_catalog(STARTER)

    for task, name in (
        ("image-classification", "shape-classifier"),
        ("text-classification", "sentiment"),
    ):
        ids = [model.id for model in catalog.for_task(task)]
        assert ids == [f"baton/{name}-large", f"baton/{name}-small"]
    assert [device.id for device in catalog.devices] == ["cpu:0", "cpu:1"]
    assert all(model.path and model.path.is_relative_to(STARTER.parent) for model in catalog.models)


@pytest.mark.parametrize(
    ("right", "wrong", "line", "path", "message"),
    [
        (
            "licence: MIT\n    downloads",
            "licens: MIT\n    downloads",
            14,
            "models[0].licens",
            "unknown key; did you mean 'licence'?",
        ),
        ("    likes: 1\n", "", 12, "models[0].likes", "missing; write likes on the hub"),
        (
            "image-classification",
            "image-clasification",
            13,
            "models[0].tasks[0]",
            "'image-clasification': no such task; did you mean 'image-classification'?",
        ),
        (
            "[image-classification]",
            "[image-classification, translation]",
            13,
            "models[0].tasks",
            "these tasks are run in different ways (pipeline, seq2seq); say which: family",
        ),
        ("[image-classification]", "[]", 13, "models[0].tasks", "should have at least 1 item"),
        (
            "device: cpu:0",
            "device: cpu:1",
            7,
            "planners[0].device",
            "'cpu:1' is no listed device (listed: cpu:0); did you mean 'cpu:0'?",
        ),
        (
            "float32",
            "fp32",
            19,
            "models[0].precision",
            "should be 'float32', 'float16' or 'bfloat16', but is 'fp32'",
        ),
        ("1.5 MB", "1.5 megs", 18, "models[0].size", "should be a size above 0, but is '1.5 megs'"),
        ("512 MB", "-5", 24, "devices[0].memory", "should be a size above 0, but is -5"),
        (
            "memory: 512 MB",
            "memory: 512 MB\n    exclusive: false",
            25,
            "devices[0].exclusive",
            "should be True, but is False; write true",
        ),
        (
            "top_k: 2",
            "top_k: 0",
            26,
            "selection.top_k",
            "should be greater than or equal to 1, but is 0",
        ),
        ("top_k: 2", "top_k: yes", 26, "selection.top_k", "should be a valid integer, but is True"),
        (
            "mode: rank",
            "mode: best",
            26,
            "selection.mode",
            "should be 'llm' or 'rank', but is 'best'",
        ),
        ("acme/classifier", "../classifier", 12, "models[0].id", "should match pattern"),
        ("planner.gguf", "../planner.gguf", 3, "planners[0].file", "should match pattern"),
        (
            "downloads: 10",
            "downloads: 10\n    revision: 1234567",
            16,
            "models[0].revision",
            "should be a valid string, but is 1234567; write a branch",
        ),
        (
            "likes: 1",
            "likes: 1\n    likes: 2",
            16,
            "models[0].likes",
            "written again on line 17, first on line 16; keep one",
        ),
        (
            "{top_k: 3}",
            "{top_k: .nan}",
            21,
            "models[0].parameters.top_k",
            "should be a finite number",
        ),
        (
            "{top_k: 3}",
            "{top_k: 3, steps: 4}",
            21,
            "models[0].parameters",
            "image-classification has no parameter 'steps'; it takes: top_k, function_to_apply",
        ),
        (
            "licence: MIT",
            "1: x\n    licence: MIT",
            2,
            "planners[0]",
            "line 4: a key must be a plain word; put it in quotes",
        ),
        (
            "licence: MIT",
            "licence: !!python/name:os.system x",
            4,
            "planners[0].licence",
            "the tag 'tag:yaml.org,2002:python/name:os.system' is not allowed",
        ),
        ("models:", "modles: 1\nmodels:", 11, "modles", "unknown key; did you mean 'models'?"),
    ],
)
def test_a_mistake_is_named_with_file_line_path_and_fix(
    tmp_path: Path, right: str, wrong: str, line: int, path: str, message: str
) -> None:
    assert right in SMALL

    refusal = _refusal(tmp_path, SMALL.replace(right, wrong, 1))

    assert any(text.startswith(f"models.yaml:{line}: {path}: {message}") for text in refusal), (
        refusal
    )


def test_all_mistakes_are_named_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    wrong = SMALL.replace("device: cpu:0", "device: gpu").replace("likes: 1", "like: 1")

    refusal = _refusal(tmp_path, wrong.replace("mode: rank", "mode: none"))

    assert [text.split(": ")[1] for text in refusal] == [
        "planners[0].device",
        "planners[0].device",
        "models[0].likes",
        "models[0].like",
        "selection.mode",
    ]


@pytest.mark.parametrize("part", ["planners", "models", "devices"])
def test_an_id_may_be_used_once(tmp_path: Path, part: str) -> None:
    data = yaml.safe_load(SMALL)
    data[part].append(copy.deepcopy(data[part][0]))

    refusal = _refusal(tmp_path, yaml.safe_dump(data))

    assert len(refusal) == 1
    assert f"{part}[1].id: '{data[part][0]['id']}' is already {part}[0]; remove one" in refusal[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "models.yaml:1: the whole file: not a mapping"),
        (b"- 1", "models.yaml:1: the whole file: not a mapping"),
        (b"a: 1\nb: \xff", "models.yaml:2: not UTF-8 at byte 8; save the file as UTF-8"),
        (b"a: [1\nb: 2", "models.yaml:2: "),
        (b"a: 1\n--- \nb: 2", "models.yaml:2: but found another document"),
        (b"a: &a [1, 1]\nb: [*a, *a]", "models.yaml:1: anchors and aliases are not allowed"),
        (b"a: 1\nb: *a", "models.yaml:2: anchors and aliases are not allowed"),
        (b"[" * 50_000, "models.yaml:1: nested deeper than 16 levels"),
        (b"a: 1\nb: \x07", "models.yaml:2: a character that YAML does not allow; remove it"),
        (b"#" * 1_048_577, "models.yaml: larger than 1048576 bytes"),
    ],
)
def test_a_file_that_is_no_plain_yaml_is_refused(tmp_path: Path, text: bytes, message: str) -> None:
    assert _refusal(tmp_path, text)[0].startswith(message)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"none\.yaml: no such file"):
        load_catalog(tmp_path / "none.yaml")
    with pytest.raises(CatalogError, match="is a folder; name the YAML file in it"):
        load_catalog(tmp_path)


@pytest.mark.parametrize(
    ("written", "size_bytes"),
    [
        ("6.9 GB", 6_900_000_000),
        ("512 MB", 512_000_000),
        ("3KiB", 3072),
        ("7", 7),
        ("1.5 GiB", 1_610_612_736),
    ],
)
def test_sizes_may_be_written_for_people(tmp_path: Path, written: str, size_bytes: int) -> None:
    catalog = load_catalog(_write(tmp_path, SMALL.replace("512 MB", written)))

    assert catalog.devices[0].memory_bytes == size_bytes


def test_the_committed_schema_is_that_of_the_code() -> None:
    # scripts/export_schema writes it anew.
    assert json.loads(SCHEMA.read_text()) == catalog_json_schema()


@pytest.mark.parametrize("path", [REAL, STARTER])
def test_the_schema_accepts_what_the_loader_accepts(path: Path) -> None:
    data = yaml.safe_load(path.read_text())
    validator = jsonschema.Draft202012Validator(catalog_json_schema())

    assert not list(validator.iter_errors(data))
    data["models"][0]["tasks"] = ["image-clasification"]
    assert list(validator.iter_errors(data))


def _loads_or_refuses(text: str | bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            load_catalog(_write(Path(folder), text))
        except CatalogError as error:
            for line in str(error).splitlines():
                assert line.startswith(f"{folder}/models.yaml:"), line


_YAMLISH = st.text(
    alphabet=st.sampled_from("ab01.:-?&*!|>%@`'\"{}[],#~ \n\t=<\x00\u2028é"), max_size=80
)
_KEYS = st.sampled_from(
    ["planners", "models", "devices", "residency", "limits", "id", "tasks", "x"]
)
_SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.dates())
_DATA = st.recursive(
    _SCALARS | st.sampled_from([*TASKS, "cpu:0", "cuda:0", "8 GB"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.one_of(st.binary(max_size=60), st.text(max_size=60), _YAMLISH))
def test_arbitrary_text_never_raises_anything_else(text: str | bytes) -> None:
    _loads_or_refuses(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)


@given(_DATA)
def test_arbitrary_data_never_raises_anything_else(data: object) -> None:
    _loads_or_refuses(yaml.safe_dump(data))


@settings(max_examples=60)
@given(st.integers(0, len(SMALL)), st.integers(0, 12), _YAMLISH)
def test_a_damaged_catalog_never_raises_anything_else(at: int, length: int, new: str) -> None:
    _loads_or_refuses(SMALL[:at] + new + SMALL[at + length :])
