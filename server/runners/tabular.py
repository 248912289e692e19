"""tabular-classification: scikit-learn estimators, stored by skops."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from server.core.family import ESTIMATOR
from server.core.job import TaskResult, Work
from server.core.lane import Weights
from server.errors import InvalidInput, LoadError
from server.runners.loading import spec_of
from server.runners.ports import task_work, text_input
from server.runners.runner import Reporter
from server.runners.tables import Table, parse_table

_COLUMN = "class"


class TabularRunner:
    """A table in, the class of each of its rows out. Runs on the CPU, whatever the device."""

    def __init__(self, weights: Weights, _device: str) -> None:
        self._file = Path(weights.path) / ESTIMATOR
        self._id = spec_of(weights).id
        # scikit-learn takes seconds to import, and few lanes hold such a model.
        from skops.io import load
        from skops.io.exceptions import UntrustedTypesFoundException

        try:
            # Nothing is trusted but what skops itself knows to be scikit-learn's and numpy's.
            self._estimator: Any = load(self._file)
        except UntrustedTypesFoundException as error:
            raise LoadError(f"{self._id}: {error}; only scikit-learn's own are loaded") from None
        if not hasattr(self._estimator, "predict"):
            raise LoadError(f"{self._id}: {ESTIMATOR} holds no classifier")

    @property
    def resident_bytes(self) -> int:
        """The size of the file: estimators lie in main memory, spread over many objects."""
        return self._file.stat().st_size

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """Classify each row. Raises InvalidInput for a table without the columns it takes."""
        table = parse_table(text_input(task_work(work), "table"))
        features = self._features(table)
        reporter.check()
        try:
            data = self._classified(features)
        except (ValueError, TypeError) as error:
            raise InvalidInput(f"{self._id} cannot classify this table: {error}") from None
        rows = ((*row, item["label"]) for row, item in zip(table.rows, data, strict=True))
        return TaskResult(Table((*table.columns, _COLUMN), tuple(rows)).to_markdown(), data)

    def _features(self, table: Table) -> Any:
        """The columns that the estimator takes, in its order, as a pandas frame; numbers where they
        are numbers."""
        import pandas as pd

        if not table.rows:
            raise InvalidInput(f"{self._id} needs a table with at least one row")
        names = list(getattr(self._estimator, "feature_names_in_", ()))
        if missing := [name for name in names if name not in table.columns]:
            raise InvalidInput(
                f"{self._id} takes the columns {', '.join(names)};"
                f" the table has no {', '.join(missing)}"
            )
        columns = [
            _numbers(pd.Series(cells, dtype=object)) for cells in zip(*table.rows, strict=True)
        ]
        named = {name: columns[table.columns.index(name)] for name in names}
        return pd.DataFrame(named or dict(enumerate(columns)))

    def _classified(self, features: Any) -> list[dict[str, Any]]:
        # An estimator that was not taught names is not to be told any.
        named = hasattr(self._estimator, "feature_names_in_")
        given = features if named else features.to_numpy()
        labels = [str(label) for label in self._estimator.predict(given)]
        if not hasattr(self._estimator, "predict_proba"):
            return [{"label": label} for label in labels]
        scores = self._estimator.predict_proba(given).max(axis=1)
        return [
            {"label": label, "score": round(float(score), 4)}
            for label, score in zip(labels, scores, strict=True)
        ]


def _numbers(cells: Any) -> Any:
    import pandas as pd

    try:
        return pd.to_numeric(cells.replace("", None))
    except (ValueError, TypeError):
        return cells
