"""Scenarios: what comes with the package, how one changes another, and that equal content is equal."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from hegemon.building.agreement import answers_of, builtin_answers
from hegemon.drivers import OPEN
from hegemon.errors import UserError
from hegemon.opening import script
from hegemon.quarters import span
from hegemon.scenarios.loader import builtin_names, load_scenario, read_scenario
from hegemon.scenarios.overrides import parse_set, parse_without
from hegemon.scenarios.published import json_schema
from hegemon.scenarios.schema import Scenario


def text_of(name: str) -> str:
    return resources.files("hegemon.scenarios").joinpath(f"{name}.toml").read_text("utf-8")


@pytest.mark.parametrize("name", builtin_names())
def test_every_builtin_scenario_loads_under_its_name(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.name == name
    known = len(answers_of(name).order.neighbours) if name in builtin_answers() else 14
    assert len(scenario.states) == known
    assert span(scenario.start, scenario.end)[-1] == scenario.end


@pytest.mark.parametrize("name", builtin_names())
def test_what_was_read_can_be_written_and_read_again(name: str) -> None:
    once = load_scenario(name)
    again = Scenario.model_validate(once.content())
    assert again.text == once.text
    assert again.hash == once.hash


def test_the_hash_is_of_the_content_not_of_its_order() -> None:
    """The same tables in reverse order, at every depth, under another name."""

    def turned(value: object) -> object:
        return {k: turned(v) for k, v in reversed(value.items())} if isinstance(value, dict) else value

    tables = tomllib.loads(text_of("post-soviet"))
    same = Scenario.model_validate(turned(tables))
    assert same.hash == load_scenario("post-soviet").hash


def test_whole_numbers_and_fractions_are_the_same_number() -> None:
    base = 'extends = "post-soviet"\n[states.KAZ]\nfrozen = '
    assert read_scenario(base + "0").hash == read_scenario(base + "0.0").hash == load_scenario("post-soviet").hash


@pytest.mark.parametrize("change", ["hold = 0.72", "fear = 0.0", 'name = "Qazaqstan"'])
def test_any_change_of_content_changes_the_hash(change: str) -> None:
    changed = read_scenario(f'extends = "post-soviet"\n[states.KAZ]\n{change}\n')
    assert changed.hash != load_scenario("post-soviet").hash


def test_extending_changes_what_is_said_and_nothing_else() -> None:
    base = load_scenario("post-soviet").content()
    changed = read_scenario(
        'extends = "post-soviet"\n[states.KAZ]\nhold = 0.1\n[capacity.path]\n2022 = 0.5\n'
    ).content()
    assert changed["states"]["KAZ"].pop("hold") == 0.1
    assert changed["capacity"]["path"].pop("2022") == 0.5
    base["states"]["KAZ"].pop("hold")
    base["capacity"]["path"].pop("2022")
    assert changed == base


def test_lists_are_replaced_and_forced_events_are_added() -> None:
    changed = read_scenario(
        'extends = "kazakhstan-alone"\n'
        '[[pact.membership]]\nstate = "KAZ"\nfrom = "1992Q2"\n'
        '[[force]]\nquarter = "2023Q1"\nstate = "KGZ"\ncrisis = "uprising"\n'
    )
    assert [spell.state for spell in changed.pact.membership] == ["KAZ"] if changed.pact else False
    assert [(force.state, force.instrument) for force in changed.force] == [
        ("KAZ", "unilateral_force"),
        ("KGZ", None),
    ]


def test_a_file_extends_a_file_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths in `extends` are read from the folder of the file that says it, wherever the user stands."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "weak.toml").write_text('extends = "post-soviet"\n[states.KAZ]\nhold = 0.1\n', encoding="utf-8")
    (tmp_path / "deep" / "weaker.toml").write_text(
        'extends = "../weak.toml"\n[states.KGZ]\nhold = 0.2\n', encoding="utf-8-sig"
    )
    monkeypatch.chdir("/")
    found = load_scenario(tmp_path / "deep" / "weaker.toml")
    assert (found.name, found.states["KAZ"].hold, found.states["KGZ"].hold) == ("weaker", 0.1, 0.2)


def test_mistakes_in_what_is_extended_are_told_where_they_stand(tmp_path: Path) -> None:
    (tmp_path / "weak.toml").write_text('extends = "post-soviet"\n\n[states.KAZ]\nhold = 7\n', encoding="utf-8")
    (tmp_path / "top.toml").write_text('extends = "weak.toml"\n', encoding="utf-8")
    with pytest.raises(UserError, match=r"states\.KAZ\.hold = 7 \(weak\.toml, line 4\)"):
        load_scenario(tmp_path / "top.toml")


def test_a_second_forced_event_is_counted_after_the_first() -> None:
    with pytest.raises(UserError, match=r'force 2: state "KGY" is unknown \(my\.toml, line 4\)'):
        read_scenario(
            'extends = "kazakhstan-alone"\n[[force]]\nquarter = "2023Q1"\nstate = "KGY"\ncrisis = "uprising"\n',
            "my",
        )


def test_a_text_without_a_folder_reaches_no_files() -> None:
    with pytest.raises(UserError, match="Only a file can extend another file"):
        read_scenario('extends = "../secret.toml"\n')


def test_kazakhstan_differs_by_one_instrument() -> None:
    """The pair that asks what the pact changed: the same crisis, the same record, another instrument."""
    alone, fact = load_scenario("kazakhstan-alone"), load_scenario("kazakhstan-2022")
    ours, theirs = alone.content(), fact.content()
    assert [f.instrument for f in (*alone.force, *fact.force)] == ["unilateral_force", "collective_force"]
    for content in (ours, theirs):
        for key in ("title", "question", "force"):
            content.pop(key)
    assert ours == theirs
    assert (alone.record, alone.end) == ("2021Q4", "2026Q1")


def test_an_order_can_do_without_a_pact() -> None:
    tables = tomllib.loads(text_of("post-soviet"))
    del tables["pact"]
    found = Scenario.model_validate(tables)
    assert found.pact is None and found.without == ("pact",)
    assert Scenario.model_validate(found.content()).hash == found.hash
    assert Scenario.model_validate({**tables, "without": ["doctrine", "pact"]}).without == ("doctrine", "pact")


def test_the_schema_accepts_what_the_loader_accepts() -> None:
    schema = json_schema()
    check = jsonschema.Draft202012Validator(schema)
    check.check_schema(schema)
    for name in builtin_names():
        assert not list(check.iter_errors(tomllib.loads(text_of(name)))), name


@pytest.mark.parametrize(
    "text",
    [
        'extends = "post-soviet"\nbogus = 1',
        'extends = "post-soviet"\n[states.KAZ]\nhold = 1.4',
        'extends = "post-soviet"\nwithout = ["pct"]',
        'extends = "post-soviet"\n[parameters.pact]\nvote = 100',
        'extends = "post-soviet"\n[[force]]\nquarter = "2014Q1"',
        'title = "no more than a title"',
    ],
)
def test_the_schema_marks_what_the_loader_refuses(text: str) -> None:
    assert list(jsonschema.Draft202012Validator(json_schema()).iter_errors(tomllib.loads(text)))
    with pytest.raises(UserError):
        read_scenario(text)


def forced(text: str) -> tuple[Scenario, dict[str, int]]:
    """A scenario with one forced event in Kazakhstan, 2014Q1, and what its script knows of that event."""
    found = read_scenario('extends = "post-soviet"\n[[force]]\nquarter = "2014Q1"\nstate = "KAZ"\n' + text)
    at = span(found.start, found.end).index("2014Q1"), list(found.states).index("KAZ")
    known = script(found)
    return found, {name: int(getattr(known, name)[at]) for name in known.__dataclass_fields__}


def test_a_forced_crisis_can_be_given_its_severity_and_line() -> None:
    """What is given is known, what is left out stays open."""
    found, known = forced('crisis = "uprising"\nseverity = 3\nline = "balanced"\n')
    assert (found.force[0].severity, found.force[0].line) == (3, "balanced")
    assert (known["severity"], known["line"], known["requested"], known["survived"]) == (3, 1, OPEN, OPEN)
    _, known = forced('crisis = "uprising"\n')
    assert (known["severity"], known["line"]) == (OPEN, OPEN)


@pytest.mark.parametrize(
    "text",
    [
        'crisis = "uprising"\ninstrument = "peacekeeping"\n',
        'crisis = "turnover"\ninstrument = "unilateral_force"\n',
        'crisis = "dispute"\ninstrument = "security_support"\nrequested = true\n',
        'crisis = "dispute"\ninstrument = "collective_force"\n',
        'crisis = "uprising"\ninstrument = "collective_force"\nrequested = false\n',
        'crisis = "rival_turn"\nrequested = false\nconsented = true\n',
    ],
)
def test_misfits_requests_anywhere_and_consent_unbidden_can_be_forced(text: str) -> None:
    """No kind of crisis rules an instrument or a request out, and a pact may consent before anybody asks."""
    found, known = forced(text)
    if found.force[0].instrument == "collective_force":
        assert known["consented"] == 1
        assert known["requested"] == (0 if found.force[0].requested is False else 1)


def test_overrides_by_name() -> None:
    assert parse_set("pact.vote=1.5") == ("pact", "vote", 1.5)
    assert parse_set(" mediate.harshness = 1e-2 ") == ("mediate", "harshness", 0.01)
    assert parse_without("pact") == "pact"


def test_listing_does_not_wait_for_the_model() -> None:
    """A new process lists the scenarios without ever importing JAX."""
    code = "import sys; from hegemon.cli.scenario import list_; list_(); sys.exit('jax' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "kazakhstan-alone" in done.stdout


def command(argv: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    from hegemon.cli.main import main

    try:
        code: object = main(argv)
    except SystemExit as left:
        code = left.code
    assert code in (0, None)
    return capsys.readouterr().out


def test_the_command_line_shows_scenarios(capsys: pytest.CaptureFixture[str]) -> None:
    listed = json.loads(command(["scenario", "list", "--json"], capsys))["scenarios"]
    assert [row["name"] for row in listed] == list(builtin_names())
    assert {row["name"]: row["extends"] for row in listed}["kazakhstan-alone"] == "post-soviet"
    shown = json.loads(command(["scenario", "show", "kazakhstan-alone", "--json"], capsys))
    assert Scenario.model_validate(shown["scenario"]).hash == shown["hash"]
    assert "unilateral_force" in command(["scenario", "show", "kazakhstan-alone"], capsys)
    assert json.loads(command(["scenario", "schema"], capsys)) == json_schema()


@pytest.mark.parametrize("base", builtin_names())
def test_a_new_scenario_runs_as_it_is_written(
    base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "Wrote mine.toml" in command(["scenario", "new", "mine", "--extends", base], capsys)
    assert "can be run" in command(["scenario", "check", "mine.toml"], capsys)


def test_a_new_scenario_runs_with_every_comment_made_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the template proposes is valid, so that taking away a # is always safe."""
    monkeypatch.chdir(tmp_path)
    command(["scenario", "new", "mine"], capsys)
    keys = (
        "without =",
        "[states.",
        "hold =",
        "[parameters.",
        "vote =",
        "record =",
        "[[force]]",
        "quarter ",
        "state ",
        "crisis  ",
        "severity ",
        "line ",
        "instrument ",
        "requested ",
        "survived ",
        "successor ",
    )
    lines = (tmp_path / "mine.toml").read_text("utf-8").splitlines()
    open_lines = [line[2:] if line.startswith(tuple(f"# {key}" for key in keys)) else line for line in lines]
    (tmp_path / "mine.toml").write_text("\n".join(open_lines), encoding="utf-8")
    found = load_scenario("mine.toml")
    assert (found.without, found.record, len(found.force)) == (("pact",), "2021Q3", 1)
    assert found.parameters == {"pact": {"vote": 1.5}}
