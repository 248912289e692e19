"""Make the twins of a catalog: `scripts/make_twins --cache FOLDER`."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from pathlib import Path

from scripts.twins import diffusion, sound, text, vision
from scripts.twins.cache import Twin, install
from server.catalog import load_catalog
from server.models.install import needs_no_weights

TWINS: Mapping[str, Twin] = {**text.TWINS, **vision.TWINS, **sound.TWINS, **diffusion.TWINS}


def main() -> None:
    """Read the command line and make them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catalog", type=Path, default=Path("models_config.yaml"))
    parser.add_argument("--cache", type=Path, required=True, help="a hub cache to put them into")
    options = parser.parse_args()
    for model in load_catalog(options.catalog).models:
        whole = () if needs_no_weights(model) else (model,)
        for spec in (*whole, *model.parts.values()):
            began = time.monotonic()
            folder = install(options.cache, spec, TWINS[spec.id])
            print(f"{spec.id}: {time.monotonic() - began:.1f} s, {folder}")


if __name__ == "__main__":
    main()
