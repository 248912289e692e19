"""Train the picture maker of the starter kit: a small Stable Diffusion pipeline.

python -m scripts.starter.text_to_image --out server/starter/models/shape-painter --seed 0
"""

import argparse
import copy
import random
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from diffusers import (
    AutoencoderKL,
    DDIMScheduler,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)
from torch import Tensor, nn
from torch.nn.functional import l1_loss, mse_loss
from torch.optim import AdamW
from torch.optim.lr_scheduler import OneCycleLR
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from transformers import CLIPTextModel, CLIPTokenizer

from scripts.starter.prompt_encoder import (
    WIDTH,
    build_text_encoder,
    build_tokenizer,
    tokenize,
    train_text_encoder,
)
from scripts.starter.prompts import ask, compose, exam_scenes, single
from scripts.starter.world import Scene, describe, draw

SIDE = 64
FACTOR = 4
NO_PROMPT = 0.1
BATCH = 32
# Only enough to keep the latents from drifting: more of it costs colours and corners.
_SPREAD_WEIGHT = 1e-6


def build_autoencoder() -> AutoencoderKL:
    """Pictures to latents a quarter as wide, and back."""
    return AutoencoderKL(
        block_out_channels=(16, 32, 48),
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
        latent_channels=4,
        layers_per_block=1,
        norm_num_groups=4,
        sample_size=SIDE,
        mid_block_add_attention=False,
    )


def build_unet() -> UNet2DConditionModel:
    """Looks at the prompt where latents are 8x8: cheap, and wide enough to place shapes."""
    return UNet2DConditionModel(
        sample_size=SIDE // FACTOR,
        in_channels=4,
        out_channels=4,
        block_out_channels=(64, 96),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=WIDTH,
        attention_head_dim=4,
        norm_num_groups=8,
    )


def build_scheduler() -> DDIMScheduler:
    """Noise all the way, so that the background's colour is the prompt's and not the noise's."""
    return DDIMScheduler(
        beta_schedule="squaredcos_cap_v2",
        prediction_type="v_prediction",
        timestep_spacing="trailing",
        clip_sample=False,
        set_alpha_to_one=True,
        steps_offset=1,
    )


def paint(scenes: list[Scene]) -> Tensor:
    """Scenes as a batch of pictures between -1 and 1."""
    pixels = np.stack([np.asarray(draw(scene, SIDE)) for scene in scenes])
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 127.5 - 1


def train_autoencoder(vae: AutoencoderKL, steps: int, rng: random.Random) -> None:
    """Learn to restore pictures from their latents."""
    optimizer = AdamW(vae.parameters(), lr=2e-3, weight_decay=0.0)
    schedule = OneCycleLR(optimizer, 2e-3, total_steps=steps, pct_start=0.05)
    for step in range(1, steps + 1):
        pictures = paint([compose(rng) for _ in range(16)])
        posterior = vae.encode(pictures).latent_dist
        error = _error(vae.decode(posterior.sample()).sample, pictures)
        spread = posterior.kl().mean() / posterior.mean[0].numel()
        _step(error + _SPREAD_WEIGHT * spread, optimizer, schedule, vae)
        if step % 50 == 0:
            print(f"autoencoder {step}: {error.item():.4f}", flush=True)


def polish_decoder(
    vae: AutoencoderKL, scenes: list[Scene], latents: Tensor, steps: int, rng: random.Random
) -> None:
    """Teach the decoder alone to draw sharply from latents that are a little off.

    The latents stay as they are, so the painter's work stays valid.
    """
    decoder = nn.ModuleList([vae.post_quant_conv, vae.decoder])
    optimizer = AdamW(decoder.parameters(), lr=1e-3, weight_decay=0.0)
    schedule = OneCycleLR(optimizer, 1e-3, total_steps=steps, pct_start=0.05)
    for step in range(1, steps + 1):
        picks = rng.sample(range(len(scenes)), 16)
        noisy = latents[picks] + 0.1 * torch.randn_like(latents[picks])
        error = _error(vae.decode(noisy).sample, paint([scenes[i] for i in picks]))
        _step(error, optimizer, schedule, decoder)
        if step % 50 == 0:
            print(f"decoder {step}: {error.item():.4f}", flush=True)


def _error(restored: Tensor, pictures: Tensor) -> Tensor:
    """Sharp edges want the absolute error, true colours the squared one."""
    return l1_loss(restored, pictures) + mse_loss(restored, pictures)


def _step(loss: Tensor, optimizer: AdamW, schedule: OneCycleLR, module: nn.Module) -> None:
    """One careful step down the slope."""
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(module.parameters(), 1.0)
    optimizer.step()
    schedule.step()


@torch.no_grad()
def encode(vae: AutoencoderKL, scenes: list[Scene]) -> Tensor:
    """The latents of scenes, before scaling."""
    starts = range(0, len(scenes), 64)
    return torch.cat([vae.encode(paint(scenes[i : i + 64])).latent_dist.mode() for i in starts])


