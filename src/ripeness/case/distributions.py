"""The distributions of assumptions: each turns a probability into a value."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

# scipy is imported where it is needed, because loading it would slow every `ripeness check`.

Floats = NDArray[np.floating[Any]]

# A quasi-random sequence may hold 0 itself, where an unbounded distribution would be infinite.
_LEAST = 1e-12


class Distribution(ABC):
    """What an assumption may be, from its least value to its greatest."""

    @property
    def is_constant(self) -> bool:
        """Whether every world has the same value."""
        return False

    def quantile(self, u: ArrayLike) -> Floats:
        """Return the values that lie at probabilities `u` (0-1); for a choice, indices of words.

        In single precision if `u` is, else in double.
        """
        u = np.asarray(u)
        u = u if u.dtype == np.float32 else u.astype(np.float64)
        most = 1 - max(_LEAST, np.finfo(u.dtype).epsneg)
        return self._at(np.clip(u, _LEAST, most)).astype(u.dtype, copy=False)

    @abstractmethod
    def _at(self, u: Floats) -> NDArray[Any]: ...

    @abstractmethod
    def describe(self) -> str:
        """Return the distribution in a few words, without its unit."""


@dataclass(frozen=True)
class Constant(Distribution):
    """One number, the same in every world."""

    value: float

    @property
    def is_constant(self) -> bool:
        """True: that is what it is."""
        return True

    def _at(self, u: Floats) -> Floats:
        return np.full_like(u, self.value)

    def describe(self) -> str:
        """Return the number: '60'."""
        return _said(self.value)


@dataclass(frozen=True)
class Between(Distribution):
    """Every value from `low` to `high` as likely as every other."""

    low: float
    high: float

    def _at(self, u: Floats) -> Floats:
        # not low + u (high - low), which overflows for the widest of bounds
        return np.clip(self.low * (1 - u) + self.high * u, self.low, self.high)

    def describe(self) -> str:
        """Return the bounds: '0 to 60'."""
        return f"{_said(self.low)} to {_said(self.high)}"


@dataclass(frozen=True)
class LogBetween(Distribution):
    """Every ratio from `low` to `high` as likely: 1 to 2 as likely as 2 to 4."""

    low: float
    high: float

    def _at(self, u: Floats) -> Floats:
        values = np.exp(np.log(self.low) * (1 - u) + np.log(self.high) * u)
        return np.clip(values, self.low, self.high)

    def describe(self) -> str:
        """Return the bounds: '1 to 10, evenly in ratio'."""
        return f"{_said(self.low)} to {_said(self.high)}, evenly in ratio"


@dataclass(frozen=True)
class Triangular(Distribution):
    """From `low` to `high`, falling off in straight lines from the most likely value."""

    low: float
    mode: float
    high: float

    def _at(self, u: Floats) -> Floats:
        span, rise, fall = self.high - self.low, self.mode - self.low, self.high - self.mode
        below = self.low + np.sqrt(u * span * rise)
        above = self.high - np.sqrt((1 - u) * span * fall)
        return np.clip(np.where(u * span < rise, below, above), self.low, self.high)

    def describe(self) -> str:
        """Return the corners: '0 to 60, most likely 20'."""
        return f"{_said(self.low)} to {_said(self.high)}, most likely {_said(self.mode)}"


@dataclass(frozen=True)
class Normal(Distribution):
    """The normal distribution."""

    mean: float
    sd: float

    def _at(self, u: Floats) -> Floats:
        from scipy.special import ndtri

        return self.mean + self.sd * ndtri(u)

    def describe(self) -> str:
        """Return mean and spread: '3, two in three within 1 of it'."""
        return f"{_said(self.mean)}, two in three within {_said(self.sd)} of it"


@dataclass(frozen=True)
class LogNormal(Distribution):
    """The logarithm is normal; `ratio` is the 84th percentile over the median."""

    median: float
    ratio: float

    def _at(self, u: Floats) -> Floats:
        from scipy.special import ndtri

        return self.median * self.ratio ** ndtri(u)

    def describe(self) -> str:
        """Return median and spread: '3, two in three within a factor of 2'."""
        return f"{_said(self.median)}, two in three within a factor of {_said(self.ratio)}"


@dataclass(frozen=True)
class Beta(Distribution):
    """The beta distribution on 0 to 1."""

    a: float
    b: float

    def _at(self, u: Floats) -> Floats:
        from scipy.special import betaincinv

        return betaincinv(self.a, self.b, u)

    def describe(self) -> str:
        """Return the mean and the parameters: '0 to 1, mean 0.29 (beta 2, 5)'."""
        mean = self.a / (self.a + self.b)
        return f"0 to 1, mean {mean:.2g} (beta {_said(self.a)}, {_said(self.b)})"


@dataclass(frozen=True)
class Choice(Distribution):
    """One of some words, each with its weight; its quantile is the index of the word."""

    words: tuple[str, ...]
    weights: tuple[float, ...]

    @property
    def is_constant(self) -> bool:
        """Whether there is only one word."""
        return len(self.words) == 1

    def _at(self, u: Floats) -> NDArray[Any]:
        upper = np.cumsum(self.weights) / np.sum(self.weights)
        index = np.searchsorted(upper, u, side="right")
        return np.minimum(index, len(self.words) - 1)

    def describe(self) -> str:
        """Return the words and their shares: 'fixed 50%, eroding 50%'."""
        if self.is_constant:
            return self.words[0]
        shares = zip(self.words, np.array(self.weights) / sum(self.weights), strict=True)
        return ", ".join(f"{word} {share:.0%}" for word, share in shares)


def together(several: Sequence[Distribution], precision: type[np.floating]) -> Distribution:
    """Take distributions of one kind, no choices, as one whose `u` has a row for each of them.

    Worlds have their values much sooner so than by one distribution after the other.
    """
    kind: Any = type(several[0])
    fields = zip(*(vars(one).values() for one in several), strict=True)
    return kind(*(np.array(field, precision)[:, None] for field in fields))


def _said(number: float) -> str:
    return f"{number:,.10g}"
