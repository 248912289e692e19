"""Every error the server raises, in one tree. A message names the thing, the limit and the way out.

BatonError
├── InvalidInput            the caller's input cannot be used (422)
│   ├── CatalogError        models_config.yaml is wrong: file, path, reason, fix
│   ├── UnknownResource     an alias or artifact that does not exist
│   ├── UnknownModel        a model id the catalog does not hold
│   ├── InvalidPlan         a plan whose tasks, references or types do not fit
│   └── MediaError          bytes that are not the media they claim to be
├── TooLarge                more bytes, pixels, seconds or tokens than the limit (413)
├── NotFound                no such turn or artifact (404)
├── Conflict                the thing is not in a state that allows this (409)
├── Busy                    the queue is full; come back later (429)
├── ModelError              a model cannot do its work
│   ├── NotInstalled        weights are not on disk (503)
│   ├── LoadError           weights are there and cannot be loaded: corrupt, unsupported
│   ├── ModelTooLarge       needs more memory than any device has
│   ├── OutOfMemory         a device ran out while loading or running
│   └── RunError            the model raised while running
├── WorkerLost              a worker process died more than once under this job
├── DeadlineExceeded        a load or a job took longer than its limit
├── NoCandidate             no installed model can do a task
├── Cancelled               the caller or the server cancelled it
└── Internal                a defect of the server itself (500)
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErrorInfo:
    """An error as data: what crosses a process boundary, an event or the wire."""

    code: str
    message: str


class BatonError(Exception):
    """The root. `code` is stable and documented; the message is for people."""

    code = "internal"

    def info(self) -> ErrorInfo:
        """This error as data."""
        return ErrorInfo(self.code, str(self))


class InvalidInput(BatonError):
    """The caller's input cannot be used."""

    code = "invalid_input"


class CatalogError(InvalidInput):
    """The catalog is wrong; the message holds file, path, reason and fix."""

    code = "catalog_error"


class UnknownResource(InvalidInput):
    """A resource alias or artifact id that does not exist in this turn."""

    code = "unknown_resource"


class UnknownModel(InvalidInput):
    """A model id the catalog does not hold."""

    code = "unknown_model"


class InvalidPlan(InvalidInput):
    """A plan whose tasks, references or types do not fit."""

    code = "invalid_plan"


class MediaError(InvalidInput):
    """Bytes that cannot be decoded as the media they claim to be."""

    code = "media_error"


class TooLarge(BatonError):
    """Something exceeds a limit of size."""

    code = "too_large"


class NotFound(BatonError):
    """No such turn or artifact."""

    code = "not_found"


class Conflict(BatonError):
    """The thing is not in a state that allows this."""

    code = "conflict"


class Busy(BatonError):
    """The queue is full."""

    code = "busy"


class ModelError(BatonError):
    """A model cannot do its work."""

    code = "model_error"


class NotInstalled(ModelError):
    """The weights are not on disk, or not all of them."""

    code = "not_installed"


class LoadError(ModelError):
    """The weights are there and cannot be loaded."""

    code = "load_error"


class ModelTooLarge(ModelError):
    """The model needs more memory than any device has."""

    code = "model_too_large"


class OutOfMemory(ModelError):
    """A device ran out of memory."""

    code = "out_of_memory"


class RunError(ModelError):
    """The model raised while running."""

    code = "run_error"


class WorkerLost(BatonError):
    """A worker process died under this job, and again under its retry."""

    code = "worker_lost"


class DeadlineExceeded(BatonError):
    """A load or a job took longer than its limit."""

    code = "deadline_exceeded"


class NoCandidate(BatonError):
    """No installed model can do a task."""

    code = "no_candidate"


class Cancelled(BatonError):
    """The caller or the server cancelled it."""

    code = "cancelled"


class Internal(BatonError):
    """A defect of the server itself."""


def _tree(root: type[BatonError]) -> dict[str, type[BatonError]]:
    found = {root.code: root}
    for child in root.__subclasses__():
        found |= _tree(child)
    return found


def error_from(info: ErrorInfo) -> BatonError:
    """The exception an `ErrorInfo` came from; an unknown code becomes `Internal`."""
    return (_tree(BatonError) | {"internal": Internal}).get(info.code, Internal)(info.message)
