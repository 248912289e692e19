"""Twins of the diffusion models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers

from scripts.twins.cache import Twin
from scripts.twins.words import chat_tokenizer, clip_tokenizer, t5_tokenizer

# What they say their constructors take is narrower than what these take.
d: Any = diffusers
t: Any = transformers

# Latents of 16 by 16 for pictures of 128 by 128: pictures are eight times as wide, as in real ones.
_CELLS = 16
_WIDTH = 32
_SD_BLOCKS: dict[str, Any] = {
    "block_out_channels": (8, 16),
    "layers_per_block": 1,
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
    "norm_num_groups": 4,
    "cross_attention_dim": _WIDTH,
    "attention_head_dim": 4,
}
# Two encoders side by side, and a vector of the picture's size beside the time.
_SDXL_BLOCKS: dict[str, Any] = {
    **_SD_BLOCKS,
    "cross_attention_dim": 2 * _WIDTH,
    "attention_head_dim": (2, 4),
    "transformer_layers_per_block": (1, 2),
    "use_linear_projection": True,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 8,
}
_NOISE: dict[str, Any] = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "steps_offset": 1,
}
_TEN_SIZES = 8 * 6 + _WIDTH
_NINE_SIZES = 8 * 5 + _WIDTH


def _twin(make: Callable[[], Any]) -> Twin:
    """Saves the pipeline or model that `make` gives, which is the same every time."""

    def twin(folder: Path, variant: str | None) -> None:
        torch.manual_seed(0)
        made = make()
        if variant == "fp16":
            made.to(dtype=torch.float16)
        made.save_pretrained(folder, variant=variant)
        index = folder / "model_index.json"
        if index.is_file():
            # What the hub calls it, whichever of the two kinds is installed here.
            told = index.read_text().replace("CLIPImageProcessorPil", "CLIPImageProcessor")
            index.write_text(told)

    return twin


def _clip(kind: Any = t.CLIPTextModel) -> Any:
    tokenizer = clip_tokenizer()
    return kind(
        t.CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=_WIDTH,
            intermediate_size=37,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=77,
            projection_dim=_WIDTH,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )


def _clip_vision() -> dict[str, Any]:
    return {
        "hidden_size": _WIDTH,
        "intermediate_size": 37,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "image_size": 224,
        "patch_size": 32,
        "projection_dim": _WIDTH,
    }


def _vae(**further: Any) -> Any:
    return d.AutoencoderKL(
        block_out_channels=(4, 4, 8, 8),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        norm_num_groups=4,
        sample_size=8 * _CELLS,
        **{"latent_channels": 4, **further},
    )


def _unet(blocks: dict[str, Any], in_channels: int = 4, **further: Any) -> Any:
    return d.UNet2DConditionModel(
        sample_size=_CELLS,
        in_channels=in_channels,
        out_channels=4,
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        **{**blocks, **further},
    )


def _sd_parts(in_channels: int = 4) -> dict[str, Any]:
    return {
        "vae": _vae(),
        "text_encoder": _clip(),
        "tokenizer": clip_tokenizer(),
        "unet": _unet(_SD_BLOCKS, in_channels),
    }


def _checker() -> dict[str, Any]:
    vision = {**_clip_vision(), "image_size": 32, "patch_size": 16}
    config = t.CLIPConfig(vision_config=vision, projection_dim=_WIDTH)
    side = {"height": 32, "width": 32}
    return {
        "safety_checker": d.pipelines.stable_diffusion.StableDiffusionSafetyChecker(config),
        "feature_extractor": t.CLIPImageProcessor(crop_size=side, size={"shortest_edge": 32}),
    }


def _stable_diffusion() -> Any:
    scheduler = d.PNDMScheduler(**_NOISE, skip_prk_steps=True)
    parts = {**_sd_parts(), **_checker(), "scheduler": scheduler}
    return d.StableDiffusionPipeline(**parts)


def _instruct_pix2pix() -> Any:
    scheduler = d.EulerAncestralDiscreteScheduler(**_NOISE)
    parts = {**_sd_parts(in_channels=8), **_checker(), "scheduler": scheduler}
    return d.StableDiffusionInstructPix2PixPipeline(**parts)


def _sdxl_parts(in_vector: int) -> dict[str, Any]:
    return {
        "vae": _vae(),
        "text_encoder_2": _clip(t.CLIPTextModelWithProjection),
        "tokenizer_2": clip_tokenizer(),
        "scheduler": d.EulerDiscreteScheduler(**_NOISE),
        "unet": _unet(_SDXL_BLOCKS, projection_class_embeddings_input_dim=in_vector),
    }


def _sdxl() -> Any:
    first = {"text_encoder": _clip(), "tokenizer": clip_tokenizer()}
    return d.StableDiffusionXLPipeline(**first, **_sdxl_parts(_TEN_SIZES))


def _sdxl_refiner() -> Any:
    parts = _sdxl_parts(_NINE_SIZES)
    parts["unet"] = _unet(
        _SDXL_BLOCKS, cross_attention_dim=_WIDTH, projection_class_embeddings_input_dim=_NINE_SIZES
    )
    none = {"text_encoder": None, "tokenizer": None}
    return d.StableDiffusionXLImg2ImgPipeline(**parts, **none, requires_aesthetics_score=True)


def _qwen3(kind: Any, layers: int = 2) -> Any:
    return kind(
        t.Qwen3Config(
            vocab_size=len(chat_tokenizer()),
            hidden_size=16,
            intermediate_size=16,
            num_hidden_layers=layers,
            num_attention_heads=2,
            num_key_value_heads=2,
            head_dim=8,
            max_position_embeddings=512,
        )
    )


def _z_image() -> Any:
    transformer = d.ZImageTransformer2DModel(
        all_patch_size=(2,),
        all_f_patch_size=(1,),
        in_channels=16,
        dim=32,
        n_layers=1,
        n_refiner_layers=1,
        n_heads=2,
        n_kv_heads=2,
        cap_feat_dim=16,
        axes_dims=[8, 4, 4],
        axes_lens=[1536, 512, 512],
    )
    with torch.no_grad():
        transformer.x_pad_token.fill_(1.0)
        transformer.cap_pad_token.fill_(1.0)
    return d.ZImagePipeline(
        scheduler=d.FlowMatchEulerDiscreteScheduler(shift=3.0),
        vae=_vae(latent_channels=16, scaling_factor=0.3611, shift_factor=0.1159),
        text_encoder=_qwen3(t.Qwen3Model),
        tokenizer=chat_tokenizer(),
        transformer=transformer,
    )


def _flux2_klein() -> Any:
    transformer = d.Flux2Transformer2DModel(
        patch_size=1,
        in_channels=16,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=3 * 16,  # the states of three layers, one after the other
        axes_dims_rope=(4, 4, 4, 4),
        guidance_embeds=False,
    )
    vae = d.AutoencoderKLFlux2(
        block_out_channels=(4, 4, 8, 8),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        latent_channels=4,
        norm_num_groups=4,
    )
    return d.Flux2KleinPipeline(
        scheduler=d.FlowMatchEulerDiscreteScheduler(shift=3.0, use_dynamic_shifting=True),
        vae=vae,
        text_encoder=_qwen3(t.Qwen3ForCausalLM, layers=27),
        tokenizer=chat_tokenizer(),
        transformer=transformer,
        is_distilled=True,
    )


def _controlnet() -> Any:
    made = d.ControlNetModel(**_SD_BLOCKS, conditioning_embedding_out_channels=(4, 8, 8, 8))
    return _awake(made)


def _controlnet_union() -> Any:
    made = d.ControlNetUnionModel(
        **_SDXL_BLOCKS,
        projection_class_embeddings_input_dim=_TEN_SIZES,
        conditioning_embedding_out_channels=(4, 8, 8, 8),
        num_trans_channel=8,
        num_trans_head=2,
        num_trans_layer=1,
        num_proj_channel=8,
    )
    return _awake(made)


def _awake(controlnet: Any) -> Any:
    """A new ControlNet changes nothing: what training starts from is zero."""
    with torch.no_grad():
        for parameter in controlnet.parameters():
            if not parameter.any():
                parameter.normal_(std=0.1)
    return controlnet


def _marigold(scheduler: Any, **noise: Any) -> Any:
    return d.MarigoldNormalsPipeline(
        **_sd_parts(in_channels=8),
        scheduler=scheduler(**_NOISE, timestep_spacing="trailing", **noise),
        prediction_type="normals",
        use_full_z_range=True,
        default_denoising_steps=2,
        default_processing_resolution=8 * _CELLS,
    )


def _t5(kind: Any, config: Any) -> Any:
    size = len(t5_tokenizer())
    return kind(config(vocab_size=size, d_model=32, d_kv=8, d_ff=37, num_layers=2, num_heads=4))


def _wan(vae: dict[str, Any], expand_timesteps: bool = False) -> Any:
    channels = vae.get("z_dim", 16)
    transformer = d.WanTransformer3DModel(
        in_channels=channels,
        out_channels=channels,
        num_attention_heads=2,
        attention_head_dim=12,
        text_dim=32,
        ffn_dim=32,
        num_layers=1,
        rope_max_seq_len=256,
    )
    return d.WanPipeline(
        transformer=transformer,
        vae=d.AutoencoderKLWan(dim_mult=[1, 1, 1, 1], num_res_blocks=1, **vae),
        scheduler=d.UniPCMultistepScheduler(
            prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0
        ),
        text_encoder=_t5(t.UMT5EncoderModel, t.UMT5Config),
        tokenizer=t5_tokenizer(),
        expand_timesteps=expand_timesteps,
    )


def _ltx() -> Any:
    vae = d.AutoencoderKLLTXVideo(
        latent_channels=8,
        block_out_channels=(8, 8, 8, 8),
        decoder_block_out_channels=(8, 8, 8),
        layers_per_block=(1, 1, 1, 1, 1),
        decoder_layers_per_block=(1, 1, 1, 1),
        spatio_temporal_scaling=(True, True, True, False),
        decoder_spatio_temporal_scaling=(True, True, True),
        decoder_inject_noise=(False,) * 4,
        upsample_residual=(False,) * 3,
        upsample_factor=(1,) * 3,
        patch_size=4,
    )
    transformer = d.LTXVideoTransformer3DModel(
        in_channels=8,
        out_channels=8,
        num_attention_heads=4,
        attention_head_dim=8,
        cross_attention_dim=32,
        num_layers=1,
        caption_channels=32,
    )
    return d.LTXPipeline(
        transformer=transformer,
        vae=vae,
        scheduler=d.FlowMatchEulerDiscreteScheduler(
            use_dynamic_shifting=True, base_shift=0.95, max_shift=2.05, shift_terminal=0.1
        ),
        text_encoder=_t5(t.T5EncoderModel, t.T5Config),
        tokenizer=t5_tokenizer(),
    )


# Sixteen times as wide: pictures are cut into tiles of two by two before they are encoded.
_WAN_22_VAE = {
    "base_dim": 4,
    "z_dim": 48,
    "latents_mean": [0.0] * 48,
    "latents_std": [1.0] * 48,
    "is_residual": True,
    "in_channels": 12,
    "out_channels": 12,
    "patch_size": 2,
    "scale_factor_spatial": 16,
}
_CONTROLNETS = ("canny", "softedge", "mlsd", "normalbae", "openpose", "seg")

_MAKERS: Mapping[str, Callable[[], Any]] = {
    "stabilityai/stable-diffusion-xl-base-1.0": _sdxl,
    "stable-diffusion-v1-5/stable-diffusion-v1-5": _stable_diffusion,
    "Tongyi-MAI/Z-Image-Turbo": _z_image,
    "black-forest-labs/FLUX.2-klein-4B": _flux2_klein,
    "timbrooks/instruct-pix2pix": _instruct_pix2pix,
    "stabilityai/stable-diffusion-xl-refiner-1.0": _sdxl_refiner,
    **{f"lllyasviel/control_v11p_sd15_{name}": _controlnet for name in _CONTROLNETS},
    "lllyasviel/control_v11f1p_sd15_depth": _controlnet,
    "xinsir/controlnet-union-sdxl-1.0": _controlnet_union,
    "prs-eth/marigold-normals-v1-1": partial(
        _marigold, d.DDIMScheduler, prediction_type="v_prediction"
    ),
    "prs-eth/marigold-normals-lcm-v0-1": partial(_marigold, d.LCMScheduler),
    "Wan-AI/Wan2.1-T2V-1.3B-Diffusers": partial(_wan, {"base_dim": 3}),
    "Wan-AI/Wan2.2-TI2V-5B-Diffusers": partial(_wan, _WAN_22_VAE, expand_timesteps=True),
    "Lightricks/LTX-Video": _ltx,
}
TWINS: Mapping[str, Twin] = {name: _twin(make) for name, make in _MAKERS.items()}
