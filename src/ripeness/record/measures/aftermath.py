"""What followed attacks: amounts in the days after each, beside the days of its quarter.

The rule in full, for who wants to repeat it. The *window* of a day is the ``w`` days after it, the
day itself left out; its *aftermath* is the sum of the amounts in its window.

1. Studied are the days of attacks whose window lies wholly in the data, each day once.
2. The matched days of an attack are all days of its calendar quarter whose window lies wholly in
   the data, days near attacks included. To leave those out would leave a few neighbouring days in
   the very quarters with many attacks, and raise every ratio; `quiet` shows by how much.
3. The *ratio* of an attack is its aftermath divided by the mean aftermath of its matched days; the
   result is the mean ratio over attacks, so that one of 2022 counts as much as one of 2025, when
   many times as many drones flew.
4. p: in each of 9,999 draws the attacks of a quarter are moved by the same number of days, each
   number as likely, and from the last matched day of the quarter round to its first. So they
   stay as far apart as they were, and days remain like their neighbours. p is
   ``(1 + c) / (1 + 9,999)`` where in c draws the mean ratio is as high or higher (Phipson and
   Smyth, "Permutation p-values should never be zero", 2010).
5. The interval is the middle 95 % of the mean over attacks drawn with replacement (Efron, 1979).

What came before attacks, by which a common season or aim would show, is the aftermath of the days
that lie ``w + 1`` days before them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

DRAWS = 9_999
SEED = 20240806
ROUNDING = 1e-12


@dataclass(frozen=True)
class Aftermath:
    """What followed attacks.

    Attributes
    ----------
    ratio, low, high
        Mean ratio over attacks, with its 95 % interval.
    p
        Of a mean ratio as high or higher if attacks fell on days like any other.
    least, most
        Smallest and largest mean ratio with one attack left out.
    quiet
        Mean ratio if days of attacks, and days in the window of one, are no matched days; None
        where a quarter then has none, or nothing in their windows.
    heavy, usual
        Share of attacks, and of matched days, with a ratio of `heavy_from` or more.
    attacks
        How many were studied.
    """

    ratio: float
    low: float
    high: float
    p: float
    least: float
    most: float
    quiet: float | None
    heavy: float
    usual: float
    attacks: int


@dataclass(frozen=True)
class _Quarter:
    """Aftermaths of the matched days of a quarter, and which of them are studied, or quiet."""

    after: np.ndarray
    studied: np.ndarray
    quiet: np.ndarray

    @property
    def ratios(self) -> np.ndarray:
        return self.after / self.after.mean()


def aftermath(
    attacks: np.ndarray,
    listed: np.ndarray,
    days: np.ndarray,
    amounts: np.ndarray,
    window: int,
    heavy_from: float,
) -> Aftermath | None:
    """Compare what followed attacks with what followed other days of the same quarter.

    Parameters
    ----------
    attacks
        Days of the attacks studied, as NumPy dates (``datetime64[D]``).
    listed
        Days of all attacks of the table, after which days are not quiet.
    days, amounts
        Each day of the data once, ascending, and its amount.
    window
        Days after an attack that count.
    heavy_from
        From which ratio on an aftermath is called heavy.

    Returns
    -------
    None if fewer than two attacks can be studied.
    """
    quarters = _quarters(attacks, listed, days, amounts, window)
    ratios = np.concatenate([[], *(quarter.ratios[quarter.studied] for quarter in quarters)])
    if ratios.size < 2:
        return None
    draw = np.random.default_rng(SEED)
    mean = float(ratios.mean())
    moved = np.sum([_moved(quarter, draw) for quarter in quarters], axis=0) / ratios.size
    again = draw.multinomial(ratios.size, np.full(ratios.size, 1 / ratios.size), DRAWS) @ ratios
    again = again / ratios.size
    without = (ratios.sum() - ratios) / (ratios.size - 1)
    usual = [(quarter.ratios >= heavy_from).mean() * quarter.studied.size for quarter in quarters]
    return Aftermath(
        ratio=mean,
        low=float(np.quantile(again, 0.025)),
        high=float(np.quantile(again, 0.975)),
        p=float((1 + (moved >= mean * (1 - ROUNDING)).sum()) / (1 + DRAWS)),
        least=float(without.min()),
        most=float(without.max()),
        quiet=_against_quiet_days(quarters),
        heavy=float((ratios >= heavy_from).mean()),
        usual=float(sum(usual) / ratios.size),
        attacks=ratios.size,
    )


def _quarters(
    attacks: np.ndarray, listed: np.ndarray, days: np.ndarray, amounts: np.ndarray, window: int
) -> list[_Quarter]:
    """Quarters with an attack to study, and with anything in the windows of their days."""
    after = _aftermaths(days, amounts, window)
    days, after = days[np.isfinite(after)], after[np.isfinite(after)]
    numbers = days.astype("datetime64[M]").astype(int) // 3
    since = (days[:, None] - listed[None, :]).astype(int)
    quiet = np.all((since < 0) | (since > window), axis=1)
    parts = [numbers == number for number in np.unique(numbers[np.isin(days, attacks)])]
    return [
        _Quarter(after[part], np.flatnonzero(np.isin(days[part], attacks)), quiet[part])
        for part in parts
        if after[part].any()
    ]


def _aftermaths(days: np.ndarray, amounts: np.ndarray, window: int) -> np.ndarray:
    """Sum of the amounts in the window after each day; not a number where a day of it lacks."""
    places = (days - days[0]).astype(int)
    whole = np.full(places[-1] + 1 + window, np.nan)
    whole[places] = amounts
    return np.lib.stride_tricks.sliding_window_view(whole[1:], window).sum(1)[places]


def _moved(quarter: _Quarter, draw: np.random.Generator) -> np.ndarray:
    """Sum of the ratios at the attacks' places in each draw, all moved by the same days."""
    days = quarter.after.size
    by_shift = quarter.ratios[(quarter.studied + np.arange(days)[:, None]) % days].sum(1)
    return by_shift[draw.integers(days, size=DRAWS)]


def _against_quiet_days(quarters: list[_Quarter]) -> float | None:
    if not all(quarter.after[quarter.quiet].any() for quarter in quarters):
        return None
    ratios = [
        quarter.after[quarter.studied] / quarter.after[quarter.quiet].mean() for quarter in quarters
    ]
    return float(np.concatenate(ratios).mean())
