"""Whatever stands in a scenario file, reading it gives a scenario or one clear sentence, nothing else."""

from __future__ import annotations

import copy
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hegemon.errors import UserError
from hegemon.scenarios.loader import Draft, finished, load_scenario, read_scenario
from hegemon.scenarios.schema import Scenario
from lanes import by_lane

FOLDER = resources.files("hegemon.scenarios")
TEXTS = [FOLDER.joinpath(f"{name}.toml").read_text("utf-8") for name in ("post-soviet", "kazakhstan-alone")]
TABLES = tomllib.loads(TEXTS[0]) | {
    "without": ["pact"],
    "force": [{"quarter": "2014Q1", "state": "UKR", "crisis": "secession", "instrument": "unilateral_force"}],
    "parameters": {"unrest": {"grip": 0.5}},
}
often = settings(max_examples=by_lane(75, 150, 1_500), deadline=None, suppress_health_check=[HealthCheck.too_slow])

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(
        [10**400, -0.0, 1e308, "1992Q1", "9999Q4", "0000Q1", "KAZ", "RUS", "west", "pact", "collective_force"]
    ),
    st.dates(),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
)
tokens = st.sampled_from(
    [
        "[",
        "]",
        "[[",
        "]]",
        "{",
        "}",
        "=",
        "\n",
        '"',
        "'",
        '"""',
        "'''",
        "#",
        ".",
        ",",
        "nan",
        "inf",
        "-",
        "1e999",
        "[states.KAZ]\n",
        "[[force]]\n",
        "[[poles]]\n",
        'extends = "post-soviet"\n',
        "true",
        "1992Q1",
        "\\u0000",
        "\t",
    ]
)


def ends_well(read: Any) -> bool:
    """Whether it gives a scenario that is itself again from its content, or a mistake told in one line."""
    try:
        found: Scenario | UserError = read()
    except UserError as error:
        found = error
    if isinstance(found, UserError):
        return bool(found.what) and "\n" not in found.sentence and len(found.sentence) < 2_000
    return Scenario.model_validate(found.content()).hash == found.hash


def paths(tables: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = tables.items() if isinstance(tables, dict) else enumerate(tables) if isinstance(tables, list) else ()
    return [path for key, value in items for path in ((*at, key), *paths(value, (*at, key)))]


@st.composite
def mutated_tables(draw: st.DrawFn) -> dict[str, Any]:
    """The built-in scenario with a few values changed, keys deleted, renamed or added."""
    tables = copy.deepcopy(TABLES)
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(paths(tables)))
        holder: Any = tables
        for key in path[:-1]:
            holder = holder[key]
        match draw(st.sampled_from(["change", "delete", "add", "rename"])):
            case "change":
                holder[path[-1]] = draw(values)
            case "delete":
                del holder[path[-1]]
            case "add" if isinstance(holder, dict):
                holder[draw(st.text(max_size=8))] = draw(values)
            case "add":
                holder.append(draw(values))
            case _ if isinstance(holder, dict):
                holder[draw(st.text(max_size=8))] = holder.pop(path[-1])
    return tables


@st.composite
def mutated_text(draw: st.DrawFn) -> str:
    """A built-in file cut, spliced and sprinkled with what TOML is made of."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 5))):
        lines = text.split("\n")
        match draw(st.sampled_from(["cut", "sprinkle", "drop line", "double line", "swap", "text"])):
            case "cut":
                text = text[: draw(st.integers(0, len(text)))]
            case "sprinkle":
                i = draw(st.integers(0, len(text)))
                text = text[:i] + draw(tokens) + text[i + draw(st.integers(0, 3)) :]
            case "drop line":
                del lines[draw(st.integers(0, len(lines) - 1))]
                text = "\n".join(lines)
            case "double line":
                i = draw(st.integers(0, len(lines) - 1))
                text = "\n".join([*lines[:i], lines[i], *lines[i:]])
            case "swap":
                i, j = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
                lines[i], lines[j] = lines[j], lines[i]
                text = "\n".join(lines)
            case _:
                i = draw(st.integers(0, len(text)))
                text = text[:i] + draw(st.text(max_size=12)) + text[i:]
    return text


@often
@given(mutated_tables())
def test_changed_tables_give_a_scenario_or_a_sentence(tables: dict[str, Any]) -> None:
    assert ends_well(lambda: finished(Draft("mine", tables)))


@often
@given(mutated_text())
def test_changed_text_gives_a_scenario_or_a_sentence(text: str) -> None:
    assert ends_well(lambda: read_scenario(text, "mine"))


@often
@given(st.text() | st.lists(tokens | st.text(max_size=4), max_size=40).map("".join))
def test_any_text_gives_a_scenario_or_a_sentence(text: str) -> None:
    assert ends_well(lambda: read_scenario(text, "mine"))


@often
@given(st.lists(tokens | st.text(max_size=4), max_size=12).map("".join))
def test_any_text_on_top_of_a_scenario(text: str) -> None:
    assert ends_well(lambda: read_scenario('extends = "post-soviet"\n' + text, "mine"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_any_bytes_in_a_file(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "mine.toml").write_bytes(raw)
    assert ends_well(lambda: load_scenario(tmp_path / "mine.toml"))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_any_name(name: str) -> None:
    assert ends_well(lambda: load_scenario(name))
