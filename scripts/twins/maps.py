"""Twins of the models that make pictures of pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scripts.twins.cache import Twin
from scripts.twins.making import EYES, SQUARE, hf, labels, twin


def _upernet() -> tuple[Any, ...]:
    backbone = hf.ConvNextConfig(
        hidden_sizes=[8, 8, 16, 16],
        depths=[1, 1, 1, 1],
        out_features=["stage1", "stage2", "stage3", "stage4"],
    )
    config = hf.UperNetConfig(
        backbone_config=backbone,
        hidden_size=16,
        pool_scales=[1, 2],
        auxiliary_in_channels=16,
        auxiliary_channels=8,
        **labels(("wall", "building", "sky")),
    )
    eyes = hf.SegformerImageProcessorPil(size={"height": 64, "width": 64})
    return hf.UperNetForSemanticSegmentation(config), eyes


def _eomt() -> tuple[Any, ...]:
    config = hf.EomtConfig(
        hidden_size=32,
        num_hidden_layers=3,
        num_attention_heads=2,
        num_blocks=1,
        image_size=32,
        patch_size=8,
        num_queries=6,
        num_register_tokens=1,
        **labels(),
    )
    eyes = hf.EomtImageProcessorPil(size={"shortest_edge": 32, "longest_edge": 32}, do_pad=True)
    return hf.EomtForUniversalSegmentation(config), eyes


def _sam() -> tuple[Any, ...]:
    eyes = {
        "hidden_size": 16,
        "output_channels": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "image_size": 64,
        "patch_size": 16,
        "window_size": 2,
        "global_attn_indexes": [1],
        "num_pos_feats": 8,
        "mlp_dim": 32,
    }
    prompt = {"hidden_size": 16, "image_size": 64, "patch_size": 16, "mask_input_channels": 4}
    decoder = {
        "hidden_size": 16,
        "mlp_dim": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "iou_head_hidden_dim": 16,
    }
    config = hf.SamConfig(
        vision_config=eyes, prompt_encoder_config=prompt, mask_decoder_config=decoder
    )
    square = {"height": 64, "width": 64}
    processor = hf.SamImageProcessorPil(
        size={"longest_edge": 64},
        pad_size=square,
        mask_size={"longest_edge": 16},
        mask_pad_size={"height": 16, "width": 16},
    )
    return hf.SamModel(config), hf.SamProcessor(image_processor=processor)


def _depth_anything(kind: str) -> tuple[Any, ...]:
    backbone = hf.Dinov2Config(
        image_size=56,
        patch_size=14,
        hidden_size=32,
        num_hidden_layers=4,
        num_attention_heads=2,
        mlp_ratio=2,
        out_indices=[1, 2, 3, 4],
        reshape_hidden_states=False,
        apply_layernorm=True,
    )
    config = hf.DepthAnythingConfig(
        backbone_config=backbone,
        patch_size=14,
        reassemble_hidden_size=32,
        reassemble_factors=[4, 2, 1, 0.5],
        neck_hidden_sizes=[8, 8, 8, 8],
        fusion_hidden_size=8,
        head_hidden_size=4,
        depth_estimation_type=kind,
        max_depth=20 if kind == "metric" else 1,
    )
    eyes = hf.DPTImageProcessorPil(
        size={"height": 56, "width": 56}, ensure_multiple_of=14, keep_aspect_ratio=True
    )
    return hf.DepthAnythingForDepthEstimation(config), eyes


def _dpt() -> tuple[Any, ...]:
    config = hf.DPTConfig(
        **{**EYES, "num_hidden_layers": 4},
        backbone_out_indices=[0, 1, 2, 3],
        neck_hidden_sizes=[8, 8, 8, 8],
        fusion_hidden_size=8,
        is_hybrid=False,
    )
    return hf.DPTForDepthEstimation(config), hf.DPTImageProcessorPil(size=SQUARE)


def _vitpose() -> tuple[Any, ...]:
    backbone = hf.VitPoseBackboneConfig(
        image_size=[64, 48],
        patch_size=[16, 16],
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        mlp_ratio=2,
        out_indices=[2],
        num_experts=2,
        part_features=8,
    )
    config = hf.VitPoseConfig(backbone_config=backbone, use_simple_decoder=False, num_labels=17)
    eyes = hf.VitPoseImageProcessorPil(size={"height": 64, "width": 48})
    return hf.VitPoseForPoseEstimation(config), eyes


def _swin2sr() -> tuple[Any, ...]:
    config = hf.Swin2SRConfig(
        image_size=32,
        patch_size=1,
        num_channels=3,
        embed_dim=12,
        depths=[1, 1],
        num_heads=[2, 2],
        window_size=8,
        upscale=2,
        upsampler="pixelshuffle",
    )
    eyes = hf.Swin2SRImageProcessorPil(size_divisor=8)
    return hf.Swin2SRForImageSuperResolution(config), eyes


TWINS: Mapping[str, Twin] = {
    "openmmlab/upernet-convnext-small": twin(_upernet),
    **dict.fromkeys(
        ("tue-mps/coco_panoptic_eomt_large_640", "tue-mps/ade20k_panoptic_eomt_large_640"),
        twin(_eomt),
    ),
    **dict.fromkeys(("facebook/sam-vit-base", "facebook/sam-vit-huge"), twin(_sam)),
    "depth-anything/Depth-Anything-V2-Small-hf": twin(lambda: _depth_anything("relative")),
    "depth-anything/Depth-Anything-V2-Metric-Indoor-Small-hf": twin(
        lambda: _depth_anything("metric")
    ),
    "Intel/dpt-large": twin(_dpt),
    "usyd-community/vitpose-plus-base": twin(_vitpose),
    "caidas/swin2SR-classical-sr-x2-64": twin(_swin2sr),
}
