"""What users get wrong in a file of claims, and the sentence each mistake is told with."""

from __future__ import annotations

HEAD = 'format = 1\ntitle = "Mine"\nquestion = "?"\nscenario = "post-soviet"\n'
CLAIM = '[[claim]]\nid = "A1"\nclaim = "Fear rises."\nwhy = "Because."\n'
"""From line 5 on."""


def ledger(*rows: str, claim: str = "", head: str = HEAD) -> str:
    """A ledger with one claim of one estimand, whose rows begin on line 11 (`claim` adds rows to the claim, before it)."""
    return head + CLAIM + claim + '[[claim.estimand]]\nwhat = "fear"\n' + "".join(f"{row}\n" for row in rows)


FEAR = ('measure = "fear"', 'sign = "positive"')
UKRAINE = 'quarter = "2014Q1", state = "UKR", crisis = "uprising"'
SHARE = ('share = { survived = true }', 'of = { kind = "uprising" }', 'sign = "positive"')

FILES = {
    # text that is no TOML, and files that are no ledger
    "open string": (HEAD + 'x = "', "not valid TOML (mine.toml"),
    "prose": ("Fear rises.\n", "not valid TOML (mine.toml, line 1). "),
    "nothing": ("", "format is missing (mine.toml). Add it: the version of this format, 1."),
    "no claim": (HEAD, "claim is missing (mine.toml). Add it: at least one [[claim]]."),
    "later format": (
        ledger(*FEAR, head=HEAD.replace("1", "2")),
        "format = 2 (mine.toml, line 1). This version reads format = 1.",
    ),
    # keys
    "misspelt key": (
        ledger(*FEAR, claim='cavet = "x"\n'),
        'A1: cavet is no key of the format (mine.toml, line 9). Did you mean "caveat"?',
    ),
    "misspelt key of an estimand": (
        ledger('mesure = "fear"', 'sign = "positive"'),
        'A1, estimand 1: mesure is no key of the format (mine.toml, line 11). Did you mean "measure"?',
    ),
    "misspelt key of a choice": (
        ledger('share = { survivd = true }', 'of = {}', 'sign = "positive"'),
        'A1, estimand 1: share.survivd is no key of the format (mine.toml, line 11). Did you mean "survived"?',
    ),
    "claim without id": (
        HEAD + CLAIM.replace('id = "A1"\n', "") + '[[claim.estimand]]\nwhat = "x"\nmeasure = "fear"\nsign = "positive"\n',
        "claim 1: id is missing (mine.toml, line 5). Add it: a short name, as in C4.",
    ),
    "claim without estimand": (
        HEAD + CLAIM,
        "A1: estimand is missing (mine.toml, line 5). Add it: at least one [[claim.estimand]].",
    ),
    "no sign": (ledger('measure = "fear"'), "A1, estimand 1: sign is missing (mine.toml, line 9). Add it: what is claimed."),
    # values
    "id with a space": (
        ledger(*FEAR).replace('"A1"', '"A 1"'),
        'A 1: id = "A 1" (mine.toml, line 6). Write letters, digits, - and _, beginning with a letter, as in C4.',
    ),
    "wrong sign": (
        ledger('measure = "fear"', 'sign = "postive"'),
        'A1, estimand 1: sign = "postive" (mine.toml, line 12). Did you mean "positive"?',
    ),
    "threshold in words": (
        ledger(*FEAR, 'threshold = "much"'),
        'A1, estimand 1: threshold = "much" (mine.toml, line 13). It must be a number.',
    ),
    "one history": (
        ledger(*FEAR, claim="runs = 1\n"),
        "A1: runs = 1 (mine.toml, line 9). It must lie between 2 and 4096.",
    ),
    "date of a fact": (
        ledger(*FEAR) + '[[claim.fact]]\ndate = "2022"\nsays = "x"\nspeaks = "for"\nsource = "x"\n',
        'A1, fact 1: date = "2022" (mine.toml, line 14). Write YYYY-MM-DD',
    ),
    "fact without source": (
        ledger(*FEAR) + '[[claim.fact]]\ndate = "2022-01"\nsays = "x"\nspeaks = "for"\n',
        "A1, fact 1: source is missing (mine.toml, line 13). Add it: where that can be read.",
    ),
    "quarter": (
        ledger(*FEAR, 'when = "2010-03"'),
        'A1, estimand 1: when.1 = "2010-03" (mine.toml, line 13). Did you mean "2010Q1"?',
    ),
    # names
    "no such measure": (
        ledger('measure = "feer"', 'sign = "positive"'),
        'A1, estimand 1: measure "feer" is unknown (mine.toml, line 11). Did you mean "fear"?',
    ),
    "no such state": (
        ledger(*FEAR, 'who = ["KAZ", "UZK"]'),
        'A1, estimand 1: state "UZK" is unknown (mine.toml, line 13). Did you mean "UZB"?',
    ),
    "no such kind": (
        ledger('count = { kind = "uprisng" }', 'sign = "positive"'),
        'A1, estimand 1: kind "uprisng" is unknown (mine.toml, line 11). Did you mean "uprising"?',
    ),
    "no such instrument": (
        ledger(*FEAR, 'b = { forbid = ["force"] }'),
        'A1, estimand 1: instrument "force" is unknown (mine.toml, line 13). ',
    ),
    "abstaining forbidden": (
        ledger(*FEAR, 'b = { forbid = ["abstain"] }'),
        'A1, estimand 1: instrument "abstain" is unknown (mine.toml, line 13). ',
    ),
    "no such mechanism": (
        ledger(*FEAR, 'b = { without = ["pakt"] }'),
        'A1, estimand 1: no mechanism is called "pakt" (mine.toml, line 13). Did you mean "pact"?',
    ),
    "no such mechanism to switch off": (
        ledger(*FEAR, claim='mechanisms = ["learnin"]\n'),
        'A1: no mechanism is called "learnin" (mine.toml, line 9). Did you mean "learning"?',
    ),
    "no such parameter": (
        ledger(*FEAR, 'b = { set = { "pact.wote" = 1.0 } }'),
        'A1, estimand 1: pact has no parameter "wote" (mine.toml, line 13). Did you mean "vote"?',
    ),
    "parameter out of range": (
        ledger(*FEAR, 'b = { set = { "pact.vote" = 99.0 } }'),
        "A1, estimand 1: pact.vote = 99 (mine.toml, line 13). It must lie between -8 and 8",
    ),
    "no such scenario": (
        ledger(*FEAR, head=HEAD.replace("post-soviet", "post-sovjet")),
        'no scenario is called "post-sovjet" (mine.toml, line 4). Did you mean "post-soviet"?',
    ),
    "no such scenario of a side": (
        ledger(*FEAR, 'b = { scenario = "kazakstan-2022" }'),
        'A1, estimand 1: side b: no scenario is called "kazakstan-2022" (mine.toml, line 13). Did you mean "kazakhstan-2022"?',
    ),
    # what one value cannot show
    "two outcomes": (
        ledger(*FEAR, 'count = { kind = "uprising" }'),
        "A1, estimand 1: the estimand has measure and count (mine.toml, line 13). Give exactly one of measure, share, count,",
    ),
    "no outcome": (
        ledger('sign = "positive"'),
        "A1, estimand 1: the estimand says not what it looks at (mine.toml, line 9). Give exactly one of",
    ),
    "share of nothing": (
        ledger('share = { survived = true }', 'sign = "positive"'),
        "A1, estimand 1: share without of (mine.toml, line 11). Say of which crises",
    ),
    "share at a date": (
        ledger(*SHARE, 'when = "2010Q1"'),
        "A1, estimand 1: when says nothing beside share (mine.toml, line 14). It goes with: of, against.",
    ),
    "crises without after": (
        ledger(*FEAR, 'of = { kind = "uprising" }'),
        "A1, estimand 1: measure with of, without after (mine.toml, line 13). Say how many quarters after those crises",
    ),
    "two contrasts": (
        ledger(*SHARE, 'against = { kind = "dispute" }', 'b = { without = ["pact"] }'),
        "A1, estimand 1: against beside side b (mine.toml, line 14). Compare crises within one order, or two orders",
    ),
    "same order": (
        ledger(*FEAR, 'b = { without = [ "pact" ] }', 'a = { without = "pact" }'),
        "A1, estimand 1: sides a and b are the same order (mine.toml, line 13). Change something in one of them.",
    ),
    "nothing to pair": (
        ledger(*FEAR, "paired = false"),
        "A1, estimand 1: paired = false without side b (mine.toml, line 13). There is nothing to pair; leave it out.",
    ),
    "other years": (
        ledger(*FEAR, 'b = { end = "2026Q1" }'),
        "A1, estimand 1: sides a and b cover 1992Q1 to 2022Q1 and 1992Q1 to 2026Q1 (mine.toml, line 13). Set end in both.",
    ),
    "within without bounds": (
        ledger('measure = "fear"', 'sign = "within"', "low = 0.1"),
        'A1, estimand 1: sign = "within" without high (mine.toml, line 12). Give low and high.',
    ),
    "bounds exchanged": (
        ledger('measure = "fear"', 'sign = "within"', "low = 0.4", "high = 0.1"),
        "A1, estimand 1: low = 0.4 is not below high = 0.1 (mine.toml, line 13). Exchange them.",
    ),
    "bounds of a sign": (
        ledger(*FEAR, "low = 0.1"),
        'A1, estimand 1: low beside sign = "positive" (mine.toml, line 13). It goes with sign = "within".',
    ),
    "after the end": (
        ledger(*FEAR, 'when = "2026Q1"'),
        "A1, estimand 1: when = 2026Q1 (mine.toml, line 13). The order runs from 1992Q1 to 2022Q1.",
    ),
    "backwards": (
        ledger(*FEAR, 'when = ["2010Q1", "2005Q1"]'),
        "A1, estimand 1: when runs from 2010Q1 to 2005Q1 (mine.toml, line 13). Give the earlier quarter first.",
    ),
    "no time for change": (
        ledger(*FEAR, 'when = "2005Q1"', 'since = "2005Q1"'),
        "A1, estimand 1: since = 2005Q1 is not before when (mine.toml, line 14). A change needs time to happen.",
    ),
    "impossible event": (
        ledger(*FEAR, f"b = {{ force = [{{ {UKRAINE}, instrument = \"collective_force\" }}] }}"),
        "A1, estimand 1: side b: collective_force in Ukraine, 2014Q1 (mine.toml, line 13). Ukraine was no member of the pact.",
    ),
    "event in another state": (
        ledger(*FEAR, 'b = { force = [{ quarter = "2014Q1", state = "UKA", crisis = "uprising" }] }'),
        'A1, estimand 1: side b: force 1: state "UKA" is unknown (mine.toml, line 13). ',
    ),
    "bad change": (
        ledger(*FEAR, "b = { change = { doctrine = { idea = 1.5 } } }"),
        "A1, estimand 1: side b: doctrine.idea = 1.5 (mine.toml, line 13). It must lie between 0 and 1.",
    ),
    "change of parameters": (
        ledger(*FEAR, "b = { change = { parameters = { pact = { vote = 1.0 } } } }"),
        "A1, estimand 1: change.parameters (mine.toml, line 13). Use set instead.",
    ),
    "neighbours of the order": (
        ledger('measure = "hierarchy"', 'sign = "positive"', 'who = "KAZ"'),
        "A1, estimand 1: who beside measures of the whole order (mine.toml, line 13). They have no neighbours; leave it out.",
    ),
    "two claims of one name": (
        ledger(*FEAR) + CLAIM + '[[claim.estimand]]\nwhat = "x"\nmeasure = "fear"\nsign = "positive"\n',
        'A1: two claims have the id "A1" (mine.toml, line 14). Give each its own.',
    ),
    "record with measures": (
        ledger(*FEAR) + '[[claim.record]]\nwhat = "x"\nshare = { before = { fear = [0.0, 0.5] } }\n',
        "A1, record 1: share.before (mine.toml, line 15). The record holds crises, no measures; leave it out.",
    ),
    "no such record": (
        ledger(*FEAR) + '[[claim.record]]\nwhat = "x"\nhistory = "warsaw"\nshare = {}\n',
        'A1, record 1: history "warsaw" is unknown (mine.toml, line 15). Did you mean "warsaw-pact"?',
    ),
    "record of all orders with a state": (
        ledger(*FEAR) + '[[claim.record]]\nwhat = "x"\nhistory = "all"\nshare = {}\nof = { state = "KAZ" }\n',
        "A1, record 1: of.state in the record of all orders (mine.toml, line 17). Leave it out, or name one record.",
    ),
    "drawn in a record that does not say it": (
        ledger(*FEAR) + '[[claim.record]]\nwhat = "x"\nshare = { drawn = true }\n',
        'A1, record 1: share.drawn (mine.toml, line 15). Only the record of all orders says it: history = "all".',
    ),
    "no such side": (
        ledger(*FEAR) + '[[claim.record]]\nwhat = "x"\nhistory = "all"\nshare = { side = "four" }\n',
        'A1, record 1: side "four" is unknown (mine.toml, line 16). Did you mean "for"?',
    ),
    "no such parameter to assume": (
        ledger(*FEAR, claim='assumes = ["suport.embrace"]\n'),
        'A1: no parameter is called "suport.embrace" (mine.toml, line 9). Did you mean "support.embrace"?',
    ),
    "no such worth": (
        ledger(*FEAR) + '[[claim.worth]]\nwhat = "x"\nworth = "shores up, by severty"\nsign = "positive"\n',
        'A1, worth 1: worth "shores up, by severty" is unknown (mine.toml, line 15). Did you mean "shores up, by severity"?',
    ),
}  # fmt: skip

