"""Assumptions in bins: any numbers fit, in order; a value that many worlds share stands alone."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ripeness.claims.assumptions import Assumption
from ripeness.claims.binned import binned

WORLDS, FEW = 50, 8
FINITE = st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False)


@given(
    arrays(np.float64, WORLDS, elements=FINITE, unique=True),
    FINITE,
    st.integers(2 * WORLDS // FEW + 1, WORLDS - 1),
)
def test_bins_keep_the_order_and_a_common_value_apart(
    values: np.ndarray, common: float, times: int
):
    values[:times] = common
    found = binned([Assumption("x", values)], FEW)
    (codes,), (edges,) = found.codes, found.edges
    assert found.counts == (len(edges) + 1,)
    assert len(edges) < FEW
    assert (np.diff(codes[np.argsort(values)].astype(int)) >= 0).all()
    between = values[values > common].min(initial=np.inf) / 2 + common / 2
    if between > common:  # otherwise no number lies between the two
        assert (values[codes == codes[0]] == common).all()
