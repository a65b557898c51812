"""What users get wrong in a crisis file: how it is made from a good one, and the words the sentence must hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

HEADER = (
    "crisis_id,patron,state,start,end,name,kind,severity,incumbent_before,incumbent_survived,orientation_after,"
    "host_request,response_primary,responses_secondary,legal_frame,partners,troops_patron,rival_response,note"
)
ROWS = (
    "geo-1992,RUS,GEO,1992-08-14,1993-09-30,War in Abkhazia,secession,3,balanced,1,pro_patron,none,separatism_support,"
    "mediate,none,,,,",
    'geo-2003,RUS,GEO,2003-11-02,2003-11-23,Rose Revolution,uprising,3,balanced,0,pro_rival,asked,mediate,,none,,,'
    'diplomatic,"The incumbent asked, and left"',
    "kgz-2010,RUS,KGZ,2010-06-10,2010-06-15,Osh violence,uprising,3,pro_patron,1,pro_patron,asked_refused,abstain,,none"
    ",,,,",
    "ukr-2014,RUS,UKR,2014-02-27,2014-03-26,Seizure of Crimea,secession,3,pro_rival,1,pro_rival,none,unilateral_force,"
    "separatism_support,self_declared,,20000,sanctions,",
    "kaz-2022,RUS,KAZ,2022-01-02,2022-01-19,January unrest,uprising,3,balanced,1,balanced,asked,collective_force,,"
    "pact_mandate,ARM;BLR;KGZ;TJK,1500,diplomatic,",
)  # fmt: skip
GOOD = "\n".join((HEADER, *ROWS)) + "\n"
"""Five crises in four states; Georgia's stand in rows 2 and 3, Kazakhstan's in row 6."""

File = str | bytes
Make = Callable[[Path], object]


def swap(old: str, new: str, times: int = 1) -> str:
    """The good file with something else in place of `old`."""
    assert old in GOOD, old
    return GOOD.replace(old, new, times)


def cell(row: int, column: str, value: str) -> str:
    """The good file with another cell. Rows are a spreadsheet's."""
    lines = GOOD.splitlines()
    cells = lines[row - 1].split(",")
    assert '"' not in lines[row - 1]
    cells[HEADER.split(",").index(column)] = value
    lines[row - 1] = ",".join(cells)
    return "\n".join(lines) + "\n"


def without(column: str) -> str:
    """The good file less a column (and less the row with quotes)."""
    at = HEADER.split(",").index(column)
    lines = [line.split(",") for line in GOOD.splitlines() if '"' not in line]
    return "\n".join(",".join(cells[:at] + cells[at + 1 :]) for cells in lines)


def more(line: str) -> str:
    return GOOD + line + "\n"


