"""Where the server keeps things and where it listens: `BATON_*` variables, each with a default."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from server.errors import InvalidInput

_PREFIX = "BATON_"


def _expanded(value: object) -> object:
    return Path(value).expanduser() if isinstance(value, str) and value else value


Location = Annotated[Path, BeforeValidator(_expanded)]


class Settings(BaseModel):
    """What one server process is told by its environment; `port` 0 takes any free one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    data_dir: Location
    hub_cache: Location
    catalog: Location = Path("models_config.yaml")
    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8765

    @property
    def artifact_dir(self) -> Path:
        """Where uploads and outputs are stored."""
        return self.data_dir / "artifacts"

    @property
    def url(self) -> str:
        """Where this machine reaches the server."""
        anywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - to connect, not to bind
        host = anywhere.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def load_settings(environ: Mapping[str, str], overrides: Mapping[str, object]) -> Settings:
    """Settings from the environment; an override that is not None wins over it.

    Raises InvalidInput naming the variable, what is wrong with it and what it may be.
    """
    given = {
        name.removeprefix(_PREFIX).lower(): value
        for name, value in environ.items()
        if name.startswith(_PREFIX)
    }
    chosen = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings.model_validate(_defaults(environ) | given | chosen)
    except ValidationError as error:
        raise InvalidInput(_explain(error)) from error


def _defaults(environ: Mapping[str, str]) -> dict[str, object]:
    """The two directories that depend on the user's home; the hub's own variables count."""
    cache = Path(environ.get("XDG_CACHE_HOME", "~/.cache"))
    hub_home = Path(environ.get("HF_HOME", cache / "huggingface"))
    return {
        "data_dir": "~/.local/share/baton",
        "hub_cache": str(environ.get("HF_HUB_CACHE", hub_home / "hub")),
    }


def _explain(error: ValidationError) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0])
    variable = _PREFIX + name.upper()
    if first["type"] == "extra_forbidden":
        known = ", ".join(_PREFIX + field.upper() for field in Settings.model_fields)
        return f"{variable} is not a setting; these are: {known}. Unset it or correct its name."
    return f"{variable}={first['input']}: {first['msg']}. Correct it, or unset it for the default."
