// The page's numbers as files, made from what it holds.
import type { Bands, Crisis, Line } from "../lib/types";
import { BANDS } from "../lib/types";
import type { Report } from "./data";

type Cell = string | number | boolean | null | undefined;
const cell = (v: Cell): string => {
  const text = v === null || v === undefined ? "" : String(v);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
const csv = (head: string[], rows: Cell[][]): string => [head, ...rows].map((row) => row.map(cell).join(",")).join("\n") + "\n";

/** Quantiles of every measure by pole, neighbour and quarter. */
export function numbers(data: Report): string {
  const rows: Cell[][] = [];
  const told = (measure: string, pole: string, bands: Bands): void =>
    data.states.forEach((s, i) => data.quarters.forEach((q, t) => rows.push([measure, pole, s.iso3, q, ...BANDS.map((b) => bands[b][i][t])])));
  for (const [pole, bands] of Object.entries(data.orientation)) told("orientation", pole, bands);
  for (const [measure, bands] of Object.entries(data.measures)) told(measure, "", bands);
  for (const [measure, bands] of Object.entries(data.order) as [string, Record<string, Line>][])
    data.quarters.forEach((q, t) => rows.push([measure, "", "", q, ...BANDS.map((b) => bands[b][t])]));
  return csv(["measure", "pole", "state", "quarter", ...BANDS], rows);
}

/** The record, and the history that is drawn beside it. */
export function crises(data: Report): string {
  const COLUMNS = ["quarter", "state", "kind", "instrument", "side", "severity", "requested", "survived", "successor", "name"] as const;
  const told = (history: string, list: Crisis[]): Cell[][] => list.map((e) => [history, ...COLUMNS.map((c) => e[c])]);
  return csv(["history", ...COLUMNS], [...told("record", data.record), ...told("model", data.events)]);
}

export function save(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
