"""Artifacts: stored whole and verified, or not at all; found again after a restart."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.artifacts.store import ArtifactStore
from server.core.task import Media
from server.errors import Internal, MediaError, NotFound, TooLarge
from tests.fakes import samples
from tests.fakes.services import LIMITS

PNG = samples.image_bytes("PNG")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "artifacts"


@pytest.fixture
def store(root: Path) -> ArtifactStore:
    return ArtifactStore(root, LIMITS)


async def pieces(content: bytes, size: int = 10) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def test_an_upload_is_the_same_after_a_restart(store: ArtifactStore, root: Path) -> None:
    made = await store.receive(pieces(PNG), "red.png")
    found = ArtifactStore(root, LIMITS).get(made.id)
    assert found == made
    assert found.path.read_bytes() == PNG
    assert (found.media, found.mime, found.name) == (Media.IMAGE, "image/png", "red.png")
    assert found.size_bytes == len(PNG)


def test_bytes_at_hand_are_stored_the_same_way(store: ArtifactStore) -> None:
    made = store.save(PNG, "red.png")
    assert store.get(made.id).path.read_bytes() == PNG


def test_the_type_is_what_the_bytes_say_whatever_the_name_claims(store: ArtifactStore) -> None:
    made = store.save(b"<script>alert(1)</script>", "photo.png")
    assert (made.media, made.mime, made.path.suffix) == (Media.TEXT, "text/plain", ".txt")


async def test_an_upload_past_the_limit_is_refused_while_it_arrives(
    store: ArtifactStore, root: Path
) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1 << 16
            yield bytes(1 << 16)

    with pytest.raises(TooLarge, match=r"1,048,576 bytes.*limits\.max_upload_bytes"):
        await store.receive(endless(), "huge")
    assert taken <= LIMITS.max_upload_bytes + (1 << 16)
    assert list(root.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\xfd", PNG[:40]])
async def test_what_fails_to_decode_leaves_nothing_behind(
    store: ArtifactStore, root: Path, content: bytes
) -> None:
    with pytest.raises(MediaError):
        await store.receive(pieces(content), "broken.png")
    with pytest.raises(MediaError):
        store.save(content, "broken.png")
    assert list(root.iterdir()) == []


async def test_a_client_that_goes_away_leaves_nothing_behind(
    store: ArtifactStore, root: Path
) -> None:
    async def broken_off() -> AsyncIterator[bytes]:
        yield PNG[:20]
        raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        await store.receive(broken_off(), "red.png")
    assert list(root.iterdir()) == []


def test_a_worker_file_is_moved_in(store: ArtifactStore, tmp_path: Path) -> None:
    written = tmp_path / "out.png"
    written.write_bytes(PNG)
    made = store.adopt(written, Media.IMAGE, "image/png", "drawing.png")
    assert store.get(made.id).path.read_bytes() == PNG
    assert not written.exists()


def test_a_link_in_place_of_a_worker_file_is_not_followed(
    store: ArtifactStore, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(PNG)
    link = tmp_path / "out.png"
    link.symlink_to(secret)
    with pytest.raises(Internal, match=r"out\.png"):
        store.adopt(link, Media.IMAGE, "image/png", "drawing.png")
    with pytest.raises(Internal, match=r"nothing\.png"):
        store.adopt(tmp_path / "nothing.png", Media.IMAGE, "image/png", "drawing.png")


def test_what_a_crash_left_is_gone_at_the_next_start_and_the_rest_is_not(
    store: ArtifactStore, root: Path
) -> None:
    kept, lost = store.save(PNG, "kept.png"), store.save(PNG, "lost.png")
    (root / f"{lost.id}.json").unlink()
    (root / "upload_x.partial").write_bytes(PNG)
    (root / "notes.md").write_text("not ours")
    ArtifactStore(root, LIMITS)
    names = {path.name for path in root.iterdir()}
    assert names == {f"{kept.id}.png", f"{kept.id}.json", "notes.md"}


@pytest.mark.parametrize("damage", ["{", "{}", '{"media": "image", "evil": 1}'])
def test_a_damaged_sidecar_means_no_such_artifact(
    store: ArtifactStore, root: Path, damage: str
) -> None:
    made = store.save(PNG, "red.png")
    (root / f"{made.id}.json").write_text(damage)
    with pytest.raises(NotFound, match=made.id):
        store.get(made.id)


def test_a_file_removed_by_hand_means_no_such_artifact(store: ArtifactStore) -> None:
    made = store.save(PNG, "red.png")
    made.path.unlink()
    with pytest.raises(NotFound, match=made.id):
        store.get(made.id)


@pytest.mark.parametrize(
    "artifact_id", ["", ".", "../secret", "artifact_/../../secret", "artifact_" + "a" * 22]
)
def test_an_id_that_was_never_given_finds_nothing(
    store: ArtifactStore, root: Path, artifact_id: str
) -> None:
    (root.parent / "secret.json").write_text("{}")
    with pytest.raises(NotFound):
        store.get(artifact_id)


@given(artifact_id=st.text())
def test_no_text_at_all_finds_an_artifact(
    tmp_path_factory: pytest.TempPathFactory, artifact_id: str
) -> None:
    store = ArtifactStore(tmp_path_factory.getbasetemp() / "artifacts", LIMITS)
    with pytest.raises(NotFound):
        store.get(artifact_id)


@given(name=st.text())
def test_a_name_is_printable_short_and_without_a_path(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    store = ArtifactStore(tmp_path_factory.getbasetemp() / "artifacts", LIMITS)
    made = store.save(b"text", f"../dir\\{name}")
    assert made.name.isprintable()
    assert 0 < len(made.name) <= 120
    assert not set(made.name) & {"/", "\\"}


def test_ids_are_long_and_never_repeat(store: ArtifactStore) -> None:
    ids = {store.save(b"same", "same.txt").id for _ in range(20)}
    assert len(ids) == 20
    assert all(len(artifact_id) == len("artifact_") + 22 for artifact_id in ids)


def test_a_disk_that_refuses_is_a_typed_error(store: ArtifactStore, root: Path) -> None:
    shutil.rmtree(root)
    with pytest.raises(Internal, match="cannot write to"):
        store.save(PNG, "red.png")
