"""An order of one's own: every figure of a scenario from a world pack, by one set of formulas, each with its interval.

`answers` is what only a person knows, `facts` what figures are made of, `figures` the formulas (a docstring is a figure's
source line), `intervals` how far each is to be trusted, `writing` the scenario's text, `candidates` crises to be coded.
"""

from hegemon.building.build import Built, build

__all__ = ["Built", "build"]
