"""Maps: how much foreign policy each neighbour is left, then and now."""

from __future__ import annotations

import xarray as xr

from hegemon.pages import readings, theme
from hegemon.pages.charts import map as maps
from hegemon.pages.figure import Figure, Table
from hegemon.pages.order import OrderInfo, reading_order, region_map


def autonomy_map(summary: xr.Dataset, info: OrderInfo) -> Figure | None:
    """Median autonomy at the first and at the last quarter, or nothing where the region has no map."""
    atlas = region_map(info.region)
    if atlas is None:
        return None
    frame = readings.bands(summary, "autonomy")
    times = readings.all_quarters(summary)
    ends = {"then": times[0], "now": times[-1]}
    medians = frame.pivot(index="state", columns="quarter", values="median")
    values = {key: medians[quarter].to_dict() for key, quarter in ends.items()}
    highest = max((v for found in values.values() for v in found.values() if theme.known(v)), default=1.0)
    top = min(1.0, max(0.2, -(-highest * 10 // 1) / 10))
    present = reading_order(info, readings.all_states(summary))
    both = frame[frame["quarter"].isin(ends.values())]
    rows = [[info.state(s), *(theme.share(found[s]) for found in values.values())] for s in present]
    ended = [(s, values["now"][s]) for s in present]
    gains = sum(values["now"][s] > values["then"][s] + 0.005 for s in present)
    losses = sum(values["now"][s] < values["then"][s] - 0.005 for s in present)
    return Figure(
        name="autonomy_map", title="Autonomy, then and now",
        reading=f"Share of all conceivable foreign policies that {info.patron} would let pass, median over "
        "histories. Dark: wide room. Light: narrow.",
        form=f"Two maps of median autonomy, at the close of {ends['then']} and of {ends['now']}",
        finding=f"Median autonomy rises in {gains} and falls in {losses} of {len(present)} neighbours.",
        detail=f"At the end: {', '.join(f'{info.state(s)} {theme.share(last)}' for s, last in ended)}.",
        kind="map", data=both,
        settings=maps.Settings(
            region=info.region, state="state", value="median", names={s: info.state(s) for s in present},
            middle=info.patron, top=top, panel="quarter",
            panels={quarter: f"Close of {quarter}" for quarter in ends.values()},
        ),
        tables=[Table(["Neighbour", *ends.values()], rows, "Median autonomy over histories")],
        note=f"{atlas['note']} Source: {atlas['source']}. {atlas['projection']}; cropped.",
    )  # fmt: skip
