"""Twins of the models that write or answer about pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scripts.twins.cache import Twin
from scripts.twins.making import EYES, LAYERS, SQUARE, clip_eyes, hf, labels, twin
from scripts.twins.words import bert_tokenizer, chat_tokenizer, roberta_tokenizer


def _blip(kind: str) -> tuple[Any, ...]:
    words = bert_tokenizer()
    text = {
        **LAYERS,
        "vocab_size": len(words),
        "encoder_hidden_size": 32,
        "projection_dim": 16,
        "max_position_embeddings": 64,
        "bos_token_id": words.cls_token_id,
        "eos_token_id": words.sep_token_id,
        "sep_token_id": words.sep_token_id,
        "pad_token_id": words.pad_token_id,
    }
    config = hf.BlipConfig(text_config=text, vision_config=EYES, projection_dim=16)
    eyes = hf.BlipImageProcessorPil(size=SQUARE)
    return getattr(hf, kind)(config), hf.BlipProcessor(image_processor=eyes, tokenizer=words)


def _git() -> tuple[Any, ...]:
    words = bert_tokenizer()
    config = hf.GitConfig(
        **LAYERS,
        vision_config=EYES,
        vocab_size=len(words),
        max_position_embeddings=128,
        bos_token_id=words.cls_token_id,
        eos_token_id=words.sep_token_id,
        pad_token_id=words.pad_token_id,
    )
    processor = hf.GitProcessor(image_processor=clip_eyes(), tokenizer=words)
    return hf.GitForCausalLM(config), processor


def _encoder_decoder(encoder: Any, decoder: Any, words: Any, start: int) -> Any:
    """A model whose decoder writes with RoBERTa's tokens, beginning with `start`."""
    config = hf.VisionEncoderDecoderConfig.from_encoder_decoder_configs(encoder, decoder)
    model = hf.VisionEncoderDecoderModel(config)
    for settings in (model.config, model.generation_config):
        settings.decoder_start_token_id = start
        settings.pad_token_id = words.pad_token_id
        settings.eos_token_id = words.eos_token_id
    return model


def _vit_gpt2() -> tuple[Any, ...]:
    words: Any = roberta_tokenizer()
    decoder = hf.GPT2Config(
        vocab_size=len(words),
        n_embd=32,
        n_layer=2,
        n_head=2,
        n_positions=64,
        is_decoder=True,
        add_cross_attention=True,
        bos_token_id=words.bos_token_id,
        eos_token_id=words.eos_token_id,
    )
    model = _encoder_decoder(hf.ViTConfig(**EYES), decoder, words, words.bos_token_id)
    return model, hf.ViTImageProcessorPil(size=SQUARE), words


def _trocr() -> tuple[Any, ...]:
    words: Any = roberta_tokenizer()
    decoder = hf.TrOCRConfig(
        vocab_size=len(words),
        d_model=32,
        decoder_layers=2,
        decoder_attention_heads=2,
        decoder_ffn_dim=64,
        max_position_embeddings=64,
    )
    model = _encoder_decoder(hf.ViTConfig(**EYES), decoder, words, words.eos_token_id)
    eyes = hf.ViTImageProcessorPil(size=SQUARE)
    return model, hf.TrOCRProcessor(image_processor=eyes, tokenizer=words)


def _donut_words() -> Any:
    words: Any = roberta_tokenizer()
    marks = ["<s_docvqa>", "<s_question>", "</s_question>", "<s_answer>", "</s_answer>"]
    words.add_tokens(marks, special_tokens=True)
    return words


def _donut() -> tuple[Any, ...]:
    words = _donut_words()
    encoder = hf.DonutSwinConfig(
        image_size=[32, 32], patch_size=4, embed_dim=16, depths=[1, 1], num_heads=[2, 2],
        window_size=4,
    )  # fmt: skip
    decoder = hf.MBartConfig(
        vocab_size=len(words),
        d_model=32,
        decoder_layers=2,
        decoder_attention_heads=2,
        decoder_ffn_dim=64,
        max_position_embeddings=128,
        is_decoder=True,
        add_cross_attention=True,
        scale_embedding=True,
    )
    model = _encoder_decoder(encoder, decoder, words, words.bos_token_id)
    eyes = hf.DonutImageProcessorPil(size=SQUARE)
    return model, hf.DonutProcessor(image_processor=eyes, tokenizer=words)


