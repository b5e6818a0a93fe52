"""What leaders feel of the war and its end, apart from the state (claim L21).

Hawks bear less of a war's cost than the state does (Jackson and Morelli, "Political bias and war",
2007), and may lose office if the war ends badly, so that they hold out for better terms or gamble
on (Goemans, "War and punishment", 2000). Doves feel what the state feels, and its domestic price of
ceding own soil less.
"""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Float

from ripeness.war.arrays import PerSide


def felt_share(insulation: PerSide, doves: PerSide) -> PerSide:
    """Share of the war's cost that a leadership feels: ``1 - insulation * (1 - doves)``.

    Jackson and Morelli's bias of a leader who has all of the gains is one over this.
    """
    return 1.0 - insulation * (1.0 - doves)


def office_lost(
    worse_by: Float[PerSide, "..."], stake: PerSide, enough: PerSide, doves: PerSide
) -> Float[PerSide, "..."]:
    """Points that a leadership loses at an end that leaves the state worse off than at the start.

    ``(1 - doves) * stake * min(worse_by / enough, 1)``: beyond `enough` points the office is lost
    anyway, which is why a leader who is losing may gamble (Goemans 2000).
    """
    return (1.0 - doves) * stake * jnp.clip(worse_by / enough, 0.0, 1.0)
