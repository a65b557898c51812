"""The order as a whole: the more of the region depends on one power, the more its rules are worth defending.

In a steep hierarchy a breach unanswered is a precedent for all, so the patron answers breaches beyond what the case is
worth; neighbours see it and defer (Lake 2009, ch. 4; Wohlforth et al. 2007 on hierarchy's persistence; Kang 2010).
The index is the global reaching centrality of the dependence graph (Mones, Vicsek and Vicsek 2012, PLoS ONE 7:e33799): 1 on a
star, 0 where everybody depends on everybody. Claims C7, C12.
"""

from __future__ import annotations

from hegemon.axes import PerNeighbour, PerTie, Shared, added
from hegemon.mechanisms.base import Mechanism
from hegemon.parameters import Params, Scalar, param
from hegemon.world import Crisis, Setting, Standing, World


class Hierarchy(Params):
    rule: Scalar = param(3.0, sd=1.0, unit="utility per unit of hierarchy, breach and compliance", high=40)
    deference: Scalar = param(0.2, sd=0.1, unit="pull to the patron per unit of hierarchy, members of its pact", high=5)


def steepness(world: World) -> Shared:
    """Global reaching centrality of the graph in which poles reach neighbours through dependence on them.

    The patron reaches a neighbour with the weight of its dependence; rivals share the rest by their ties.
    """
    rest = (1.0 - world.dependence) / (1.0 - world.orientation[0] + 1e-3)  # guard
    reach = added(world.dependence)
    rivals = [added(rest * tie) for tie in world.orientation[1:]]
    nodes = world.dependence.shape[0] + len(rivals)  # all others, for each
    top = reach
    for other in rivals:
        top = top.clip(other)
    gaps = (top - reach) + sum(top - other for other in rivals) + world.dependence.shape[0] * top
    return gaps / (nodes * nodes)


def worth(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: Hierarchy) -> dict[str, PerNeighbour]:
    return {"compliance": p.rule * standing.hierarchy * standing.breach * (1.0 - world.shelter)}


def pull(world: World, standing: Standing, setting: Setting, p: Hierarchy) -> PerTie:
    return setting.patron * (p.deference * standing.hierarchy * standing.member)[None]


mechanism = Mechanism("hierarchy", "The order as a whole", 16, ("C7", "C12"), Hierarchy, worth=worth, pull=pull,
                      law={"steepness": steepness})  # fmt: skip
