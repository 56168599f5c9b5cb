"""What the rules of a story cost: reviews, mended tasks, and wrong ones that slip through.

A task that the rules send to a Review stage is reviewed, any other is left alone; what either costs
is `core.sampling.cost`'s. The browser does the same arithmetic while a lever is dragged
(`pages/share/parts/story.js`), in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.model.figures import counted, decimals, exact, money_digits, share_labels, signed
from core.model.names import Names
from core.model.phrases import joined
from core.model.stages import Review
from core.proportions import proportion_interval
from core.sampling.cost import ReviewPrices, flat_shares
from core.sampling.looks import looks_of
from core.scenario.levers import COST_NAMES, PRICES, Placed
from core.workspace import Workspace

CATCH = 1.0
"""Chance that a review of a wrong task notices it, as long as no lever says otherwise."""
NO_WORKFLOW = "No cost: without the workflow of the project it is not known which stages review."
NO_RATE = (
    "No cost yet: no review so far shows how many tasks are wrong. Add the lever “Tasks that are "
    "wrong” and set it."
)

NO_COSTS = "At these prices nothing costs anything: set one to see when review pays."


@dataclass(frozen=True, slots=True)
class LookCount:
    """What all looks at the tasks showed.

    Args:
        looks: Entries of a review that accepted, rejected or fixed.
        wrong: Those that rejected or fixed.
    """

    looks: int
    wrong: int

    @property
    def rate(self) -> float | None:
        """Wrong over all, as of `core.sampling.error_rates`; None without a look."""
        return self.wrong / self.looks if self.looks else None


@dataclass(frozen=True, slots=True)
class StoryCost:
    """What to expect.

    Args:
        money: In the currency of the prices.
        escaped: Wrong tasks that slip through.
    """

    money: float
    escaped: float


@dataclass(frozen=True, slots=True)
class ErrorCosts:
    """Prices and an error rate.

    Args:
        prices: What things cost.
        rate: The part of the tasks that is wrong, from 0 to 1.
    """

    prices: ReviewPrices
    rate: float

    def of(self, reviewed: float, alone: float) -> StoryCost:
        """Cost of so many tasks that are reviewed, and so many that are left alone."""
        each = float(self.prices.reviewed(self.rate, CATCH))
        other = float(self.prices.left_alone(self.rate))
        return StoryCost(reviewed * each + alone * other, alone * self.rate)

    @property
    def break_even(self) -> float | None:
        """Error rate from which on review pays; None where it never does."""
        return self.prices.break_even(CATCH)

    @property
    def sentence(self) -> str:
        """When review pays, which share would be cheapest, and which are hardly dearer."""
        edge = self.break_even
        every = float(self.prices.reviewed(self.rate, CATCH))
        none = float(self.prices.left_alone(self.rate))
        if none == every == 0:
            return NO_COSTS
        low, high = flat_shares(none, every)
        pays = "never pays at these prices"
        if edge is not None:
            pays = f"pays from {_share(edge)} wrong tasks on"
        if none == every:
            least = "any share of reviews costs the same"
        elif every < none:
            least = f"reviewing all costs least{_flat('from', low, 0.0, 'on ')}"
        else:
            least = f"reviewing none costs least{_flat('up to', high, 1.0, '')}"
        return f"Review {pays}. At {_share(self.rate)}, {least}."


@dataclass(frozen=True, eq=False)
class Costing:
    """What a story needs to tell its cost, wherever its levers stand.

    Args:
        reviews: Of each target of the table, whether it is a Review stage.
        before: Expected tasks of the baseline that are reviewed, and that are left alone.
        places: Places of the levers of costs, by their kind.
        looks: What reviews showed.
        missing: Why no cost can be told at all, else "".
    """

    reviews: tuple[bool, ...]
    before: tuple[float, float]
    places: Mapping[str, int]
    looks: LookCount
    missing: str = ""

    def costs(self, levers: Sequence[Placed]) -> ErrorCosts | None:
        """Prices and error rate where the levers stand; None where no cost can be told."""
        rate = self.looks.rate
        if "error_rate" in self.places:
            placed = levers[self.places["error_rate"]]
            rate = placed.in_use if placed.is_set else None
        if rate is None or self.missing:
            return None
        prices = {
            name: levers[self.places[kind]].in_use if kind in self.places else 0.0
            for name, kind in PRICES.items()
        }
        return ErrorCosts(ReviewPrices(**prices), rate)

    def both(
        self, expected: Sequence[float], levers: Sequence[Placed]
    ) -> tuple[StoryCost, StoryCost] | None:
        """Cost where the levers stand, and of the baseline at the same prices and error rate.

        Args:
            expected: Tasks of each target, as the table has them there.
            levers: Those of the story.
        """
        costs = self.costs(levers)
        if costs is None:
            return None
        reviewed = alone = 0.0
        for tasks, reviews in zip(expected, self.reviews, strict=True):
            if reviews:
                reviewed += tasks
            else:
                alone += tasks
        return costs.of(reviewed, alone), costs.of(*self.before)

    def words(self, levers: Sequence[Placed]) -> str:
        """What is to be known of the cost, or what is missing, as a sentence."""
        costs = self.costs(levers)
        return costs.sentence if costs else self.missing or NO_RATE


def look_count(workspace: Workspace) -> LookCount:
    """All looks at the tasks of a workspace."""
    looks = looks_of(workspace.table, workspace.project)
    return LookCount(len(looks), int(looks.wrong.sum()))


def costing(
    workspace: Workspace,
    targets: Sequence[str | None],
    before: Mapping[str | None, float],
    levers: Sequence[Placed],
    looks: LookCount,
) -> Costing:
    """What is needed to tell the cost.

    Args:
        workspace: Its project says which stages review.
        targets: Those of the table.
        before: Expected tasks of the baseline, by target.
        levers: Those of the story.
        looks: What reviews showed.
    """
    stages = (workspace.project.stages if workspace.project else None) or ()
    review = {stage.id for stage in stages if isinstance(stage, Review)}
    reviewed = sum(tasks for target, tasks in before.items() if target in review)
    return Costing(
        reviews=tuple(target in review for target in targets),
        before=(reviewed, sum(before.values()) - reviewed),
        places={one.lever.kind: place for place, one in enumerate(levers) if one.lever.of_cost},
        looks=looks,
        missing="" if stages else NO_WORKFLOW,
    )


def cost_assumptions(cost: Costing, targets: Sequence[str | None], names: Names) -> tuple[str, ...]:
    """What the cost rests on, as sentences."""
    if cost.missing:
        return ()
    reviewing = [
        names.of_stage(target)
        for target, reviews in zip(targets, cost.reviews, strict=True)
        if reviews
    ]
    who = f"that go to {joined(reviewing, 'or')}" if reviewing else "that go to a Review stage"
    none = "" if reviewing else "; these rules send none there"
    unpriced = [COST_NAMES[kind] for kind in PRICES.values() if kind not in cost.places]
    free = joined([name.removeprefix("Price of ") for name in unpriced], "and") if unpriced else ""
    sentences = (
        f"Tasks {who} are reviewed once{none}; all others are left alone. The cost is in the "
        "currency of the prices.",
        _rate_words(cost),
        "A review notices every wrong task, and all tasks are wrong equally often, whatever the "
        "rules do with them.",
        f"Without a price of its own, nothing is counted for {free}." if free else "",
    )
    return tuple(sentence for sentence in sentences if sentence)


def _rate_words(cost: Costing) -> str:
    looks, rate = cost.looks, cost.looks.rate
    if rate is None:
        words = "No review so far shows how many tasks are wrong; it stands where its lever does."
        return words if "error_rate" in cost.places else ""
    low, high = proportion_interval(looks.wrong, looks.looks)
    seen = (
        f"{_share(rate)} were wrong, {counted(looks.wrong)} of {counted(looks.looks)} looks of "
        f"reviews (95 % interval: {_share(low)} to {_share(high)})"
    )
    if "error_rate" in cost.places:
        return f"How many tasks are wrong stands where its lever does. So far {seen}."
    return f"As many tasks are wrong as reviews showed so far: {seen}."


def money_texts(now: float, before: float) -> tuple[str, str, str]:
    """A cost, its difference as it is shown, and what it is held against, in one style."""
    digits = money_digits(now, before)
    shown, other = (round(round(one, 6), digits) for one in (now, before))
    return decimals(shown, digits), signed(shown - other, digits), decimals(other, digits)


def _share(share: float) -> str:
    """As `share_text`, but the noise of a float decides no digit, as in the browser."""
    return share_labels([exact(round(share, 9))])[0]


def _flat(begins: str, end: float, far: float, ends: str) -> str:
    """How far costs are flat around the cheapest share; `far` is the end that is furthest."""
    if end == 1 - far:
        return ""
    if end == far:
        return ", and no share costs over 5 % more"
    return f" ({begins} {_share(end)} {ends}at most 5 % more)"
