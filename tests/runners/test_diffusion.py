"""Pictures and videos by diffusion, on tiny twins; lines by classical image processing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import diffusers
import numpy as np
import pytest
import transformers
from PIL import Image, ImageDraw

from server.core.job import MediaFile, TaskResult, TaskWork
from server.core.lane import Weights
from server.core.model import Catalog, ModelSpec, Precision
from server.core.task import TASKS, Media
from server.errors import InvalidInput, LoadError
from server.runners.registry import load_runner
from server.runners.runner import Reporter, Runner
from tests.runners.bench import cancelled_at, picture, run, work

TwinRunner = Callable[[str], Runner]
TwinWeights = Callable[[ModelSpec], Weights]

SD = "stable-diffusion-v1-5/stable-diffusion-v1-5"
Z_IMAGE = "Tongyi-MAI/Z-Image-Turbo"
KLEIN = "black-forest-labs/FLUX.2-klein-4B"
PIX2PIX = "timbrooks/instruct-pix2pix"
REFINER = "stabilityai/stable-diffusion-xl-refiner-1.0"
CANNY = "lllyasviel/control_v11p_sd15_canny"
UNION = "xinsir/controlnet-union-sdxl-1.0"
NORMALS = "prs-eth/marigold-normals-v1-1"
LCM_NORMALS = "prs-eth/marigold-normals-lcm-v0-1"
WAN = "Wan-AI/Wan2.1-T2V-1.3B-Diffusers"
WAN_22 = "Wan-AI/Wan2.2-TI2V-5B-Diffusers"
LTX = "Lightricks/LTX-Video"
GENERATIVE = [
    (SD, "text-to-image"),
    (Z_IMAGE, "image-to-image"),
    (KLEIN, "image-to-image"),
    (PIX2PIX, "image-to-image"),
    (CANNY, "canny-text-to-image"),
    (UNION, "depth-text-to-image"),
    (LCM_NORMALS, "normal-control"),
    (WAN, "text-to-video"),
    (LTX, "image-to-video"),
]
SMALL = {"width": 64, "height": 64}
FEW = {"num_frames": 5, "fps": 4}


def job(task: str, folder: Path, **parameters: Any) -> TaskWork:
    """A task's work on samples; `text` and `image` replace them."""
    inputs = {"text": parameters.pop("text", "a red fox"), "image": parameters.pop("image", None)}
    inputs["image"] = inputs["image"] or picture(folder)
    wanted = {port.name: inputs[port.name] for port in TASKS[task].inputs}
    size = {} if task == "normal-control" else SMALL
    frames = FEW if TASKS[task].gives(Media.VIDEO) else {}
    given = {"num_inference_steps": 2, "seed": 1, **size, **frames, **parameters}
    return work(task, folder, wanted, **{k: v for k, v in given.items() if v is not None})


def file_bytes(result: TaskResult) -> bytes:
    (file,) = result.files
    return file.path.read_bytes()


def size_of(result: TaskResult) -> tuple[int, int]:
    (file,) = result.files
    return Image.open(file.path).size


def frames_of(result: TaskResult) -> list[Image.Image]:
    (file,) = result.files
    with av.open(str(file.path)) as container:
        return [frame.to_image() for frame in container.decode(video=0)]


def steps_told(runner: Runner, task: TaskWork) -> list[tuple[int, int]]:
    told: list[tuple[int, int]] = []
    run(runner, task, Reporter(lambda done, total: told.append((done, total)), lambda _: None))
    return told


@pytest.mark.parametrize(("model", "task"), GENERATIVE)
def test_a_seed_gives_the_same_bytes_also_after_a_cancel_in_mid_job(
    model: str, task: str, twin: TwinRunner, tmp_path: Path
) -> None:
    runner = twin(model)
    whole = {"strength": 1.0} if model == Z_IMAGE else {}
    first = run(runner, job(task, tmp_path, **whole))
    assert first.data == {"seed": 1}
    made = file_bytes(first)
    assert cancelled_at(runner, lambda: job(task, tmp_path, **whole), at=1) == [1]
    assert file_bytes(run(runner, job(task, tmp_path, **whole))) == made
    assert file_bytes(run(runner, job(task, tmp_path, **whole, seed=2))) != made


