"""Pictures and videos in: labels, boxes, masks, depth, poses, words and larger pictures out."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scripts.twins.vision import TWINS
from server.core.job import MediaFile, TaskResult
from server.core.model import Catalog, MediaLimits
from server.core.task import TASKS, Media
from server.errors import InvalidInput, TooLarge
from server.runners.palette import PALETTE, distinct
from server.runners.picture_maps import _different
from server.runners.pose import skeletons
from server.runners.seeing import fitted
from tests.runners.bench import cancelled_at, clip, picture, run, work
from tests.runners.conftest import TwinRunner

NASTY = "a <image> <|im_end|> {0} \x00 🦊 <s_answer>\n" * 3
SHAPES = {
    "tiny": (8, 8),
    "a dot": (1, 1),
    "a strip": (600, 4),
    "tall": (5, 300),
    "large": (500, 700),
}
FEW_POINTS = {"points_per_side": 2, "pred_iou_thresh": 0.0}
EVERYTHING = {
    "object-detection": {"threshold": 0.0},
    "zero-shot-object-detection": {"threshold": 0.0},
    "image-segmentation": {
        "threshold": 0.0,
        "mask_threshold": 0.0,
        "overlap_mask_area_threshold": 0.0,
    },
    "seg-control": {"threshold": 0.0},
    "mask-generation": FEW_POINTS,
}
WRITTEN = ("image-to-text", "visual-question-answering", "document-question-answering")


def settings(task: str) -> dict:
    return {"max_new_tokens": 4} if task in WRITTEN else EVERYTHING.get(task, {})


def inputs(task: str, folder: Path, image: MediaFile | None = None) -> dict:
    texts = {"labels": "a cat, a dog or a red ball", "text": "what is it?"}
    media = {"video": clip, "image": lambda _folder: image or picture(folder)}
    return {
        port.name: texts[port.name] if port.media is Media.TEXT else media[port.name](folder)
        for port in TASKS[task].inputs
    }


def saved(image: Image.Image, folder: Path, name: str = "given") -> MediaFile:
    path = folder / f"{name}.png"
    image.save(path)
    return MediaFile(Media.IMAGE, path, "image/png")


def shown(result: TaskResult) -> Image.Image:
    (file,) = result.files
    return Image.open(file.path)


def entries() -> list[tuple[str, str]]:
    from server.catalog import load_catalog

    models = load_catalog(Path(__file__).parents[2] / "models_config.yaml").models
    return [(m.id, task) for m in models if m.id in TWINS for task in m.tasks]


@pytest.mark.parametrize(("model_id", "task"), entries())
def test_every_model_gives_what_its_tasks_promise(
    twin: TwinRunner, tmp_path: Path, model_id: str, task: str
) -> None:
    result = run(twin(model_id), work(task, tmp_path, inputs(task, tmp_path), **settings(task)))
    given = [file.media for file in result.files]
    assert given == [media for media in TASKS[task].outputs if media is not Media.TEXT]
    assert (result.text is not None) == (Media.TEXT in TASKS[task].outputs)
    json.dumps(result.data, allow_nan=False)


@pytest.mark.parametrize(("model_id", "task"), entries())
def test_any_picture_and_any_text_will_do(
    twin: TwinRunner, tmp_path: Path, model_id: str, task: str
) -> None:
    if task == "video-classification":
        shapes = {}
    else:
        shapes = {"grey": Image.new("L", (40, 30), 128)}
        shapes |= {name: Image.new("RGB", size, "teal") for name, size in SHAPES.items()}
    for name, image in shapes.items():
        given = inputs(task, tmp_path, saved(image, tmp_path, name))
        given |= {key: NASTY for key in given if key in ("labels", "text")}
        try:
            result = run(twin(model_id), work(task, tmp_path, given, **settings(task)))
        except TooLarge:
            continue
        assert not (task.endswith("-control") and shown(result).size != image.size)


# --- labels and boxes


def test_the_best_labels_come_first_and_as_many_as_asked_for(
    twin: TwinRunner, tmp_path: Path
) -> None:
    given = {"image": picture(tmp_path)}
    runner = twin("google/vit-base-patch16-224")
    result = run(runner, work("image-classification", tmp_path, given, top_k=2))
    assert result.data[0]["label"] == result.text
    assert len(result.data) == 2
    assert result.data[0]["score"] >= result.data[1]["score"]


def test_a_picture_is_sorted_under_the_labels_named(twin: TwinRunner, tmp_path: Path) -> None:
    for model_id in ("laion/CLIP-ViT-B-32-laion2B-s34B-b79K", "google/siglip2-base-patch16-224"):
        task = "zero-shot-image-classification"
        result = run(twin(model_id), work(task, tmp_path, inputs(task, tmp_path)))
        assert {item["label"] for item in result.data} == {"a cat", "a dog", "a red ball"}
        assert result.text == result.data[0]["label"]


def test_the_template_holds_the_labels(twin: TwinRunner, tmp_path: Path) -> None:
    runner = twin("laion/CLIP-ViT-B-32-laion2B-s34B-b79K")
    task = "zero-shot-image-classification"
    given = inputs(task, tmp_path)
    usual = run(runner, work(task, tmp_path, given)).data
    other = run(runner, work(task, tmp_path, given, hypothesis_template="a drawing: {}")).data
    assert sorted(item["label"] for item in usual) == sorted(item["label"] for item in other)
    assert usual != other


def test_no_labels_at_all_are_refused_with_a_way_out(twin: TwinRunner, tmp_path: Path) -> None:
    runner = twin("google/owlv2-base-patch16-ensemble")
    given = {"image": picture(tmp_path), "labels": " , \n"}
    with pytest.raises(InvalidInput, match="such as"):
        run(runner, work("zero-shot-object-detection", tmp_path, given))


@pytest.mark.parametrize("size", [(64, 48), (3000, 100), (8, 8)])
@pytest.mark.parametrize(
    ("model_id", "task"),
    [
        ("PekingU/rtdetr_v2_r50vd", "object-detection"),
        ("IDEA-Research/grounding-dino-base", "zero-shot-object-detection"),
    ],
)
def test_boxes_lie_within_the_picture(
    twin: TwinRunner, tmp_path: Path, size: tuple[int, int], model_id: str, task: str
) -> None:
    given = inputs(task, tmp_path, picture(tmp_path, size))
    result = run(twin(model_id), work(task, tmp_path, given, threshold=0.0))
    assert result.data
    for item in result.data:
        box = item["box"]
        assert 0 <= box["xmin"] <= box["xmax"] <= size[0]
        assert 0 <= box["ymin"] <= box["ymax"] <= size[1]


def test_looking_for_things_stops_within_a_label(twin: TwinRunner, tmp_path: Path) -> None:
    runner = twin("google/owlv2-base-patch16-ensemble")
    given = inputs("zero-shot-object-detection", tmp_path)
    assert cancelled_at(runner, lambda: work("zero-shot-object-detection", tmp_path, given), 1) == [
        0,
        1,
    ]
    assert run(runner, work("zero-shot-object-detection", tmp_path, given)).files


def test_a_video_of_few_frames_is_sorted_too(twin: TwinRunner, tmp_path: Path) -> None:
    runner = twin("google/vivit-b-16x2-kinetics400")
    given = {"video": clip(tmp_path, frames=2)}
    result = run(runner, work("video-classification", tmp_path, given, top_k=2))
    assert len(result.data) == 2
    assert result.text == result.data[0]["label"]


# --- maps


def test_segments_cover_their_share_and_travel_as_masks(twin: TwinRunner, tmp_path: Path) -> None:
    runner = twin("openmmlab/upernet-convnext-small")
    given = {"image": picture(tmp_path, (1500, 400))}
    result = run(runner, work("image-segmentation", tmp_path, given))
    masks = [np.asarray(opened(item["mask"])) for item in result.data]
    assert all(mask.shape == (400, 1500) for mask in masks)
    assert (np.sum([mask > 0 for mask in masks], axis=0) == 1).all(), "each pixel is of one kind"
    assert all(item["label"] in (result.text or "") for item in result.data)


def test_segments_found_one_by_one_have_scores(twin: TwinRunner, tmp_path: Path) -> None:
    runner = twin("tue-mps/coco_panoptic_eomt_large_640")
    job = work(
        "image-segmentation", tmp_path, {"image": picture(tmp_path)},
        **settings("image-segmentation"),
    )  # fmt: skip
    result = run(runner, job)
    assert result.data
    assert all(0 <= item["score"] <= 1 for item in result.data)


def opened(mask: str) -> Image.Image:
    return Image.open(BytesIO(base64.b64decode(mask)))


def test_a_palette_of_segments_holds_only_the_colours_of_its_labels(
    twin: TwinRunner, tmp_path: Path
) -> None:
    runner = twin("openmmlab/upernet-convnext-small")
    result = run(runner, work("seg-control", tmp_path, {"image": picture(tmp_path)}))
    colours = {colour for _, colour in shown(result).getcolors() or ()}
    assert colours
    assert colours <= set(PALETTE[:3])


def test_masks_are_counted_and_drawn(twin: TwinRunner, tmp_path: Path) -> None:
    runner = twin("facebook/sam-vit-base")
    given = {"image": picture(tmp_path, (640, 480))}
    result = run(runner, work("mask-generation", tmp_path, given, **FEW_POINTS))
    count = len(result.data)
    assert result.text == ("1 mask" if count == 1 else f"{count} masks")
    assert shown(result).size == (640, 480)
    assert all(opened(item["mask"]).size == (640, 480) for item in result.data)


def test_cutting_out_stops_within_a_batch_of_points(twin: TwinRunner, tmp_path: Path) -> None:
    runner = twin("facebook/sam-vit-base")
    given = {"image": picture(tmp_path)}
    make = lambda: work("mask-generation", tmp_path, given, points_per_side=16)  # noqa: E731
    assert cancelled_at(runner, make, 1) == [0, 1]
    assert run(runner, work("mask-generation", tmp_path, given, **FEW_POINTS)).text


def test_of_boxes_nearly_the_same_the_best_stays() -> None:
    boxes = [[0, 0, 10, 10], [0, 0, 10, 9.5], [50, 50, 60, 60]]
    assert _different(boxes, [0.8, 0.9, 0.7]) == [1, 2]


def test_depth_tells_which_part_is_nearest(twin: TwinRunner, tmp_path: Path) -> None:
    given = {"image": picture(tmp_path)}
    task = "depth-estimation"
    relative = run(twin("depth-anything/Depth-Anything-V2-Small-hf"), work(task, tmp_path, given))
    metric = run(
        twin("depth-anything/Depth-Anything-V2-Metric-Indoor-Small-hf"),
        work(task, tmp_path, given),
    )
    assert relative.data["nearest"]["value"] >= relative.data["farthest"]["value"]
    assert metric.data["nearest"]["value"] <= metric.data["farthest"]["value"]
    assert "metres" in (metric.text or "")
    assert "metres" not in (relative.text or "")


def test_a_depth_picture_is_grey_of_the_same_size_from_black_to_white(
    twin: TwinRunner, tmp_path: Path
) -> None:
    runner = twin("depth-anything/Depth-Anything-V2-Small-hf")
    given = {"image": picture(tmp_path, (120, 80))}
    grey = shown(run(runner, work("depth-control", tmp_path, given)))
    assert (grey.mode, grey.size) == ("L", (120, 80))
    low, high = grey.getextrema()
    assert isinstance(low, int)
    assert low < 40
    assert isinstance(high, int)
    assert high > 215


# --- pictures


def test_a_restored_picture_is_twice_as_large_and_shows_no_tiles(
    twin: TwinRunner, tmp_path: Path
) -> None:
    runner = twin("caidas/swin2SR-classical-sr-x2-64")
    flat = saved(Image.new("RGB", (250, 60), (90, 140, 200)), tmp_path)
    given = {"image": flat, "text": "whatever is said"}
    result = np.asarray(shown(run(runner, work("image-to-image", tmp_path, given)))).astype(int)
    assert result.shape == (120, 500, 3)
    inner = result[40:80, 40:-40]
    assert inner.std(axis=(0, 1)).max() < 3, "a flat picture stays flat across the seam"


def test_a_picture_that_would_grow_past_the_limit_is_refused(
    twin: TwinRunner, tmp_path: Path
) -> None:
    runner = twin("caidas/swin2SR-classical-sr-x2-64")
    job = work("image-to-image", tmp_path, {"image": picture(tmp_path), "text": ""})
    with pytest.raises(TooLarge, match="grow"):
        run(runner, replace(job, limits=MediaLimits(10_000, 60, 60)))


def test_restoring_stops_within_a_tile(twin: TwinRunner, tmp_path: Path) -> None:
    runner = twin("caidas/swin2SR-classical-sr-x2-64")
    given = {"image": picture(tmp_path, (420, 40)), "text": ""}
    assert cancelled_at(runner, lambda: work("image-to-image", tmp_path, given), 1) == [0, 1]


def test_where_nobody_is_found_the_whole_picture_is_one_person(
    twin: TwinRunner, tmp_path: Path
) -> None:
    runner = twin("usyd-community/vitpose-plus-base")
    result = run(runner, work("openpose-control", tmp_path, {"image": picture(tmp_path, (90, 70))}))
    assert shown(result).size == (90, 70)


def test_a_person_is_drawn_in_the_colours_of_openpose() -> None:
    joints = np.array(STANDING, float)
    drawn = skeletons((100, 200), [(joints, np.ones(17))])
    assert drawn.getpixel((50, 20)) == (255, 0, 0), "the nose"
    assert drawn.getpixel((30, 50)) == (255, 170, 0), "the right shoulder, left in the picture"
    assert drawn.getpixel((1, 1)) == (0, 0, 0)


def test_joints_that_are_unsure_are_left_out() -> None:
    assert skeletons((100, 200), [(np.array(STANDING, float), np.zeros(17))]).getbbox() is None


# COCO's order: nose, eyes, ears, shoulders, elbows, wrists, hips, knees, ankles; left before right.
STANDING = [
    (50, 20), (55, 15), (45, 15), (60, 18), (40, 18), (70, 50), (30, 50), (75, 80), (25, 80),
    (75, 110), (25, 110), (62, 110), (38, 110), (62, 150), (38, 150), (62, 190), (38, 190),
]  # fmt: skip


def test_a_picture_is_fitted_to_what_models_take() -> None:
    def size(width: int, height: int) -> tuple[int, int]:
        return fitted(Image.new("RGB", (width, height))).size

    assert size(640, 480) == (640, 480)
    assert size(8, 8) == (32, 32)
    assert size(4096, 2048) == (2048, 1024)
    assert size(10_000, 4) == (2048, 205)
    assert size(1, 1) == (32, 32)


def test_a_hundred_masks_have_a_hundred_colours() -> None:
    assert len({distinct(index) for index in range(100)}) == 100


def test_every_twin_of_a_vision_model_has_its_entry(real_catalog: Catalog) -> None:
    assert all(real_catalog.model(model_id) for model_id in TWINS)
