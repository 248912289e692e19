"""models_config.yaml → validated specs, or one message that names everything wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from server.catalog.crosscheck import cross_problems
from server.catalog.document import Document, Problem, read_document
from server.catalog.explain import problems_of
from server.catalog.schema import CatalogSchema
from server.core.model import Catalog
from server.errors import CatalogError

__all__ = ["catalog_json_schema", "load_catalog"]


def load_catalog(path: Path) -> Catalog:
    """Read and validate a catalog.

    Raises `CatalogError`: one line per mistake, each with file, line, path and fix.
    """
    document = read_document(path)
    problems = [*document.problems, *cross_problems(document.data)]
    try:
        schema = CatalogSchema.model_validate(document.data)
    except ValidationError as error:
        raise _refusal(document, [*problems, *problems_of(error)]) from None
    if problems:
        raise _refusal(document, problems)
    return schema.to_catalog(path)


def catalog_json_schema() -> dict[str, Any]:
    """The JSON Schema of models_config.yaml, for editors and for docs/models_config.schema.json."""
    return CatalogSchema.model_json_schema()


def _refusal(document: Document, problems: list[Problem]) -> CatalogError:
    lines = [(document.line(problem.location), str(problem)) for problem in problems]
    return CatalogError(
        "\n".join(f"{document.source}:{line}: {text}" for line, text in sorted(lines))
    )
