"""Errors of figures: what is declared is what comes out, in covariances and in draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from ripeness.case.observed import Observed
from ripeness.record.draws import draw
from ripeness.record.errors import bias, terms
from ripeness.record.observations import Observations, compared
from ripeness.record.white import white

DECIDED = date(2024, 8, 6)
ERROR, DRIFT = 3.0, 0.7
HOWS = ("level", "change", "total", "pace")
SHARE = 0.2
DRAWS = 200_000


def seen(
    how: str,
    weeks: Sequence[float],
    name: str = "map",
    values: Sequence[float] | None = None,
    error: float = ERROR,
    drift: float = DRIFT,
    share: float = 0.0,
) -> Observations:
    """Figures of a series, dated in the weeks given."""
    declared = Observed.model_validate(
        {
            **{"name": name, "series": "ground_valley", "unit": "km²", "table": "control"},
            **{"date": "date", "value": "km2", "how": how, "because": "Invented."},
            **{"error": error, "bias": share, "drift": drift},
            **{"sources": ["map"], "confidence": "estimated"},
        }
    )
    at = np.array(weeks, float)
    errors = {"total": error * np.sqrt(np.arange(1, len(at) + 1))}.get(how, np.full(len(at), error))
    dates = tuple(DECIDED + timedelta(days=round(7 * week)) for week in weeks)
    given = 10.0 + 2.0 * at if values is None else np.array(values, float)
    return Observations(name, declared, dates, at, given, errors)


def wandered(weeks: np.ndarray, chance: np.random.Generator, draws: int) -> np.ndarray:
    """Draw a random walk from 0 in week 0 at ascending weeks: draws by weeks."""
    steps = np.sqrt(np.diff(weeks, prepend=0.0)) * chance.standard_normal((draws, len(weeks)))
    return DRIFT * np.cumsum(steps, axis=1)


def errors_of(
    sources: Sequence[Observations], chance: np.random.Generator, draws: int = DRAWS
) -> np.ndarray:
    """Draw the errors of levels or changes, as they are declared: figures in order of week."""
    weeks = np.concatenate([one.weeks for one in sources])
    times = np.unique(weeks)
    drift = wandered(times, chance, draws)[:, np.searchsorted(times, weeks)]
    own = ERROR * chance.standard_normal((draws, len(weeks)))
    base = [
        (ERROR if one.declared.how == "change" else 0.0) * chance.standard_normal((draws, 1))
        for one in sources
    ]
    lengths = [len(one.weeks) for one in sources]
    first = np.concatenate(
        [np.repeat(x, n, axis=1) for x, n in zip(base, lengths, strict=True)], axis=1
    )
    return (own + first + drift)[:, np.argsort(np.ceil(weeks), kind="stable")]


def added_errors(one: Observations, chance: np.random.Generator) -> np.ndarray:
    """Draw the errors of amounts: each its own, and a rate that wanders as in mid-interval."""
    begun = np.diff(one.weeks, prepend=0.0)
    own = chance.standard_normal((DRAWS, len(begun))) * ERROR
    own *= begun if one.declared.how == "pace" else 1.0
    return own + begun * wandered(one.weeks - begun / 2.0, chance, DRAWS)


def like(found: np.ndarray, right: np.ndarray, draws: int = DRAWS) -> bool:
    """Whether a covariance of draws is the right one: within 5 of its standard errors."""
    own = np.diag(right)
    error = np.sqrt((np.outer(own, own) + right**2) / draws)
    return bool(np.all(np.abs(found - right) < 5.0 * error))


@pytest.mark.parametrize("how", ["level", "change"])
def test_covariance_is_that_of_errors_drawn_as_declared(how: str) -> None:
    sources = [seen(how, [0.9, 2.0, 5.0]), seen(how, [1.6, 4.7, 6.0, 7.1], "claim")]
    drawn = errors_of(sources, np.random.default_rng(1))
    assert like(np.cov(drawn.T), terms(sources).covariance)


@pytest.mark.parametrize("how", ["total", "pace"])
def test_covariance_of_amounts_is_that_of_errors_drawn_as_declared(how: str) -> None:
    one = seen(how, [0.7, 1.7, 4.0, 5.0])
    drawn = added_errors(one, np.random.default_rng(2))
    assert like(np.cov(drawn.T), terms([one]).covariance)


@pytest.mark.parametrize("how", HOWS)
def test_figures_in_the_order_of_their_weeks_with_what_a_path_comes_to(how: str) -> None:
    sources = [seen(how, [0.9, 2.0, 5.0]), seen(how, [1.6, 4.7, 6.0, 7.1], "claim")]
    of_series = terms(sources)
    assert list(of_series.known) == sorted(of_series.known)
    paths = 50.0 + np.cumsum(np.random.default_rng(3).standard_normal((4, 9)), axis=1)
    for place, one in enumerate(sources):
        mine = of_series.source == place
        values, shown = of_series.values[mine], paths @ of_series.sums[mine, :].T
        first = paths[:, :1] if how == "pace" else 1.0
        if how in ("total", "pace"):
            values, shown = np.cumsum(values), np.cumsum(shown, axis=1)
        times = one.weeks if how == "pace" else 1.0
        np.testing.assert_allclose(values / times, one.values)
        np.testing.assert_allclose(shown / times / first, compared(how, paths, one.weeks))


def test_a_source_that_is_off_by_a_share_says_so_and_a_pace_has_the_error_of_the_year_before() -> (
    None
):
    assert bias(seen("level", [1.0, 2.0], share=0.2)) == 0.2
    # twelve months have a mean that is off by its share of one month's error
    monthly = seen("pace", [4.333, 8.667, 13.0], error=0.6, share=0.1)
    assert bias(monthly) == pytest.approx(np.hypot(0.1, 0.6 / np.sqrt(12)), rel=1e-3)


@pytest.mark.parametrize("how", ["level", "change"])
@pytest.mark.parametrize("share", [0.0, SHARE], ids=["never off", "off by a share"])
@pytest.mark.parametrize("other", [False, True], ids=["one source", "two sources"])
def test_figures_to_come_are_drawn_as_those_before_let_expect(
    how: str, share: float, other: bool
) -> None:
    """Against draws of all errors together, of which the regression on the first is taken."""
    past = [seen(how, [1.0, 2.0, 3.0], values=[14.0, 19.0, 22.0], share=share)]
    if other:
        past.append(seen(how, [1.5, 2.6], "claim", [15.0, 20.0]))
    ahead = seen(how, [5.0, 7.0], share=share)
    path = np.linspace(10.0, 40.0, 9)
    drawn = drawn_from(past, ahead, path, 5)

    def expected(one: Observations) -> np.ndarray:
        return compared(how, path[None], one.weeks)[0]

    whole = replace(past[0], weeks=np.append(past[0].weeks, ahead.weeks))
    every = [whole, *past[1:]]
    weeks = np.concatenate([one.weeks for one in every])
    errors = errors_of(every, np.random.default_rng(4))
    place = np.argsort(np.argsort(np.ceil(weeks), kind="stable"))
    errors = errors[:, place]  # one source after the other
    new = np.isin(np.arange(len(weeks)), [3, 4])
    off_by = np.concatenate([share * expected(whole), *(0.0 * one.weeks for one in past[1:])])
    covariance = np.cov(errors.T) + np.outer(off_by, off_by)
    lean = np.linalg.solve(covariance[np.ix_(~new, ~new)], covariance[np.ix_(~new, new)]).T
    off = np.concatenate([one.values - expected(one) for one in past])
    left = covariance[np.ix_(new, new)] - lean @ covariance[np.ix_(~new, new)]
    np.testing.assert_allclose(drawn.mean(0), expected(ahead) + lean @ off, atol=0.1)
    np.testing.assert_allclose(np.cov(drawn.T), left, rtol=0.02, atol=0.1)


@pytest.mark.parametrize("how", ["total", "pace"])
def test_totals_to_come_go_on_from_the_last_one_seen(how: str) -> None:
    """Against draws of all errors together, of which the regression on the first is taken."""
    whole = seen(how, [1.0, 2.0, 3.0, 4.0, 6.0], values=[5.0, 9.0, 16.0, 0.0, 0.0])
    past, ahead = part(whole, slice(3)), part(whole, slice(3, 5))
    path = 20.0 + 3.0 * np.arange(9.0)
    drawn = drawn_from([past], ahead, path, 5)
    times = whole.weeks if how == "pace" else np.ones(5)
    expected = np.diff(compared(how, path[None], whole.weeks)[0] * times, prepend=0.0)
    off_by = bias(past) * expected  # of a pace, because of the year before
    covariance = np.cov(added_errors(whole, np.random.default_rng(6)).T)
    covariance += np.outer(off_by, off_by)
    lean = np.linalg.solve(covariance[:3, :3], covariance[:3, 3:]).T
    off = np.diff(past.values * times[:3], prepend=0.0) - expected[:3]
    left = covariance[3:, 3:] - lean @ covariance[:3, 3:]
    last = past.values[-1] * times[2]
    mean = (last + np.cumsum(expected[3:] + lean @ off)) / times[3:]
    add = np.tril(np.ones((2, 2))) / times[3:, None]
    np.testing.assert_allclose(drawn.mean(0), mean, atol=0.1)
    np.testing.assert_allclose(np.cov(drawn.T), add @ left @ add.T, rtol=0.03, atol=0.1)


def part(whole: Observations, of: slice) -> Observations:
    """Some of the figures of a source."""
    weeks, values, errors = (x[of] for x in (whole.weeks, whole.values, whole.errors))
    return replace(whole, dates=whole.dates[of], weeks=weeks, values=values, errors=errors)


def drawn_from(
    past: Sequence[Observations],
    ahead: Observations,
    path: np.ndarray,
    seed: int,
) -> np.ndarray:
    """Draw figures to come for many worlds that all have the same path."""
    paths = np.repeat(path[None], DRAWS, axis=0)
    return draw(past, ahead, paths, np.random.default_rng(seed))


@pytest.mark.parametrize("how", HOWS)
def test_without_figures_before_the_first_are_drawn_around_the_path(how: str) -> None:
    ahead, path = seen(how, [1.0, 2.0]), 20.0 + 3.0 * np.arange(4.0)
    drawn = drawn_from([], ahead, path, 7)
    right = compared(how, path[None], ahead.weeks)[0]
    np.testing.assert_allclose(drawn.mean(0), right, atol=0.1)


@pytest.mark.parametrize("how", HOWS)
def test_values_to_come_are_not_looked_at(how: str) -> None:
    past = [seen(how, [1.0, 2.0]), seen(how, [1.5, 2.6], "claim")]
    ahead = seen(how, [4.0, 5.0, 6.0])
    paths = 30.0 + np.cumsum(np.random.default_rng(8).standard_normal((50, 8)), axis=1)
    one, two = (
        draw(past, replace(ahead, values=values), paths, np.random.default_rng(9))
        for values in (ahead.values, np.full(3, -1e6))
    )
    np.testing.assert_array_equal(one, two)


PATHS = 50.0 + np.cumsum(np.random.default_rng(10).standard_normal((9, 6)), axis=0)
"""Weeks by worlds."""


def of_two(how: str) -> list[Observations]:
    """Figures by two sources, of which one may be off by a share of the truth."""
    return [
        seen(how, [0.9, 2.0, 5.0], share=SHARE),
        seen(how, [1.6, 4.7, 6.0, 7.1], "claim", values=[20.0, 22.0, 30.0, 35.0], share=SHARE / 2),
    ]


def shown_by(how: str, sources: Sequence[Observations]) -> tuple[np.ndarray, np.ndarray]:
    """What paths come to at all figures, and what of it each source is off by: worlds first."""
    of_series = terms(sources)
    first = PATHS[:1] if how == "pace" else 1.0
    shown = (of_series.sums @ PATHS[: of_series.sums.shape[1]] / first).T
    share = np.array([bias(one) for one in sources])
    mine = of_series.source == np.arange(len(sources))[:, None]
    return shown, shown[:, None] * mine * share[:, None]


@pytest.mark.parametrize("how", HOWS)
def test_figures_made_independent_are_as_likely_as_they_were_together(how: str) -> None:
    """What sources are off by adds to the covariance, in times of what a world has."""
    sources = of_two(how)
    of_series = terms(sources)
    found = white(sources).logs(PATHS).sum(0)
    for world, (shown, off) in enumerate(zip(*shown_by(how, sources), strict=True)):
        covariance = of_series.covariance + off.T @ off
        normal = multivariate_normal(shown, covariance)  # pyright: ignore[reportArgumentType]
        assert found[world] == pytest.approx(normal.logpdf(of_series.values), rel=1e-5)


@pytest.mark.parametrize("how", HOWS)
def test_how_far_sources_are_off_is_drawn_as_their_figures_let_expect(how: str) -> None:
    """Against the regression of shares on figures, for one path many times."""
    sources = of_two(how)
    of_series = terms(sources)
    shown, off = (x[2] for x in shown_by(how, sources))
    lean = np.linalg.solve(of_series.covariance + off.T @ off, off.T).T
    share = np.array([bias(one) for one in sources])
    path = np.repeat(PATHS[:, [2]], DRAWS, axis=1)
    drawn = white(sources).off(path, np.random.default_rng(11)) / share[:, None]
    left = np.eye(2) - lean @ off.T
    right = lean @ (of_series.values - shown)
    np.testing.assert_allclose(drawn.mean(1), right, atol=0.015)
    assert like(np.cov(drawn), left)


def test_a_source_that_is_never_off_is_drawn_so() -> None:
    sources = [seen("level", [1.0, 2.0], share=SHARE), seen("level", [1.5, 2.6], "claim")]
    off = white(sources).off(PATHS, np.random.default_rng(12))
    assert np.all(off[0] != 0.0)
    assert not off[1].any()


@pytest.mark.parametrize("how", HOWS)
def test_a_path_that_ends_early_tells_of_the_figures_until_then(how: str) -> None:
    figures = white(of_two(how))
    whole = figures.logs(PATHS)
    for week in range(1, 9):
        until = figures.logs(PATHS[: week + 1])
        assert len(until) == np.sum(figures.known <= week)
        np.testing.assert_allclose(until, whole[: len(until)], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("how", HOWS)
def test_the_last_week_alone_is_as_likely_as_it_is_at_the_end_of_the_path(how: str) -> None:
    figures = white(of_two(how))
    whole = figures.logs(PATHS)
    for week in range(1, 9):
        tries = np.stack([PATHS[week], PATHS[week] + 5.0])
        last = figures.last_logs(PATHS[:week], tries)
        right = whole[figures.known == week].sum(0)
        np.testing.assert_allclose(last[0], right, rtol=1e-5, atol=1e-5)
        assert np.any(last[1] != last[0]) == np.any(figures.known == week)
