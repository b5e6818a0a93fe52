from collections.abc import Iterator

import jax
import pytest


@pytest.fixture(scope="module")
def double_precision() -> Iterator[None]:
    """The simulation's single precision would hide the closed forms behind its rounding."""
    with jax.enable_x64(True):
        yield
