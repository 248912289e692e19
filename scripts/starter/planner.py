"""Train the starter planner: data, tokenizer, network and GGUF, all made here.

    python -m scripts.starter.planner --out server/starter/models/planner

`--processes 2` trains on two cores, each with batches of its own. `--resume` goes on with a run
that was stopped; `--onward planner.gguf` begins a new run from a finished planner.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch
import torch.distributed as group
import torch.multiprocessing
from tokenizers import Tokenizer
from torch import Tensor

from scripts.starter.planner_answers import answer_example
from scripts.starter.planner_choices import select_example
from scripts.starter.planner_data import clause_example, plan_example
from scripts.starter.planner_model import (
    SPECIAL,
    Planner,
    Shape,
    read_gguf,
    render,
    train_tokenizer,
    write_gguf,
)
from server.core.generation import Message
from server.planning.prompt import compact as planning_prompt
from server.responding.prompt import compact as responding_prompt
from server.selection.prompt import compact as selection_prompt

_TOKENIZER_EXAMPLES = 20_000
_POOL = 2048
_MIX = {"plan": 82, "select": 7, "answer": 11}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast to train."""

    steps: int = 4700
    # A step is several batches, each of examples of one length: together they are a fair mix.
    tokens_per_batch: int = 2048
    batches_per_step: int = 2
    matrix_rate: float = 0.01
    rate: float = 2e-3
    warmup: int = 30
    # The first steps only practise copying, the next ones do so beside their batches.
    copying_only_until: int = 60
    copying_until: int = 350
    # Bare clauses come first. Without them the planner learns to copy, but for thousands of steps
    # not which word asks for which task: there are too few of these among too many others.
    short_until: int = 750
    short_tokens: int = 72
    # The last part of the run, over which the rates fall to a hundredth.
    cooldown: float = 0.35
    # The share of bare clauses after that.
    easy: float = 0.15
    vocabulary: int = 3072


def sample(rng: random.Random, easy: float = 0.0) -> tuple[str, str]:
    """One example of a random mode: the rendered prompt and the answer."""
    if rng.random() < easy:
        example = clause_example(rng)
        return _render(planning_prompt(example.request, example.resources)), example.answer
    mode = rng.choices(list(_MIX), list(_MIX.values()))[0]
    if mode == "plan":
        example = plan_example(rng)
        return _render(planning_prompt(example.request, example.resources)), example.answer
    if mode == "select":
        request, steps, answer = select_example(rng)
        return _render(selection_prompt(request, steps)), answer
    request, lines, answer = answer_example(rng)
    return _render(responding_prompt(request, lines)), answer


def _render(messages: tuple[Message, ...]) -> str:
    return render(*(message.content for message in messages))