@pytest.mark.parametrize(
    ("model", "task"),
    [(Z_IMAGE, "text-to-image"), (NORMALS, "normal-control"), (LTX, "text-to-video")],
)
def test_progress_counts_the_steps(model: str, task: str, twin: TwinRunner, tmp_path: Path) -> None:
    told = steps_told(twin(model), job(task, tmp_path, num_inference_steps=3))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_result_names_the_seed_that_was_drawn_for_it(twin: TwinRunner, tmp_path: Path) -> None:
    drawn = run(twin(SD), job("text-to-image", tmp_path, seed=None))
    made = file_bytes(drawn)
    again = run(twin(SD), job("text-to-image", tmp_path, seed=drawn.data["seed"]))
    assert file_bytes(again) == made


def blank(folder: Path, width: int, height: int) -> MediaFile:
    path = folder / "blank.png"
    Image.new("RGB", (width, height), "grey").save(path)
    return MediaFile(Media.IMAGE, path, "image/png")


@pytest.mark.parametrize(("model", "task"), [*GENERATIVE, (REFINER, "image-to-image")])
@pytest.mark.parametrize(
    ("text", "size"),
    [("", (8, 8)), ("a very long text " * 100, (2000, 3)), ("\n \U0001f98a", (1, 1))],
)
def test_any_text_and_any_picture_will_do(
    model: str, task: str, text: str, size: tuple[int, int], twin: TwinRunner, tmp_path: Path
) -> None:
    given = job(task, tmp_path, text=text, image=blank(tmp_path, *size), num_inference_steps=2)
    assert file_bytes(run(twin(model), given))


@pytest.mark.parametrize(("model", "task"), [each for each in GENERATIVE if each[0] != LTX])
def test_one_step_will_do(model: str, task: str, twin: TwinRunner, tmp_path: Path) -> None:
    assert steps_told(twin(model), job(task, tmp_path, num_inference_steps=1)) == [(1, 1)]


@pytest.mark.parametrize("model", [PIX2PIX, REFINER])
@pytest.mark.parametrize(
    ("size", "bounds", "result"),
    [
        ((64, 48), (None, None), (128, 96)),
        ((300, 900), (None, None), (64, 128)),
        ((1000, 10), (None, None), (128, 64)),
        ((100, 100), (136, 72), (72, 72)),
    ],
)
def test_an_edited_picture_keeps_its_shape_within_what_the_model_was_made_for_or_what_is_asked(
    model: str,
    size: tuple[int, int],
    bounds: tuple[int | None, int | None],
    result: tuple[int, int],
    twin: TwinRunner,
    tmp_path: Path,
) -> None:
    sides = {"width": bounds[0], "height": bounds[1]}
    given = job("image-to-image", tmp_path, image=blank(tmp_path, *size), **sides)
    assert size_of(run(twin(model), given)) == result


@pytest.fixture(scope="module")
def painter_and_editor(real_catalog: Catalog, twin_weights: TwinWeights) -> Runner:
    """Stable Diffusion, doing both: nobody made its weights for editing."""
    spec = real_catalog.model(SD)
    assert spec is not None
    both = replace(spec, tasks=("text-to-image", "image-to-image"))
    return load_runner(replace(twin_weights(spec), spec=both), "cpu:0")


def test_two_tasks_share_their_weights_and_do_not_disturb_each_other(
    painter_and_editor: Runner, twin: TwinRunner, tmp_path: Path
) -> None:
    alone = twin(SD)
    assert painter_and_editor.resident_bytes == alone.resident_bytes
    drawn = file_bytes(run(alone, job("text-to-image", tmp_path)))
    run(painter_and_editor, job("image-to-image", tmp_path))
    assert file_bytes(run(painter_and_editor, job("text-to-image", tmp_path))) == drawn


@pytest.mark.parametrize(("strength", "steps"), [(0.001, 1), (0.5, 2), (1.0, 4)])
def test_strength_says_how_much_of_a_picture_is_drawn_anew(
    strength: float, steps: int, twin: TwinRunner, tmp_path: Path
) -> None:
    given = job("image-to-image", tmp_path, strength=strength, num_inference_steps=4)
    assert steps_told(twin(Z_IMAGE), given)[-1] == (steps, steps)


def test_an_empty_text_changes_less_of_a_picture_than_a_wish(
    twin: TwinRunner, tmp_path: Path
) -> None:
    def steps(text: str) -> int:
        given = job("image-to-image", tmp_path, text=text, num_inference_steps=8)
        return len(steps_told(twin(Z_IMAGE), given))

    assert steps("") < steps("a red fox")


