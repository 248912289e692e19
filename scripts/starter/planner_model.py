"""The planner's network (the Qwen2 shape), its tokenizer, and its GGUF file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch import Tensor, nn
from torch.nn import functional

SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
CHAT_TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_EPSILON = 1e-6
_THETA = 10_000.0


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the network."""

    vocabulary: int
    width: int = 192
    layers: int = 6
    heads: int = 6
    hidden: int = 576
    context: int = 1024


class Block(nn.Module):
    """Attention with rotary positions, then a gated feed-forward, each on a normed residual."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width, hidden = shape.width, shape.hidden
        self.heads = shape.heads
        self.attn_norm, self.ffn_norm = (nn.RMSNorm(width, _EPSILON) for _ in range(2))
        self.attn_q, self.attn_k, self.attn_v = (nn.Linear(width, width) for _ in range(3))
        self.attn_output = nn.Linear(width, width, bias=False)
        self.ffn_gate, self.ffn_up = (nn.Linear(width, hidden, bias=False) for _ in range(2))
        self.ffn_down = nn.Linear(hidden, width, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """The residual stream after this block."""
        batch, length, width = x.shape
        normed = self.attn_norm(x)
        query, key, value = (
            layer(normed).view(batch, length, self.heads, -1).transpose(1, 2)
            for layer in (self.attn_q, self.attn_k, self.attn_v)
        )
        query, key = (_rotate(t, cos, sin).to(value.dtype) for t in (query, key))
        mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.attn_output(mixed.transpose(1, 2).reshape(batch, length, width))
        normed = self.ffn_norm(x)
        return x + self.ffn_down(functional.silu(self.ffn_gate(normed)) * self.ffn_up(normed))


class Planner(nn.Module):
    """A decoder-only language model with tied embeddings."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.token_embd = nn.Embedding(shape.vocabulary, shape.width)
        self.blk = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.output_norm = nn.RMSNorm(shape.width, _EPSILON)
        for name, weight in self.named_parameters():
            if name.endswith("bias"):
                nn.init.zeros_(weight)
            elif weight.ndim == 2:
                ends_block = name.endswith(("attn_output.weight", "ffn_down.weight"))
                nn.init.normal_(weight, std=0.02 / ((2 * shape.layers) ** 0.5 if ends_block else 1))
        # Wide enough that a normed state pointing at an embedding is a confident choice.
        nn.init.normal_(self.token_embd.weight, std=0.06)
        _plant_copying(self)

    def forward(self, tokens: Tensor) -> Tensor:
        """The final hidden states."""
        half = self.shape.width // self.shape.heads // 2
        speeds = _THETA ** (-torch.arange(half, device=tokens.device) / half)
        angles = torch.outer(torch.arange(tokens.shape[1], device=tokens.device), speeds).repeat(
            1, 2
        )
        cos, sin = angles.cos(), angles.sin()
        x = self.token_embd(tokens)
        for block in self.blk:
            x = block(x, cos, sin)
        return self.output_norm(x)

    def loss(self, tokens: Tensor, wanted: Tensor) -> Tensor:
        """The summed cross-entropy of the next tokens at the wanted places."""
        states = self(tokens)[:, :-1][wanted[:, 1:]]
        logits = functional.linear(states, self.token_embd.weight).float()
        return functional.cross_entropy(logits, tokens[:, 1:][wanted[:, 1:]], reduction="sum")


@torch.no_grad()
def _plant_copying(model: Planner) -> None:
    """Start with heads that copy: one tells each place its previous token, two find the earlier
    place whose previous token is the current one and repeat what stood there.

    Such heads form by themselves too, but late, and half of a plan is copied words.
    """
    width, size = model.shape.width, model.shape.width // model.shape.heads
    half = size // 2
    read, write, *carried = (nn.init.orthogonal_(torch.empty(size, width)) for _ in range(4))
    first, second = model.blk[0], model.blk[1]
    # Constant queries and keys: the rotation alone makes distance one score best.
    angles = _THETA ** (-torch.arange(half) / half)
    rows = slice(0, size)
    for layer in (first.attn_q, first.attn_k):
        layer.weight[rows] = 0
    first.attn_q.bias[rows] = 5 * torch.cat((torch.ones(half), torch.zeros(half)))
    first.attn_k.bias[rows] = 5 * torch.cat((angles.cos(), angles.sin()))
    first.attn_v.weight[rows] = read
    first.attn_output.weight[:, rows] = 0.1 * write.T
    # Only slow rotations compare content over any distance.
    slow = torch.cat((torch.arange(half), torch.arange(half))) >= half // 2 - 1
    for head, content in enumerate(carried):
        rows = slice(head * size, (head + 1) * size)
        second.attn_q.weight[rows] = 2 * read * slow[:, None]
        second.attn_k.weight[rows] = 2 * write * slow[:, None]
        second.attn_v.weight[rows] = content
        second.attn_output.weight[:, rows] = 0.4 * content.T