def normalize(vae: AutoencoderKL, latents: Tensor) -> Tensor:
    """Fold the mean and deviation of latents into the autoencoder; return them normalized.

    The pipeline knows one scaling factor only, and these latents want one per channel.
    """
    mean, std = latents.mean((0, 2, 3)), latents.std((0, 2, 3))
    shift = torch.cat([mean, 2 * std.log()])
    scale = torch.cat([std, torch.ones_like(std)])
    with torch.no_grad():
        vae.quant_conv.bias.sub_(shift).div_(scale)
        vae.quant_conv.weight.div_(scale[:, None, None, None])
        vae.post_quant_conv.bias.add_(vae.post_quant_conv.weight[:, :, 0, 0] @ mean)
        vae.post_quant_conv.weight.mul_(std[None, :, None, None])
    vae.register_to_config(scaling_factor=1.0)
    return (latents - mean[:, None, None]) / std[:, None, None]


class Painter(nn.Module):
    """The two parts that learn together: what the prompt says, and what to do about it."""

    def __init__(self, text_encoder: CLIPTextModel, unet: UNet2DConditionModel) -> None:
        super().__init__()
        self.text_encoder = text_encoder
        self.unet = unet

    def forward(self, noisy: Tensor, times: Tensor, tokens: Tensor) -> Tensor:
        """The velocity from picture to noise."""
        return self.unet(noisy, times, self.text_encoder(tokens).last_hidden_state).sample


def train_painter(
    painter: Painter,
    tokenizer: CLIPTokenizer,
    scenes: list[Scene],
    latents: Tensor,
    steps: int,
    rate: float,
    rng: random.Random,
    keep: Callable[[Painter], None],
) -> Painter:
    """Learn to undo noise; give the averaged painter.

    `keep` is given it now and then, and at the end.
    """
    scheduler = build_scheduler()
    optimizer = AdamW(painter.parameters(), lr=rate, weight_decay=0.01)
    schedule = OneCycleLR(optimizer, rate, total_steps=steps, pct_start=0.04)
    average = AveragedModel(painter, multi_avg_fn=get_ema_multi_avg_fn(0.998))
    painter.train()
    for step in range(1, steps + 1):
        picks = rng.sample(range(len(scenes)), BATCH)
        prompts = ["" if rng.random() < NO_PROMPT else ask(scenes[i], rng) for i in picks]
        tokens = tokenize(tokenizer, prompts)
        clean = latents[picks]
        noise = torch.randn_like(clean)
        times = torch.randint(0, scheduler.config.num_train_timesteps, (len(picks),))
        noisy = scheduler.add_noise(clean, noise, times)
        velocity = scheduler.get_velocity(clean, noise, times)
        loss = mse_loss(painter(noisy, times, tokens), velocity)
        _step(loss, optimizer, schedule, painter)
        average.update_parameters(painter)
        if step % 50 == 0:
            print(f"painter {step}: {loss.item():.4f}", flush=True)
        if step % 500 == 0 or step == steps:
            keep(average.module)
    return average.module


def save(out: Path, vae: AutoencoderKL, tokenizer: CLIPTokenizer, painter: Painter) -> None:
    """Write the pipeline in half precision: half the size, and nothing to see in the pictures."""
    pipeline = StableDiffusionPipeline(
        vae=copy.deepcopy(vae),
        text_encoder=copy.deepcopy(painter.text_encoder),
        tokenizer=tokenizer,
        unet=copy.deepcopy(painter.unet),
        scheduler=build_scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.to(torch.float16).save_pretrained(out)


def gather(
    count: int, rng: random.Random, draw_scene: Callable[[random.Random], Scene] = compose
) -> list[Scene]:
    """Scenes to learn from, none of which the exam asks for."""
    held_out = {describe(scene) for scene in exam_scenes()}
    scenes: list[Scene] = []
    while len(scenes) < count:
        scene = draw_scene(rng)
        if describe(scene) not in held_out:
            scenes.append(scene)
    return scenes


def main() -> None:
    """Train everything and write the model folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--autoencoder-steps", type=int, default=2000)
    parser.add_argument("--polish-steps", type=int, default=300)
    parser.add_argument("--text-steps", type=int, default=600)
    parser.add_argument("--steps", type=int, default=5500)
    parser.add_argument("--scenes", type=int, default=16000)
    parser.add_argument("--finish-steps", type=int, default=1400)
    parser.add_argument("--finish-scenes", type=int, default=6000)
    options = parser.parse_args()

    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    start = time.monotonic()
    tokenizer = build_tokenizer(rng)
    vae = build_autoencoder()
    train_autoencoder(vae, options.autoencoder_steps, rng)
    scenes = gather(options.scenes, rng)
    latents = normalize(vae, encode(vae, scenes))
    polish_decoder(vae, scenes, latents, options.polish_steps, rng)
    text_encoder = build_text_encoder(tokenizer)
    train_text_encoder(text_encoder, tokenizer, options.text_steps, rng)

    def keep(painter: Painter) -> None:
        save(options.out, vae, tokenizer, painter)

    painter = Painter(text_encoder, build_unet())
    painter = train_painter(painter, tokenizer, scenes, latents, options.steps, 1e-3, rng, keep)
    # Circles come out too square until the painter has seen many more of them alone.
    scenes = gather(options.finish_scenes // 2, rng) + gather(
        options.finish_scenes - options.finish_scenes // 2, rng, single
    )
    train_painter(
        painter, tokenizer, scenes, encode(vae, scenes), options.finish_steps, 6e-4, rng, keep
    )
    print(f"trained in {(time.monotonic() - start) / 60:.0f} minutes")


if __name__ == "__main__":
    main()
