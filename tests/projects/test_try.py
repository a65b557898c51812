"""`hegemon try` with the worked example of the documentation, and what is wrong with mechanisms that can be read but not used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hegemon.cli.main import main

ROOT = Path(__file__).parents[2]
LAKE = ROOT / "docs/examples/red_line_lake.py"
TOY = ROOT / "tests/toy.toml"


def test_the_documentation_shows_the_worked_example_as_it_is() -> None:
    assert f"```python\n{LAKE.read_text('utf-8')}```" in (ROOT / "docs/own-order.md").read_text("utf-8")


def test_quick_verdicts_say_that_no_twin_was_asked() -> None:
    """Beside their table and in their sentence; a verdict that moves by less than its error is no change."""
    from types import SimpleNamespace as Some

    from hegemon.pages.document import Document
    from hegemon.projects.rival import document

    def claims(**probabilities: float) -> Some:
        return Some(judged=[
            Some(claim=Some(id=name, claim="A claim."), verdict="supported" if p > 0.9 else "open",
                 assessment=Some(probability=p, error=0.05)) for name, p in probabilities.items()
        ])  # fmt: skip

    before, after = claims(C1=0.5, C2=0.88), claims(C1=0.95, C2=0.92)
    told = Document(kicker="", title="", question="", finding="")
    pairs = Some(document=lambda: told, question=Some(line="hegemon compare"))
    page = document(Some(name="toy", outside=()), pairs, None, (before, after), "")
    said = " ".join(page.sentences)
    assert "held against no twin, the verdict changes for 1: C1 (open, 50%, to supported, 95%)." in said
    assert "by less than the error of so few draws: C2" in said
    assert "No twin that takes no side was asked" in page.tables[-1].caption


@pytest.mark.slow
def test_the_worked_example_is_tried(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The pair, its page, and that without legitimacy the rival reading draws another line than the built-in one."""
    assert main(["try", str(LAKE), str(TOY), "-n", "64", "--quick", "--json", "--out", str(tmp_path / "tried")]) == 0
    said = json.loads(capsys.readouterr().out)
    page = Path(said["report"]).read_text("utf-8")
    assert "red_line_lake.py" in page and "SHA-256" in page and said["claims"] is None
    import hegemon

    pairs = hegemon.open(said["pairs"])
    assert [m.name for m in pairs.question.order("second").outside] == ["red_line"]
    assert abs(pairs.summary["red_line_difference"]).max() > 0.05


@pytest.mark.slow
def test_a_bundle_says_whose_code_it_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run with a mechanism from outside is rebuilt from its bundle to the bit; where nobody has named it, with --trust."""
    code = tmp_path / "mine.py"
    code.write_text(LAKE.read_text("utf-8") + "\n# mine\n")
    assert main(["run", str(TOY), "--mechanism", str(code), "-n", "64", "--out", str(tmp_path / "r"), "--json"]) == 0
    assert main(["bundle", str(tmp_path / "r"), "--out", str(tmp_path / "b.zip")]) == 0
    from hegemon.mechanisms import outside

    monkeypatch.setattr(outside, "trusted", lambda text: False)
    capsys.readouterr()
    assert main(["bundle", "--check", str(tmp_path / "b.zip")]) == 2
    assert "this bundle runs code from outside, mine.py" in capsys.readouterr().err
    monkeypatch.undo()
    assert main(["bundle", "--check", str(tmp_path / "b.zip"), "--trust"]) == 0
    said = capsys.readouterr()
    assert "the same to the bit" in said.out and "code from outside: mine.py" in said.err


WRONG = {
    "a shape": ('return {"compliance": prize *', 'return {"compliance": prize[:, None] *', "has the shape"),
    "a name": ('return {"compliance"', 'return {"complaince"', 'names "complaince"'),
    "an exception": ("line = p.base", "line = p.bases", "bases"),
    "no number": ("return jnp.clip(line", "return jnp.log(-1.0 - 0.0 * line) + jnp.clip(line", "not finite"),
    "a loop of Python": ("    prize = setting", "    while True:\n        pass\n    prize = setting", "not come to an end"),
    "a loop of JAX": ("    line = p.base", "    import jax\n    jax.lax.while_loop(lambda x: x < 2, lambda x: x * 1, 1).item()\n"
                      "    line = p.base", "not come to an end"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_told_with_its_line(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is simulated; whatever runs on for too long is ended."""
    old, new, said = WRONG[what]
    text = LAKE.read_text("utf-8")
    assert old in text
    code = tmp_path / "mine.py"
    code.write_text(text.replace(old, new))
    assert main(["run", str(TOY), "--mechanism", str(code), "-n", "64", "--out", str(tmp_path / "r")]) == 2
    sentence = capsys.readouterr().err
    assert said in sentence and "mine.py, line" in sentence and "Traceback" not in sentence, sentence
    assert not (tmp_path / "r").exists()
