"""The neighbours of the Mesa model, and what happens to them."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any

import mesa
from mesa_sides import odds_for

from hegemon.instruments import ABSTAIN, KINDS

if TYPE_CHECKING:
    from mesa_order import Order

ARMED = ("uprising", "secession", "interstate")
BOUNDS = dict.fromkeys(
    (
        "openness",
        "hold",
        "grievance",
        "dependence",
        "frozen",
        "shelter",
        "integration",
        "fear",
        "legitimacy",
        "fallen",
    ),
    1.0,
) | {"obligation": 4.0, "deployment": 2.0}


def sigmoid(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x)) if x > -700.0 else 0.0


def normal_cdf(z: float) -> float:
    return 0.5 * math.erfc(-z * math.sqrt(0.5))


def clip(x: float, low: float = 0.0, high: float = 1.0) -> float:
    return low if x < low else high if x > high else x


@dataclasses.dataclass
class Crisis:
    """What happens to a neighbour in a quarter."""

    kind: str
    severity: int = 2
    line: int = 1  # of the incumbents: 0 patron, 1 balanced, 2 rival
    requested: bool = False
    consented: bool = False
    instrument: int = 0
    rescue: bool = False  # the act is for the incumbents; of an act without direction it says nothing
    survived: bool = True
    successor: int = 0  # -1 leans to the patron, 0 balances, 1 leans to a rival
    utilities: list[float] = dataclasses.field(default_factory=list)
    turned: list[float] = dataclasses.field(default_factory=list)  # how much more for the incumbents than against them

    @property
    def armed(self) -> bool:
        return self.kind in ARMED

    @property
    def gravity(self) -> int:
        """Severity in steps from the middle."""
        return self.severity - 2


class Neighbour(mesa.Agent):
    """A state in the patron's neighbourhood."""

    model: Order

    def __init__(self, model: Order, index: int, iso3: str, given: dict[str, Any]) -> None:
        super().__init__(model)
        self.index, self.iso3 = index, iso3
        scenario = model.scenario
        for name in ("orientation", "elite"):
            ties = [float(given[name][pole]) for pole in scenario.poles]
            setattr(self, name, [tie / sum(ties) for tie in ties])
        self.orientation: list[float]
        self.elite: list[float]
        self.openness = float(given["openness"])
        self.hold = float(given["hold"])
        self.grievance = self.unhappiness = float(given["grievance"])
        self.dependence = float(given["dependence"])
        self.frozen = float(given["frozen"])
        self.deployment = float(given["deployment"])
        self.shelter = float(given["shelter"])
        self.integration = float(given["integration"])
        self.fear = float(given["fear"])
        self.legitimacy = float(given["legitimacy"])
        self.stake = float(given["stake"])
        self.cleavage = float(given["cleavage"])
        self.accession = float(given["accession"])
        self.obligation = self.fallen = self.expected = 0.0
        self.crises = 0
        self.quiet = self.model.p.war.peace
        self.member = scenario.scheduled[iso3][0]
        self.near = scenario.proximity[index].tolist()
        self.rivalry = scenario.rivalry[index].tolist()
        self.enmity = 0.5 * sum(self.rivalry) + scenario.feud[iso3]
        self.crisis: Crisis | None = None

    def look(self) -> None:
        """What follows from the state of affairs at the opening of the quarter."""
        m, t, x0 = self.model.p, self.model.p.turnover, self.orientation[0]
        patron = self.model.patron
        r = m.red_line
        line = (
            r.base + r.doctrine * patron.doctrine + r.obligation * math.tanh(self.obligation)
            + r.dependence * self.dependence + r.integration * self.integration
            - r.shelter * self.shelter - r.overstretch * patron.overstretch
        )  # fmt: skip
        self.red_line = clip(line, 0.0, r.ceiling)
        self.breach = max(self.red_line - x0, 0.0)
        u = m.unrest
        grip = self.hold * (1.0 - u.voice * self.openness)
        falls = self.model.falls[self.index]
        self.threshold = u.mean + u.grip * grip - u.anger * self.grievance - u.example * falls
        self.mobilisation = self.model.crowd(self.threshold)
        self.survival = u.survival + u.survival_grip * grip - u.survival_crowd * (self.mobilisation - 0.5)
        lean = t.lean + t.lean_accession * self.accession + t.lean_fear * self.fear
        lean -= t.lean_dependence * (self.dependence - 0.5)
        self.leaning_rival, self.leaning_patron = sigmoid(lean - t.middle), sigmoid(-lean - t.middle)
        self.successor_tie = clip(x0 * (1.0 + t.tilt * (self.leaning_patron - self.leaning_rival) * (1.0 - x0)))
        c = m.pact
        self.vote = sigmoid(
            c.vote + c.solidarity * (0.5 - self.openness) + c.street * self.mobilisation
            + c.reliance * (self.dependence - 0.5) + c.creed * patron.doctrine - c.precedent * self.fear
        )  # fmt: skip

    def proneness(self) -> float:
        """How much oftener than others like it it comes into a crisis."""
        frailty = self.model.p.law.frailty
        return float((1.0 + frailty * self.crises) / (1.0 + frailty * self.expected))

    def hazards(self) -> list[float]:
        """Rates per quarter, by kind of crisis."""
        p, patron = self.model.p, self.model.patron
        rivals = 1.0 - self.orientation[0]
        weakness = (1.0 - self.hold) * (p.separatism.lasting + (1.0 - p.separatism.lasting) * self.model.youth)
        weakness += p.separatism.shaken * p.separatism.turmoil * self.fallen
        distance = max(self.red_line + p.dispute.margin - self.orientation[0], 0.0)
        will = rivals * (0.5 + patron.attention[self.model.scenario.bloc])
        opening = 1.0 + p.war.opportunity * (1.0 - patron.watching)
        rested = self.quiet / (self.quiet + p.war.quieting)
        return [
            p.unrest.rate * sigmoid((self.mobilisation - 0.5) / p.unrest.tipping)
            + p.unrest.spark * (0.5 + self.grievance),
            p.turnover.rate * self.openness * (p.turnover.calm + p.turnover.discontent * self.grievance),
            p.rivals.rate * (p.rivals.floor + self.accession) * will
            * (1.0 - p.rivals.block * self.frozen) * (1.0 - self.shelter),
            (p.separatism.spark + p.separatism.rate * self.cleavage * weakness) * (1.0 - p.separatism.satisfied * self.frozen)
            * (1.0 - self.shelter),
            p.war.spark + p.war.rate * self.enmity * opening * rested,
            self.stake * self.dependence * (p.dispute.price + p.dispute.rate * distance),
        ]  # fmt: skip

    def odds_of_severity(self, kind: str) -> tuple[float, float, float]:
        """Shares of crises of low, medium and high severity."""
        p = self.model.p
        if kind == "uprising":
            grave = p.unrest.gravity + p.unrest.gravity_crowd * (self.mobilisation - 0.5)
        else:
            block = {"turnover": p.turnover, "rival_turn": p.rivals, "secession": p.separatism,
                     "interstate": p.war, "dispute": p.dispute}[kind]  # fmt: skip
            grave = block.gravity
        step = self.model.p.law.step
        low, high = sigmoid(-grave - step), sigmoid(grave - step)
        return low, 1.0 - low - high, high

    def odds_of_line(self) -> tuple[float, float, float]:
        """Chances that the incumbents are seen as the patron's friends, balanced, or the rival's friends."""
        p = self.model.p.alignment
        near = p.line * (self.elite[0] - p.line_centre)
        friend, foe = sigmoid(near - p.line_middle), sigmoid(-near - p.line_middle)
        return friend, 1.0 - friend - foe, foe

    def odds_of_request(self, crisis: Crisis) -> float:
        """Probability that the incumbents ask for help."""
        p, s = self.model.p, self.model.p.support
        asks = (
            s.request_need
            + s.request_severity * crisis.gravity
            + s.request_risk / (1.0 + math.exp(self.survival))
            + s.request_tie * (self.elite[0] - 0.5)
        )
        if not crisis.armed:
            asks += s.request_policy
        return sigmoid(asks + p.pact.hope * self.member + p.regard.trust * (self.legitimacy - self.fear))

    def odds_of_consent(self, crisis: Crisis) -> float:
        """Probability that the pact consents to force."""
        return self.consent * (1.0 if crisis.requested else self.model.p.pact.unbidden)

    def odds_of_survival(self, crisis: Crisis, shores_up: float) -> float:
        """Probability that the incumbents stay in office."""
        p, kind = self.model.p, crisis.kind
        if kind == "uprising":
            odds = self.survival - p.unrest.survival_gravity * crisis.gravity
        elif kind == "turnover":
            odds = p.turnover.survival
        elif kind == "secession":
            odds = p.separatism.survival + 2.0 * (self.hold - 0.5)
        elif kind == "interstate":
            odds = p.war.survival + 2.0 * (self.hold - 0.5)
        else:
            odds = p.rivals.survival if kind == "rival_turn" else p.dispute.survival
        if crisis.armed:
            odds += p.support.effect * shores_up
        return sigmoid(odds)

    def live(self) -> None:
        """The quarter's crisis, if any: outbreak, severity, line, request, consent, response, outcome."""
        self.crisis = None
        random = self.random
        rates = self.hazards()
        self.likely = sum(rates)
        if random.random() >= -math.expm1(-self.proneness() * self.likely):
            return
        crisis = self.crisis = Crisis(random.choices(KINDS, rates)[0])
        crisis.severity = random.choices((1, 2, 3), self.odds_of_severity(crisis.kind))[0]
        crisis.line = random.choices((0, 1, 2), self.odds_of_line())[0]
        crisis.requested = random.random() < self.odds_of_request(crisis)
        crisis.consented = random.random() < self.odds_of_consent(crisis)
        self.model.patron.respond(self, crisis)
        crisis.rescue = random.random() < odds_for(self.model.p.side, crisis, crisis.instrument)
        stays = self.odds_of_survival(crisis, self.model.done(crisis).shores_up)
        crisis.survived = random.random() < stays
        if not crisis.survived:
            luck = random.random()
            crisis.successor = (luck >= self.leaning_patron) + (luck >= 1.0 - self.leaning_rival) - 1

    def prepare(self) -> None:
        """The next state, from everybody's old one and the quarter's crises."""
        model, p, patron, crisis = self.model, self.model.p, self.model.patron, self.crisis
        bloc, third, x, e, r = model.scenario.bloc, model.scenario.third, self.orientation, self.elite, self.openness
        tie, open_to = x[0], 1.0 - self.shelter
        do = model.done(crisis) if crisis else model.effects[ABSTAIN]
        fell = crisis is not None and not crisis.survived
        kind = crisis.kind if crisis else ""
        uprising, rival_turn = kind == "uprising", kind == "rival_turn"
        incurred = 0.0 if crisis is None or fell else do.obligation * (1.0 if crisis.armed else p.support.unarmed)
        owed = math.tanh(self.obligation)

        fear, regard = p.regard, self.legitimacy
        harsh, spread, lost, scandal = do.harshness, 0.0, 0.0, 0.0
        for other, harshness, delegitimation in model.acts:
            near = self.near[other.index]
            spread += near * harshness * (1.0 - (r - other.openness) ** 2)
            scandal += near * delegitimation
            if other is self:
                lost = delegitimation
        both = toll = stationed = 0.0
        for other, effects in model.wars:
            share = 1.0 if other is self else self.rivalry[other.index]
            both += share * effects.brokerage
            toll += share
            stationed += 0.0 if other is self else p.war.garrison * effects.deployment * share * effects.brokerage
        base_fear = fear.unease * (self.dependence + 1.0 - e[0])
        base_regard = fear.kinship * (1.0 - abs(model.scenario.idea - r)) + fear.closeness * e[0]
        blame = (lost + fear.scandal * scandal) * (fear.care + fear.care_open * r)

        i, u, t, s, v, w = p.integration, p.unrest, p.turnover, p.separatism, p.rivals, p.pact
        sought = i.ties * (tie - i.foot) + i.debt * owed - i.dread * self.fear
        needs = i.floor + i.trade * tie + i.rung * self.integration
        expelled = i.withdrawal * (1.0 + i.expelled * self.shelter + i.unwelcome * max(i.welcome - e[0], 0.0))
        founding, scheduled = model.founding, model.scenario.scheduled[self.iso3][model.at]
        climbed = i.pace * (clip(sought * open_to) - self.integration)
        climbed += w.bond * self.member * max(w.bond_ceiling - self.integration, 0.0)
        if founding and scheduled and not self.member:
            climbed += max(w.join - self.integration, 0.0)
        if founding and self.member and not scheduled:
            climbed -= max(self.integration - w.leave + w.parting, 0.0)
        unreversed = clip(1.0 - do.compliance) if rival_turn else 0.0
        growth = v.entry * self.accession**2 * x[bloc] * (1.0 - v.block * self.frozen) * (0.5 + self.shelter)
        gained = do.freeze + s.entrench * (kind == "secession")

        changes = {
            "grievance": (u.persistence - 1.0) * (self.grievance - self.unhappiness) - u.slump * model.growth
            - (u.relief * (0.5 + fell) * self.grievance if uprising else 0.0)
            + p.war.toll * toll + u.shock * self.random.gauss(0.0, 1.0),
            "fallen": (u.memory - 1.0) * self.fallen + (uprising and fell),
            "hold": u.regrowth * (u.settled * (1.0 - 0.5 * r) - self.hold)
            - (s.toll * self.hold if kind == "secession" else 0.0)
            + (t.honeymoon - self.hold if fell else 0.0),
            "openness": -p.support.closing * max(incurred, 0.0) * r
            + (0.0 if not uprising else t.opening if fell else -u.repression),
            "obligation": incurred - (p.support.forgetting + fell) * self.obligation,
            "dependence": p.support.reliance * incurred * (1.0 - self.dependence)
            + i.inertia * (needs * (1.0 - 0.5 * self.shelter) - self.dependence)
            + p.war.hold_over_both * both * (1.0 - self.dependence),
            "frozen": gained * self.cleavage * (1.0 - self.frozen) - s.thaw * self.frozen,
            "deployment": do.deployment - expelled * self.deployment + stationed,
            "shelter": growth * open_to - v.lapse * self.shelter * open_to
            + v.advance * v.step * unreversed * self.accession * open_to,
            "integration": climbed,
            "fear": (harsh + fear.spread * spread) * (1.0 - self.fear) + fear.calm * (base_fear - self.fear),
            "legitimacy": fear.recovery * (base_regard - regard) - blame * regard,
        }  # fmt: skip
        self.next = {name: clip(getattr(self, name) + change, 0.0, BOUNDS[name]) for name, change in changes.items()}

        refuge = self.accession + self.shelter - self.accession * self.shelter
        toward = fear.bandwagon * (1.0 - refuge) - fear.balancing * refuge
        align, push = p.alignment, math.tanh(p.response.yielding * do.compliance * open_to)
        tilt = t.tilt * crisis.successor if crisis and fell else 0.0
        weights, wanted, elite = [], [], []
        luck = [self.random.gauss(0.0, 1.0) for _ in x]
        among = sum(one * share for one, share in zip(luck[1:], x[1:], strict=True)) / sum(x[1:])
        for pole, (share, wish) in enumerate(zip(x, e, strict=True)):
            pull = align.elite * math.log((wish + 1e-3) / (share + 1e-3))
            moved = share * ((pole == 0) - tie) * push + v.step * unreversed * ((pole == bloc) - x[bloc]) * share
            if pole == 0:
                pull += (
                    align.dependence * self.dependence + p.support.repay * owed
                    + i.deepening * self.integration + p.red_line.caution * self.breach * open_to
                    + self.fear * toward + fear.appeal * (regard - 0.5)
                    + p.hierarchy.deference * patron.hierarchy * self.member
                )  # fmt: skip
                lean = -1.0
            elif pole == bloc:
                pull += patron.attention[pole] * v.offer * self.accession
                lean = 0.5 + self.accession
            else:
                pull += patron.attention[pole] * v.courtship
                lean = t.others
            drift = align.shock * luck[0] if pole == 0 else align.shock_rivals * (luck[pole] - among)
            drift += align.trend * (pole == 0) + align.trend_bloc * (pole == bloc) + align.trend_third * (pole == third)
            weights.append((max(share + moved, 0.0) + 1e-6) * math.exp(align.pace * pull + drift))
            wanted.append(share * math.exp(tilt * lean))
            elite.append(wish + align.habit * (share - wish) + wish * ((pole == 0) - e[0]) * p.support.embrace * owed)
        total = sum(weights)
        self.next_orientation = [weight / total for weight in weights]
        if fell:
            total = sum(wanted)
            elite = [max(new + want / total - old, 0.0) for new, want, old in zip(elite, wanted, e, strict=True)]
        total = sum(elite)
        self.next_elite = [clip(wish / total) for wish in elite]
        stays = self.integration >= (w.leave if self.member else w.join) or self.integration >= w.join
        self.next_member = scheduled if founding else stays and not rival_turn

    def advance(self) -> None:
        self.__dict__.update(self.next)
        self.orientation, self.elite, self.member = self.next_orientation, self.next_elite, self.next_member
        self.expected += self.likely
        self.crises += self.crisis is not None
        self.quiet = 0 if self.crisis else min(self.quiet + 1, 400)
