"""What users get wrong, and the sentence each mistake is told with."""

from __future__ import annotations

BASE = 'extends = "post-soviet"\n'


def force(quarter: str = "2014Q1", state: str = "UKR", crisis: str = "uprising", **more: str) -> str:
    """A scenario that forces one event; each key stands on its own line, the first (quarter) on line 3."""
    keys = {"quarter": f'"{quarter}"', "state": f'"{state}"', "crisis": f'"{crisis}"', **more}
    return BASE + "[[force]]\n" + "\n".join(f"{key} = {value}" for key, value in keys.items())


def spells(*spans: tuple[str, str, str]) -> str:
    """A scenario with other spells of membership."""
    text = BASE
    for state, begin, end in spans:
        text += f'[[pact.membership]]\nstate = "{state}"\nfrom = "{begin}"\n' + (f'to = "{end}"\n' if end else "")
    return text


def poles(*rows: str) -> str:
    return BASE + "".join(f"[[poles]]\nattention = 0.1\n{row}\n" for row in rows)


FILES = {
    # text that is no TOML
    "open string": (BASE + 'title = "x', "not valid TOML (mine.toml"),
    "key without value": (BASE + "title =\n", "not valid TOML (mine.toml, line 2). "),
    "key twice": (
        BASE + 'title = "a"\ntitle = "b"\n',
        "not valid TOML (mine.toml, line 3). Cannot overwrite a value",
    ),
    "table twice": (BASE + "[pact]\n[pact]\n", "not valid TOML (mine.toml, line 3). Cannot declare"),
    "prose": ("What if Russia had gone in alone?\n", "not valid TOML (mine.toml, line 1). "),
    "deep nesting": ("a = " + "[" * 50_000, "mine.toml is nested too deeply."),
    "endless number": ("a = " + "9" * 6_000, "A number has too many digits."),
    # keys
    "nothing": ("", "format is missing (mine.toml). Add it: the version of this format, 1."),
    "unknown key": (
        BASE + 'quesion = "?"\n',
        'quesion is no key of the format (mine.toml, line 2). Did you mean "question"?',
    ),
    "unknown table": (
        BASE + "[pct]\nrule = 1\n",
        'pct is no key of the format (mine.toml, line 2). Did you mean "pact"?',
    ),
    "unknown figure": (
        BASE + "[states.KAZ]\nholdd = 0.5\n",
        'states.KAZ.holdd is no key of the format (mine.toml, line 3). Did you mean "hold"?',
    ),
    "unknown force key": (
        force(instrment='"mediate"'),
        'force 1: instrment is no key of the format (mine.toml, line 6). Did you mean "instrument"?',
    ),
    "later format": (BASE + "format = 2\n", "format = 2 (mine.toml, line 2). This version reads format = 1."),
    "format true": (
        BASE + "format = true\n",
        "format = true (mine.toml, line 2). It must be a whole number.",
    ),
    # types
    "number as text": (
        BASE + '[states.KAZ]\nhold = "0.5"\n',
        'states.KAZ.hold = "0.5" (mine.toml, line 3). It must be a number.',
    ),
    "true as number": (
        BASE + "[states.KAZ]\nhold = true\n",
        "states.KAZ.hold = true (mine.toml, line 3). It must be a number.",
    ),
    "table as value": (BASE + "states = 1\n", "states = 1 (mine.toml, line 2). It must be a table."),
    "word for a list": (
        BASE + 'without = "pact"\n',
        'without = "pact" (mine.toml, line 2). It must be a list, in [ ].',
    ),
    "date for a quarter": (
        BASE + "start = 1992-01-01\n",
        "start = 1992-01-01 (mine.toml, line 2). It must be text in quotes.",
    ),
    "extends a number": (
        "extends = 1\n",
        "extends = 1 (mine.toml, line 1). It must be the name of a scenario",
    ),
    "empty question": (
        BASE + 'question = " "\n',
        'question = " " (mine.toml, line 2). It must not be empty.',
    ),
    "terminal tricks": (
        BASE + 'title = "\\u001b[2J"\n',
        'title = "\\u001b[2J" (mine.toml, line 2). It must not hold control characters.',
    ),
    # ranges
    "too high": (
        BASE + "[states.KAZ]\nhold = 1.4\n",
        "states.KAZ.hold = 1.4 (mine.toml, line 3). It must lie between 0 and 1.",
    ),
    "too low": (
        BASE + "[states.KAZ]\ndeployment = -1\n",
        "states.KAZ.deployment = -1 (mine.toml, line 3). It must lie between 0 and 2.",
    ),
    "not a number": (
        BASE + "[states.KAZ]\nhold = nan\n",
        "states.KAZ.hold = nan (mine.toml, line 3). It must be a finite number.",
    ),
    "infinite": (
        BASE + "[doctrine]\nstart = inf\n",
        "doctrine.start = inf (mine.toml, line 3). It must be a finite",
    ),
    "no capacity": (
        BASE + "[capacity.path]\n1998 = 0\n",
        "capacity.path.1998 = 0 (mine.toml, line 3). It must lie between 0 (not included) and 5.",
    ),
    "no year": (
        BASE + "[growth.path]\nlate = 0.1\n",
        'growth.path: "late" is no year (mine.toml, line 3). Years have four digits, as in 1992 = 1.0.',
    ),
    "no such code": (
        BASE + "[states.KAZ]\ncow = 0\n",
        "states.KAZ.cow = 0 (mine.toml, line 3). It must lie between 1 and 999.",
    ),
    # clock
    "odd quarter": (
        BASE + 'end = "2022-Q1"\n',
        'end = "2022-Q1" (mine.toml, line 2). Did you mean "2022Q1"?',
    ),
    "fifth quarter": (
        BASE + 'end = "2022Q5"\n',
        'end = "2022Q5" (mine.toml, line 2). Write year, Q and 1 to 4',
    ),
    "month": (
        BASE + 'record = "2021-12"\n',
        'record = "2021-12" (mine.toml, line 2). Did you mean "2021Q4"?',
    ),
    "end before start": (
        BASE + 'end = "1991Q4"\n',
        'end = "1991Q4" (mine.toml, line 2). It must lie after start, 1992Q1.',
    ),
    "endless": (BASE + 'end = "2922Q1"\n', "A scenario spans at most 400; check the years."),
    "capacity too late": (
        BASE + 'start = "1990Q1"\n',
        "capacity.path begins in 1992 (post-soviet.toml, line ",
    ),
    "record outside": (
        BASE + 'record = "1991Q1"\n',
        'record = "1991Q1" (mine.toml, line 2). It must lie from start to end, 1992Q1 to 2022Q1.',
    ),
    "record too late": (
        BASE + 'end = "2026Q1"\nrecord = "2025Q4"\n',
        'record = "2025Q4" (mine.toml, line 3). The history post-soviet ends in 2022Q1.',
    ),
    "no history": (
        BASE + 'history = "post-sovjet"\n',
        'history "post-sovjet" is unknown (mine.toml, line 2). Did you mean "post-soviet"?',
    ),
    "no map": (
        BASE + 'region = "postsoviet"\n',
        'region "postsoviet" is unknown (mine.toml, line 2). Did you mean "post-soviet"?',
    ),
    # names, shares, pairs
    "lower case state": (
        BASE + "[states.kaz]\nhold = 0.5\n",
        "states.kaz is no state's code (mine.toml, line 2). Write the three capital letters of ISO 3166",
    ),
    "misspelt state": (BASE + "[states.KZA]\nhold = 0.5\n", "check the code."),
    "patron as neighbour": (BASE + '[patron]\niso3 = "KAZ"\n', "KAZ is the patron and a neighbour"),
    "name twice": (
        BASE + '[states.KAZ]\nname = "Armenia"\n',
        'KAZ and ARM are both named "Armenia" (mine.toml, line 3)',
    ),
    "number twice": (
        BASE + "[states.KAZ]\ncow = 371\n",
        "KAZ and ARM both have cow = 371 (mine.toml, line 3)",
    ),
    "shares": (
        BASE + "[states.KAZ.orientation]\nrussia = 0.9\n",
        "states.KAZ.orientation sums to 1.08 (mine.toml, line 2). Shares of all poles must sum to 1.",
    ),
    "unknown pole": (
        BASE + "[states.KAZ.elite]\nwset = 0.2\n",
        'states.KAZ.elite: pole "wset" is unknown (mine.toml, line 3). Did you mean "west"?',
    ),
    "no poles": (BASE + "poles = []\n", "no pole is given (mine.toml, line 2). "),
    "two blocs": (
        poles(
            'id = "russia"\nname = "R"',
            'id = "west"\nname = "W"\nbloc = true',
            'id = "china"\nname = "C"\nbloc = true',
        ),
        "2 poles (west, china) have bloc = true",
    ),
    "patron as bloc": (
        poles('id = "russia"\nname = "R"\nbloc = true', 'id = "west"\nname = "W"'),
        'the patron\'s pole "russia" has bloc = true',
    ),
    "pole twice": (
        poles('id = "russia"\nname = "R"', 'id = "russia"\nname = "W"'),
        'pole "russia" is given twice',
    ),
    "pair twice": (
        BASE + "[proximity.KAZ]\nARM = 0.5\n",
        "proximity.KAZ.ARM gives the pair a second time (mine.toml, line 3). It stands in proximity.ARM.KAZ",
    ),
    "pair with itself": (BASE + "[rivalry.KAZ]\nKAZ = 0.5\n", "rivalry.KAZ.KAZ pairs a state with itself"),
    "patron is no place": (BASE + "[proximity.KAZ]\nRUS = 0.5\n", 'proximity.KAZ: state "RUS" is unknown'),
    "unknown rival": (
        BASE + "[rivalry.KAZ]\nUBZ = 0.5\n",
        'rivalry.KAZ: state "UBZ" is unknown (mine.toml, line 3). Did you mean "UZB"?',
    ),
    # pact
    "charter": (
        BASE + '[pact]\nrule = "unanimous"\n',
        'pact.rule = "unanimous" (mine.toml, line 3). Did you mean "unanimity"?',
    ),
    "spell ends first": (
        spells(("ARM", "1999Q1", "1998Q1")),
        "membership of ARM ends in 1998Q1 (mine.toml, line 5). It must end after its start, 1999Q1.",
    ),
    "spells overlap": (
        spells(("ARM", "1992Q2", ""), ("ARM", "1999Q1", "")),
        "membership of ARM from 1999Q1 overlaps the one from 1992Q2 (mine.toml, line 5)",
    ),
    "stranger in the pact": (
        spells(("AMR", "1992Q2", "")),
        'pact.membership 1: state "AMR" is unknown (mine.toml, line 3). Did you mean "ARM"?',
    ),
    # forced events
    "instrument": (
        force(instrument='"colective_force"'),
        'instrument "colective_force" is unknown (mine.toml, line 6). Did you mean "collective_force"?',
    ),
    "crisis": (force(crisis="uprisng"), 'crisis "uprisng" is unknown (mine.toml, line 5). Did you mean "uprising"?'),
    "state": (force(state="UKA"), 'force 1: state "UKA" is unknown (mine.toml, line 4). '),
    "no member": (
        force(instrument='"collective_force"'),
        "collective_force in Ukraine, 2014Q1 (mine.toml, line 6). "
        "Ukraine was no member of the pact. Feasible: abstain, mediate, economic_support, ",
    ),
    "member no longer": (force("2013Q1", "UZB", instrument='"collective_force"'), "Uzbekistan was no member of the pact."),
    "pact off": (
        'without = ["pact"]\n' + force(state="KAZ", instrument='"collective_force"'),
        "The pact is switched off by without.",
    ),
    "no ground": (
        force(instrument='"separatism_support"') + "\n[states.UKR]\ncleavage = 0\n",
        "Ukraine has no ground for separatism (cleavage = 0). Feasible: abstain, ",
    ),
    "no consent": (
        force(state="KAZ", instrument='"collective_force"', consented="false"),
        "collective_force without consent in Kazakhstan, 2014Q1 (mine.toml, line 7). It needs the pact's: set consented",
    ),
    "side without an instrument": (
        force(side='"for"'),
        "an answer for the incumbents in Ukraine, 2014Q1 (mine.toml, line 6). Say with which instrument, or leave the side out.",
    ),
    "side of a mediator": (
        force(instrument='"mediate"', side='"against"'),
        "mediate against the incumbents in Ukraine, 2014Q1 (mine.toml, line 7). mediate has no side; leave it out.",
    ),
    "side that help is not on": (
        force(instrument='"security_support"', side='"against"'),
        "security_support against the incumbents in Ukraine, 2014Q1 (mine.toml, line 7). It is used for them.",
    ),
    "side of both": (
        force(instrument='"unilateral_force"', side='"both"'),
        'force 1: side = "both" (mine.toml, line 7). Known: for, against.',
    ),
    "severity four": (force(severity="4"), "force 1: severity = 4 (mine.toml, line 6). Known: 1, 2, 3."),
    "severity in words": (force(severity='"high"'), 'force 1: severity = "high" (mine.toml, line 6). Known: 1, 2, 3.'),
    "severity between": (force(severity="1.5"), "force 1: severity = 1.5 (mine.toml, line 6). Known: 1, 2, 3."),
    "line of the codebook": (
        force(line='"pro_patron"'),
        'force 1: line = "pro_patron" (mine.toml, line 6). Did you mean "patron"?',
    ),
    "line": (force(line='"west"'), 'force 1: line = "west" (mine.toml, line 6). Known: patron, balanced, rival.'),
    "consent of strangers": (
        force(consented="true"),
        "consent of the pact in Ukraine, 2014Q1 (mine.toml, line 6). Ukraine was no member of the pact.",
    ),
    "survived and succeeded": (
        force(survived="true", successor='"rival"'),
        "a rival successor to incumbents who survived in Ukraine, 2014Q1 (mine.toml, line 7)",
    ),
    "within the record": (
        'record = "2014Q1"\n' + force(),
        'force 1: quarter "2014Q1" (mine.toml, line 4). History is followed to 2014Q1',
    ),
    "after the end": (force("2023Q1"), 'force 1: quarter "2023Q1" (mine.toml, line 3). It must lie from 1992Q1'),
    "two events": (force() + force().removeprefix(BASE).join(["\n", ""]), "force 2 gives Ukraine, 2014Q1 a second event"),
    "successor": (force(successor='"west"'), 'force 1: successor = "west" (mine.toml, line 6). Known: patron, balanced'),
    # the model's names and numbers
    "posterior": (
        BASE + 'posterior = "post-sovjet"\n',
        'posterior "post-sovjet" is unknown (mine.toml, line 2). Did you mean "post-soviet"?',
    ),
    "mechanism off": (
        BASE + 'without = ["pcat"]\n',
        'no mechanism is called "pcat" (mine.toml, line 2). Did you mean "pact"?',
    ),
    "off twice": (BASE + 'without = ["pact", "pact"]\n', 'without names "pact" twice (mine.toml, line 2)'),
    "mechanism": (
        BASE + "[parameters.unrst]\ngrip = 1\n",
        'no mechanism or instrument is called "unrst" (mine.toml, line 3). Did you mean "unrest"?',
    ),
    "parameter": (
        BASE + "[parameters.pact]\nvotes = 1\n",
        'pact has no parameter "votes" (mine.toml, line 3). Did you mean "vote"?',
    ),
    "parameter's range": (
        BASE + "[parameters.pact]\nvote = 100\n",
        "pact.vote = 100 (mine.toml, line 3). It must lie between -8 and 8 (log-odds; default ",
    ),
    "parameter as text": (
        BASE + '[parameters.pact]\nvote = "high"\n',
        'parameters.pact.vote = "high" (mine.toml, line 3). It must be a number.',
    ),
    # extends
    "unknown parent": (
        'extends = "post-sovet"\n',
        'no scenario is called "post-sovet" (mine.toml, line 1: extends). Did you mean "post-soviet"?',
    ),
    "parent not there": (
        'extends = "other.toml"\n',
        'there is no file "other.toml" (mine.toml, line 1: extends). ',
    ),
    "itself": (
        'extends = "mine.toml"\n',
        "extends goes round in a circle (mine.toml, line 1). mine.toml extends mine.toml; one of them must not.",
    ),
}