def _rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    left, right = x.chunk(2, -1)
    return x * cos + torch.cat((-right, left), -1) * sin


def train_tokenizer(texts: Iterable[str], vocabulary: int) -> Tokenizer:
    """A byte-level BPE with GPT-2's pre-tokenizer, which llama.cpp reproduces exactly."""
    tokenizer = _byte_level(models.BPE())
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    # Digits never touch here, so no merge joins them: numbers are read digit by digit.
    tokenizer.train_from_iterator((re.sub(r"(\d)", r" \1 ", text) for text in texts), trainer)
    return tokenizer


def _byte_level(bpe: models.BPE) -> Tokenizer:
    tokenizer = Tokenizer(bpe)
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def render(system: str, user: str) -> str:
    """The chat template for one question."""
    head = f"<|im_start|>system\n{system}<|im_end|>\n<|im_start|>user\n{user}<|im_end|>\n"
    return f"{head}<|im_start|>assistant\n"


def write_gguf(model: Planner, tokenizer: Tokenizer, path: Path) -> None:
    """Write the model as llama.cpp reads it: matrices in Q8_0, the rest in F32."""
    shape = model.shape
    writer = gguf.GGUFWriter(path, "qwen2")
    writer.add_name("Baton starter planner")
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.hidden)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads)
    writer.add_layer_norm_rms_eps(_EPSILON)
    writer.add_rope_freq_base(_THETA)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    _add_tokenizer(writer, tokenizer)
    for name, weight in model.state_dict().items():
        data = weight.detach().float().numpy().astype(np.float32)
        if data.ndim == 2:
            kind = gguf.GGMLQuantizationType.Q8_0
            writer.add_tensor(name, gguf.quants.quantize(data, kind), raw_dtype=kind)
        else:
            writer.add_tensor(name, data)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def read_gguf(path: Path) -> tuple[Planner, Tokenizer]:
    """The model and tokenizer that `write_gguf` wrote, as exact as Q8_0 kept them."""
    reader = gguf.GGUFReader(path)

    def value(name: str) -> int:
        return int(reader.fields[f"qwen2.{name}"].contents())

    tokens = reader.fields["tokenizer.ggml.tokens"].contents()
    merges = [tuple(pair.split(" ")) for pair in reader.fields["tokenizer.ggml.merges"].contents()]
    tokenizer = _byte_level(models.BPE({token: i for i, token in enumerate(tokens)}, merges))
    tokenizer.add_special_tokens(list(SPECIAL))
    shape = Shape(
        len(tokens),
        value("embedding_length"),
        value("block_count"),
        value("attention.head_count"),
        value("feed_forward_length"),
        value("context_length"),
    )
    model = Planner(shape)
    weights = {
        tensor.name: torch.tensor(gguf.quants.dequantize(tensor.data, tensor.tensor_type))
        for tensor in reader.tensors
    }
    model.load_state_dict(weights)
    return model, tokenizer


def _add_tokenizer(writer: gguf.GGUFWriter, tokenizer: Tokenizer) -> None:
    vocabulary = tokenizer.get_vocab()
    tokens = sorted(vocabulary, key=vocabulary.__getitem__)
    kinds = [
        gguf.TokenType.CONTROL if token in SPECIAL else gguf.TokenType.NORMAL for token in tokens
    ]
    # The library keeps merges to itself but for its JSON form.
    merges = [" ".join(pair) for pair in _merges(tokenizer)]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(merges)
    writer.add_bos_token_id(vocabulary["<|endoftext|>"])
    writer.add_eos_token_id(vocabulary["<|im_end|>"])
    writer.add_pad_token_id(vocabulary["<|endoftext|>"])
    writer.add_add_bos_token(False)
    writer.add_chat_template(CHAT_TEMPLATE)


def _merges(tokenizer: Tokenizer) -> list[tuple[str, str]]:
    return json.loads(tokenizer.to_str())["model"]["merges"]
