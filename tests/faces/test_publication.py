"""What can be published of a result of any kind: its page, one page of several, figures, and a bundle that rebuilds it."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hegemon
from hegemon.bundle import numbers
from hegemon.bundle.write import zipped
from hegemon.cli.main import main
from hegemon.experiments.claims.draws import Draws
from hegemon.order import Order

TOY = Path(__file__).parents[1] / "toy.toml"

LEDGER = """\
format   = 1
title    = "Toy claims"
question = "Does the ledger work?"
scenario = "toy.toml"
runs     = 8

[[claim]]
id         = "T.1"
claim      = "Rivals shelter who wants to leave."
why        = "Without rivals nobody can."
mechanisms = ["rivals"]
estimand   = [{ what = "Cyd's shelter", measure = "shelter", who = "CYD", b = { without = ["rivals"] }, sign = "positive" }]

[[claim]]
id       = "T.2"
claim    = "A changed order <and> & so on."
why      = "Just asked."
estimand = [{ what = "Fear", measure = "fear", b = { scenario = "near/toy.toml" }, sign = "negative" }]
"""

MADE = {
    "run": ["run", "toy.toml", "--runs", "40", "--seed", "4"],
    "comparison": ["compare", "toy.toml", "--without", "pact", "--set", "unrest.spark=0.1", "-n", "40", "--seed", "4"],
    "claims": ["claims", "mine.toml", "--draws", "20", "--seed", "3"],
    "room": ["room", "ANA", "toy.toml", "--draws", "6", "--orientation-grid", "5", "--set", "pact.vote=2.7"],
    "sweep": ["sweep", "toy.toml", "--over", "red_line,unrest.spark", "-m", "autonomy@ANA", "--when", "crises.uprising > 1.5",
              "--sets", "64", "--runs-per-set", "4"],
}  # fmt: skip
"""Commands that leave a result of each kind; `unrest.spark` at its upper bound, which single precision cannot write."""

KINDS = tuple(MADE)
PAGES = {"comparison": "comparison.html", "claims": "ledger.html", "room": "room.html", "sweep": "sweep.html"}


def furnish(folder: Path) -> None:
    """A toy order, another of the same name, and claims about both."""
    text = TOY.read_text("utf-8")
    (folder / "near").mkdir()
    (folder / "toy.toml").write_text(text, encoding="utf-8")
    (folder / "near" / "toy.toml").write_text(text.replace("= 0.6", "= 0.4", 1), encoding="utf-8")
    (folder / "mine.toml").write_text(LEDGER, encoding="utf-8")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a result of each kind, named after it."""
    folder = tmp_path_factory.mktemp("shelf")
    furnish(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for kind, argv in MADE.items():
            assert main([*argv, "--out", kind, "--json"]) == 0
            if kind != "run":
                assert main(["bundle", kind]) == 0
    return folder


@pytest.fixture
def here(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the test's own, with what the results were made from, and their bundles."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "400")
    furnish(tmp_path)
    for bundle in shelf.glob("*.zip"):
        shutil.copy(bundle, tmp_path)
    return tmp_path


@pytest.fixture
def bring(shelf: Path, here: Path) -> Callable[..., None]:
    """Copies results into that folder."""

    def copy(*kinds: str) -> None:
        for kind in kinds:
            shutil.copytree(shelf / kind, here / kind)

    return copy


def opened(name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(name) as archive:
        return {entry: archive.read(entry) for entry in archive.namelist()}


def told(argv: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one sentence with which a mistake is told."""
    capsys.readouterr()
    assert main(argv) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1, said.err
    return said.err


# ---- Pages ----


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_drawn_from_what_is_kept_is_the_one_the_command_wrote(
    kind: str, here: Path, bring: Callable[..., None]
) -> None:
    bring(kind)
    page = here / kind / PAGES[kind]
    written = page.read_text("utf-8")
    page.unlink()
    assert main(["report", kind]) == 0
    assert page.read_text("utf-8") == written


def test_results_of_every_kind_become_one_page(bring: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    """Named in order, each with sentences, figures and making; names are unique, links lead somewhere, nothing is loaded."""
    bring(*KINDS)
    assert main(["report", *KINDS, "--out", "whole", "--title", "All & <more>"]) == 0
    assert capsys.readouterr().out == "whole/report.html\n"
    page = Path("whole/report.html").read_text("utf-8")
    assert "<h1>All &amp; &lt;more&gt;</h1>" in page
    ids = re.findall(r'<[^>]* id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert {name for name in re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', page) for name in name if name} <= set(ids)
    assert "<script" not in page and "http" not in re.sub(r"http-equiv|http://www\.w3\.org", "", page)
    parts = re.split(r'<section class="part" id="part-\d">', page)[1:]
    assert len(parts) == len(KINDS)
    for number, (kind, part) in enumerate(zip(KINDS, parts, strict=True), 1):
        assert f'<section id="part-{number}-made">' in part, "says how it was made"
        assert part.count("<svg") >= 3 and part.count('class="short"') == 1
        assert "<h2>" in part and part.count("<h2") == 1, "headings within a part are lower"
        assert kind == "claims" or f"Figure {number}.1<" in part
    hashes = {name: hegemon.load("toy.toml").hash for name in ("run", "sweep")}
    assert all(hashes[kind] in parts[KINDS.index(kind)] for kind in hashes)
    assert page.count("What this is not for.") == 1


def test_a_part_says_what_the_page_of_the_result_says(bring: Callable[..., None]) -> None:
    """Every table cell, caption and sentence of a page of its own stands in the joint page too."""
    bring("room", "comparison")
    assert main(["report", "room", "comparison", "--out", "whole"]) == 0
    whole = Path("whole/report.html").read_text("utf-8")
    assert "<h1>2 results</h1>" in whole
    for name in ("room/room.html", "comparison/comparison.html"):
        own = Path(name).read_text("utf-8")
        for tag in ("td", "figcaption", "caption", "li", "dd"):
            cells = set(re.findall(rf"<{tag}>([^<]+)<", own))
            assert cells and cells <= set(re.findall(rf"<{tag}>([^<]+)<", whole)), (name, tag)


def test_several_without_a_folder_go_where_the_same_several_went(
    bring: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    bring("sweep", "claims")
    said = []
    for _ in range(2):
        assert main(["report", "sweep", "claims", "--json"]) == 0
        said.append(json.loads(capsys.readouterr().out)["files"])
    assert said[0] == said[1]
    assert re.fullmatch(r"results/report-[0-9a-f]{8}/report\.html", said[0][0])


@pytest.mark.parametrize(("format", "magic"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_every_figure_of_several_comes_in_every_format_with_its_numbers(
    format: str, magic: bytes, bring: Callable[..., None]
) -> None:
    """A folder each; results of one name are numbered."""
    bring(*(KINDS if format == "svg" else ("sweep", "claims")))
    shutil.copytree("claims", "other/claims")
    names = ["sweep", "claims", "other/claims"] if format != "svg" else [*KINDS, "other/claims"]
    assert main(["report", *names, "--format", format, "--out", "figures"]) == 0
    folders = sorted(path.name for path in Path("figures").iterdir())
    last = len(names)
    assert folders == sorted([*(n for n in names if "claims" not in n), f"{names.index('claims') + 1}-claims", f"{last}-claims"])
    for folder in Path("figures").iterdir():
        pictures = [path for path in folder.iterdir() if path.suffix == f".{format}"]
        assert pictures and len(list(folder.iterdir())) == 2 * len(pictures)
        for picture in pictures:
            assert picture.read_bytes().startswith(magic)
            assert picture.with_suffix(".csv").read_text("utf-8").count("\n") > 1
        if format == "svg" and folder.name != "run":
            assert all("hegemon 0" in picture.read_text("utf-8") for picture in pictures), "provenance travels along"


def test_figures_of_one_lie_in_its_folder(bring: Callable[..., None]) -> None:
    bring("room")
    before = {path.name: path.read_bytes() for path in Path("room/figures").iterdir() if path.suffix != ".png"}
    shutil.rmtree("room/figures")
    assert main(["report", "room", "--format", "svg"]) == 0
    assert {path.name: path.read_bytes() for path in Path("room/figures").iterdir()} == before


# ---- Mistakes ----


def cut(path: str) -> None:
    file = Path(path)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def edited(path: str, change: Callable[[Any], Any]) -> None:
    file = Path(path)
    file.write_text(json.dumps(change(json.loads(file.read_text("utf-8")))), encoding="utf-8")


def both(_: Path) -> None:
    Path("room/sweep.json").write_text("{}", encoding="utf-8")


NO_FOLDERS: dict[str, tuple[Callable[[Path], Any], str, str]] = {
    "nowhere": (lambda p: None, "nowhere", 'there is no folder "nowhere"'),
    "empty": (lambda p: Path("empty").mkdir(), "empty", '"empty" holds no result of hegemon'),
    "file": (lambda p: None, "toy.toml", '"toy.toml" is no folder'),
    "two kinds": (both, "room", "holds a room for manoeuvre (room.json) and a sweep (sweep.json)"),
    "claims of old": (lambda p: Path("claims/ledger.json").unlink(), "claims", "judge them again"),
    "cut claims": (lambda p: cut("claims/ledger.json"), "claims", "cannot be read as judged claims"),
    "claims of nothing": (lambda p: edited("claims/ledger.json", lambda x: {}), "claims", "KeyError: 'scenarios'"),
    "cut room": (lambda p: cut("room/room.json"), "room", "cannot be read as a room for manoeuvre"),
    "room without map": (lambda p: shutil.rmtree("room/map"), "room", "make it again with hegemon room"),
    "cut comparison": (lambda p: cut("comparison/comparison.json"), "comparison", "cannot be read as a comparison"),
    "comparison of lists": (lambda p: edited("comparison/comparison.json", lambda x: []), "comparison", "no table"),
    "comparison without numbers": (lambda p: shutil.rmtree("comparison/summary"), "comparison", "hegemon compare"),
    "cut sweep": (lambda p: cut("sweep/sweep.json"), "sweep", "is damaged"),
    "sweep without values": (lambda p: Path("sweep/values.npz").unlink(), "sweep", "cannot be read as a sweep"),
    "unfinished sweep": (lambda p: edited("sweep/sweep.json", lambda x: {**x, "status": "running"}), "sweep", "is unfinished"),
}


@pytest.mark.parametrize("case", NO_FOLDERS)
def test_a_folder_that_cannot_be_read_is_told_in_one_sentence(
    case: str, here: Path, bring: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    """The same for one page, for a page of several, and for a bundle."""
    spoil, folder, sentence = NO_FOLDERS[case]
    bring("run", *(kind for kind in KINDS if folder == kind))
    spoil(here)
    for argv in (["report", folder], ["report", "run", folder], ["bundle", folder]):
        assert sentence in told(argv, capsys), argv


def test_the_same_folder_twice_and_a_title_for_one_are_refused(
    bring: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    bring("room", "run", "claims")
    Path("link").symlink_to("room")
    assert '"room" is named twice. Name each result once.' in told(["report", "room", "run", "room"], capsys)
    assert '"link" is named twice, which is "room"' in told(["report", "room", "link"], capsys)
    assert "It is the heading of one page of several" in told(["report", "room", "--title", "x"], capsys)
    assert "choose another" in told(["report", "room", "claims", "--out", "/dev/null/x"], capsys)


# ---- Bundles ----


@pytest.mark.parametrize("kind", PAGES)
def test_a_bundle_holds_everything_and_rebuilds_every_number(
    kind: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = opened(f"{kind}.zip")
    for order in ("first", "second") if kind == "comparison" else ("",):
        assert {f"{order or 'scenario'}.toml", f"parameters{order and '-'}{order}.csv"} <= set(files)
    assert {"README.md", "rebuild.py", "requirements.txt", "made.json", "ODD.md", "TRACE.md"} <= set(files)
    made = json.loads(files["made.json"])
    assert (made["kind"], made["version"]) == (kind, hegemon.__version__)
    assert made["seed"] == {"comparison": 4, "claims": 3, "room": 0, "sweep": 0}[kind]
    assert made["environment"]["packages"]["jax"]
    pictures = {name for name in files if name.endswith(".svg")}
    assert len(pictures) >= 3 and {name.replace(".svg", ".csv") for name in pictures} <= set(files)
    trace, readme = files["TRACE.md"].decode(), files["README.md"].decode()
    assert [int(n) for n in re.findall(r"^## (\d) ", trace, re.MULTILINE)] == list(range(1, 9))
    listed = set(re.findall(r"`([\w./-]+\.\w+)`", readme))
    assert {name for name in files if not name.startswith(("numbers/", "README", "rebuild"))} <= listed
    assert "## 7 Submodels" in files["ODD.md"].decode()
    for path in here.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink() if path.name != f"{kind}.zip" else None
    capsys.readouterr()
    assert main(["bundle", "--check", f"{kind}.zip", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["equal"] and said["kind"] == kind and not said["different"]
    assert said["same"] == len(json.loads(files["numbers/hashes.json"]))
    assert main(["bundle", "--check", f"{kind}.zip"]) == 0
    assert re.search(r"all \d+ arrays and tables are the same to the bit", capsys.readouterr().out)


@pytest.mark.parametrize("kind", PAGES)
def test_what_is_in_a_bundle_says_what_it_came_from(kind: str, here: Path) -> None:
    """What was changed stands in it; no host and no folder of the machine does."""
    import socket

    files = opened(f"{kind}.zip")
    if kind == "comparison":
        rows = {row["parameter"]: row for row in csv.DictReader(io.StringIO(files["parameters-second.csv"].decode()))}
        assert (rows["unrest.spark"]["value"], rows["unrest.spark"]["changed"]) == ("0.1", "1")
        assert "`unrest.spark` = 0.1" in files["TRACE.md"].decode()
    if kind == "claims":
        drawn = list(csv.reader(io.StringIO(files["draws.csv"].decode())))
        assert len(drawn) == 21 and len(set(map(len, drawn))) == 1
        values = np.array(drawn[1:], np.float32)
        assert Draws("prior", values).hash == json.loads(files["made.json"])["parameters_hash"]
    for name, content in files.items():
        if not name.endswith((".npy", ".npz")):
            for word in (str(here), sys.prefix, socket.gethostname(), str(Path.home()) + "/"):
                assert not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", content.decode()), (name, word)


def test_the_same_twice_is_the_same_to_the_byte(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made again in another folder, and bundled again."""
    monkeypatch.chdir(tmp_path)
    furnish(tmp_path)
    for kind in PAGES:
        assert main([*MADE[kind], "--out", kind, "--json"]) == 0
        for name in ("one.zip", "two.zip"):
            assert main(["bundle", kind, "--out", name]) == 0
        assert Path("one.zip").read_bytes() == Path("two.zip").read_bytes() == (shelf / f"{kind}.zip").read_bytes(), kind


@pytest.mark.parametrize("kind", PAGES)
def test_the_command_of_the_readme_makes_the_same(kind: str, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the unpacked folder, with nothing else at hand."""
    files = opened(f"{kind}.zip")
    with zipfile.ZipFile(f"{kind}.zip") as archive:
        archive.extractall("unpacked")
    monkeypatch.chdir("unpacked")
    readme = files["README.md"].decode()
    lines = [line for line in re.findall(r"^hegemon (.*)$", readme, re.MULTILINE) if "--check" not in line]
    assert len(lines) == 1
    argv = shlex.split(lines[0])
    argv = argv if "--out" in argv else [*argv, "--out", "again"]
    assert main(argv) == 0
    assert main(["bundle", "again"]) == 0
    assert opened("again.zip")["numbers/hashes.json"] == files["numbers/hashes.json"]


def test_the_script_in_it_checks_the_unpacked_folder(here: Path) -> None:
    import runpy

    with zipfile.ZipFile("claims.zip") as archive:
        archive.extractall("unpacked")
    with pytest.raises(SystemExit) as ended:
        runpy.run_path("unpacked/rebuild.py")
    assert ended.value.code == 0


# ---- Somebody changed something, or it was another machine ----


def rewritten(name: str, **parts: bytes) -> str:
    """A bundle with other contents, written as other.zip; "_" in a name stands for "." or "/"."""
    files = opened(name)
    named = {key: next(n for n in files if re.sub(r"[./-]", "_", n) == key) for key in parts}
    Path("other.zip").write_bytes(zipped({**files, **{named[key]: content for key, content in parts.items()}}))
    return "other.zip"


SAMPLE = {"comparison": "autonomy_difference", "claims": "T.1", "room": "main", "sweep": "outcomes"}


@pytest.mark.parametrize("kind", PAGES)
def test_a_changed_number_is_found(kind: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hashes = json.loads(opened(f"{kind}.zip")["numbers/hashes.json"])
    wrong = json.dumps({**hashes, SAMPLE[kind]: "0" * 64}).encode()
    capsys.readouterr()
    assert main(["bundle", "--check", rewritten(f"{kind}.zip", numbers_hashes_json=wrong)]) == 1
    assert f"Does not agree, though version and platform are the same: {SAMPLE[kind]}." in capsys.readouterr().out


def shifted(kind: str, files: dict[str, bytes], by: float) -> bytes:
    """The sample of a kind's numbers, its means moved by so many standard errors of a difference."""
    sample = files[f"numbers/{SAMPLE[kind]}{'.npy' if kind in ('comparison', 'sweep') else '.json'}"]
    if kind == "comparison":
        sd = numbers.loaded(files["numbers/autonomy_sd.npy"])
        return numbers.stored(numbers.loaded(sample) + by * (sd + 1e-9) * np.sqrt(2.0 / 40))
    if kind == "sweep":
        values = numbers.loaded(sample).astype(float)
        error = values.mean(0).std(0, ddof=1) / np.sqrt(values.shape[1])
        return numbers.stored(values + by * np.sqrt(2.0) * error)
    found = json.loads(sample)
    if kind == "claims":
        found["under"]["probability"] -= by * np.sqrt(2.0) * found["under"]["error"]
    else:
        row = found["now"]["in_a_year"]["crisis"]
        row["mean"] += by * np.sqrt(2.0) * (row["high"] - row["low"]) / 3.2897 / np.sqrt(6)
    return json.dumps(found).encode()


@pytest.mark.parametrize("kind", PAGES)
def test_another_machine_needs_to_agree_only_within_luck(
    kind: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Made elsewhere, by its own word: other bits hold where means agree, and do not where they are far off."""
    files = opened(f"{kind}.zip")
    made = json.dumps({**json.loads(files["made.json"]), "platform": "a machine of another kind"}).encode()
    hashes = json.dumps({**json.loads(files["numbers/hashes.json"]), SAMPLE[kind]: "0" * 64}).encode()
    name = re.sub(r"[./-]", "_", next(n for n in files if n.startswith(f"numbers/{SAMPLE[kind]}.")))
    for by, code in ((0.5, 0), (9.0, 1)):
        other = rewritten(f"{kind}.zip", made_json=made, numbers_hashes_json=hashes, **{name: shifted(kind, files, by)})
        capsys.readouterr()
        assert main(["bundle", "--check", other]) == code, by
        said = capsys.readouterr().out
        assert "Made with platform a machine of another kind; this is cpu" in said
        assert ("Agrees" in said) == (code == 0)


def test_what_is_built_in_and_another_here_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = opened("room.zip")
    built_in = {"record post-soviet": "1" * 64, "posterior nothing": "2" * 64}
    made = json.dumps({**json.loads(files["made.json"]), "built_in": built_in}).encode()
    hashes = json.dumps({**json.loads(files["numbers/hashes.json"]), "main": "0" * 64}).encode()
    capsys.readouterr()
    assert main(["bundle", "--check", rewritten("room.zip", made_json=made, numbers_hashes_json=hashes)]) == 0
    said = capsys.readouterr().out
    assert "Made with record post-soviet 111111111111; this is " in said
    assert "Made with posterior nothing 222222222222; this is not there." in said


def test_changed_files_are_told_in_one_sentence(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger, order = opened("claims.zip")["ledger.toml"], opened("sweep.zip")["scenario.toml"]
    table = opened("comparison.zip")["parameters-second.csv"]
    cases = {
        ("claims.zip", "ledger_toml", ledger.replace(b'"positive"', b'"negative"')): "Somebody changed ledger.toml.",
        ("claims.zip", "ledger_toml", b"x ="): "is damaged",
        ("sweep.zip", "scenario_toml", order.replace(b"hold = 0.6", b"hold = 0.5", 1)): "somebody changed a file",
        ("comparison.zip", "parameters_second_csv", table.replace(b"unrest.spark,0.1", b"unrest.spark,0.05")): "somebody changed",
        ("room.zip", "made_json", b'{"bundle": 1, "kind": "room"}'): "is damaged. KeyError",
        ("room.zip", "made_json", b'{"bundle": 1, "kind": "atlas"}'): "is damaged. KeyError: 'atlas'",
    }  # fmt: skip
    for (name, part, content), sentence in cases.items():
        assert content != opened(name).get(part.replace("_", "."))
        assert sentence in told(["bundle", "--check", rewritten(name, **{part: content})], capsys), (name, part)


# ---- What only some results have ----


VARIANTS = {
    "morris": ["--design", "morris", "--sets", "8", "--over", "red_line"],
    "mechanisms": ["--by", "mechanism", "--sets", "64", "--over", "red_line,unrest"],
    "latin": ["--design", "latin", "--sets", "120", "--most", "3", "--over", "red_line", "--when", "autonomy@ANA > 0.5"],
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_design_is_read_back_and_rebuilt(variant: str, here: Path) -> None:
    argv = ["sweep", "toy.toml", "-m", "autonomy@ANA", "--runs-per-set", "4", "--seed", "5", *VARIANTS[variant]]
    assert main([*argv, "--out", "s", "--json"]) == 0
    written = Path("s/sweep.html").read_text("utf-8")
    assert main(["report", "s"]) == 0
    assert Path("s/sweep.html").read_text("utf-8") == written
    assert main(["bundle", "s"]) == 0
    assert main(["bundle", "--check", "s.zip"]) == 0


def test_orders_that_no_command_line_can_say_are_said_in_python(toy: Order, here: Path) -> None:
    """As the explorer compares them: the first is a changed one."""
    from hegemon.cli.compare import write
    from hegemon.cli.run import order_info
    from hegemon.report.comparison_page import told as said

    first = toy.with_parameters({"pact.vote": 2.7}).without("learning")
    found = hegemon.compare(first, toy, runs=24, seed=2)
    write(Path("c"), found, said(first, toy, found, toy.quarters[-1], order_info(toy)))
    assert main(["bundle", "c"]) == 0
    assert main(["bundle", "--check", "c.zip"]) == 0
    readme = opened("c.zip")["README.md"].decode()
    script = re.search(r"^```python\n(.*?)\n```$", readme, re.MULTILINE | re.DOTALL)
    assert script
    for name in ("first.toml", "second.toml"):
        Path(name).write_bytes(opened("c.zip")[name])
    *lines, last = script[1].splitlines()
    scope: dict[str, Any] = {}
    exec("\n".join([*lines, f"again = {last}"]), scope)
    np.testing.assert_array_equal(scope["again"].summary["fear_difference"], found.summary["fear_difference"])


def test_claims_over_a_posterior_bring_it_along(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And say so where it is not there any more, or another."""
    from importlib import resources

    text = LEDGER.partition("[[claim]]")[0].replace("toy.toml", "kazakhstan-alone").replace("= 8", "= 2") + (
        '[[claim]]\nid = "K"\nclaim = "Force is feared."\nwhy = "Asked."\nestimand = [{ what = "Fear", measure = "fear", '
        'who = "KAZ", b = { scenario = "kazakhstan-2022" }, sign = "positive" }]\n'
    )
    Path("k.toml").write_text(text, encoding="utf-8")
    Path("fit.npz").write_bytes(resources.files("hegemon.posteriors").joinpath("post-soviet.npz").read_bytes())
    assert main(["claims", "k.toml", "--posterior", "fit.npz", "--draws", "20", "--quick", "--out", "k", "--json"]) == 0
    assert main(["bundle", "k"]) == 0
    files = opened("k.zip")
    assert files["posterior.npz"] == Path("fit.npz").read_bytes()
    assert json.loads(files["made.json"])["posterior"]["name"] == "fit.npz"
    assert "scenarios/kazakhstan-2022.toml" in files
    assert "20 draws of a posterior learned by" in files["TRACE.md"].decode()
    Path("fit.npz").unlink()
    assert main(["bundle", "--check", "k.zip"]) == 0
    assert "Bundle them where they were judged." in told(["bundle", "k"], capsys)
    other = np.load(io.BytesIO(files["posterior.npz"]))
    np.savez(Path("fit.npz"), **{name: other[name] * 0.99 if name == "values" else other[name] for name in other.files})
    assert "is not the one that the claims were judged over" in told(["bundle", "k"], capsys)


def test_a_room_keeps_the_users_own_ties(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A table given by its path is in the folder and in the bundle, and the number rebuilt from it."""
    from hegemon.evidence import orientation

    orientation().to_csv("mine.csv", index=False)
    argv = ["room", "KAZ", "--at", "2010Q1", "--since", "2009Q1", "--draws", "4", "--orientation-grid", "4"]
    assert main([*argv, "--ties", "mine.csv", "--out", "k", "--json"]) == 0
    assert main(["bundle", "k"]) == 0
    files = opened("k.zip")
    assert files["ties.csv"] == Path("mine.csv").read_bytes()
    assert "--ties ties.csv" in files["README.md"].decode()
    made = json.loads(files["made.json"])
    assert set(made["built_in"]) == {"posterior post-soviet", "record post-soviet"}
    Path("mine.csv").unlink()
    assert main(["bundle", "--check", "k.zip"]) == 0
    Path("k/ties.csv").unlink()
    assert 'does not hold the table "mine.csv" it was made with' in told(["bundle", "k"], capsys)