def batches(
    seed: str, tokenizer: Tokenizer, recipe: Recipe, longest: int, easy: float
) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches of about the same number of tokens, of examples of about the same length."""
    rng = random.Random(seed)
    end = tokenizer.token_to_id("<|im_end|>")
    while True:
        pool = []
        for _ in range(_POOL):
            prompt, answer = (tokenizer.encode(text).ids for text in sample(rng, easy))
            if len(prompt) + len(answer) < longest:
                pool.append((prompt, [*answer, end]))
        # Alike in length but for some noise, so that batches differ from pool to pool.
        pool.sort(key=lambda pair: (len(pair[0]) + len(pair[1])) * rng.uniform(0.9, 1.1))
        groups, group, widest = [], [], 0
        for pair in pool:
            widest = max(widest, len(pair[0]) + len(pair[1]))
            if group and widest * (len(group) + 1) > recipe.tokens_per_batch:
                groups.append(group)
                group, widest = [], len(pair[0]) + len(pair[1])
            group.append(pair)
        rng.shuffle(groups)
        yield from map(_pad, groups)


def copying(rng: random.Random, vocabulary: int, rows: int = 6) -> tuple[Tensor, Tensor]:
    """Random tokens followed by spans of them; the spans are wanted."""
    source, length = 80, 120
    tokens = torch.zeros(rows, length, dtype=torch.long)
    for row in range(rows):
        ids = [rng.randrange(len(SPECIAL), vocabulary) for _ in range(source)]
        while len(ids) < length:
            start = rng.randrange(source - 12)
            ids += ids[start : start + rng.randint(4, 12)]
        tokens[row] = torch.tensor(ids[:length])
    wanted = torch.zeros(rows, length, dtype=torch.bool)
    wanted[:, source:] = True
    return tokens, wanted


def _pad(group: list[tuple[list[int], list[int]]]) -> tuple[Tensor, Tensor]:
    longest = max(len(prompt) + len(answer) for prompt, answer in group)
    tokens = torch.zeros(len(group), longest, dtype=torch.long)
    wanted = torch.zeros(len(group), longest, dtype=torch.bool)
    for row, (prompt, answer) in enumerate(group):
        ids = prompt + answer
        tokens[row, : len(ids)] = torch.tensor(ids)
        wanted[row, len(prompt) : len(ids)] = True
    return tokens, wanted


def optimizers(model: Planner, recipe: Recipe) -> list[tuple[torch.optim.Optimizer, float]]:
    """Muon for the matrices of the blocks, Adam for all else, each with its peak rate."""
    matrices = [weight for weight in model.blk.parameters() if weight.ndim == 2]
    taken = set(map(id, matrices))
    others = [weight for weight in model.parameters() if id(weight) not in taken]
    muon = torch.optim.Muon(matrices, lr=recipe.matrix_rate, momentum=0.95, weight_decay=0.01)
    adam = torch.optim.AdamW(others, lr=recipe.rate, betas=(0.9, 0.98), weight_decay=0.0)
    return [(muon, recipe.matrix_rate), (adam, recipe.rate)]


def rate_at(step: int, recipe: Recipe) -> float:
    """The factor on the learning rates: a short warm-up, flat, then a linear fall."""
    falling = (recipe.steps - step) / (recipe.steps * recipe.cooldown)
    return max(0.01, min(1.0, (step + 1) / recipe.warmup, falling))


def train(
    model: Planner,
    tokenizer: Tokenizer,
    recipe: Recipe,
    seed: int,
    checkpoint: Path,
    resume: bool,
) -> None:
    """Train in place, writing the checkpoint now and then; `resume` goes on from it."""
    model.compile(dynamic=True)
    tuners = optimizers(model, recipe)
    first = 0
    if resume:
        state = torch.load(checkpoint, weights_only=True)
        first = state["step"]
        model.load_state_dict(state["model"])
        for (tuner, _), kept in zip(tuners, state["tuners"], strict=True):
            tuner.load_state_dict(kept)
    # A resumed run, like each process, reads a stream of its own.
    origin = f"{seed} {first} {group.get_rank()}"
    short = batches(f"short {origin}", tokenizer, recipe, recipe.short_tokens, 0.8)
    full = batches(f"full {origin}", tokenizer, recipe, model.shape.context, recipe.easy)
    rng = random.Random(f"copying {origin}")
    losses, targets, began = 0.0, 0.0, time.monotonic()
    for step in range(first, recipe.steps):
        for tuner, peak in tuners:
            for parameters in tuner.param_groups:
                parameters["lr"] = peak * rate_at(step, recipe)
        taken = [copying(rng, model.shape.vocabulary)] if step < recipe.copying_until else []
        if step >= recipe.copying_only_until:
            stream = short if step < recipe.short_until else full
            taken += [next(stream) for _ in range(recipe.batches_per_step)]
        loss = 0.0
        for tokens, wanted in taken:
            summed = model.loss(tokens, wanted)
            summed.backward()
            loss += summed.item()
        loss, count = _average(model, loss, sum(int(wanted.sum()) for _, wanted in taken))
        losses, targets = losses + loss, targets + count
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for tuner, _ in tuners:
            tuner.step()
            tuner.zero_grad(set_to_none=True)
        if group.get_rank() == 0 and (step + 1) % 25 == 0:
            took = time.monotonic() - began
            print(f"step {step + 1} loss {losses / targets:.4f} {took:.0f} s", flush=True)
            losses, targets = 0.0, 0.0
        if group.get_rank() == 0 and ((step + 1) % 50 == 0 or step + 1 == recipe.steps):
            kept = [tuner.state_dict() for tuner, _ in tuners]
            state = {"step": step + 1, "model": model.state_dict(), "tuners": kept}
            torch.save(state, checkpoint.with_suffix(".tmp"))
            checkpoint.with_suffix(".tmp").replace(checkpoint)


def _average(model: Planner, loss: float, targets: int) -> tuple[float, float]:
    """Make gradients of summed losses those of the mean over all processes; give both sums."""
    gradients = [weight.grad for weight in model.parameters() if weight.grad is not None]
    flat = torch.cat([torch.tensor([loss, targets]), *(part.flatten() for part in gradients)])
    group.all_reduce(flat)
    (loss, targets), *parts = flat.split([2, *(part.numel() for part in gradients)])
    for gradient, part in zip(gradients, parts, strict=True):
        gradient.copy_(part.view_as(gradient) / targets)
    return float(loss), float(targets)


def main() -> None:
    """Read the command line and make the planner."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of planner.gguf")
    parser.add_argument(
        "--work", type=Path, default=Path("build/planner"), help="tokenizer and checkpoints"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=Recipe.steps)
    parser.add_argument("--processes", type=int, default=1, help="one a core")
    begun = parser.add_mutually_exclusive_group()
    begun.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    begun.add_argument("--onward", type=Path, metavar="GGUF", help="begin with this planner")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.work / "meeting").unlink(missing_ok=True)
    if not options.resume:
        _tokenizer(options).save(str(options.work / "tokenizer.json"))
    torch.multiprocessing.spawn(_work, (options,), options.processes)


def _tokenizer(options: argparse.Namespace) -> Tokenizer:
    if options.onward:
        return read_gguf(options.onward)[1]
    rng = random.Random(f"tokenizer {options.seed}")
    texts = ("\n".join(sample(rng)) for _ in range(_TOKENIZER_EXAMPLES))
    return train_tokenizer(texts, Recipe.vocabulary)


def _work(rank: int, options: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    meeting = f"file://{(options.work / 'meeting').resolve()}"
    group.init_process_group("gloo", meeting, rank=rank, world_size=options.processes)
    tokenizer = Tokenizer.from_file(str(options.work / "tokenizer.json"))
    recipe = Recipe(steps=options.steps)
    if options.onward:
        # It has learnt to copy, and the words.
        recipe = replace(recipe, copying_only_until=0, copying_until=0, short_until=0)
        model, _ = read_gguf(options.onward)
    else:
        model = Planner(Shape(vocabulary=tokenizer.get_vocab_size()))
    train(model, tokenizer, recipe, options.seed, options.work / "checkpoint.pt", options.resume)
    if rank == 0:
        write_gguf(model, tokenizer, options.out / "planner.gguf")
    group.destroy_process_group()


if __name__ == "__main__":
    main()
