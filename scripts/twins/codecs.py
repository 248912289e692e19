"""What turns spectrograms and codes into sound, tiny: parts of several twins."""

from __future__ import annotations

from typing import Any

HIFIGAN: dict[str, Any] = {
    "upsample_initial_channel": 32,
    "resblock_kernel_sizes": [3],
    "resblock_dilation_sizes": [[1, 3]],
    "initializer_range": 0.2,  # else it can hardly be heard
}
CODEC: dict[str, Any] = {
    "num_filters": 4,
    "hidden_size": 8,
    "codebook_size": 32,
    "codebook_dim": 8,
    "num_lstm_layers": 1,
    "sampling_rate": 16_000,
}


def fill_codebooks(codec: Any) -> None:
    """New codebooks are all zeros, so that one sound is like another."""
    for layer in codec.quantizer.layers:
        layer.codebook.embed.normal_()
