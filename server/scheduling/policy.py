"""Who goes first: the order of waiting jobs, and the pause before a worker starts again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from server.scheduling.state import Ticket


@dataclass(frozen=True, slots=True)
class PolicySpec:
    """The scheduler's constants.

    A waiting job gains one class of priority every `ageing_s`. A job whose model is resident may
    go before the head of the line only while the head has waited less than `overtake_s`, so no
    wait is unbounded. A job may see `attempts` worker deaths. All times in seconds.
    """

    max_jobs: int
    load_s: float
    job_s: float
    start_s: float = 120.0
    cancel_s: float = 5.0
    ageing_s: float = 10.0
    overtake_s: float = 2.0
    attempts: int = 2
    longest_pause_s: float = 30.0


def rank(ticket: Ticket, at: float, policy: PolicySpec) -> tuple[float, int]:
    """The place in the line: aged priority, then order of admission. Lower goes first."""
    aged = int((at - ticket.admitted_at) / policy.ageing_s)
    return ticket.job.priority - aged, ticket.sequence


def choose(
    tickets: Sequence[Ticket], at: float, policy: PolicySpec, resident: Callable[[Ticket], bool]
) -> Ticket | None:
    """The next of these tickets for a device: the head, or one that spares a load (see above)."""
    line = sorted(tickets, key=lambda ticket: rank(ticket, at, policy))
    if not line:
        return None
    head = line[0]
    if at - head.admitted_at >= policy.overtake_s:
        return head
    same_class = (t for t in line if rank(t, at, policy)[0] == rank(head, at, policy)[0])
    return next((ticket for ticket in same_class if resident(ticket)), head)


def restart_pause_s(deaths_in_a_row: int, policy: PolicySpec) -> float:
    """None after the first death, then 1, 2, 4 … seconds up to the longest pause."""
    if deaths_in_a_row <= 1:
        return 0.0
    return min(2.0 ** (deaths_in_a_row - 2), policy.longest_pause_s)
