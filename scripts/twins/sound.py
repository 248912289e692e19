"""Twins of the sound models."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece
import torch
from tokenizers.pre_tokenizers import ByteLevel
from transformers import (
    ASTConfig,
    ASTFeatureExtractor,
    ASTForAudioClassification,
    BarkCoarseConfig,
    BarkConfig,
    BarkFineConfig,
    BarkModel,
    BarkProcessor,
    BarkSemanticConfig,
    EncodecConfig,
    SpeechT5Config,
    SpeechT5FeatureExtractor,
    SpeechT5ForSpeechToSpeech,
    SpeechT5ForTextToSpeech,
    SpeechT5HifiGan,
    SpeechT5HifiGanConfig,
    SpeechT5Processor,
    SpeechT5Tokenizer,
    VitsConfig,
    VitsModel,
    VitsTokenizer,
    Wav2Vec2Config,
    Wav2Vec2CTCTokenizer,
    Wav2Vec2FeatureExtractor,
    Wav2Vec2ForCTC,
    Wav2Vec2ForSequenceClassification,
    Wav2Vec2Processor,
    WhisperConfig,
    WhisperFeatureExtractor,
    WhisperForConditionalGeneration,
    WhisperProcessor,
    WhisperTokenizer,
)

from scripts.twins import music
from scripts.twins.cache import Twin
from scripts.twins.codecs import CODEC, HIFIGAN, fill_codebooks
from scripts.twins.words import bert_tokenizer

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Convolutions of a wav2vec2 encoder: 20 ms a step, as the real ones.
_CONVOLUTIONS: dict[str, Any] = {
    "conv_dim": [16, 16, 16],
    "conv_stride": [5, 8, 8],
    "conv_kernel": [10, 8, 8],
    "num_conv_pos_embeddings": 16,
    "num_conv_pos_embedding_groups": 2,
}
_WAV2VEC2: dict[str, Any] = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    **_CONVOLUTIONS,
}
_SPEECHT5: dict[str, Any] = {
    "hidden_size": 32,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "speech_decoder_prenet_units": 16,
    "speech_decoder_postnet_units": 16,
    "speech_decoder_postnet_layers": 2,
    "speaker_embedding_dim": 32,
    "num_mel_bins": 20,
    "max_text_positions": 600,
    **_CONVOLUTIONS,
    # Fewer steps a second than the real one, as its decoder takes long.
    "conv_stride": [5, 16, 16],
    "conv_kernel": [10, 16, 16],
}


def _whisper_tokenizer() -> WhisperTokenizer:
    languages = ["en", "fr", "de"]
    marks = ["transcribe", "translate", "startoflm", "startofprev", "nospeech", "notimestamps"]
    times = [f"<|{index * 0.02:.2f}|>" for index in range(1501)]
    special = [f"<|{mark}|>" for mark in ("startoftranscript", *languages, *marks)]
    letters = {letter: number for number, letter in enumerate(sorted(ByteLevel.alphabet()))}
    end = "<|endoftext|>"
    made = WhisperTokenizer(
        vocab=letters, merges=[], unk_token=end, bos_token=end, eos_token=end, pad_token=end
    )
    made.add_tokens([end], special_tokens=True)
    made.add_tokens(special + times, special_tokens=True)
    return made


def _whisper(mel_bins: int) -> Twin:
    def make(folder: Path, variant: str | None) -> None:
        torch.manual_seed(0)
        tokenizer = _whisper_tokenizer()
        number: Any = tokenizer.convert_tokens_to_ids
        end, start = number(["<|endoftext|>", "<|startoftranscript|>"])
        model = WhisperForConditionalGeneration(
            WhisperConfig(
                vocab_size=len(tokenizer),
                num_mel_bins=mel_bins,
                d_model=32,
                encoder_layers=2,
                decoder_layers=2,
                encoder_attention_heads=2,
                decoder_attention_heads=2,
                encoder_ffn_dim=64,
                decoder_ffn_dim=64,
                decoder_start_token_id=start,
                pad_token_id=end,
                bos_token_id=end,
                eos_token_id=end,
                suppress_tokens=None,
                begin_suppress_tokens=None,
            )
        )
        _tell_whisper(model.generation_config, tokenizer)
        model.save_pretrained(folder, variant=variant)
        extractor = WhisperFeatureExtractor(feature_size=mel_bins)
        WhisperProcessor(extractor, tokenizer).save_pretrained(folder)

    return make


def _tell_whisper(config: Any, tokenizer: WhisperTokenizer) -> None:
    number = tokenizer.convert_tokens_to_ids
    config._from_model_config = False
    config.is_multilingual = True
    config.lang_to_id = {f"<|{name}|>": number(f"<|{name}|>") for name in ("en", "fr", "de")}
    config.task_to_id = {name: number(f"<|{name}|>") for name in ("translate", "transcribe")}
    config.no_timestamps_token_id = number("<|notimestamps|>")
    config.prev_sot_token_id = number("<|startofprev|>")
    config.decoder_start_token_id = number("<|startoftranscript|>")
    config.return_timestamps = False
    # What random weights write has no end.
    config.max_length = 24


def _wav2vec2_ctc(folder: Path, variant: str | None) -> None:
    torch.manual_seed(0)
    tokens = ["<pad>", "<s>", "</s>", "<unk>", "|", *_LETTERS.upper(), "'"]
    vocabulary = folder / "vocab.json"
    vocabulary.write_text(json.dumps({token: number for number, token in enumerate(tokens)}))
    model = Wav2Vec2ForCTC(Wav2Vec2Config(vocab_size=len(tokens), **_WAV2VEC2))
    model.save_pretrained(folder, variant=variant)
    tokenizer = Wav2Vec2CTCTokenizer(str(vocabulary))
    extractor = Wav2Vec2FeatureExtractor(return_attention_mask=False)
    Wav2Vec2Processor(extractor, tokenizer).save_pretrained(folder)


def _wav2vec2_labels(*labels: str) -> Twin:
    def make(folder: Path, variant: str | None) -> None:
        torch.manual_seed(0)
        names = dict(enumerate(labels))
        config = Wav2Vec2Config(id2label=names, use_weighted_layer_sum=True, **_WAV2VEC2)
        Wav2Vec2ForSequenceClassification(config).save_pretrained(folder, variant=variant)
        Wav2Vec2FeatureExtractor().save_pretrained(folder)

    return make


def _ast(folder: Path, variant: str | None) -> None:
    torch.manual_seed(0)
    size: dict[str, Any] = {"max_length": 128, "num_mel_bins": 32}
    config = ASTConfig(
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        id2label=dict(enumerate(["Speech", "Music", "Dog", "Rain", "Car", "Silence"])),
        **size,
    )
    ASTForAudioClassification(config).save_pretrained(folder, variant=variant)
    ASTFeatureExtractor(**size).save_pretrained(folder)


def _speecht5_tokenizer(folder: Path) -> SpeechT5Tokenizer:
    prefix = folder / "spm_char"
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["The quick brown fox jumps over the lazy dog, " + _LETTERS] * 20),
        model_prefix=str(prefix),
        model_type="char",
        vocab_size=60,
        hard_vocab_limit=False,
        minloglevel=2,
        bos_id=0,
        pad_id=1,
        eos_id=2,
        unk_id=3,
    )
    prefix.with_suffix(".vocab").unlink()
    return SpeechT5Tokenizer(str(prefix.with_suffix(".model")))


def _speecht5(kind: Any, stop: float) -> Twin:
    """`stop` says how soon speech ends: random weights do so in the first step or never."""

    def make(folder: Path, variant: str | None) -> None:
        torch.manual_seed(0)
        tokenizer = _speecht5_tokenizer(folder)
        model = kind(SpeechT5Config(vocab_size=len(tokenizer), **_SPEECHT5))
        model.speech_decoder_postnet.prob_out.bias.data.fill_(stop)
        model.save_pretrained(folder, variant=variant)
        extractor = SpeechT5FeatureExtractor(num_mel_bins=20)
        SpeechT5Processor(extractor, tokenizer).save_pretrained(folder)

    return make


def _hifigan(folder: Path, variant: str | None) -> None:
    torch.manual_seed(0)
    config = SpeechT5HifiGanConfig(model_in_dim=20, **HIFIGAN)
    SpeechT5HifiGan(config).save_pretrained(folder, variant=variant)


def _vits(folder: Path, variant: str | None) -> None:
    torch.manual_seed(0)
    vocabulary = {letter: number for number, letter in enumerate(f"_ {_LETTERS}'-")}
    file = folder / "vocab.json"
    file.write_text(json.dumps(vocabulary | {"<unk>": len(vocabulary)}))
    VitsTokenizer(
        str(file), pad_token="_", unk_token="<unk>", phonemize=False, is_uroman=False
    ).save_pretrained(folder)
    config = VitsConfig(
        vocab_size=len(vocabulary) + 1,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        ffn_dim=32,
        flow_size=16,
        spectrogram_bins=9,
        duration_predictor_num_flows=2,
        duration_predictor_filter_channels=16,
        prior_encoder_num_flows=2,
        upsample_initial_channel=32,
        upsample_rates=[8, 4, 2],
        upsample_kernel_sizes=[16, 8, 4],
        wavenet_dilation_rate=1,
        depth_separable_num_layers=2,
        posterior_encoder_num_wavenet_layers=2,
        prior_encoder_num_wavenet_layers=2,
        resblock_kernel_sizes=[3],
        resblock_dilation_sizes=[[1, 3]],
    )
    VitsModel(config).save_pretrained(folder, variant=variant)


_BARK_TEXT, _BARK_SOUND = 40, 32
_BARK_TOKENS = 24


def _bark(folder: Path, variant: str | None) -> None:
    """Bark counts text, meaning and sound in one numbering, of which each model knows a part."""
    torch.manual_seed(0)
    tokenizer = bert_tokenizer()
    meaning = 64
    size: dict[str, Any] = {"num_layers": 2, "num_heads": 2, "hidden_size": 16, "block_size": 512,
                            "initializer_range": 0.5}  # fmt: skip
    text_end = meaning + len(tokenizer)
    coarse = meaning + 2 * _BARK_SOUND
    config = BarkConfig(
        semantic_config=BarkSemanticConfig(
            input_vocab_size=text_end + 3, output_vocab_size=meaning + 1, **size
        ).to_dict(),
        coarse_acoustics_config=BarkCoarseConfig(
            input_vocab_size=coarse + 2, output_vocab_size=coarse + 2, **size
        ).to_dict(),
        fine_acoustics_config=BarkFineConfig(
            input_vocab_size=_BARK_SOUND + 1,
            output_vocab_size=_BARK_SOUND,
            n_codes_total=4,
            **size,
        ).to_dict(),
        codec_config=EncodecConfig(
            upsampling_ratios=[8, 4], target_bandwidths=[10.0], **CODEC
        ).to_dict(),
    )
    model = BarkModel(config)
    fill_codebooks(model.codec_model)
    _tell_bark(model.generation_config, meaning, text_end, coarse)
    model.save_pretrained(folder, variant=variant)
    _bark_voices(folder, meaning)
    BarkProcessor(tokenizer).save_pretrained(folder)
    _index_voices(folder)


def _tell_bark(config: Any, meaning: int, text_end: int, coarse: int) -> None:
    config._from_model_config = False
    config.codebook_size = _BARK_SOUND
    config.semantic_config = {
        "do_sample": True,
        "max_new_tokens": _BARK_TOKENS,
        "eos_token_id": meaning,
        "semantic_pad_token": meaning,
        "semantic_vocab_size": meaning,
        "semantic_infer_token": text_end + 2,
        "text_encoding_offset": meaning + 1,
        "text_pad_token": text_end + 1,
        "max_input_semantic_length": 32,
        "semantic_rate_hz": 50,
    }
    config.coarse_acoustics_config = {
        "do_sample": True,
        "coarse_semantic_pad_token": coarse,
        "coarse_infer_token": coarse + 1,
        "coarse_rate_hz": 75,
        "max_coarse_input_length": 32,
        "max_coarse_history": 60,
        "sliding_window_len": 20,
        "n_coarse_codebooks": 2,
    }
    config.fine_acoustics_config = {
        "temperature": 0.5,
        "max_fine_history_length": 64,
        "max_fine_input_length": 128,
        "n_fine_codebooks": 4,
    }


def _bark_voices(folder: Path, meaning: int) -> None:
    drawn = np.random.default_rng(0)
    voices = folder / "speaker_embeddings" / "v2"
    voices.mkdir(parents=True)
    for voice in ("en_speaker_6", "de_speaker_1"):
        prompts = {
            "semantic": drawn.integers(0, meaning, 20),
            "coarse": drawn.integers(0, _BARK_SOUND, (2, 30)),
            "fine": drawn.integers(0, _BARK_SOUND, (4, 30)),
        }
        for name, prompt in prompts.items():
            np.save(voices / f"{voice}_{name}_prompt.npy", prompt)


def _index_voices(folder: Path) -> None:
    """The file that tells the processor which voices there are."""
    index: dict[str, Any] = {"repo_or_path": "suno/bark"}
    for voice in ("v2/en_speaker_6", "v2/de_speaker_1"):
        names = [f"{part}_prompt" for part in ("semantic", "coarse", "fine")]
        index[voice] = {name: f"speaker_embeddings/{voice}_{name}.npy" for name in names}
    (folder / "speaker_embeddings_path.json").write_text(json.dumps(index))


TWINS: Mapping[str, Twin] = {
    **music.TWINS,
    "openai/whisper-large-v3-turbo": _whisper(128),
    "openai/whisper-small": _whisper(80),
    "facebook/wav2vec2-base-960h": _wav2vec2_ctc,
    "MIT/ast-finetuned-audioset-10-10-0.4593": _ast,
    "superb/wav2vec2-base-superb-er": _wav2vec2_labels("neu", "hap", "ang", "sad"),
    "superb/wav2vec2-base-superb-ks": _wav2vec2_labels("yes", "no", "up", "down", "_silence_"),
    "microsoft/speecht5_tts": _speecht5(SpeechT5ForTextToSpeech, -1.15),
    "microsoft/speecht5_vc": _speecht5(SpeechT5ForSpeechToSpeech, -2.0),
    "microsoft/speecht5_hifigan": _hifigan,
    "suno/bark-small": _bark,
    # Of classes that run, though no permissively licensed weights are in the catalog.
    "facebook/mms-tts-eng": _vits,
}
