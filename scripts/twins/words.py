"""Tokenizers of a few hundred words, of each kind that the real models bring."""

from __future__ import annotations

import json
from typing import Any

from tokenizers import (
    BertWordPieceTokenizer,
    ByteLevelBPETokenizer,
    SentencePieceUnigramTokenizer,
)
from transformers import (
    BertTokenizer,
    CLIPTokenizer,
    Qwen2Tokenizer,
    RobertaTokenizer,
    T5Tokenizer,
)

_CORPUS = [
    "The quick brown fox jumps over the lazy dog near New York in 2024.",
    "Pipelines for images, audio and text. Who is John Smith?",
    "a photo of a cat and two dogs sitting on a red sofa",
    "hello world this is a test of the tokenizer",
] * 50
_CHAT = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n"
    "{% if m['content'] is string %}{{ m['content'] }}{% else %}{% for c in m['content'] %}"
    "{% if c['type'] == 'image' %}<image>{% else %}{{ c['text'] }}{% endif %}{% endfor %}"
    "{% endif %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def bert_tokenizer() -> BertTokenizer:
    """WordPiece."""
    made = BertWordPieceTokenizer(lowercase=True)
    made.train_from_iterator(_CORPUS, vocab_size=400, min_frequency=1, show_progress=False)
    return BertTokenizer(vocab=made.get_vocab(), model_max_length=64)


def _byte_level(special: list[str]) -> tuple[dict[str, int], Any]:
    made = ByteLevelBPETokenizer()
    made.train_from_iterator(
        _CORPUS, vocab_size=500, min_frequency=1, special_tokens=special, show_progress=False
    )
    model = json.loads(made.to_str())["model"]
    merges = [pair.split(" ") if isinstance(pair, str) else pair for pair in model["merges"]]
    return model["vocab"], [(left, right) for left, right in merges]


def roberta_tokenizer() -> RobertaTokenizer:
    """Byte-level BPE with RoBERTa's special tokens."""
    vocabulary, merges = _byte_level(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    return RobertaTokenizer(vocab=vocabulary, merges=merges, model_max_length=64)


def chat_tokenizer(*extra: str) -> Qwen2Tokenizer:
    """Byte-level BPE with a ChatML template; `extra` are further special tokens."""
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *extra]
    vocabulary, merges = _byte_level(special)
    made = Qwen2Tokenizer(
        vocab=vocabulary,
        merges=merges,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        extra_special_tokens=special[1:],
        model_max_length=512,
    )
    made.chat_template = _CHAT
    return made


def t5_tokenizer() -> T5Tokenizer:
    """SentencePiece unigrams."""
    made = SentencePieceUnigramTokenizer()
    made.train_from_iterator(
        _CORPUS,
        vocab_size=400,
        special_tokens=["<pad>", "</s>", "<unk>"],
        unk_token="<unk>",
        show_progress=False,
    )
    vocabulary = json.loads(made._tokenizer.to_str())["model"]["vocab"]
    return T5Tokenizer(
        vocab=[tuple(pair) for pair in vocabulary], extra_ids=0, model_max_length=512
    )


def clip_tokenizer() -> CLIPTokenizer:
    """Letters alone, as CLIP spells them."""
    letters = [chr(code) for code in range(33, 127)]
    words = [*letters, *(f"{letter}</w>" for letter in letters)]
    tokens = [*words, "<|startoftext|>", "<|endoftext|>"]
    return CLIPTokenizer(
        vocab={token: i for i, token in enumerate(tokens)}, merges=[], model_max_length=77
    )
