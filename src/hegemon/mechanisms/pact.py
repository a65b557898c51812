"""The collective-security pact: charter, request, consent of members, contributions, mandate, entry and exit.

Members vote by expected consequences. Autocrats afraid of the street insure each other (von Borzyskowski and Vabulas
2019, RIO 14:335 on regional organisations; Weyland 2017 on autocratic cooperation); dependence on the patron and the
doctrine of indivisible security argue for, fear of the precedent against. The charter's rule turns votes into consent.
What a mandate is worth depends on its breadth, on the patron's share of the force and on the host's request (Hurd 2007;
Voeten 2005, IO 59:527). Claims C1, C4, C5, C16.
"""

from __future__ import annotations

import jax.numpy as jnp
from jax.nn import sigmoid

from hegemon.axes import PerNeighbour, Shared, added
from hegemon.mechanisms.base import Changes, Mechanism
from hegemon.parameters import Params, Scalar, fixed, param
from hegemon.world import Crisis, Happened, Setting, Standing, World


class Pact(Params):
    vote: Scalar = param(1.8, sd=0.6, unit="log-odds", low=-8, high=8)
    solidarity: Scalar = param(1.5, sd=0.6, unit="log-odds per unit of closedness", low=-5, high=10)
    street: Scalar = param(1.5, sd=0.7, unit="log-odds per share of the own public in the street", low=-5, high=10)
    reliance: Scalar = param(1.0, sd=0.5, unit="log-odds per unit of dependence", low=-5, high=10)
    creed: Scalar = param(2.0, sd=0.8, unit="log-odds per unit of doctrine", low=-5, high=10)
    precedent: Scalar = param(2.0, sd=0.8, unit="log-odds per unit of fear", low=-5, high=10)
    naked: Scalar = param(0.6, sd=0.2, unit="legitimacy lost by collective force without any mandate", high=5)
    company: Scalar = param(
        0.4, sd=0.2, unit="utility of partners' forces, per share of the force and mandate", high=20
    )
    hope: Scalar = param(1.0, sd=0.4, unit="log-odds of a request by a member", low=-5, high=10)
    unbidden: Scalar = param(0.02, sd=0.02, unit="consent before the incumbents ask, as a share of consent", high=1)
    join: Scalar = param(0.50, sd=0.05, unit="integration at which a state joins", high=1)
    leave: Scalar = param(0.30, sd=0.06, unit="integration at which a member leaves", high=1)
    bond: Scalar = param(0.03, sd=0.01, unit="integration per quarter of membership", high=1)
    company_full: Scalar = fixed(4.0, unit="partners beside the patron that make a mandate as broad as it gets", low=1, high=12,
                                    why="a handful of flags is a coalition; more of them add little")  # fmt: skip
    bond_ceiling: Scalar = fixed(0.6, unit="integration up to which membership by itself lifts", low=0, high=1,
                                    why="above the rung of a pact, short of a customs union")  # fmt: skip
    parting: Scalar = fixed(0.05, unit="integration below the rung of leaving after a scheduled exit", low=0, high=0.3,
                               why="far enough not to rejoin by the next quarter's drift")  # fmt: skip


def votes(world: World, mobilisation: PerNeighbour, doctrine: Shared, p: Pact) -> PerNeighbour:
    """Each member's probability of consenting to force in another member's crisis."""
    return sigmoid(
        p.vote
        + p.solidarity * (0.5 - world.openness)
        + p.street * mobilisation
        + p.reliance * (world.dependence - 0.5)
        + p.creed * doctrine
        - p.precedent * world.fear
    )


def consent(member: PerNeighbour, vote: PerNeighbour, setting: Setting) -> PerNeighbour:
    """Probability that the pact consents to help for each neighbour, by the charter's rule; 0 to non-members.

    The host does not vote on itself. A majority of independent votes is taken by its normal approximation.
    """
    log_yes = member * jnp.log(vote)
    unanimous = jnp.exp(added(log_yes) - log_yes)
    others = jnp.maximum(added(member) - member, 1e-3)  # guard
    share = (added(member * vote) - member * vote) / others
    spread = jnp.sqrt(jnp.maximum(share * (1.0 - share), 0.02) / jnp.maximum(others, 1.0))  # guard: nobody is certain
    majority = sigmoid(1.702 * (share - 0.5) / spread)  # mathematics: the logistic curve nearest the normal
    alone = 1.0 - setting.unanimity - setting.majority
    return member * (setting.unanimity * unanimous + setting.majority * majority + alone)


def mandate(member: PerNeighbour, vote: PerNeighbour, setting: Setting, p: Pact) -> PerNeighbour:
    """What a collective deployment's mandate would be worth, 0 to 1: breadth of consent times partners' part."""
    breadth = added(member * vote) / jnp.maximum(added(member), 1.0)
    partners = jnp.minimum(added(member) - 1.0, p.company_full) / p.company_full
    return member * breadth * (0.5 + jnp.sqrt(setting.partner_share) * 0.5) * jnp.clip(partners, 0.0, 1.0)


def uncovered(mandate: PerNeighbour, p: Pact) -> PerNeighbour:
    """Legitimacy a collective deployment costs for want of a mandate."""
    return p.naked * (1.0 - mandate)


def request(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: Pact) -> PerNeighbour:
    return p.hope * standing.member


def worth(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: Pact) -> dict[str, PerNeighbour]:
    """Partners share the risk and the burden of a collective deployment."""
    return {"collective": p.company * setting.partner_share * standing.mandate}


def changes(happened: Happened, world: World, standing: Standing, setting: Setting, p: Pact) -> Changes:
    """Entry and exit: scheduled in the founding years, later by the ladder of integration; a rival turn is an exit."""
    enters = (world.integration >= p.join) * (1.0 - happened.crisis.rival_turn)
    stays = world.member * (world.integration >= p.leave) * (1.0 - happened.crisis.rival_turn)
    later = jnp.maximum(enters, stays)
    member = setting.founding * setting.scheduled + (1.0 - setting.founding) * later
    lift = jnp.maximum(p.join - world.integration, 0.0) * setting.scheduled * (1.0 - world.member)
    exit_by_plan = setting.founding * world.member * (1.0 - setting.scheduled)
    return {
        "member": member - world.member,
        "integration": p.bond * standing.member * jnp.maximum(p.bond_ceiling - world.integration, 0.0)
        + setting.founding * lift
        - exit_by_plan * jnp.maximum(world.integration - p.leave + p.parting, 0.0),
    }


mechanism = Mechanism("pact", "The collective-security pact", 2, ("C1", "C4", "C5", "C16"), Pact,
                      request=request, worth=worth, changes=changes,
                      law={"votes": votes, "mandate": mandate, "consent": consent, "uncovered": uncovered})  # fmt: skip
