// The numbers of what is seen, as the address of a page says: of a run or a comparison the measure that is looked at, of a room
// what it is coloured by.
import * as api from "./api";
import { csv, type Cell } from "./take";
import type { Grid, State } from "./types";

type Params = Record<string, string>;
interface Told { quarters: string[]; states: State[] }

function rows(told: Told, grids: Record<string, Grid>): { head: string[]; body: Cell[][] } {
  const names = Object.keys(grids);
  const body = told.states.flatMap((s, i) => told.quarters.map((q, t): Cell[] => [s.iso3, s.name, q, ...names.map((n) => grids[n][i]?.[t])]));
  return { head: ["state", "name", "quarter", ...names], body };
}

/** As CSV; null where the page shows no numbers of its own. */
export async function seen(page: string, id: string | undefined, params: Params): Promise<{ name: string; text: string } | null> {
  if (!id) return null;
  const measure = params.m ?? (page === "room" ? "coercion" : "autonomy");
  const part = measure.startsWith("orientation:") ? "orientation" : measure;
  const name = `${id}-${measure.replace(":", "-")}.csv`;
  if (page === "run") {
    const found = await api.run(id, [part]);
    const grids = part === "orientation" ? found.orientation[measure.slice(12)] : found.measures[measure];
    const { head, body } = rows(found, grids ?? {});
    return { name, text: csv(head, body) };
  }
  if (page === "compare") {
    const found = await api.comparison(id, [part]);
    const grids = part === "orientation" ? found.orientation[measure.slice(12)] : found.measures[measure];
    const { head, body } = rows(found, grids ?? {});
    return { name, text: csv(head, body) };
  }
  if (page === "room") {
    const found = await api.room<{ grid: Record<string, Cell>[] }>(id);
    const unrest = params.unrest ?? "as it is";
    const shown = found.grid.filter((row) => row.unrest === unrest);
    const columns = ["patron", "rival", "others", "unrest", measure, "permitted"];
    return { name, text: csv(columns, shown.map((row) => columns.map((c) => row[c]))) };
  }
  return null;
}