COMMANDS = {
    "no ledger": (
        ["claims", "limited-soverignty"],
        'no ledger of claims is called "limited-soverignty". Did you mean "limited-sovereignty"?',
    ),
    "no file": (["claims", "none.toml"], 'there is no file "none.toml". '),
    "no claim": (["claims", "mine.toml", "--only", "A2"], 'no claim is called "A2". Known: A1.'),
    "a claim twice": (["claims", "mine.toml", "--only", "A1", "--only", "A1"], "a claim is named twice. Name each once."),
    "no posterior": (["claims", "mine.toml", "--posterior", "post-sovjet"], 'no posterior is called "post-sovjet". Did you mean'),
    "both": (["claims", "mine.toml", "--posterior", "post-soviet", "--prior"], "--posterior and --prior. Choose one."),
    "few draws": (["claims", "mine.toml", "--draws", "3"], "draws = 3. It must lie between 20 and 2000."),
    "many draws": (["claims", "mine.toml", "--draws", "1999"], "draws = 1999. The posterior post-soviet holds 256."),
    "one history": (["claims", "mine.toml", "--runs", "1"], "runs = 1. It must lie between 2 and 4096."),
    "seed": (["claims", "mine.toml", "--seed", "-1"], "seed = -1. It must lie between 0 and 9,007,199,254,740,991."),
    "page in a file": (["ledger", "mine.toml", "--pge", "x.md"], "No such option"),
}  # fmt: skip
