// Numbers and colours as the report prints them.
import { scaleLinear } from "d3-scale";
import { tokens } from "../made/tokens";
import { theme } from "./theme.svelte";

const stops = tokens.colour.magnitude as readonly string[];
const ramped = (of: readonly string[]) => scaleLinear<string>().domain(of.map((_, i) => i / (of.length - 1))).range([...of]).clamp(true);
const RAMPS = { light: ramped(stops), dark: ramped(tokens.colour.night.magnitude) };
const split = (sides: readonly string[]) => scaleLinear<string>().domain([-1, -0.5, 0, 0.5, 1]).range([...sides]).clamp(true);
const SPLITS = { light: split(tokens.colour.difference), dark: split(tokens.colour.night.difference) };

export type Value = number | null | undefined;
export const known = (v: Value): v is number => v !== null && v !== undefined && Number.isFinite(v);
/** From little to much; by night what is much is light enough to be seen against the dark. */
export const magnitude = (v: number, top: number): string => RAMPS[theme.dark ? "dark" : "light"](v / top);
export const magnitudes = (night: boolean): readonly string[] => (night ? tokens.colour.night.magnitude : stops);
/** No difference is as quiet as the page: pale by day, dark by night. */
export const difference = (v: number, top: number, night: boolean): string => SPLITS[night ? "dark" : "light"](v / top);
export const MAGNITUDE = stops;
export const differences = (night: boolean): readonly string[] => (night ? tokens.colour.night.difference : tokens.colour.difference);

/** Whether white is easier to read on a colour than black, by the contrast that WCAG 2 defines. */
export function dark(fill: string): boolean {
  if (!fill.startsWith("rgb")) return false;
  const [r, g, b] = (fill.match(/\d+(\.\d+)?/g) ?? []).map(Number).map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b < 0.199;
}

/** Measures that are shares print as per cent; the two that can exceed one do not. */
const OPEN = new Set(["obligation", "deployment", "capacity"]);
export const isShare = (measure: string): boolean => !OPEN.has(measure);
export function number(v: Value, measure: string, digits = 0): string {
  if (!known(v)) return "no data";
  return isShare(measure) ? `${(v * 100).toFixed(digits)}%` : v.toFixed(2);
}
/** With its sign, unless it prints as nought. */
export function signed(v: Value, digits = 3): string {
  if (!known(v)) return "no data";
  const size = Math.abs(v).toFixed(digits);
  return Number(size) === 0 ? size : `${v > 0 ? "+" : "\u2212"}${size}`;
}

const ROUND = [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.5, 2, 3, 5, 10, 15, 20, 30, 40, 50, 60, 80, 100];
export function ceiling(values: Iterable<Value>, least = 0): number {
  let top = least;
  for (const v of values) if (known(v) && v > top) top = v;
  return ROUND.find((r) => r >= top - 1e-9) ?? top;
}

export const POLE_COLOURS = ["var(--role-model)", ...(["orange", "purple", "green", "vermillion", "yellow"] as const).map((name) => tokens.colour.category[name])];
export const kindColour = (kind: string): string =>
  kind in tokens.colour.kind ? `var(--kind-${kind.replaceAll("_", "-")})` : "var(--figure-quiet)";
export const shapeOf = (family: string): string => (tokens.shape as Record<string, string>)[family] ?? "circle";

/** A mark's outline around 0, 0: the shapes of one size look of one size. */
export function mark(shape: string, r = 5): string {
  switch (shape) {
    case "square":
      return `M${-r * 0.9},${-r * 0.9}H${r * 0.9}V${r * 0.9}H${-r * 0.9}Z`;
    case "diamond":
      return `M0,${-r * 1.35}L${r * 1.2},0L0,${r * 1.35}L${-r * 1.2},0Z`;
    case "triangle-up":
      return `M0,${-r * 1.3}L${r * 1.25},${r * 0.95}H${-r * 1.25}Z`;
    default:
      return `M${-r},0a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`;
  }
}

/** Where a quarter closes on the line of years. */
export const closing = (q: string): number => Number(q.slice(0, 4)) + Number(q.slice(5)) / 4;
export function years(first: number, last: number, most: number): number[] {
  const step = [1, 2, 5, 10, 20, 50].find((s) => (last - first) / s <= most) ?? 50;
  const found = [];
  for (let y = Math.ceil(first / step) * step; y <= last; y += step) found.push(y);
  return found;
}
export function spoken(q: string): string {
  return `${["first", "second", "third", "fourth"][Number(q.slice(5)) - 1]} quarter of ${q.slice(0, 4)}`;
}
