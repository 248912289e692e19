"""Settings come from the environment, typed, and a mistake names its variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.errors import InvalidInput
from server.settings import load_settings


def test_everything_has_a_default() -> None:
    settings = load_settings({}, {})
    assert settings.data_dir == Path.home() / ".local/share/baton"
    assert settings.hub_cache == Path.home() / ".cache/huggingface/hub"
    assert (settings.host, settings.port) == ("127.0.0.1", 8765)
    assert settings.catalog == Path("models_config.yaml")


def test_the_environment_wins_over_defaults_and_the_command_line_over_it() -> None:
    environ = {"BATON_PORT": "9000", "BATON_DATA_DIR": "~/x", "BATON_HOST": "::1"}
    settings = load_settings(environ, {"port": 9001, "host": None})
    assert (settings.port, settings.host) == (9001, "::1")
    assert settings.data_dir == Path.home() / "x"


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"HF_HOME": "/hf"}, "/hf/hub"),
        ({"HF_HUB_CACHE": "/cache", "HF_HOME": "/hf"}, "/cache"),
        ({"XDG_CACHE_HOME": "/xdg"}, "/xdg/huggingface/hub"),
        ({"BATON_HUB_CACHE": "/mine", "HF_HUB_CACHE": "/cache"}, "/mine"),
    ],
)
def test_the_hub_cache_is_where_the_hub_library_has_it(
    environ: dict[str, str], expected: str
) -> None:
    assert load_settings(environ, {}).hub_cache == Path(expected)


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"BATON_PORT": "http"}, "BATON_PORT=http: .*integer.*unset it"),
        ({"BATON_PORT": "65536"}, "BATON_PORT=65536: .*65535"),
        ({"BATON_HOST": ""}, "BATON_HOST=: "),
        ({"BATON_PROT": "1"}, "BATON_PROT is not a setting; these are: .*BATON_PORT"),
    ],
)
def test_a_mistake_names_the_variable_and_the_way_out(
    environ: dict[str, str], message: str
) -> None:
    with pytest.raises(InvalidInput, match=message):
        load_settings(environ, {})


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8765"),
        ("0.0.0.0", "http://127.0.0.1:8765"),
        ("::", "http://[::1]:8765"),
        ("box.lan", "http://box.lan:8765"),
    ],
)
def test_the_url_is_one_that_this_machine_can_reach(host: str, url: str) -> None:
    assert load_settings({"BATON_HOST": host}, {}).url == url
