"""What a pack holds: its tables, their columns with range and source, and the releases that fill them."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

FIRST, LAST = 1945, 2024
"""Years of a pack."""

NUMBER = float("inf")


@dataclass(frozen=True)
class Release:
    """An official data set, as its authors publish it.

    files    what its file may be called, as patterns; the first that fits is read
    where    page from which it is to be had
    terms    in a few words; `ship` says whether a package may pass the columns on
    without  what becomes of figures where it is missing; empty: a pack cannot do without
    """

    name: str
    title: str
    cite: str
    files: tuple[str, ...]
    where: str
    terms: str
    ship: bool
    without: str


COW = "free, cite; to be downloaded from the origin"
RELEASES: tuple[Release, ...] = (
    Release("system", "COW State System Membership 2016 or 2024", "Correlates of War Project (2017)",
            ("states2016.csv", "statelist*.csv"), "https://correlatesofwar.org/data-sets/state-system-membership/", COW,
            False, ""),
    Release("nmc", "COW National Material Capabilities 6.0 or 7.0", "Singer, Bremer, Stuckey (1972)",
            ("NMC*.csv", "nmc*.csv"), "https://correlatesofwar.org/data-sets/national-material-capabilities/", COW, False,
            "output stands in for capabilities where it is there; soldiers count for nothing in grievance"),
    Release("trade", "COW Trade 4.0, national", "Barbieri, Keshk, Pollins (2009); Barbieri, Keshk (2016)",
            ("National_COW_4.0.csv",), "https://correlatesofwar.org/data-sets/bilateral-trade/", COW, False,
            "total trade is the sum of the pairs"),
    Release("dyads", "COW Trade 4.0, dyadic", "Barbieri, Keshk, Pollins (2009); Barbieri, Keshk (2016)",
            ("Dyadic_COW_4.0.csv",), "https://correlatesofwar.org/data-sets/bilateral-trade/", COW, False,
            "ties rest on votes and institutions alone"),
    Release("mid", "COW Militarized Interstate Disputes 5.0, participants (MIDB)", "Palmer and others (2022)",
            ("MIDB 5.0.csv", "MIDB*.csv"), "https://correlatesofwar.org/data-sets/mids/", COW, False,
            "rivalry rests on borders and coded rivalry; force in living memory is to be answered"),
    Release("contiguity", "COW Direct Contiguity 3.2", "Stinnett and others (2002)",
            ("contdird.csv",), "https://correlatesofwar.org/data-sets/direct-contiguity/", COW, False,
            "a border is a distance of less than 5 km between territories"),
    Release("igo", "COW Intergovernmental Organizations 3.0, state by year", "Pevehouse and others (2020)",
            ("state_year_formatv3.csv",), "https://correlatesofwar.org/data-sets/igos/", COW, False,
            "integration rests on treaties alone"),
    Release("atop", "ATOP 5.1, dyad by year", "Leeds, Ritter, Mitchell, Long (2002)",
            ("atop5_1dy.csv",), "http://www.atopdata.org/data.html", "free, cite", False,
            "no treaty is known: pacts are to be answered"),
    Release("vdem", "V-Dem v15 or v16, country by year", "Coppedge and others (2025)",
            ("V-Dem-CY-*.csv",), "https://v-dem.net/data/the-v-dem-dataset/", "CC BY-SA 4.0 (share alike)", True,
            "openness is to be answered"),
    Release("leaders", "Archigos 4.1", "Goemans, Gleditsch, Chiozza (2009)",
            ("*Archigos_4.1*.txt", "Archigos*.csv"), "https://www.rochester.edu/college/faculty/hgoemans/data.htm",
            "free, cite", False,
            "tenure counts as one year, exits as none"),
    Release("coups", "Powell and Thyne, coups", "Powell, Thyne (2011)",
            ("powell_thyne_coups_final.txt", "powell_thyne*.csv"), "https://www.jonathanmpowell.com/coup-detat-dataset.html",
            "free, cite", False, "coups count for nothing in grievance, and are no candidates"),
    Release("conflicts", "UCDP/PRIO Armed Conflict 25.1", "Gleditsch and others (2002); Davies and others (2025)",
            ("UcdpPrioConflict_v*.csv",), "https://ucdp.uu.se/downloads/", "CC BY 4.0", True,
            "civil war counts for nothing in hold, and is no candidate"),
    Release("groups", "EPR Core 2021", "Vogt and others (2015)",
            ("EPR-2021*.csv",), "https://icr.ethz.ch/data/epr/core/", "free for research, cite", False,
            "cleavage rests on fractionalisation; kin and excluded groups count for nothing"),
    Release("hief", "HIEF 2.0", "Drazanova (2020)",
            ("HIEF*.csv", "HIEF*.tab"), "https://doi.org/10.7910/DVN/4JQRCL", "CC0 at the deposit", True,
            "fractionalisation counts for nothing in cleavage"),
    Release("campaigns", "NAVCO 1.3", "Chenoweth, Shay (2020)",
            ("NAVCO*.tab", "NAVCO*.csv"), "https://doi.org/10.7910/DVN/ON9XND", "CC0 at the deposit", True,
            "campaigns count for nothing in grievance, and are no candidates"),
    Release("protests", "Mass Mobilization, 2020 or later", "Clark, Regan (2016)",
            ("mmALL*.csv", "mmALL*.tab"), "https://doi.org/10.7910/DVN/HTTWYL", "CC0 at the deposit", True,
            "protests count for nothing in grievance"),
    Release("votes", "UN General Assembly votes", "Voeten, Strezhnev, Bailey (2009)",
            ("UNVotes*.csv", "UNVotes*.tab", "un_votes.parquet"), "https://doi.org/10.7910/DVN/LEJUQZ", "CC0", True,
            "ties rest on trade and institutions, the incumbents' wish on their line"),
    Release("output", "World Bank, GDP at constant 2015 USD (NY.GDP.MKTP.KD)", "World Bank, World Development Indicators",
            ("API_NY.GDP.MKTP.KD*.csv",), "https://data.worldbank.org/indicator/NY.GDP.MKTP.KD", "CC BY 4.0", True,
            "capacity rests on capabilities, growth on nothing: 3 % a year"),
    Release("estimates", "Fariss and others, estimates of GDP and population", "Fariss, Anders, Markowitz, Barnum (2022)",
            ("cw_gdppop.csv",), "https://doi.org/10.7910/DVN/FALCGS", "cite; licence of the deposit not seen", False,
            "output is the World Bank's, which begins in 1960"),
    Release("borders", "Natural Earth 1:50m, countries", "Natural Earth",
            ("ne_50m_admin_0_countries.geojson",), "https://www.naturalearthdata.com/downloads/", "public domain", True, ""),
    Release("capitals", "Natural Earth 1:50m, populated places", "Natural Earth",
            ("ne_50m_populated_places*.geojson",), "https://www.naturalearthdata.com/downloads/", "public domain", True, ""),
    Release("rule", "ICOW Colonial History 1.1", "Hensel (2018)",
            ("coldata110.csv",), "https://www.paulhensel.org/icowcol.html", "free, cite; no open licence", False,
            "who ruled a state is to be answered as inherited institutions"),
    Release("rivalries", "Thompson, Sakuwa, Suhas: strategic rivalries, as peacesciencer has them (tss_rivalries)",
            "Thompson, Sakuwa, Suhas (2021)", ("tss_rivalries.csv",), "https://svmiller.com/peacesciencer/", "cite", False,
            "coded rivalry counts for nothing in rivalry"),
    Release("troops", "troops of the United States abroad, as troopdata has them (DMDC)", "Allen, Flynn, Martinez Machain (2022)",
            ("troopdata*.csv",), "https://github.com/meflynn/troopdata", "data of the United States' government", True,
            "troops of the United States are to be answered, as others' are"),
)  # fmt: skip
"""In the order in which a build tells of them."""

BY_NAME = MappingProxyType({release.name: release for release in RELEASES})


@dataclass(frozen=True)
class Column:
    """A column: the release it comes from, the range it may have, and what it means with its unit."""

    release: str
    low: float
    high: float
    what: str


def _c(release: str, what: str, low: float = 0.0, high: float = NUMBER) -> Column:
    return Column(release, low, high, what)


STATES = MappingProxyType({
    "cinc": _c("nmc", "share of the system's capabilities", high=1),
    "milper": _c("nmc", "soldiers, thousand"),
    "tpop": _c("nmc", "population, thousand"),
    "imports_musd": _c("trade", "imports, million current USD"),
    "exports_musd": _c("trade", "exports, million current USD"),
    "polyarchy": _c("vdem", "electoral democracy", high=1),
    "polyarchy_low": _c("vdem", "electoral democracy, lower bound", high=1),
    "polyarchy_high": _c("vdem", "electoral democracy, upper bound", high=1),
    "polyarchy_v16": _c("vdem", "electoral democracy, another release", high=1),
    "gdp_est": _c("estimates", "output, million 2017 international USD"),
    "gdp_const2015": _c("output", "output, constant 2015 USD"),
    "tenure": _c("leaders", "years in office of the leader on 1 January", high=100),
    "leader_irregular": _c("leaders", "irregular exits of leaders", high=50),
    "coups": _c("coups", "coup attempts", high=50),
    "coups_won": _c("coups", "successful coups", high=50),
    "civil_war": _c("conflicts", "armed conflict on its soil: 1 minor, 2 war", high=2),
    "territory_war": _c("conflicts", "of which over territory", high=1),
    "hief": _c("hief", "ethnic fractionalisation", high=1),
    "epr_excluded": _c("groups", "population share of excluded groups", high=2),
    "epr_self_excluding": _c("groups", "self-excluding groups", high=99),
    "epr_autonomy": _c("groups", "1: a group not in power alone has regional autonomy", high=1),
    "campaigns_nonviolent": _c("campaigns", "nonviolent campaigns under way", high=99),
    "campaigns_violent": _c("campaigns", "violent campaigns under way", high=99),
    "mm_protests": _c("protests", "protests of fifty people and more"),
    "us_troops": _c("troops", "troops of the United States"),
})  # fmt: skip
"""Columns of state-years that figures or candidates are made of. A pack may hold more; what it lacks is missing throughout."""

PAIRS = MappingProxyType({
    "border_km": _c("borders", "km between territories"),
    "capital_km": _c("capitals", "km between capitals"),
    "contiguity": _c("contiguity", "1 land, 2 to 5 water, 0 none", 0, 5),
    "rivalry": _c("rivalries", "strategic rivalry: 1, over territory 2", 1, 2),
    "freed_from_1": _c("rule", "the second left the first's rule: 1 in peace, 2 by violence", 1, 2),
    "freed_from_2": _c("rule", "the first left the second's rule: 1 in peace, 2 by violence", 1, 2),
})  # fmt: skip
"""Values of `what` in the table of pairs."""

OTHERS = MappingProxyType({
    "trade": {"imports_1_from_2": _c("dyads", "imports of the first from the second, million current USD"),
              "imports_2_from_1": _c("dyads", "imports of the second from the first, million current USD")},
    "ties": {"atop": _c("atop", "treaty: 1 defence, 2 offence, 4 neutrality, 8 nonaggression, 16 consultation, added", high=31),
             "igos": _c("igo", "organisations that both are in; 255 unknown", high=255),
             "un_common": _c("votes", "votes that both cast", high=65535),
             "un_agree": _c("votes", "share of them that were the same, x 200; 255 none", high=255)},
    "disputes": {"hostlev1": _c("mid", "hostility of the first: 2 threat, 3 display, 4 use of force, 5 war", -9, 5),
                 "hostlev2": _c("mid", "hostility of the second", -9, 5),
                 "hostlev": _c("mid", "the higher one", -9, 5)},
    "kin": {"share": _c("groups", "part of the second's people in groups named like one that rules the first", high=3)},
})  # fmt: skip
"""Columns of the other tables."""

KEYS = MappingProxyType({
    "states": ("iso3", "ccode", "name", "year"),
    "pairs": ("ccode1", "ccode2", "what", "from", "to", "value"),
    "trade": ("ccode1", "ccode2", "year"),
    "ties": ("ccode1", "ccode2", "year"),
    "disputes": ("source", "ccode1", "ccode2", "year", "dispnum", "onset"),
    "kin": ("ccode1", "ccode2", "from", "to"),
})  # fmt: skip
"""What identifies a row of each table, and must be there."""

NEEDED = ("states", "pairs")
"""Tables a pack cannot do without."""


def columns(table: str) -> dict[str, Column]:
    """The measured columns of a table."""
    return dict(STATES) if table == "states" else dict(OTHERS.get(table, {}))
