"""What a plan orders this week: commit troops to a sector, withdraw them, with or without leave."""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp

from ripeness.war.apart import mechanism
from ripeness.war.arrays import OTHER, PerSector, PerSide, PerSideSector, Scalar, largest, total
from ripeness.war.parameters import Orders, Parameters, Setting, State
from ripeness.war.supporters import believed_chance, leave


def authorise(
    authorised: PerSide, begins: PerSide, leave: PerSide, needs_leave: PerSide, autonomous: PerSide
) -> PerSide:
    """Settle in the week in which a move begins whether it takes place.

    It does if its supporters give leave, if it needs none, or if the client acts against their
    wish (claim R20). What was settled then holds for the whole move.
    """
    allowed = jnp.maximum(jnp.maximum(leave, autonomous), 1.0 - needs_leave)
    return jnp.where(begins > 0, allowed, authorised)


def commit(
    troops: PerSideSector, reserve: PerSide, wanted: PerSideSector
) -> tuple[PerSideSector, PerSide]:
    """Send the troops of a move at once: from the reserve, and what it lacks from other sectors.

    Parameters
    ----------
    wanted
        Thousands that the move commits to each sector this week.
    """
    asked = total(wanted, 1)
    from_reserve = jnp.minimum(reserve, asked)
    others = jnp.where(wanted > 0, 0.0, troops)
    available = total(others, 1)
    drawn = jnp.minimum(asked - from_reserve, 0.5 * available)
    kept = 1.0 - drawn / jnp.maximum(available, 1e-6)
    sent = (from_reserve + drawn) / jnp.maximum(asked, 1e-6)
    return jnp.where(wanted > 0, troops, troops * kept[:, None]) + wanted * sent[
        :, None
    ], reserve - from_reserve


def withdraw(
    troops: PerSideSector, reserve: PerSide, leaving: PerSideSector
) -> tuple[PerSideSector, PerSide]:
    """Bring troops home to the reserve at once; `leaving` is 1 where a move ends."""
    back = troops * leaving
    return troops - back, reserve + total(back, 1)


class Moved(eqx.Module):
    """What the week's orders came to.

    Attributes
    ----------
    troops, reserve
        Thousands, after the moves.
    authorised
        1 where a side's move takes place.
    opens, committed
        1 where a move begins, thousands that moves keep committed.
    invades
        1 for a side that steps onto the other's own soil this week.
    surprise
        Log power, positive for side 0.
    permitted
        1 if the side may strike deep.
    """

    troops: PerSideSector
    reserve: PerSide
    authorised: PerSide
    opens: PerSideSector
    committed: PerSideSector
    invades: PerSide
    surprise: PerSector
    permitted: PerSide


@mechanism
def step(p: Parameters, setting: Setting, orders: Orders, state: State) -> Moved:
    """Carry out what the plan orders this week, as far as supporters and autonomy allow."""
    news = jnp.any(orders.opens + orders.withdraws > 0) | jnp.any(orders.strike_deep > 0)
    return jax.lax.cond(news, _carry_out, _go_on, p, setting, orders, state)


def _go_on(p: Parameters, _: Setting, orders: Orders, state: State) -> Moved:
    """A week in which no move begins or ends, and nobody asks to strike deep: most weeks."""
    nobody = jnp.zeros_like(state.reserve)
    return Moved(
        troops=state.troops,
        reserve=state.reserve,
        authorised=state.authorised,
        opens=jnp.zeros_like(state.troops),
        committed=_committed(p, orders, state.authorised),
        invades=nobody,
        surprise=state.surprise,
        permitted=nobody,
    )


def _carry_out(p: Parameters, setting: Setting, orders: Orders, state: State) -> Moved:
    """Begin and end moves, and ask for leave to strike deep."""

    def allowed(step: Scalar) -> PerSide:
        chance = believed_chance(p, state, step)
        return leave(p.permission_benefit, p.clash_stake, p.dependence, setting.backs, chance)

    authorised = authorise(
        state.authorised,
        largest(orders.opens, 1),
        allowed(p.provocation_invasion),
        orders.needs_leave,
        state.autonomous,
    )
    opens = orders.opens * authorised[:, None]
    leaving = orders.withdraws * authorised[:, None]
    troops, reserve = withdraw(state.troops, state.reserve, leaving)
    troops, reserve = commit(troops, reserve, opens * p.commitment)
    gained = opens * p.surprise[:, None]
    # the provocation that strikes pile up to if they go on: the weekly dose over its rate of fading
    lasting_strikes = p.provocation_strikes * p.provocation_halflife / jnp.log(2.0)
    return Moved(
        troops=troops,
        reserve=reserve,
        authorised=authorised,
        opens=opens,
        committed=_committed(p, orders, authorised),
        invades=largest(opens * setting.own_soil[OTHER], 1),
        surprise=state.surprise + gained[0] - gained[1],
        permitted=orders.strike_deep * allowed(lasting_strikes),
    )


def _committed(p: Parameters, orders: Orders, authorised: PerSide) -> PerSideSector:
    return orders.commit * authorised[:, None] * p.commitment
