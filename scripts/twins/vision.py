"""Twins of the vision models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scripts.twins import captions, maps
from scripts.twins.cache import Twin
from scripts.twins.making import EYES, LAYERS, SQUARE, clip_eyes, hf, labels, twin
from scripts.twins.words import bert_tokenizer, clip_tokenizer

_COCO = ("person", "bicycle", "car")


def _vit() -> tuple[Any, ...]:
    config = hf.ViTConfig(**EYES, **labels())
    return hf.ViTForImageClassification(config), hf.ViTImageProcessorPil(size=SQUARE)


def _resnet() -> tuple[Any, ...]:
    config = hf.ResNetConfig(embedding_size=8, hidden_sizes=[8, 16], depths=[1, 1], **labels())
    eyes = hf.ConvNextImageProcessorPil(size={"shortest_edge": 32})
    return hf.ResNetForImageClassification(config), eyes


def _clip_text(words: Any, positions: int) -> dict[str, Any]:
    return {
        **LAYERS,
        "vocab_size": len(words),
        "max_position_embeddings": positions,
        "bos_token_id": words.bos_token_id,
        "eos_token_id": words.eos_token_id,
        "pad_token_id": words.pad_token_id,
    }


def _clip() -> tuple[Any, ...]:
    words = clip_tokenizer()
    text = _clip_text(words, 77)
    config = hf.CLIPConfig(text_config=text, vision_config=EYES, projection_dim=16)
    return hf.CLIPModel(config), hf.CLIPProcessor(image_processor=clip_eyes(), tokenizer=words)


def _gemma_tokenizer() -> Any:
    special = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>"]
    letters = ["▁", *(chr(code) for code in range(33, 127))]
    raw = [f"<0x{byte:02X}>" for byte in range(256)]
    vocabulary = {token: index for index, token in enumerate([*special, *raw, *letters])}
    return hf.GemmaTokenizer(vocab=vocabulary, merges=[], model_max_length=64)


def _siglip() -> tuple[Any, ...]:
    words = _gemma_tokenizer()
    text = {**LAYERS, "vocab_size": len(words), "max_position_embeddings": 64}
    text |= {"projection_size": 32, "pad_token_id": 0, "eos_token_id": 1, "bos_token_id": 2}
    config = hf.SiglipConfig(text_config=text, vision_config=EYES)
    return hf.SiglipModel(config), hf.SiglipImageProcessorPil(size=SQUARE), words


def _vivit() -> tuple[Any, ...]:
    config = hf.VivitConfig(
        **LAYERS, **labels(), image_size=32, num_frames=4, tubelet_size=[2, 8, 8]
    )
    eyes = hf.VivitImageProcessor(size={"shortest_edge": 36}, crop_size=SQUARE)
    return hf.VivitForVideoClassification(config), eyes


def _rtdetr() -> tuple[Any, ...]:
    backbone = hf.RTDetrResNetConfig(
        embedding_size=8,
        hidden_sizes=[8, 16, 16, 16],
        depths=[1, 1, 1, 1],
        out_features=["stage2", "stage3", "stage4"],
    )
    config = hf.RTDetrV2Config(
        backbone_config=backbone,
        encoder_hidden_dim=16,
        encoder_in_channels=[16, 16, 16],
        encoder_layers=1,
        encoder_ffn_dim=32,
        encoder_attention_heads=2,
        d_model=16,
        num_queries=8,
        decoder_in_channels=[16, 16, 16],
        decoder_ffn_dim=32,
        decoder_layers=2,
        decoder_attention_heads=2,
        decoder_n_points=2,
        num_denoising=0,
        **labels(_COCO),
    )
    eyes = hf.RTDetrImageProcessorPil(size={"height": 64, "width": 64})
    return hf.RTDetrV2ForObjectDetection(config), eyes


def _yolos() -> tuple[Any, ...]:
    config = hf.YolosConfig(
        **{**EYES, "image_size": [32, 32]}, num_detection_tokens=5, **labels(_COCO)
    )
    return hf.YolosForObjectDetection(config), hf.YolosImageProcessorPil(size=SQUARE)


def _owlv2() -> tuple[Any, ...]:
    words = clip_tokenizer()
    words.model_max_length = 16
    text = _clip_text(words, 16)
    config = hf.Owlv2Config(text_config=text, vision_config=EYES, projection_dim=32)
    eyes = hf.Owlv2ImageProcessorPil(size=SQUARE)
    processor = hf.Owlv2Processor(image_processor=eyes, tokenizer=words)
    return hf.Owlv2ForObjectDetection(config), processor


def _swin(image_size: int, out_features: list[str]) -> Any:
    return hf.SwinConfig(
        image_size=image_size,
        patch_size=4,
        embed_dim=8,
        depths=[1, 1, 1, 1],
        num_heads=[1, 1, 2, 2],
        window_size=4,
        out_features=out_features,
    )


def _grounding_dino() -> tuple[Any, ...]:
    words = bert_tokenizer()
    config = hf.GroundingDinoConfig(
        backbone_config=_swin(64, ["stage2", "stage3", "stage4"]),
        text_config=hf.BertConfig(**LAYERS, vocab_size=len(words), max_position_embeddings=64),
        d_model=64,
        encoder_layers=1,
        encoder_ffn_dim=32,
        encoder_attention_heads=2,
        decoder_layers=2,
        decoder_ffn_dim=32,
        decoder_attention_heads=2,
        num_queries=10,
        max_text_len=64,
        decoder_n_points=2,
        encoder_n_points=2,
    )
    eyes = hf.GroundingDinoImageProcessorPil(size={"shortest_edge": 64, "longest_edge": 96})
    processor = hf.GroundingDinoProcessor(image_processor=eyes, tokenizer=words)
    return hf.GroundingDinoForObjectDetection(config), processor


TWINS: Mapping[str, Twin] = {
    "google/vit-base-patch16-224": twin(_vit),
    "microsoft/resnet-50": twin(_resnet),
    "laion/CLIP-ViT-B-32-laion2B-s34B-b79K": twin(_clip),
    "google/siglip2-base-patch16-224": twin(_siglip),
    "google/vivit-b-16x2-kinetics400": twin(_vivit),
    "PekingU/rtdetr_v2_r50vd": twin(_rtdetr),
    "hustvl/yolos-tiny": twin(_yolos),
    "google/owlv2-base-patch16-ensemble": twin(_owlv2),
    "IDEA-Research/grounding-dino-base": twin(_grounding_dino),
    **captions.TWINS,
    **maps.TWINS,
}
