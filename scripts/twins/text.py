"""Twins of the text models."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from transformers import (
    BartConfig,
    BartForConditionalGeneration,
    BartForSequenceClassification,
    BertConfig,
    BertForMaskedLM,
    BertForTokenClassification,
    BertModel,
    DebertaV2Config,
    DebertaV2ForSequenceClassification,
    DebertaV2Tokenizer,
    DistilBertConfig,
    DistilBertForQuestionAnswering,
    DistilBertForSequenceClassification,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
    RobertaConfig,
    RobertaForMaskedLM,
    RobertaForQuestionAnswering,
    RobertaForSequenceClassification,
    T5Config,
    T5ForConditionalGeneration,
    TapasConfig,
    TapasForQuestionAnswering,
    TapasTokenizer,
)

from scripts.twins.cache import Twin
from scripts.twins.words import bert_tokenizer, chat_tokenizer, roberta_tokenizer, t5_tokenizer

_ENCODER: Mapping[str, Any] = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 64,
}
_SPECIAL = ("pad_token_id", "bos_token_id", "eos_token_id")
_POSITIONS = 64
# RoBERTa's positions begin behind the padding's own.
_ROBERTA_POSITIONS = _POSITIONS + 2
_ENTITIES = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
_EMOTIONS = ("joy", "anger", "neutral")
_NLI = ("contradiction", "neutral", "entailment")
_AGGREGATIONS = ("NONE", "SUM", "AVERAGE", "COUNT")


def _saved(folder: Path, variant: str | None, model: Any, tokenizer: Any) -> None:
    model.save_pretrained(folder, variant=variant)
    tokenizer.save_pretrained(folder)


def _special(tokenizer: Any) -> dict[str, Any]:
    return {name: getattr(tokenizer, name) for name in _SPECIAL}


def _labels(names: tuple[str, ...]) -> dict[str, Any]:
    return {
        "id2label": dict(enumerate(names)),
        "label2id": {name: i for i, name in enumerate(names)},
    }


def _bert(head: Any, **more: Any) -> Twin:
    def make(folder: Path, variant: str | None) -> None:
        torch.manual_seed(0)
        tokenizer = bert_tokenizer()
        config = BertConfig(
            vocab_size=len(tokenizer), max_position_embeddings=_POSITIONS, **_ENCODER, **more
        )
        _saved(folder, variant, head(config), tokenizer)

    return make


def _distilbert(head: Any, **more: Any) -> Twin:
    def make(folder: Path, variant: str | None) -> None:
        torch.manual_seed(0)
        tokenizer = bert_tokenizer()
        config = DistilBertConfig(
            vocab_size=len(tokenizer),
            max_position_embeddings=_POSITIONS,
            dim=32,
            hidden_dim=64,
            n_layers=2,
            n_heads=2,
            **more,
        )
        _saved(folder, variant, head(config), tokenizer)

    return make


def _roberta(head: Any, **more: Any) -> Twin:
    def make(folder: Path, variant: str | None) -> None:
        torch.manual_seed(0)
        tokenizer = roberta_tokenizer()
        config = RobertaConfig(
            vocab_size=len(tokenizer),
            max_position_embeddings=_ROBERTA_POSITIONS,
            **_special(tokenizer),
            type_vocab_size=1,
            **_ENCODER,
            **more,
        )
        _saved(folder, variant, head(config), tokenizer)

    return make


def _bart(head: Any, lengths: Mapping[str, int] | None = None, **more: Any) -> Twin:
    def make(folder: Path, variant: str | None) -> None:
        torch.manual_seed(0)
        tokenizer = roberta_tokenizer()
        config = BartConfig(
            vocab_size=len(tokenizer),
            d_model=32,
            encoder_layers=2,
            decoder_layers=2,
            encoder_attention_heads=2,
            decoder_attention_heads=2,
            encoder_ffn_dim=64,
            decoder_ffn_dim=64,
            max_position_embeddings=_POSITIONS,
            **_special(tokenizer),
            decoder_start_token_id=2,
            **more,
        )
        model = head(config)
        if lengths:
            model.generation_config.update(**lengths)
        _saved(folder, variant, model, tokenizer)

    return make


def _t5(*tags: str, **more: Any) -> Twin:
    """`tags` are tokens for languages."""

    def make(folder: Path, variant: str | None) -> None:
        torch.manual_seed(0)
        tokenizer = t5_tokenizer()
        tokenizer.add_tokens(list(tags))
        config = T5Config(
            vocab_size=len(tokenizer),
            d_model=32,
            d_kv=16,
            d_ff=64,
            num_layers=2,
            num_heads=2,
            # Smaller weights, tied as they are, would only ever repeat the last token.
            initializer_factor=3.0,
            **_special(tokenizer),
            **{"decoder_start_token_id": 0, **more},
        )
        _saved(folder, variant, T5ForConditionalGeneration(config), tokenizer)

    return make


def _qwen(config: Callable[..., Any], head: Any) -> Twin:
    def make(folder: Path, variant: str | None) -> None:
        torch.manual_seed(0)
        tokenizer = chat_tokenizer()
        model = head(
            config(
                vocab_size=len(tokenizer),
                num_key_value_heads=1,
                head_dim=16,
                max_position_embeddings=256,
                eos_token_id=tokenizer.eos_token_id,
                pad_token_id=tokenizer.pad_token_id,
                bos_token_id=None,
                **_ENCODER,
            )
        )
        model.generation_config.update(do_sample=True, temperature=0.7, top_k=20, top_p=0.8)
        _saved(folder, variant, model, tokenizer)

    return make


def _sentences(pooling: str) -> Twin:
    """A BERT whose repository sentence-transformers wrote."""

    def make(folder: Path, variant: str | None) -> None:
        _bert(BertModel)(folder, variant)
        modes = {f"pooling_mode_{name}": name == pooling for name in ("cls_token", "mean_tokens")}
        (folder / "1_Pooling").mkdir()
        pooling_file = folder / "1_Pooling" / "config.json"
        pooling_file.write_text(json.dumps({"word_embedding_dimension": 32, **modes}))
        kinds = {"": "Transformer", "1_Pooling": "Pooling", "2_Normalize": "Normalize"}
        modules = [
            {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for i, (path, kind) in enumerate(kinds.items())
        ]
        (folder / "modules.json").write_text(json.dumps(modules))

    return make


def _deberta(folder: Path, variant: str | None) -> None:
    torch.manual_seed(0)
    special = ("[PAD]", "[CLS]", "[SEP]", "[UNK]")
    known = [tuple(pair) for pair in t5_tokenizer()._vocab_scores if not pair[0].startswith("<")]
    vocabulary = [*((token, 0.0) for token in special), *known, ("[MASK]", 0.0)]
    tokenizer = DebertaV2Tokenizer(vocab=vocabulary, model_max_length=_POSITIONS)
    relative: dict[str, Any] = {
        "relative_attention": True,
        "position_buckets": 8,
        "pos_att_type": ["p2c", "c2p"],
        "position_biased_input": False,
        "norm_rel_ebd": "layer_norm",
        "share_att_key": True,
    }
    config = DebertaV2Config(
        vocab_size=len(tokenizer),
        max_position_embeddings=_POSITIONS,
        type_vocab_size=0,
        **_ENCODER,
        **relative,
        **_labels(("entailment", "neutral", "contradiction")),
    )
    _saved(folder, variant, DebertaV2ForSequenceClassification(config), tokenizer)


def _tapas(folder: Path, variant: str | None) -> None:
    torch.manual_seed(0)
    words = bert_tokenizer().get_vocab()
    listed = [*sorted(words, key=lambda word: words[word]), "[EMPTY]"]
    (folder / "vocab.txt").write_text("\n".join(listed), encoding="utf-8")
    tokenizer = TapasTokenizer(str(folder / "vocab.txt"), model_max_length=_POSITIONS)
    config = TapasConfig(
        vocab_size=len(tokenizer),
        max_position_embeddings=_POSITIONS,
        num_aggregation_labels=len(_AGGREGATIONS),
        aggregation_labels=dict(enumerate(_AGGREGATIONS)),
        no_aggregation_label_index=0,
        **_ENCODER,
    )
    _saved(folder, variant, TapasForQuestionAnswering(config), tokenizer)


_T5_TASKS = {
    f"translation_en_to_{code}": {"prefix": f"translate English to {name}: "}
    for code, name in (("de", "German"), ("fr", "French"), ("ro", "Romanian"))
}
_FLAN = _t5(feed_forward_proj="gated-gelu", tie_word_embeddings=False)

TWINS: Mapping[str, Twin] = {
    "dslim/bert-base-NER": _bert(BertForTokenClassification, **_labels(_ENTITIES)),
    "dslim/bert-large-NER": _bert(BertForTokenClassification, **_labels(_ENTITIES)),
    "distilbert/distilbert-base-uncased-finetuned-sst-2-english": _distilbert(
        DistilBertForSequenceClassification, **_labels(("NEGATIVE", "POSITIVE"))
    ),
    "SamLowe/roberta-base-go_emotions": _roberta(
        RobertaForSequenceClassification,
        problem_type="multi_label_classification",
        **_labels(_EMOTIONS),
    ),
    "facebook/bart-large-mnli": _bart(BartForSequenceClassification, **_labels(_NLI)),
    "MoritzLaurer/DeBERTa-v3-base-mnli-fever-anli": _deberta,
    "google/flan-t5-base": _FLAN,
    "google/flan-t5-large": _FLAN,
    "facebook/bart-large-cnn": _bart(
        BartForConditionalGeneration,
        {"max_length": 20, "min_length": 8, "num_beams": 2, "no_repeat_ngram_size": 3},
    ),
    "Falconsai/text_summarization": _t5(),
    "google-t5/t5-base": _t5(task_specific_params=_T5_TASKS),
    "google/madlad400-3b-mt": _t5(
        "<2fr>", "<2de>", feed_forward_proj="gated-gelu", tie_word_embeddings=False
    ),
    "deepset/roberta-base-squad2": _roberta(RobertaForQuestionAnswering),
    "distilbert/distilbert-base-cased-distilled-squad": _distilbert(DistilBertForQuestionAnswering),
    "google/tapas-base-finetuned-wtq": _tapas,
    "google/tapas-large-finetuned-wtq": _tapas,
    "Qwen/Qwen3-4B-Instruct-2507": _qwen(Qwen3Config, Qwen3ForCausalLM),
    "Qwen/Qwen2.5-1.5B-Instruct": _qwen(Qwen2Config, Qwen2ForCausalLM),
    "sentence-transformers/all-MiniLM-L6-v2": _sentences("mean_tokens"),
    "BAAI/bge-small-en-v1.5": _sentences("cls_token"),
    "google-bert/bert-base-uncased": _bert(BertForMaskedLM),
    "FacebookAI/roberta-base": _roberta(RobertaForMaskedLM),
}
