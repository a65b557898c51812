"""The patron of the Mesa model: what it can afford, how it answers, what it learns."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import mesa
from mesa_neighbour import Crisis, Neighbour, clip
from mesa_sides import odds_for

from hegemon.instruments import COLLECTIVE_FORCE, INSTRUMENTS, KINDS

if TYPE_CHECKING:
    from mesa_order import Order

POLICY = ("rival_turn", "dispute")


class Patron(mesa.Agent):
    """The patron: what it can afford, what it believes, what it has learned."""

    model: Order

    def __init__(self, model: Order) -> None:
        super().__init__(model)
        scenario = model.scenario
        self.capacity, self.burden, self.sanctions = scenario.means[0], 0.0, 0.0
        self.doctrine = scenario.doctrine
        self.attention = list(scenario.attention)
        self.attraction = {kind: [0.0] * len(INSTRUMENTS) for kind in KINDS}
        self.experience = dict.fromkeys(KINDS, 1.0)

    def look(self) -> None:
        self.overstretch = self.burden / (self.burden + self.capacity + 1e-3)
        self.watching = (sum(self.attention) - 0.5 * self.attention[0]) / len(self.attention)
        states = self.model.neighbours
        reach = [sum(n.dependence for n in states)] + [0.0] * (len(self.attention) - 1)
        for n in states:
            rest = (1.0 - n.dependence) / (1.0 - n.orientation[0] + 1e-3)
            for pole in range(1, len(reach)):
                reach[pole] += rest * n.orientation[pole]
        top, nodes = max(reach), len(states) + len(reach) - 1
        self.hierarchy = (sum(top - one for one in reach) + len(states) * top) / nodes**2

    def consult(self) -> None:
        """The pact, by unanimity: who could count on its consent, and what the mandate would be worth."""
        p, members = self.model.p.pact, [n for n in self.model.neighbours if n.member]
        every = math.prod(n.vote for n in members)
        breadth = sum(n.vote for n in members) / max(len(members), 1)
        partners = clip(min(len(members) - 1.0, p.company_full) / p.company_full)
        worth = breadth * (0.5 + 0.5 * math.sqrt(self.model.scenario.partner_share)) * partners
        for n in self.model.neighbours:
            n.consent = every / n.vote if n.member else 0.0
            n.mandate = worth if n.member else 0.0
            n.uncovered = p.naked * (1.0 - n.mandate)

    def respond(self, n: Neighbour, crisis: Crisis) -> None:
        """Choose an instrument by logit over expected consequences and inclination."""
        weights = self.weigh(n, crisis)
        crisis.instrument = self.random.choices(range(len(INSTRUMENTS)), weights)[0]

    def weigh(self, n: Neighbour, crisis: Crisis) -> list[float]:
        """A weight for each instrument; what the patron expects of each is noted in the crisis."""
        p, kind = self.model.p, crisis.kind
        at_war, policy = kind in ("interstate", "secession"), kind in POLICY
        slack = max((1.0 - self.overstretch) * self.capacity, p.capacity.least)
        open_to = 1.0 - n.shelter
        worth = n.stake * open_to * (p.red_line.compliance * n.breach + p.red_line.policy * policy)
        worth += p.hierarchy.rule * self.hierarchy * n.breach * open_to
        prospect = p.separatism.prize * n.stake * n.accession * (1.0 - n.orientation[0]) * open_to
        foothold = (p.war.foothold if at_war else p.war.small_talk) * open_to
        crisis.utilities, crisis.turned, weights = [], [], []
        for code, (instrument, e) in enumerate(zip(INSTRUMENTS, self.model.effects, strict=True)):
            collective = instrument.needs_mandate
            sides = []
            for does in self.model.sides[code]:
                value = does.compliance * worth + does.brokerage * foothold
                if crisis.armed:
                    chance = n.odds_of_survival(crisis, does.shores_up)
                    value += p.response.control * n.stake * chance * (n.elite[0] - n.successor_tie)
                    value += p.support.debt * n.stake * does.obligation * chance
                lost = (does.delegitimation + collective * n.uncovered) * (p.regard.care + p.regard.care_open * n.openness)
                value -= p.regard.legitimacy_cost * lost + p.regard.fear_cost * does.harshness * (1.0 - n.fear)
                value -= p.capacity.cost * does.burden / slack + p.doctrine.norm * (1.0 - self.doctrine) * does.deployment
                value -= p.rivals.deterrence * n.shelter * (p.rivals.pressure * does.harshness + does.deployment + does.freeze)
                value += prospect * does.freeze * n.cleavage * (1.0 - n.frozen)
                if collective:
                    value += p.pact.company * self.model.scenario.partner_share * n.mandate
                sides.append(value)
            rescue = odds_for(p.side, crisis, code)
            value = rescue * sides[0] + (1.0 - rescue) * sides[1]
            crisis.utilities.append(value)
            crisis.turned.append(sides[0] - sides[1])
            able = (n.cleavage > 0.0 or not instrument.needs_ground) and (crisis.consented or not collective)
            learned = p.learning.weight * self.attraction[kind][code]
            inclined = e.habit + getattr(e, kind) + e.gravity * crisis.gravity + e.alignment * (1 - crisis.line)
            inclined += e.requested * crisis.requested
            total = clip(p.response.precision * (value + learned) + inclined, -80.0, 80.0)
            weights.append(math.exp(total) if able else 0.0)
        return weights

    def learn(self) -> None:
        """Experience-weighted attraction; a quarter's crises of a kind are one lesson, their mean."""
        p = self.model.p.learning
        lessons: dict[str, list[Neighbour]] = {}
        for n in self.model.troubled:
            lessons.setdefault(n.crisis.kind, []).append(n)
        for kind, cases in lessons.items():
            used, paid = [0.0] * len(INSTRUMENTS), [0.0] * len(INSTRUMENTS)
            for n in cases:
                for code, value in enumerate(n.crisis.utilities):
                    paid[code] += value / len(cases)
                code = n.crisis.instrument
                off = n.crisis.rescue - odds_for(self.model.p.side, n.crisis, code)
                paid[code] += off * n.crisis.turned[code] / len(cases)
                used[n.crisis.instrument] += 1.0 / len(cases)
                if n.crisis.armed:
                    friendly = math.tanh(p.contrast * (n.elite[0] - n.successor_tie))
                    paid[n.crisis.instrument] += p.surprise * (n.crisis.survived - 0.5) * friendly / len(cases)
            old = self.experience[kind]
            new = self.experience[kind] = p.experience * old + 1.0
            self.attraction[kind] = [
                clip((p.memory * old * a + (p.forgone + (1.0 - p.forgone) * u) * v) / new, -5.0, 5.0)
                for a, u, v in zip(self.attraction[kind], used, paid, strict=True)
            ]

    def advance(self) -> None:
        """What the quarter's crises cost, and what they made of the doctrine and of the rivals."""
        p, scenario, troubled = self.model.p, self.model.scenario, self.model.troubled
        self.learn()
        used = [(n, self.model.done(n.crisis)) for n in troubled]
        collective = any(n.crisis.instrument == COLLECTIVE_FORCE for n in troubled)
        sent = sum(e.deployment for n, e in used if n.crisis.instrument != COLLECTIVE_FORCE)
        harsh = clip(sum(e.harshness for _, e in used), 0.0, p.rivals.outrage)
        notice = self.attention[scenario.bloc]
        garrisons = sum(n.deployment for n in self.model.neighbours)
        means = scenario.means[self.model.at] * (1.0 - p.capacity.bite * self.sanctions)
        gained = p.doctrine.precedent * collective + p.doctrine.fait_accompli * min(sent, 1.0)
        self.burden = clip(p.capacity.carried * self.burden + sum(e.burden for _, e in used)
                           + p.capacity.upkeep * garrisons, 0.0, 20.0)  # fmt: skip
        self.capacity = means
        self.doctrine += gained * (1.0 - self.doctrine) - p.doctrine.lapse * (self.doctrine - scenario.doctrine)
        self.sanctions += p.rivals.sanction * harsh * notice * (1.0 - self.sanctions) - p.rivals.relent * self.sanctions
        for pole in range(1, len(self.attention)):
            now = self.attention[pole]
            alarm = p.rivals.alarm * harsh * (1.0 - now)
            self.attention[pole] = clip(now + alarm + p.rivals.fatigue * (scenario.attention[pole] - now))
