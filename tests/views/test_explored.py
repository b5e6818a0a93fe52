"""The explorer's columns: bins that are ranges of values, and a sample of whole worlds."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import ripeness
from ripeness.claims import within
from ripeness.errors import UsageError
from ripeness.views.binning import MISSING, binned
from ripeness.views.explored import exact, packed, sampled
from ripeness.views.panels import explorer

NUMBERS = st.one_of(
    st.floats(-1e6, 1e6, width=32), st.integers(0, 300).map(float), st.just(float("nan"))
)


@given(arrays(np.float64, st.integers(1, 400), elements=NUMBERS), st.integers(2, 255))
def test_a_bin_holds_the_values_from_its_start_up_to_the_next(values, most):
    of = binned(values, most)
    missing = np.isnan(values)
    assert (of.bins == MISSING)[missing].all()
    assert len(of.starts) <= most
    starts = np.array(of.starts, float)
    assert (np.diff(starts) > 0).all()
    known, bins = values[~missing], of.bins[~missing].astype(int)
    assert (bins < len(starts)).all()
    assert (known >= starts[bins])[bins > 0].all()  # the first bin has no lower end
    assert (known < np.append(starts[1:], np.inf)[bins]).all()


def test_numbers_even_in_ratio_get_bins_even_in_ratio():
    rng = np.random.default_rng(1)
    counts = np.bincount(binned(np.exp(rng.uniform(np.log(0.5), np.log(10), 20_000)), 40).bins)
    assert counts.max() < 1.3 * counts.min()
    counts = np.bincount(binned(rng.uniform(0.1, 80, 20_000), 40).bins)
    assert counts.max() < 1.3 * counts.min()


def test_worlds_come_in_proportion_to_their_weights():
    weights = np.array([1.0, 0.0, 3.0, 2.0, 2.0])
    counts = np.bincount(sampled(weights, 5), minlength=5)
    assert abs(counts - 5 * weights / 8).max() < 1
    assert counts[1] == 0
    assert sampled(np.ones(6), 4).tolist() == [0, 1, 2, 3]


@pytest.fixture(scope="module")
def shown(kursk_run):
    return ripeness.open_run(kursk_run).shown


def columns_of(content):
    length = int.from_bytes(content[:4], "little")
    head = json.loads(content[4 : 4 + length])
    bins = np.frombuffer(content[4 + length :], np.uint8).reshape(-1, head["rows"])
    return {about["name"]: (about, of) for about, of in zip(head["columns"], bins, strict=True)}


def test_what_bins_say_of_a_range_is_what_all_worlds_say(shown):
    panel = explorer.panel(shown)
    assert panel is not None
    names = panel.data["explorer"]["names"]
    columns = columns_of(packed(shown, names))
    about, bins = columns["home_priority_russia"]
    outcome, outcome_bins = columns["hold:end_week"]
    first, last, until = 10, 70, 60
    kept = (bins >= first) & (bins <= last) & (outcome_bins >= until)
    told = {
        "home_priority_russia": [about["starts"][first], about["starts"][last + 1]],
        "hold:end_week": [outcome["starts"][until], None],
    }
    found = exact(shown, told, "end_week")
    assert found["worlds"] == kept.sum() > 60
    for name, claim in found["claims"].items():
        states = columns[f"claim/{name}"][1][kept]
        assert claim["worlds"] == (states > 0).sum()
        if claim["worlds"]:
            assert claim["share"] == pytest.approx((states == 2).sum() / (states > 0).sum())
    # the pairs' digit says whether the second plan had more than the first, the same, or less
    digits = columns["pairs/end_week"][1][kept]
    assert found["plans"]["hold"]["more"]["value"] == pytest.approx((digits == 2).mean())


def test_the_report_has_a_coarser_sample_in_the_page(shown):
    panel = explorer.panel(shown, in_report=True)
    assert panel is not None
    told = panel.data["explorer"]
    assert told["address"] is None
    assert len(told["packed"]) < 40_000  # of 300 worlds
    assert "payoff_ukraine" not in {within.split(name)[1] for name in told["names"]}


def test_differences_from_the_first_plan_say_the_same_in_less(shown):
    names = [f"{plan}:leverage_ukraine_w26" for plan in shown.card.plans]
    names += ["tolerance_russia", "claim/L9"]
    plain = columns_of(packed(shown, names))
    told = columns_of(packed(shown, names, differences=True))
    for name in names:
        about, bins = told[name]
        base = told[names[about["beside"]]][1] if "beside" in about else np.uint8(0)
        assert (bins + base == plain[name][1]).all()
    assert [name for name in names if "beside" in told[name][0]] == names[1:-2]


def test_a_run_without_claims_has_no_explorer(shown):
    assert explorer.panel(replace(shown, ask=None)) is None


@pytest.mark.parametrize("name", ["nothing", "hold:nothing", "gone:ended", "claim/X9", "pairs/no"])
def test_a_column_that_there_is_not_is_told(shown, name):
    with pytest.raises(UsageError):
        packed(shown, [name])
