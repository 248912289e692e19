"""The loss of the shape detector: which query answers for which shape, and how well."""

import torch
from torch import Tensor, nn

# Most queries answer for nothing: at full weight they would drown the few that do not.
NOTHING_WEIGHT = 0.2
_BOX_WEIGHT, _OVERLAP_WEIGHT = 5.0, 2.0


def corners_of(centred: Tensor) -> Tensor:
    """Boxes given by centre and size, as left, top, right and bottom."""
    middle, size = centred.split(2, -1)
    return torch.cat((middle - size / 2, middle + size / 2), -1)


def overlap(first: Tensor, second: Tensor) -> tuple[Tensor, Tensor]:
    """The plain and the generalised intersection over union of pairs of boxes."""
    inner = torch.minimum(first[..., 2:], second[..., 2:]) - torch.maximum(
        first[..., :2], second[..., :2]
    )
    outer = torch.maximum(first[..., 2:], second[..., 2:]) - torch.minimum(
        first[..., :2], second[..., :2]
    )
    common, hull = inner.clamp(min=0).prod(-1), outer.prod(-1)
    areas = [(boxes[..., 2:] - boxes[..., :2]).prod(-1) for boxes in (first, second)]
    union = areas[0] + areas[1] - common
    plain = common / union
    return plain, plain - (hull - union) / hull


def assign(cost: Tensor) -> Tensor:
    """The cheapest free query for each shape in turn: (batch, query, shape) to (batch, shape)."""
    cost, chosen = cost.clone(), []
    for shape in range(cost.shape[2]):
        best = cost[:, :, shape].argmin(1)
        cost[torch.arange(len(cost)), best] = torch.inf
        chosen.append(best)
    return torch.stack(chosen, 1)


def cell_cost(corners: Tensor, side: int) -> Tensor:
    """How far each shape is from the cell of each query, on a grid of side x side cells."""
    steps = (torch.arange(side) + 0.5) / side
    cells = torch.cartesian_prod(steps, steps).flip(-1)
    return torch.cdist(cells.expand(len(corners), -1, -1), corners.unflatten(-1, (2, 2)).mean(-2))


def match_cost(scores: Tensor, found: Tensor, labels: Tensor, corners: Tensor) -> Tensor:
    """How badly what each query says fits each shape."""
    rows = torch.arange(len(labels))[:, None]
    wrong = 1 - scores.softmax(-1).transpose(1, 2)[rows, labels.clamp(min=0)].transpose(1, 2)
    return wrong + _BOX_WEIGHT * torch.cdist(found, corners, p=1.0) / 4


def detection_loss(
    scores: Tensor, found: Tensor, labels: Tensor, corners: Tensor, chosen: Tensor
) -> Tensor:
    """The loss on labels (-1 where a shape is absent) and boxes, once each has its query."""
    present = labels >= 0
    nothing = scores.shape[2] - 1
    wanted = torch.full(scores.shape[:2], nothing)
    wanted.scatter_(1, chosen, labels.masked_fill(~present, nothing))
    weights = torch.ones(nothing + 1)
    weights[nothing] = NOTHING_WEIGHT
    naming = nn.functional.cross_entropy(scores.flatten(0, 1), wanted.flatten(), weights)
    own = found.gather(1, chosen[..., None].expand(-1, -1, 4))[present]
    _, generalised = overlap(own, corners[present])
    placing = nn.functional.l1_loss(own, corners[present])
    return naming + _BOX_WEIGHT * placing + _OVERLAP_WEIGHT * (1 - generalised).mean()
