"""openpose-control: finds people, then their joints, and draws them as OpenPose does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from transformers import (
    AutoImageProcessor,
    AutoModelForObjectDetection,
    VitPoseForPoseEstimation,
)

from server.core.job import TaskResult, Work
from server.core.lane import Weights
from server.runners.loading import bytes_of
from server.runners.ports import image_input, image_output, task_work
from server.runners.runner import Reporter
from server.runners.seeing import fitted, vision_model

_SURE_OF_PERSON = 0.3
_SURE_OF_JOINT = 0.3
_MOST_PEOPLE = 32
# The expert of ViTPose+ that knows the 17 joints of COCO.
_COCO_EXPERT = 0

# OpenPose's joints by COCO's: nose, neck, the right arm, the left arm, the right leg, the left leg,
# eyes, ears. COCO has no neck: it is taken as the middle of the shoulders and stands at the end.
_LEFT_SHOULDER, _RIGHT_SHOULDER, _NECK = 5, 6, 17
_FROM_COCO = (0, _NECK, 6, 8, 10, 5, 7, 9, 12, 14, 16, 11, 13, 15, 2, 1, 4, 3)
_LIMBS = (
    (1, 2), (1, 5), (2, 3), (3, 4), (5, 6), (6, 7), (1, 8), (8, 9), (9, 10),
    (1, 11), (11, 12), (12, 13), (1, 0), (0, 14), (14, 16), (0, 15), (15, 17),
)  # fmt: skip
_COLOURS = (
    (255, 0, 0), (255, 85, 0), (255, 170, 0), (255, 255, 0), (170, 255, 0), (85, 255, 0),
    (0, 255, 0), (0, 255, 85), (0, 255, 170), (0, 255, 255), (0, 170, 255), (0, 85, 255),
    (0, 0, 255), (85, 0, 255), (170, 0, 255), (255, 0, 255), (255, 0, 170), (255, 0, 85),
)  # fmt: skip
_LIMB_SHADE = 0.6

Box = list[float]
"""Left, top, width and height in pixels."""


class PoseRunner:
    """Image in, skeletons on black out."""

    def __init__(self, weights: Weights, device: str) -> None:
        self._eyes: Any = AutoImageProcessor.from_pretrained(
            str(weights.path), local_files_only=True
        )
        self._model = vision_model(VitPoseForPoseEstimation, weights, device)
        self._detector_eyes: Any = AutoImageProcessor.from_pretrained(
            str(weights.parts["detector"]), local_files_only=True
        )
        self._detector = vision_model(AutoModelForObjectDetection, weights, device, "detector")

    @property
    def resident_bytes(self) -> int:
        """Parameters and buffers of both models."""
        return bytes_of([self._model, self._detector])

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """Draw the people; a picture in which none are found is taken as one person."""
        task = task_work(work)
        image = image_input(task)
        seen = fitted(image)
        reporter.check()
        boxes = self._people(seen) or [[0.0, 0.0, float(seen.width), float(seen.height)]]
        scale = np.array([image.width / seen.width, image.height / seen.height])
        people = []
        for done, box in enumerate(boxes):
            reporter.progress(done, len(boxes))
            joints, scores = self._joints(seen, box)
            people.append((joints * scale, scores))
        reporter.progress(len(boxes), len(boxes))
        return TaskResult(files=(image_output(skeletons(image.size, people), task),))

    def _people(self, image: Image.Image) -> list[Box]:
        """Boxes of the people, surest first."""
        inputs = self._detector_eyes(images=image, return_tensors="pt")
        with torch.inference_mode():
            found = self._detector(**inputs.to(self._detector.device, self._detector.dtype))
        (found,) = self._detector_eyes.post_process_object_detection(
            found, _SURE_OF_PERSON, [(image.height, image.width)]
        )
        is_person = found["labels"] == self._detector.config.label2id.get("person", -1)
        order = found["scores"][is_person].argsort(descending=True)[:_MOST_PEOPLE]
        boxes = found["boxes"][is_person][order].tolist()
        return [[x1, y1, x2 - x1, y2 - y1] for x1, y1, x2, y2 in boxes]

    def _joints(self, image: Image.Image, box: Box) -> tuple[NDArray, NDArray]:
        """Where COCO's 17 joints of the person in the box are, in pixels, and how sure that is."""
        inputs = self._eyes(image, boxes=[[box]], return_tensors="pt")
        inputs = inputs.to(self._model.device, self._model.dtype)
        if self._model.config.backbone_config.num_experts > 1:
            inputs["dataset_index"] = torch.tensor([_COCO_EXPERT], device=self._model.device)
        with torch.inference_mode():
            outputs = self._model(**inputs)
        # Half precision would shift joints by pixels in what follows.
        outputs.heatmaps = outputs.heatmaps.float()
        ((pose,),) = self._eyes.post_process_pose_estimation(outputs, boxes=[[box]])
        return pose["keypoints"].numpy(), pose["scores"].numpy()


def skeletons(size: tuple[int, int], people: Sequence[tuple[NDArray, NDArray]]) -> Image.Image:
    """People on black in OpenPose's colours: of each COCO's 17 joints (x, y) and their scores.

    What is unsure is left out.
    """
    picture = Image.new("RGB", size)
    draw = ImageDraw.Draw(picture)
    radius = max(1.0, max(size) / 128)
    for joints, scores in people:
        _draw_person(draw, _as_openpose(joints, scores), radius)
    return picture


def _as_openpose(joints: NDArray, scores: NDArray) -> list[tuple[float, float] | None]:
    shoulders = [_LEFT_SHOULDER, _RIGHT_SHOULDER]
    all_joints = np.vstack([joints, joints[shoulders].mean(axis=0)])
    all_scores = np.append(scores, scores[shoulders].min())
    return [
        (float(all_joints[at][0]), float(all_joints[at][1]))
        if all_scores[at] >= _SURE_OF_JOINT and np.isfinite(all_joints[at]).all()
        else None
        for at in _FROM_COCO
    ]


def _draw_person(
    draw: ImageDraw.ImageDraw, joints: Sequence[tuple[float, float] | None], radius: float
) -> None:
    for (begin, end), (red, green, blue) in zip(_LIMBS, _COLOURS, strict=False):
        here, there = joints[begin], joints[end]
        if here and there:
            shade = tuple(round(part * _LIMB_SHADE) for part in (red, green, blue))
            draw.line((here, there), fill=shade, width=round(radius * 2))
    for joint, colour in zip(joints, _COLOURS, strict=True):
        if joint:
            draw.circle(joint, radius, fill=colour)