FILES: dict[str, tuple[File, str]] = {
    # codes
    "unknown kind": (cell(2, "kind", "rebellion"), '"rebellion" (mine.csv, row 2, column kind). Known: uprising, coup'),
    "misspelt kind": (cell(2, "kind", "seccession"), '(mine.csv, row 2, column kind). Did you mean "secession"?'),
    "capital kind": (
        cell(6, "kind", "Uprising"),
        '"Uprising" (mine.csv, row 6, column kind). Did you mean "uprising"?',
    ),
    "the model's kind": (cell(2, "kind", "rival_turn"), '"rival_turn" (mine.csv, row 2, column kind). Known: '),
    "unknown instrument": (
        cell(4, "response_primary", "bombing"),
        '"bombing" (mine.csv, row 4, column response_primary). Known: abstain, mediate',
    ),
    "misspelt instrument": (
        cell(6, "response_primary", "colective_force"),
        '"colective_force" (mine.csv, row 6, column response_primary). Did you mean "collective_force"?',
    ),
    "misspelt secondary": (
        cell(5, "responses_secondary", "mediate;seperatism_support"),
        '"seperatism_support" (mine.csv, row 5, column responses_secondary). Did you mean "separatism_support"?',
    ),
    "unknown line": (
        cell(2, "orientation_after", "pro_west"),
        '"pro_west" (mine.csv, row 2, column orientation_after). Known: pro_patron, balanced, pro_rival.',
    ),
    "unknown line before": (
        cell(2, "incumbent_before", "pro_russian"),
        '"pro_russian" (mine.csv, row 2, column incumbent_before). Did you mean "pro_rival"?',
    ),
    "request as yes": (
        cell(4, "host_request", "yes"),
        '"yes" (mine.csv, row 4, column host_request). Known: none, asked',
    ),
    "unknown frame": (
        cell(6, "legal_frame", "pact_mandated"),
        '"pact_mandated" (mine.csv, row 6, column legal_frame). Did you mean "pact_mandate"?',
    ),
    "survived twice": (
        cell(2, "incumbent_survived", "2"),
        '"2" (mine.csv, row 2, column incumbent_survived). Known: 0, 1.',
    ),
    "survived in words": (cell(2, "incumbent_survived", "yes"), "column incumbent_survived). Known: 0, 1."),
    "severity four": (cell(2, "severity", "4"), '"4" (mine.csv, row 2, column severity). Known: 1, 2, 3.'),
    "severity in words": (cell(2, "severity", "high"), '"high" (mine.csv, row 2, column severity). Known: 1, 2, 3.'),
    "severity with a decimal comma": (
        cell(2, "severity", '"2,5"'),
        '"2,5" (mine.csv, row 2, column severity). Known: 1, 2, 3.',
    ),
    # cells left empty
    "no severity": (
        cell(2, "severity", ""),
        "nothing is written (mine.csv, row 2, column severity). This column must not be empty. Known: 1, 2, 3.",
    ),
    "no line before": (
        cell(2, "incumbent_before", ""),
        "nothing is written (mine.csv, row 2, column incumbent_before)",
    ),
    "no name": (cell(4, "name", "  "), "nothing is written (mine.csv, row 4, column name). This column must not be"),
    "no id": (cell(4, "crisis_id", ""), "nothing is written (mine.csv, row 4, column crisis_id)"),
    "no state": (cell(4, "state", ""), "nothing is written (mine.csv, row 4, column state)"),
    # columns
    "misspelt column": (
        swap("severity", "severty"),
        '"severty" is no column of the codebook (mine.csv, row 1). Did you mean "severity"?',
    ),
    "capital column": (swap("severity", "Severity"), '(mine.csv, row 1). Did you mean "severity"?'),
    "own column": (
        swap(",note", ",remarks_by_ann"),
        '"remarks_by_ann" is no column of the codebook (mine.csv, row 1).',
    ),
    "column without a name": (swap(",note", ","), "column 19 has no name (mine.csv, row 1). Name it"),
    "missing column": (without("kind"), "column kind is missing (mine.csv, row 1). Add it; codebook.md"),
    "missing severity": (without("severity"), "column severity is missing (mine.csv, row 1). Add it; codebook.md"),
    "missing line": (without("incumbent_before"), "column incumbent_before is missing (mine.csv, row 1)."),
    "doubled column": (swap(",end,", ",start,"), "column start is given twice (mine.csv, row 1). Keep one of them."),
    "no header": (GOOD.split("\n", 1)[1], '"geo-1992" is no column of the codebook (mine.csv, row 1).'),
    # second edition
    "side of nobody": (
        "\n".join(f"{line},{end}" for line, end in zip(GOOD.splitlines(), ("side", "with", "", "", "", ""), strict=True)),
        '"with" (mine.csv, row 2, column side). Known: for, against, both, none.',
    ),
    "side of words": (
        "\n".join(f"{line},{end}" for line, end in zip(GOOD.splitlines(), ("side", "", "", "for", "", ""), strict=True)),
        'side = for for abstain (mine.csv, row 4, column side). Words are no act (codebook, rule 1); write "none"',
    ),
    "force without a deployment": (
        "\n".join(f"{line},{n}" for line, n in zip(GOOD.splitlines(), ("force_size", 0, 0, 2, 3, 2), strict=True)),
        "force_size = 2 for abstain (mine.csv, row 4, column force_size). Nobody was sent; write 0",
    ),
    "force in persons": (
        "\n".join(f"{line},{n}" for line, n in zip(GOOD.splitlines(), ("force_size", 0, 0, 0, 20000, 2), strict=True)),
        '"20000" (mine.csv, row 5, column force_size). Known: 0, 1, 2, 3.',
    ),
    "coder in a record": (
        "\n".join(f"{line},{who}" for line, who in zip(GOOD.splitlines(), ("coder", *"11111"), strict=True)),
        '"coder" is no column of the codebook (mine.csv, row 1).',
    ),
    # names
    "doubled crisis": (
        cell(4, "crisis_id", "geo-1992"),
        'crisis_id "geo-1992" is given twice (mine.csv, row 4). It names row 2 too.',
    ),
    "id in words": (
        cell(4, "crisis_id", "Osh 2010"),
        '"Osh 2010" (mine.csv, row 4, column crisis_id). Write letters, digits and hyphens only',
    ),
    "wrong country code": (
        cell(6, "state", "KAS"),
        '"KAS" is no state\'s code (mine.csv, row 6, column state). Did you mean',
    ),
    "country's name": (cell(6, "state", "Kazakhstan"), '"Kazakhstan" (mine.csv, row 6, column state). Write the three'),
    "lower case": (
        cell(6, "state", "kaz"),
        '"kaz" (mine.csv, row 6, column state). Write the three capital letters of',
    ),
    "two letters": (cell(6, "state", "KZ"), '"KZ" (mine.csv, row 6, column state). Write the three capital letters of'),
    "partner's name": (
        cell(6, "partners", "ARM;Belarus"),
        '"Belarus" (mine.csv, row 6, column partners). Write the three capital letters of ISO 3166',
    ),
    "partner twice": (cell(6, "partners", "ARM;BLR;ARM"), '"ARM" is listed twice (mine.csv, row 6, column partners).'),
    "helped itself": (
        cell(6, "partners", "ARM;KAZ"),
        'partners = "KAZ" (mine.csv, row 6, column partners). It is the state in crisis',
    ),
    "patron itself": (
        cell(4, "state", "RUS"),
        'state = "RUS" (mine.csv, row 4, column state). It is the patron itself; the record holds crises of its',
    ),
    # dates
    "thirteenth month": (
        cell(2, "start", "1992-13"),
        '"1992-13" is no date (mine.csv, row 2, column start). Write YYYY-MM-DD, or YYYY-MM',
    ),
    "day that is not": (cell(6, "end", "2022-02-30"), '"2022-02-30" is no date (mine.csv, row 6, column end). Write'),
    "two-digit year": (cell(6, "start", "22-01-01"), '"22-01-01" is no date (mine.csv, row 6, column start). Write'),
    "year of our lord 22": (cell(6, "start", "0022-01-01"), "column start). Write a year from 1800 to 2100."),
    "slashes": (
        cell(6, "start", "2022/01/01"),
        '"2022/01/01" is no date (mine.csv, row 6, column start). Write YYYY-MM-DD, as in 2014-02-27, and keep the',
    ),
    "spreadsheet's date": (cell(6, "start", "1/2/2022"), "and keep the spreadsheet from changing it: format as text."),
    "soon": (cell(6, "start", "soon"), '"soon" is no date (mine.csv, row 6, column start). Write YYYY-MM-DD'),
    "quarter for a date": (cell(6, "start", "2022Q1"), '"2022Q1" is no date (mine.csv, row 6, column start). Write'),
    "end before start": (
        cell(6, "end", "2021-12-31"),
        'end = "2021-12-31" (mine.csv, row 6, column end). It lies before start, 2022-01-02.',
    ),
    # numbers
    "negative troops": (
        cell(6, "troops_patron", "-1500"),
        '"-1500" (mine.csv, row 6, column troops_patron). Write a whole number, or leave it empty where unknown.',
    ),
    "troops in words": (
        cell(6, "troops_patron", "many"),
        '"many" (mine.csv, row 6, column troops_patron). Write a whole',
    ),
    "troops with a comma": (
        cell(6, "troops_patron", '"1,500"'),
        "column troops_patron). Write a whole number, as in 1500,",
    ),
    "troops with decimals": (
        cell(6, "troops_patron", "1500.0"),
        "column troops_patron). Write a whole number, as in 1500,",
    ),
    "endless troops": (
        cell(6, "troops_patron", "9" * 30),
        "(mine.csv, row 6, column troops_patron). Write a whole number",
    ),
    # cells that contradict one another
    "mandate without a deployment": (
        cell(4, "legal_frame", "pact_mandate"),
        "legal_frame = pact_mandate for abstain (mine.csv, row 4, column legal_frame). It covers a deployment",
    ),
    "primary and secondary": (
        cell(5, "responses_secondary", "unilateral_force"),
        'responses_secondary = "unilateral_force" (mine.csv, row 5, column responses_secondary). It is the primary one',
    ),
    "none and something": (cell(5, "rival_response", "none;sanctions"), 'column rival_response). Write "none" alone'),
    # the file as a whole
    "too many fields": (
        more("a,b,c"),
        "3 fields where the header has 19 (mine.csv, row 7). Quote fields that hold a comma.",
    ),
    "unquoted comma": (
        swap("War in Abkhazia", "War, in Abkhazia"),
        "20 fields where the header has 19 (mine.csv, row 2). Quote fields that hold a comma.",
    ),
    "after a blank row": (
        GOOD.replace("\nkaz-2022", "\n\nkaz-2022").replace("January unrest,uprising", "January unrest,riot"),
        '"riot" (mine.csv, row 7, column kind). Known: ',
    ),
    "semicolons": (
        GOOD.replace(",", ";"),
        "mine.csv is separated by semicolons (mine.csv, row 1). Save it separated by commas.",
    ),
    "tabs": (GOOD.replace(",", "\t"), "mine.csv is separated by tabs (mine.csv, row 1). Save it separated by commas."),
    "open quote": (
        swap("Seizure of Crimea", '"Seizure of Crimea'),
        "mine.csv is no CSV file (row 5). A quote is opened there and never closed; close it",
    ),
    "open quote, closed later": (
        swap("War in Abkhazia", '"War in Abkhazia'),
        "mine.csv is no CSV file (row 2). Text follows a closing quote there",
    ),
    "quote within": (swap("January unrest", '"The "January" unrest"'), "(row 6). Text follows a closing quote there"),
    "line end within": (
        swap("January unrest", '"January\nunrest"'),
        "(mine.csv, row 6, column name). A line ends within",
    ),
    "huge cell": (cell(6, "name", "x" * 200_000), "mine.csv is no CSV file (row 6). A cell holds more than 131,072"),
    "long name": (cell(6, "name", "x" * 5_000), "5,000 characters, from "),
    "terminal tricks": (
        cell(6, "name", "\x1b[2J"),
        '"\\u001b[2J" (mine.csv, row 6, column name). It holds an invisible character; type the cell anew.',
    ),
    "text that turns round": (cell(6, "name", "abc\u202edef"), "(mine.csv, row 6, column name). It holds an invisible"),
    "not UTF-8": (
        GOOD.encode().replace(b"January", b"Janv\xe9r"),
        'cannot read "mine.csv" (line 6). It is not UTF-8 text; save it as UTF-8.',
    ),
    "UTF-16": (GOOD.encode("utf-16"), 'cannot read "mine.csv" (line 1). It is not UTF-8 text; save it as UTF-8.'),
    "zero bytes": (
        GOOD.replace("January", "Jan\0uary"),
        "mine.csv is no text file (line 6). It holds zero bytes; save",
    ),
    "binary": (b"PK\x03\x04" + bytes(range(256)) * 8, 'cannot read "mine.csv"'),
    "empty": ("", "mine.csv has no rows. Give a header, then one row per crisis; see codebook.md."),
    "blank": ("\n \n,,\n", "mine.csv has no rows. Give a header, then one row per crisis; see codebook.md."),
    "header only": (HEADER + "\n", "mine.csv has no rows. Give a header, then one row per crisis; see codebook.md."),
    "prose": ("Russia went into Kazakhstan.\n", '"Russia went into Kazakhstan." is no column of the codebook'),
}

