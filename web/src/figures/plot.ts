// What the renderers share: the shape of a figure, its axes, colours by name, panels side by side. As in pages/charts/parts.py.
import { format as d3format } from "d3-format";
import { scaleLinear, scaleLog } from "d3-scale";
import { line as curve, area } from "d3-shape";
import { known, years, type Value } from "../lib/look";
import { tokens } from "../made/tokens";

export type Datum = Record<string, string | number | boolean | null>;
export interface Table { head: string[]; rows: string[][]; caption: string }
export interface Axis { title?: string; format?: string; domain?: number[]; values?: number[]; count?: number; log?: boolean; years?: boolean }
export interface Look { label?: string; colour?: string; shape?: string; width?: number; dash?: boolean; bands?: [string, string][]; interval?: string; mark?: string }
export interface Rule { at: number; colour?: string; dash?: boolean; panel?: string; up?: boolean }
export interface Shade { low: number; high: number; colour?: string; opacity?: number; panel?: string }
export type Looks = Record<string, Look>;
export type Title = string | string[];
export interface Figure<S = Record<string, unknown>> {
  kind: string; name: string; title: string; reading: string; form: string; finding: string; detail: string; note: string;
  tables: Table[]; data: Datum[]; settings: S;
}
export interface Panelled { panel?: string; panels?: Record<string, Title>; columns?: number; across?: Axis; up?: Axis; rules?: Rule[]; shades?: Shade[] }
export interface Scale { (v: number): number; ticks(count?: number): number[]; tickFormat(count?: number): (v: number) => string }

export const num = (v: unknown): number => (typeof v === "number" ? v : NaN);
export const is = (v: unknown): v is number => typeof v === "number" && Number.isFinite(v);

const COLOUR = tokens.colour as unknown as Record<string, Record<string, string>>;
/** The colour of a name: itself, a kind of crisis, a role, a category or a tone of the figures' own; by day and by night. */
export function hue(name = "model"): string {
  if (name.startsWith("#")) return name;
  for (const of of ["kind", "role"]) if (name in COLOUR[of]) return `var(--${of}-${name.replaceAll("_", "-")})`;
  if (name === "black") return "var(--ink)";
  return COLOUR.category[name] ?? `var(--figure-${name.replaceAll("_", "-")})`;
}

export function span(values: Iterable<unknown>, room = 0, zero = false): [number, number] {
  let [low, high] = zero ? [0, 0] : [Infinity, -Infinity];
  for (const v of values) if (is(v)) [low, high] = [Math.min(low, v), Math.max(high, v)];
  if (low > high) [low, high] = [0, 1];
  const more = room * (high - low) || (high > low ? 0 : 0.5);
  return [low - more, high + more];
}

export function scaled(axis: Axis, from: number, to: number): Scale {
  const domain = axis.domain ?? [0, 1];
  return (axis.log ? scaleLog() : scaleLinear()).domain(domain).range([from, to]) as unknown as Scale;
}

export interface Tick { at: number; text: string }
/** Marks of an axis that is so many pixels long. */
export function ticks(axis: Axis, scale: Scale, length: number, apart = 60): Tick[] {
  const [low, high] = axis.domain ?? [0, 1];
  const most = Math.max(2, Math.floor(length / apart));
  const inside = (v: number): boolean => v >= Math.min(low, high) - 1e-9 && v <= Math.max(low, high) + 1e-9;
  if (axis.years && !axis.values) return years(low, high, most).map((at) => ({ at, text: String(at) }));
  let places = (axis.values ?? scale.ticks(Math.min(most, axis.count ?? 5))).filter(inside);
  while (places.length > most + 1) places = places.filter((_, i) => i % 2 === 0);
  const text = axis.format ? d3format(axis.format) : scale.tickFormat(5);
  return places.map((at) => ({ at, text: text(at) }));
}

export interface Panel { key: string; title: string; under: string[]; rows: Datum[] }
export function panels(of: { data: Datum[] }, s: Panelled): Panel[] {
  if (!s.panel) return [{ key: "", title: "", under: [], rows: of.data }];
  return Object.entries(chosen(of.data, s.panel, s.panels)).map(([key, title]) => {
    const [first, ...under] = Array.isArray(title) ? title : [title];
    return { key, title: first, under, rows: of.data.filter((d) => String(d[s.panel!]) === key) };
  });
}
/** Panels, rows or series in order with their titles: those given, else as they come in the data. */
export function chosen<T = string>(data: Datum[], column: string | undefined, titles?: Record<string, T>): Record<string, T | string> {
  if (!column) return { "": "" };
  if (titles && Object.keys(titles).length) return titles;
  return Object.fromEntries(data.map((d) => d[column]).filter((v) => v !== null && v !== undefined).map((v) => [String(v), String(v)]));
}
export const within = <T extends { panel?: string }>(entries: T[] | undefined, key: string): T[] => (entries ?? []).filter((e) => (e.panel ?? key) === key);

/** Panels to a row: as asked, else as many as leave the fewest holes; fewer where there is little room. */
export function columns(count: number, asked: number | undefined, width: number, least = 130): number {
  const few = [1, 2, 4].includes(count) ? count : 3;
  const wanted = asked ?? (count <= 6 ? few : [7, 6, 5, 4].reduce((a, b) => ((b - (count % b)) % b < (a - (count % a)) % a ? b : a)));
  const most = count > 6 ? Math.floor(width / least) : Math.floor(width / 240);
  return Math.max(1, Math.min(wanted, most, count));
}

/** "{label}: {value:.1%}" with a row's values. */
export const hover = (template: string | undefined, row: Datum): string =>
  template?.replace(/\{(\w+)(?::([^}]*))?\}/g, (_, name: string, spec?: string) => {
    const v = row[name];
    return v === null || v === undefined ? "" : spec && typeof v === "number" ? d3format(spec)(v) : String(v);
  }) ?? "";

export const bandPath = (x: Value[], low: Value[], high: Value[]): string =>
  area<number>().defined((i) => known(x[i]) && known(low[i]) && known(high[i])).x((i) => x[i]!).y0((i) => low[i]!).y1((i) => high[i]!)(x.map((_, i) => i)) ?? "";
export const linePath = (x: Value[], y: Value[]): string =>
  curve<number>().defined((i) => known(x[i]) && known(y[i])).x((i) => x[i]!).y((i) => y[i]!)(x.map((_, i) => i)) ?? "";

/** Series by name, each in the order of its rows; one without a name where there are none. */
export function series(rows: Datum[], column: string | undefined, looks: Looks | undefined): { name: string; look: Look; rows: Datum[] }[] {
  if (!column) return [{ name: "", look: {}, rows }];
  return Object.entries(chosen<Look>(rows, column, looks)).map(([name, look]) => ({
    name, look: typeof look === "string" ? {} : look, rows: rows.filter((d) => String(d[column]) === name),
  }));
}

export interface Keyed { label: string; colour: string; shape?: string }
/** The key of what is told apart: none where nothing is. */
export function key(looks: Looks | undefined): Keyed[] {
  const found = new Map(Object.values(looks ?? {}).filter((l) => l.label).map((l) => [l.label!, { label: l.label!, colour: hue(l.colour), shape: l.shape }]));
  return found.size > 1 ? [...found.values()] : [];
}