@pytest.mark.parametrize(
    ("model", "task", "parameters", "message"),
    [
        (KLEIN, "text-to-image", {"negative_prompt": "mist"}, "no use for 'negative_prompt'"),
        (PIX2PIX, "image-to-image", {"strength": 0.5}, "no use for 'strength'.*guidance_scale"),
        (LTX, "text-to-video", {"num_inference_steps": 1}, "give it num_inference_steps: 2"),
        (Z_IMAGE, "text-to-image", {"width": 72}, "multiples of 16 .* width 72 .* take 64"),
        (WAN, "text-to-video", {"height": 80}, "multiples of 32 .* height 80 .* take 64"),
    ],
)
def test_what_a_model_cannot_do_is_refused_with_what_it_can(
    model: str, task: str, parameters: dict, message: str, twin: TwinRunner, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput, match=message):
        run(twin(model), job(task, tmp_path, **parameters))


def guided(runner: Runner, folder: Path, control: str = "canny", **given: Any) -> bytes:
    return file_bytes(run(runner, job(f"{control}-text-to-image", folder, **given)))


@pytest.mark.parametrize("model", [CANNY, UNION])
def test_a_guiding_picture_guides(model: str, twin: TwinRunner, tmp_path: Path) -> None:
    runner = twin(model)
    along = guided(runner, tmp_path, image=picture(tmp_path, seed=1))
    assert guided(runner, tmp_path, image=picture(tmp_path, seed=2)) != along
    assert guided(runner, tmp_path, controlnet_conditioning_scale=0.0) != along


def test_a_union_is_told_which_control_is_meant(twin: TwinRunner, tmp_path: Path) -> None:
    by_control = {
        control: guided(twin(UNION), tmp_path, control)
        for control in ("openpose", "depth", "hed", "canny", "mlsd", "normal", "seg")
    }
    assert by_control.pop("mlsd") == by_control["canny"]
    assert len(set(by_control.values())) == len(by_control)


@pytest.mark.parametrize(
    ("model", "change", "message"),
    [
        (CANNY, {"parts": {}}, r"parts\.base"),
        (SD, {"tasks": ("image-to-video",)}, "takes no pictures; leave image-to-video out"),
    ],
)
def test_an_entry_that_cannot_do_its_task_is_refused_with_what_to_change(
    model: str, change: dict, message: str, real_catalog: Catalog, twin_weights: TwinWeights
) -> None:
    spec = real_catalog.model(model)
    assert spec is not None
    with pytest.raises(LoadError, match=message):
        load_runner(replace(twin_weights(spec), spec=replace(spec, **change)), "cpu:0")


@pytest.mark.parametrize("size", [(64, 48), (1000, 3), (5, 7)])
def test_normals_have_the_size_of_the_picture(
    size: tuple[int, int], twin: TwinRunner, tmp_path: Path
) -> None:
    given = job("normal-control", tmp_path, image=blank(tmp_path, *size))
    assert size_of(run(twin(NORMALS), given)) == size


def test_a_video_has_the_frames_and_the_size_asked_for(twin: TwinRunner, tmp_path: Path) -> None:
    made = run(twin(WAN), job("text-to-video", tmp_path, width=96, num_frames=5))
    assert [frame.size for frame in frames_of(made)] == [(96, 64)] * 5


@pytest.mark.parametrize("model", [LTX, WAN_22])
def test_a_video_of_an_upright_picture_is_upright(
    model: str, twin: TwinRunner, tmp_path: Path
) -> None:
    image = blank(tmp_path, 40, 60)
    made = run(twin(model), job("image-to-video", tmp_path, image=image, width=96))
    assert {frame.size for frame in frames_of(made)} == {(64, 96)}


def test_a_model_that_films_pictures_alone_needs_no_text(tmp_path: Path) -> None:
    folder = tmp_path / "svd"
    stable_video_diffusion(folder)
    spec = ModelSpec(
        "made/here", ("image-to-video",), "main", "MIT", 0, 0, "", 1, Precision.FLOAT32, path=folder
    )
    runner = load_runner(Weights(spec, folder), "cpu:0")
    made = run(runner, job("image-to-video", tmp_path, num_frames=3))
    assert [frame.size for frame in frames_of(made)] == [(64, 64)] * 3


def stable_video_diffusion(folder: Path) -> None:
    """A tiny one of random weights, as the hub would hold it."""
    d: Any = diffusers
    t: Any = transformers
    unet = d.UNetSpatioTemporalConditionModel(
        block_out_channels=(32, 32, 32, 32),
        layers_per_block=1,
        cross_attention_dim=32,
        num_attention_heads=4,
        projection_class_embeddings_input_dim=96,
        addition_time_embed_dim=32,
    )
    vae = d.AutoencoderKLTemporalDecoder(
        block_out_channels=(32,) * 4, down_block_types=("DownEncoderBlock2D",) * 4
    )
    vision = t.CLIPVisionConfig(
        hidden_size=32, projection_dim=32, num_hidden_layers=1, num_attention_heads=2, patch_size=32
    )
    d.StableVideoDiffusionPipeline(
        vae=vae,
        image_encoder=t.CLIPVisionModelWithProjection(vision),
        unet=unet,
        scheduler=d.EulerDiscreteScheduler(prediction_type="v_prediction", use_karras_sigmas=True),
        feature_extractor=t.CLIPImageProcessor(),
    ).save_pretrained(folder)


