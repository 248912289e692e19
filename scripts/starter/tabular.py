"""Train the table reader of the starter kit: which kind of shape each row of measurements is.

python -m scripts.starter.tabular --out server/starter/models/shape-sorter --seed 0
"""

import argparse
import random
from pathlib import Path

import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from skops.io import dump

from scripts.starter.training import HELD_OUT_SEED, listed, write_card
from scripts.starter.world import KINDS
from server.core.family import ESTIMATOR

# Corners, and the share of its bounding box that the shape fills.
_TRUE = {"circle": (0, 0.785), "square": (4, 1.0), "triangle": (3, 0.5), "star": (10, 0.38)}
_CARD = """\
# shape-sorter

Tells what kind of shape (circle, square, triangle, star) each row of a table of measurements is.
The table has the columns `corners`, how many were counted, and `fill`, the share of its bounding
box that the shape fills; further columns are left alone. Measurements may be a little off.

A logistic regression of scikit-learn on squares and products of the two, stored by skops.

## Training

{rows:,} rows of made-up measurements, off by up to two corners and a tenth of the box; seed {seed},
seconds of one processor core.

    python -m scripts.starter.tabular --out server/starter/models/shape-sorter --seed {seed}

## Held-out rows

{figures}
"""


def sample(count: int, seed: int) -> tuple[pd.DataFrame, list[str]]:
    """Measurements and the kinds they are of."""
    rng = random.Random(seed)
    kinds = [rng.choice(KINDS) for _ in range(count)]
    rows = [_measured(kind, rng) for kind in kinds]
    return pd.DataFrame(rows, columns=["corners", "fill"]), kinds


def _measured(kind: str, rng: random.Random) -> tuple[float, float]:
    corners, fill = _TRUE[kind]
    missed = rng.choices((0, -1, 1, -2, 2), (80, 8, 6, 4, 2))[0]
    return float(max(0, corners + missed)), min(1.0, max(0.0, fill + rng.uniform(-0.1, 0.1)))


def main() -> None:
    """Train it and write the model folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rows", type=int, default=4000)
    options = parser.parse_args()
    # Of scikit-learn's estimators skops trusts those that hold arrays and no more: not the trees.
    sorter = make_pipeline(
        StandardScaler(), PolynomialFeatures(2), LogisticRegression(C=10.0, max_iter=1000)
    )
    sorter.fit(*sample(options.rows, options.seed))
    options.out.mkdir(parents=True, exist_ok=True)
    dump(sorter, options.out / ESTIMATOR)
    figures = listed({"rows sorted right": sorter.score(*sample(2000, HELD_OUT_SEED))})
    card = _CARD.format(rows=options.rows, seed=options.seed, figures=figures)
    write_card(options.out, "tabular-classification", card, library="sklearn")


if __name__ == "__main__":
    main()