PATHS: dict[str, tuple[Make, str, str]] = {
    "folder": (
        lambda here: (here / "mine.csv").mkdir(),
        "mine.csv",
        'cannot read "mine.csv". It is a folder; name the',
    ),
    "missing": (
        lambda here: (here / "crises.csv").write_text(GOOD),
        "crisis.csv",
        'there is no file "crisis.csv". Did you mean "crises.csv"? Built in, by name: post-soviet',
    ),
    "another ending": (
        lambda here: (here / "mine.txt").write_text(GOOD),
        "mine.txt",
        'no history is called "mine.txt". Known: post-soviet',
    ),
    "too large": (
        lambda here: (here / "mine.csv").write_bytes(b"\n" * 20_000_001),
        "mine.csv",
        'cannot read "mine.csv". It is larger than 20000 kB',
    ),
}
"""How to make what is no file, how it is named, and the words."""

MISFITS: dict[str, tuple[str, str]] = {
    "stranger": (
        cell(4, "state", "POL"),
        '"POL" is no neighbour in post-soviet (mine.csv, row 4, column state). ',
    ),
    "another patron": (
        cell(4, "patron", "USA"),
        'patron = "USA" (mine.csv, row 4, column patron). The patron of post-soviet is RUS; replay the file through',
    ),
    "patron without its column": (
        without("patron").replace(",KGZ,", ",RUS,", 1),
        'state = "RUS" (mine.csv, row 3, column state). It is the patron of post-soviet; the record holds',
    ),
    "too early": (
        cell(2, "start", "1991-08-19"),
        'start = "1991-08-19" is 1991Q3 (mine.csv, row 2, column start). post-soviet runs from 1992Q1 to',
    ),
    "too late": (
        more(ROWS[4].replace("2022-01", "2024-01").replace("kaz-2022", "kaz-2024")),
        'start = "2024-01-02" is 2024Q1 (mine.csv, row 7, column start). post-soviet runs from 1992Q1 to 2022Q1: leave',
    ),
    "no member": (
        cell(5, "state", "LVA").replace("unilateral_force", "collective_force")
        .replace("self_declared", "pact_mandate").replace("pro_rival,none,collective", "pro_rival,asked,collective"),
        "(mine.csv, row 5, column response_primary). Latvia was no member of the pact. Feasible: abstain",
    ),
    "no mandate": (
        cell(6, "legal_frame", "un_mandate"),
        "(mine.csv, row 6, column legal_frame). The pact must have agreed: write pact_mandate, or another response.",
    ),
}  # fmt: skip
"""Good files that do not fit the post-Soviet order."""