COMMANDS = {
    "unknown scenario": (
        ["run", "kazakstan-alone"],
        'no scenario is called "kazakstan-alone". Did you mean "kazakhstan-alone"?',
    ),
    "nothing like it": (
        ["scenario", "show", "brazil"],
        "Known: australian-sphere, british-sphere, egyptian-sphere,",
    ),
    "no such file": (
        ["run", "nowhere.toml"],
        'there is no file "nowhere.toml". Check the path. Built in, by name: ',
    ),
    "file misspelt": (
        ["scenario", "check", "mien.toml"],
        'there is no file "mien.toml". Did you mean "mine.toml"?',
    ),
    "a folder": (["scenario", "check", "folder.toml"], '"folder.toml" is a folder without a scenario.toml. Begin one'),
    "a pipe": (["scenario", "check", "pipe.toml"], 'cannot read "pipe.toml". It is no ordinary file.'),
    "not UTF-8": (
        ["scenario", "check", "latin.toml"],
        'cannot read "latin.toml" (line 2). It is not UTF-8 text',
    ),
    "too large": (["scenario", "check", "large.toml"], 'cannot read "large.toml". It is larger than 1000 kB'),
    "zero byte": (["scenario", "check", "a\0.toml"], 'there is no file "a\\u0000.toml". Check the path.'),
    "endless name": (["scenario", "check", "a" * 5_000 + ".toml"], "File name too long"),
    "circle of two": (["scenario", "check", "one.toml"], "extends goes round in a circle (one.toml, line 1)"),
    "would overwrite": (["scenario", "new", "mine"], '"mine.toml" exists already. Choose another name'),
    "nowhere to write": (["scenario", "new", "no/such/place"], 'cannot write "no/such/place.toml"'),
    "new from nothing": (["scenario", "new", "x", "--extends", "post-sovjet"], 'Did you mean "post-soviet"?'),
    "set what": (
        ["run", "post-soviet", "--set", "pact.vote"],
        '--set "pact.vote". Write mechanism.parameter=value',
    ),
    "set without mechanism": (["run", "post-soviet", "--set", "vote=1"], "Write mechanism.parameter=value"),
    "set no number": (
        ["run", "post-soviet", "--set", "pact.vote=1,5"],
        'pact.vote: "1,5" is no number. Write it with a point',
    ),
    "set nan": (
        ["run", "post-soviet", "--set", "pact.vote=nan"],
        "pact.vote\" = nan. It must be a finite number.",
    ),
    "set too high": (["run", "post-soviet", "--set", "unrest.grip=1e9"], "unrest.grip = 1e+09. It must "),
    "set unknown parameter": (
        ["run", "post-soviet", "--set", "unrest.gripp=1"],
        'unrest has no parameter "gripp". Did you mean "grip"?',
    ),
    "set unknown mechanism": (["run", "post-soviet", "--set", "unrset.grip=1"], 'Did you mean "unrest"?'),
    "set unknown effect": (
        ["run", "post-soviet", "--set", "mediate.harsh=1"],
        'mediate has no parameter "harsh". Did you mean "harshness"?',
    ),
    "without what": (
        ["run", "post-soviet", "--without", "Pact"],
        'no mechanism is called "Pact". Did you mean "pact"?',
    ),
    "no runs": (["run", "post-soviet", "--runs", "0"], "runs"),
    "runs in words": (["run", "post-soviet", "--runs", "many"], "--runs"),
    "negative seed": (["run", "post-soviet", "--seed", "-1"], "seed"),
    "misspelt option": (["run", "post-soviet", "--rusn", "5"], "--rusn"),
    "misspelt command": (["scenario", "chekc", "mine.toml"], "chekc"),
    "no scenario named": (["run"], "Missing"),
}