def _vilt() -> tuple[Any, ...]:
    words = bert_tokenizer()
    config = hf.ViltConfig(
        **{**LAYERS, "image_size": 192, "patch_size": 32},
        vocab_size=len(words),
        max_position_embeddings=40,
        **labels(("yes", "no", "2")),
    )
    eyes = hf.ViltImageProcessorPil(size={"shortest_edge": 192})
    processor = hf.ViltProcessor(image_processor=eyes, tokenizer=words)
    return hf.ViltForQuestionAnswering(config), processor


def _llama_text(words: Any) -> dict[str, Any]:
    return {
        **LAYERS,
        "vocab_size": len(words),
        "num_key_value_heads": 1,
        "max_position_embeddings": 512,
        "eos_token_id": words.eos_token_id,
        "pad_token_id": words.pad_token_id,
    }


def _idefics3() -> tuple[Any, ...]:
    words: Any = chat_tokenizer(
        "<image>", "<fake_token_around_image>", "<global-img>", "<end_of_utterance>"
    )
    config = hf.Idefics3Config(
        vision_config=EYES,
        text_config=hf.LlamaConfig(**_llama_text(words)),
        scale_factor=2,
        image_token_id=words.convert_tokens_to_ids("<image>"),
        pad_token_id=words.pad_token_id,
    )
    eyes = hf.Idefics3ImageProcessorPil(
        size={"longest_edge": 64}, max_image_size={"longest_edge": 32}
    )
    processor = hf.Idefics3Processor(
        image_processor=eyes, tokenizer=words, image_seq_len=4, chat_template=words.chat_template
    )
    return hf.Idefics3ForConditionalGeneration(config), processor


def _qwen3_vl() -> tuple[Any, ...]:
    start, end, image, video = marks = (
        "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>",
    )  # fmt: skip
    words: Any = chat_tokenizer(*marks)
    words.chat_template = words.chat_template.replace("<image>", f"{start}{image}{end}")
    turning = {"rope_type": "default", "rope_theta": 1e4, "mrope_section": [2, 3, 3]}
    text = _llama_text(words) | {"head_dim": 16, "rope_parameters": turning}
    vision = {
        "depth": 2,
        "hidden_size": 32,
        "num_heads": 2,
        "intermediate_size": 64,
        "patch_size": 8,
        "spatial_merge_size": 2,
        "temporal_patch_size": 2,
        "out_hidden_size": 32,
        "num_position_embeddings": 16,
        "deepstack_visual_indexes": [0],
    }
    config = hf.Qwen3VLConfig(
        text_config=text,
        vision_config=vision,
        image_token_id=words.convert_tokens_to_ids(image),
        video_token_id=words.convert_tokens_to_ids(video),
        vision_start_token_id=words.convert_tokens_to_ids(start),
        vision_end_token_id=words.convert_tokens_to_ids(end),
    )
    eyes = hf.Qwen2VLImageProcessorPil(
        patch_size=8, merge_size=2, temporal_patch_size=2,
        size={"shortest_edge": 256, "longest_edge": 4096},
    )  # fmt: skip
    return hf.Qwen3VLForConditionalGeneration(config), eyes, words


TWINS: Mapping[str, Twin] = {
    **dict.fromkeys(
        ("Salesforce/blip-image-captioning-base", "Salesforce/blip-image-captioning-large"),
        twin(lambda: _blip("BlipForConditionalGeneration")),
    ),
    "Salesforce/blip-vqa-base": twin(lambda: _blip("BlipForQuestionAnswering")),
    "microsoft/git-base-coco": twin(_git),
    "nlpconnect/vit-gpt2-image-captioning": twin(_vit_gpt2),
    "microsoft/trocr-base-printed": twin(_trocr),
    "naver-clova-ix/donut-base-finetuned-docvqa": twin(_donut),
    "dandelin/vilt-b32-finetuned-vqa": twin(_vilt),
    "HuggingFaceTB/SmolVLM-Instruct": twin(_idefics3),
    "Qwen/Qwen3-VL-4B-Instruct": twin(_qwen3_vl),
}
