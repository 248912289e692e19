"""Twins of the models that make music and sounds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AceStepPipeline,
    AceStepTransformer1DModel,
    AudioLDM2Pipeline,
    AudioLDM2ProjectionModel,
    AudioLDM2UNet2DConditionModel,
    AutoencoderKL,
    AutoencoderOobleck,
    DDIMScheduler,
    EDMEulerScheduler,
    FlowMatchEulerDiscreteScheduler,
    StableAudioDiTModel,
    StableAudioPipeline,
)
from diffusers.pipelines.ace_step.modeling_ace_step import AceStepConditionEncoder
from diffusers.pipelines.stable_audio import StableAudioProjectionModel
from transformers import (
    ClapConfig,
    ClapFeatureExtractor,
    ClapModel,
    EncodecConfig,
    GPT2Config,
    GPT2LMHeadModel,
    MusicgenConfig,
    MusicgenDecoderConfig,
    MusicgenForConditionalGeneration,
    Qwen3Config,
    Qwen3Model,
    SpeechT5HifiGan,
    SpeechT5HifiGanConfig,
    T5Config,
    T5EncoderModel,
)

from scripts.twins.cache import Twin
from scripts.twins.codecs import CODEC, HIFIGAN, fill_codebooks
from scripts.twins.words import chat_tokenizer, roberta_tokenizer, t5_tokenizer


def _musicgen(folder: Path, variant: str | None) -> None:
    torch.manual_seed(0)
    tokenizer = t5_tokenizer()
    text = T5Config(vocab_size=len(tokenizer), d_model=32, d_kv=16, d_ff=64, num_layers=2,
                    num_heads=2)  # fmt: skip
    decoder = MusicgenDecoderConfig(
        vocab_size=32,
        hidden_size=32,
        ffn_dim=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_codebooks=2,
        max_position_embeddings=512,
        pad_token_id=32,
        bos_token_id=32,
    )
    codec = EncodecConfig(upsampling_ratios=[16, 10], target_bandwidths=[1.0], **CODEC)
    model = MusicgenForConditionalGeneration(
        MusicgenConfig(
            text_encoder=text.to_dict(), audio_encoder=codec.to_dict(), decoder=decoder.to_dict()
        )
    )
    fill_codebooks(model.audio_encoder)
    for name, value in {
        "decoder_start_token_id": 32,
        "pad_token_id": 32,
        "do_sample": True,
    }.items():
        setattr(model.generation_config, name, value)
    model.save_pretrained(folder, variant=variant)
    tokenizer.save_pretrained(folder)


_BLOCKS: dict[str, Any] = {"block_out_channels": (8, 16), "norm_num_groups": 8}
_DECODER: dict[str, Any] = {
    "down_block_types": ("DownEncoderBlock2D", "DownEncoderBlock2D"),
    "up_block_types": ("UpDecoderBlock2D", "UpDecoderBlock2D"),
    "latent_channels": 4,
    "in_channels": 1,
    "out_channels": 1,
}
_UNET: dict[str, Any] = {
    "layers_per_block": 1,
    "sample_size": 8,
    "in_channels": 4,
    "out_channels": 4,
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
    "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
    "cross_attention_dim": ([None, 16, 32], [None, 16, 32]),
}


def _clap(words: int) -> ClapModel:
    text = {"vocab_size": words, "hidden_size": 16, "num_hidden_layers": 2,
            "num_attention_heads": 2, "intermediate_size": 37, "max_position_embeddings": 80,
            "projection_dim": 16, "pad_token_id": 1}  # fmt: skip
    sound = {"window_size": 4, "num_mel_bins": 64, "spec_size": 64, "hidden_size": 192,
             "patch_size": 2, "patch_stride": [2, 2], "num_classes": 3, "projection_dim": 16,
             "depths": [2, 2], "num_attention_heads": [2, 2], "patch_embed_input_channels": 4,
             "intermediate_size": 37}  # fmt: skip
    return ClapModel(ClapConfig(text_config=text, audio_config=sound, projection_dim=16))


def _audioldm2(folder: Path, variant: str | None) -> None:
    torch.manual_seed(0)
    scheduler: Any = DDIMScheduler(clip_sample=False, set_alpha_to_one=False)
    words, pieces = roberta_tokenizer(), t5_tokenizer()
    words.model_max_length = pieces.model_max_length = 16
    speaker = GPT2LMHeadModel(
        GPT2Config(n_embd=16, n_head=2, n_layer=2, vocab_size=100, n_positions=99)
    )
    speaker.config.max_new_tokens = 8
    AudioLDM2Pipeline(
        vae=AutoencoderKL(**_BLOCKS, **_DECODER),
        text_encoder=_clap(len(words)),
        text_encoder_2=T5EncoderModel(
            T5Config(vocab_size=len(pieces), d_model=32, d_kv=8, d_ff=37, num_layers=2, num_heads=2)
        ),
        projection_model=AudioLDM2ProjectionModel(
            text_encoder_dim=16, text_encoder_1_dim=32, langauge_model_dim=16
        ),
        language_model=speaker,
        tokenizer=words,
        tokenizer_2=pieces,
        feature_extractor=ClapFeatureExtractor(hop_length=7900),
        unet=AudioLDM2UNet2DConditionModel(**_BLOCKS, **_UNET),
        scheduler=scheduler,
        vocoder=SpeechT5HifiGan(
            SpeechT5HifiGanConfig(
                model_in_dim=8,
                upsample_rates=[10, 10],
                upsample_kernel_sizes=[20, 20],
                normalize_before=False,
                **HIFIGAN,
            )
        ),
    ).save_pretrained(folder, variant=variant)


def _oobleck(channels: int, rate: int) -> AutoencoderOobleck:
    return AutoencoderOobleck(
        encoder_hidden_size=6,
        downsampling_ratios=[8, 10],
        decoder_channels=3,
        decoder_input_channels=channels,
        audio_channels=2,
        channel_multiples=[2, 4],
        sampling_rate=rate,
    )


def _stable_audio(folder: Path, variant: str | None) -> None:
    torch.manual_seed(0)
    scheduler: Any = EDMEulerScheduler()
    tokenizer = t5_tokenizer()
    StableAudioPipeline(
        vae=_oobleck(3, 8000),
        text_encoder=T5EncoderModel(
            T5Config(vocab_size=len(tokenizer), d_model=4, d_kv=4, d_ff=8, num_layers=1,
                     num_heads=1)
        ),
        projection_model=StableAudioProjectionModel(
            text_encoder_dim=4, conditioning_dim=4, min_value=0, max_value=32
        ),
        tokenizer=tokenizer,
        transformer=StableAudioDiTModel(
            sample_size=400,
            in_channels=3,
            num_layers=2,
            attention_head_dim=4,
            num_key_value_attention_heads=2,
            out_channels=3,
            cross_attention_dim=4,
            time_proj_dim=8,
            global_states_input_dim=8,
            cross_attention_input_dim=4,
        ),
        scheduler=scheduler,
    ).save_pretrained(folder, variant=variant)  # fmt: skip


_ACE: dict[str, Any] = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "head_dim": 16,
}


def _ace_step(folder: Path, variant: str | None) -> None:
    torch.manual_seed(0)
    tokenizer = chat_tokenizer()
    encoder = Qwen3Config(vocab_size=len(tokenizer), num_hidden_layers=2, **_ACE)
    AceStepPipeline(
        vae=_oobleck(8, 8000),
        text_encoder=Qwen3Model(encoder),
        tokenizer=tokenizer,
        transformer=AceStepTransformer1DModel(
            num_hidden_layers=2,
            in_channels=24,
            audio_acoustic_hidden_dim=8,
            is_turbo=True,
            **_ACE,
        ),
        condition_encoder=AceStepConditionEncoder(
            text_hidden_dim=32,
            timbre_hidden_dim=8,
            num_lyric_encoder_hidden_layers=2,
            num_timbre_encoder_hidden_layers=2,
            **_ACE,
        ),
        scheduler=FlowMatchEulerDiscreteScheduler(num_train_timesteps=1, shift=1.0),
    ).save_pretrained(folder, variant=variant)


TWINS: Mapping[str, Twin] = {
    "ACE-Step/acestep-v15-xl-turbo-diffusers": _ace_step,
    # Of classes that run, though no permissively licensed weights are in the catalog.
    "facebook/musicgen-small": _musicgen,
    "cvssp/audioldm2": _audioldm2,
    "stabilityai/stable-audio-open-1.0": _stable_audio,
}