ANNOTATORS = [
    ("baton/canny", "canny-control"),
    ("baton/soft-edges", "hed-control"),
    ("baton/straight-lines", "mlsd-control"),
]


def lines_of(runner: Runner, task: str, folder: Path, image: MediaFile, **given: Any) -> np.ndarray:
    result = run(runner, work(task, folder, {"image": image}, **given))
    assert result.data == {}
    return np.asarray(Image.open(result.files[0].path))


def square(folder: Path, shade: str = "black") -> MediaFile:
    """A square from (40, 30) to (120, 90) on white."""
    image = Image.new("RGB", (160, 120), "white")
    ImageDraw.Draw(image).rectangle((40, 30, 119, 89), fill=shade)
    image.save(folder / "square.png")
    return MediaFile(Media.IMAGE, folder / "square.png", "image/png")


@pytest.mark.parametrize(("model", "task"), ANNOTATORS)
def test_lines_run_along_the_edges_white_on_black(
    model: str, task: str, twin: TwinRunner, tmp_path: Path
) -> None:
    lines = lines_of(twin(model), task, tmp_path, square(tmp_path)).astype(int)
    assert lines.shape == (120, 160, 3)
    assert (lines[..., 0] == lines[..., 2]).all()
    for crossing in (lines[60, 36:44], lines[60, 116:124], lines[26:34, 80], lines[86:94, 80]):
        assert crossing.max() > 200
    assert lines[50:70, 70:90].max() < 20
    assert lines[:10].max() < 20


@pytest.mark.parametrize(("model", "task"), ANNOTATORS)
@pytest.mark.parametrize("size", [(1, 1), (8, 8), (990, 2), (1, 700)])
def test_a_picture_without_edges_gives_a_black_one_of_its_size(
    model: str, task: str, size: tuple[int, int], twin: TwinRunner, tmp_path: Path
) -> None:
    lines = lines_of(twin(model), task, tmp_path, blank(tmp_path, *size))
    assert lines.shape == (size[1], size[0], 3)
    assert not lines.any()


@pytest.mark.parametrize(("model", "task"), ANNOTATORS)
def test_the_same_picture_gives_the_same_lines(
    model: str, task: str, twin: TwinRunner, tmp_path: Path
) -> None:
    noise = picture(tmp_path, (300, 200))
    first = lines_of(twin(model), task, tmp_path, noise)
    assert (lines_of(twin(model), task, tmp_path, noise) == first).all()


def test_thresholds_say_which_edges_are_strong_enough(twin: TwinRunner, tmp_path: Path) -> None:
    faint = square(tmp_path, "#f0f0f0")
    runner = twin("baton/canny")
    assert not lines_of(runner, "canny-control", tmp_path, faint, high_threshold=255).any()
    assert lines_of(
        runner, "canny-control", tmp_path, faint, low_threshold=20, high_threshold=40
    ).any()


def test_faint_edges_are_dimmer_than_strong_ones(twin: TwinRunner, tmp_path: Path) -> None:
    runner = twin("baton/soft-edges")
    strong = lines_of(runner, "hed-control", tmp_path, square(tmp_path)).max()
    faint = lines_of(runner, "hed-control", tmp_path, square(tmp_path, "#f0f0f0")).max()
    assert 0 < faint < strong / 2


def test_lines_of_a_large_picture_lie_where_its_edges_are(twin: TwinRunner, tmp_path: Path) -> None:
    image = Image.new("RGB", (1200, 800), "white")
    ImageDraw.Draw(image).rectangle((600, 0, 1199, 799), fill="black")
    image.save(tmp_path / "half.png")
    half = MediaFile(Media.IMAGE, tmp_path / "half.png", "image/png")
    for model, task in ANNOTATORS:
        across = lines_of(twin(model), task, tmp_path, half)[400, :, 0]
        assert abs(int(across.argmax()) - 600) <= 3


def test_code_of_the_servers_own_weighs_nothing(twin: TwinRunner) -> None:
    assert [twin(model).resident_bytes for model, _ in ANNOTATORS] == [0, 0, 0]