ACCEPTED: dict[str, File] = {
    "as it is": GOOD,
    "byte order mark": b"\xef\xbb\xbf" + GOOD.encode(),
    "CRLF": GOOD.replace("\n", "\r\n"),
    "no last line end": GOOD.rstrip("\n"),
    "trailing blanks": GOOD.replace("uprising,", "uprising  ,").replace("crisis_id,", " crisis_id ,"),
    "blanks in lists": GOOD.replace("ARM;BLR;KGZ", "ARM; BLR ; KGZ"),
    "a crowd in the last quarter": GOOD + "".join(ROWS[4].replace("kaz-2022", f"kaz-2022-{n}") + "\n" for n in range(3)),
    "blank rows": GOOD.replace("\nkaz", "\n\n,,,\nkaz") + "\n\n",
    "a misfit": cell(4, "response_primary", "peacekeeping"),
    "a request in a dispute": cell(4, "kind", "bargaining_dispute"),
    "help unbidden": cell(6, "host_request", "none"),
    "everything quoted": "\n".join(
        ",".join(f'"{c}"' for c in line.split(",")) for line in GOOD.splitlines() if '"' not in line
    ),
    "a name in Cyrillic": GOOD.replace("January unrest", "Қаңтар оқиғасы"),
    "markup": GOOD.replace("January unrest", "[bold]January[/] <b>unrest</b>"),
}
"""Files that are as good as any other: unusual text, and answers that are rare but possible."""
