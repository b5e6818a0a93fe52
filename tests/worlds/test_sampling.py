"""Every world has its point, whatever else is sampled, and points are spread as asked for."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from ripeness.case.distributions import Choice
from ripeness.case.quantities import QUANTITIES
from ripeness.case.resolve import resolve
from ripeness.case.schema import CaseFile
from ripeness.workbench import DEFAULT_WORLDS
from ripeness.worlds.sampling import (
    PRODUCTION,
    TRAINING,
    parameters,
    quantity_of,
    sample,
    uncertain,
)

COUNT = 4096


@pytest.fixture(scope="module")
def sampled(kursk: CaseFile) -> dict[str, np.ndarray]:
    return sample(kursk, 1, 0, COUNT)


def test_a_world_has_its_point_whatever_the_number_of_worlds(
    kursk: CaseFile, sampled: dict[str, np.ndarray]
):
    few = sample(kursk, 1, 0, 128)
    later = sample(kursk, 1, 1024, 256)
    for name, values in sampled.items():
        assert (few[name] == values[:128]).all(), name
        assert (later[name] == values[1024:1280]).all(), name


def test_values_have_their_distribution(kursk: CaseFile, sampled: dict[str, np.ndarray]):
    """Evenly spread points: shares below a quantile are exact to one in a thousand."""
    for name in uncertain(kursk):
        distribution, values = kursk.assumptions[name].distribution, sampled[name]
        if isinstance(distribution, Choice):
            choices = quantity_of(name).choices
            weights = np.array(distribution.weights) / sum(distribution.weights)
            for word, weight in zip(distribution.words, weights, strict=True):
                share = (values == choices.index(word)).mean()
                assert share == pytest.approx(weight, abs=1e-3), (name, word)
        else:
            for at in (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975):
                below = (values < np.float32(distribution.quantile(at))).mean()
                assert below == pytest.approx(at, abs=1e-3), (name, at)


def test_constants_are_constant(kursk: CaseFile, sampled: dict[str, np.ndarray]):
    certain = set(kursk.assumptions) - set(uncertain(kursk))
    assert certain
    for name in certain:
        assert np.ptp(sampled[name]) == 0


def test_assumptions_know_nothing_of_each_other(kursk: CaseFile):
    """Over a default run: pairs correlate less than independent draws would, and none by much.

    A Sobol sequence of so many dimensions has pairs that are poor in few points: with a quarter
    as many worlds the worst pair correlates by four times as much.
    """
    values = sample(kursk, 1, 0, DEFAULT_WORLDS)
    ranks = np.stack([stats.rankdata(values[name]) for name in uncertain(kursk)])
    pairs = np.corrcoef(ranks)[np.triu_indices(len(ranks), k=1)]
    assert np.sqrt((pairs**2).mean()) < 0.25 / np.sqrt(DEFAULT_WORLDS)
    assert np.abs(pairs).max() < 0.05


def test_training_and_reported_worlds_have_no_point_in_common(kursk: CaseFile):
    reported, training = (sample(kursk, 1, 0, 512, kind) for kind in (PRODUCTION, TRAINING))
    name = "reserve.ukraine"
    assert not np.isin(reported[name], training[name]).any()


def test_another_seed_gives_other_points(kursk: CaseFile, sampled: dict[str, np.ndarray]):
    other = sample(kursk, 2, 0, COUNT)
    for name in ("reserve.ukraine", "war_cost.russia"):
        assert not (other[name] == sampled[name]).any()


def test_words_are_numbered_by_the_catalogue_not_by_the_case(kursk: CaseFile):
    """A case may list its words in any order; 'eroding' means eroding all the same."""
    name = "tolerance_kind"
    assumption = kursk.assumptions[name]
    assert isinstance(assumption.distribution, Choice)
    for words in (("fixed", "eroding"), ("eroding", "fixed")):
        certain = assumption.model_copy(
            update={"choice": dict(zip(words, (0.0, 1.0), strict=True))}
        )
        changed = kursk.model_copy(update={"assumptions": {**kursk.assumptions, name: certain}})
        expected = quantity_of(name).choices.index(words[1])
        assert (sample(changed, 1, 0, 64)[name] == expected).all()


def test_parameters_are_arranged_as_the_case_resolves_them(
    kursk: CaseFile, sampled: dict[str, np.ndarray]
):
    arranged = parameters(kursk, sampled)
    sections = {
        "side": list(kursk.sides),
        "sector": list(kursk.sectors),
        "supporter": list(kursk.supporters),
        "term": list(kursk.terms),
    }
    over = {quantity.name: quantity.over for quantity in QUANTITIES}
    for (name, index), source in resolve(kursk).items():
        place = tuple(sections[kind].index(i) for kind, i in zip(over[name], index, strict=True))
        values = np.asarray(getattr(arranged, name))[place]
        expected = sampled[source] if isinstance(source, str) else source
        assert (values == np.float32(expected)).all(), (name, index)
