// What is shown, in a sentence. The phrases and the rules are those of hegemon.sentences (Python); a test holds this to them.
import found from "../words.json";

export interface Measure { title: string; group: string; level: string; noun: string; unit: string }
type Slots = Record<string, string | number | null | undefined>;
type Value = number | null | undefined;

const PHRASES = found.phrases as Record<string, string>;
const STILL = 0.02;
const NEARLY = 0.8;
const LEAST = 0.005;
const FAITHFUL = 0.006;
const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95];

const known = (v: Value): v is number => v !== null && v !== undefined && Number.isFinite(v);
export const fill = (phrase: string, slots: Slots): string => phrase.replace(/\{(\w+)\}/g, (_, name) => String(slots[name] ?? ""));
const say = (name: string, slots: Slots): string => fill(PHRASES[name], slots);

const rounded = (v: number, digits: number): number => Math.floor(Math.abs(v) * 10 ** digits + 0.5) / 10 ** digits;
export function fixed(v: number, digits = 0): string {
  const size = rounded(v, digits);
  return `${v < 0 && size > 0 ? "\u2212" : ""}${size.toFixed(digits)}`;
}
const signed = (v: number, digits: number): string => `${v > 0 && rounded(v, digits) !== 0 ? "+" : ""}${fixed(v, digits)}`;
export const level = (v: number, unit: string, digits = 0): string => (unit === "number" ? fixed(v, digits + 2) : `${fixed(100 * v, digits)}%`);

export const measureOf = (name: string): Measure =>
  name.startsWith("orientation") ? found.ties : (found.named as Record<string, Measure>)[name] ?? { title: name, group: "", level: `${name} is {value}`, noun: name, unit: "share" };
const owned = (name: string): string => (name.endsWith("s") ? `${name}'` : `${name}'s`);
export const within = (name: string): string => (name.startsWith("The ") ? `the ${name.slice(4)}` : name);
export const named = (who: string, patron: string, pole: string): Record<string, string> =>
  ({ who, whose: owned(who), patron, patrons: owned(patron), pole: within(pole) });

export interface Shown {
  name: string; who: string; patron: string; pole: string; quarter: string;
  low: Value; middle: Value; high: Value;
  since?: string; before?: Value; luck?: [number, number] | null; number?: number | null; value?: Value;
}
export function headline(of: Shown): string {
  const m = measureOf(of.name), names = named(of.who, of.patron, of.pole);
  const one = of.number !== null && of.number !== undefined;
  const asked = one ? of.value : of.middle;
  if (!known(of.low) || !known(of.middle) || !known(of.high) || !known(asked)) return say("nothing", { quarter: of.quarter, noun: fill(m.noun, names) });
  const clause = fill(m.level, { value: level(asked, m.unit), ...names });
  if (m.unit === "yes") {
    const kind = one ? (asked > 0.5 ? "one yes" : "one no") : of.low > 0.5 ? "yes" : of.middle > 0.5 ? "mostly" : of.high > 0.5 ? "seldom" : "no";
    return say(kind, { quarter: of.quarter, clause, number: of.number });
  }
  const [low, middle, high] = [of.low, of.middle, of.high].map((v) => level(v, m.unit));
  const alike = low === high;
  const kind = one ? (alike ? "one alike" : "one") : alike ? "alike" : "all";
  const said = [say(kind, { quarter: of.quarter, number: of.number, level: clause, low, middle, high })];
  if (!one) said.push(moved(of.middle, of.before, of.since ?? "", m.unit), lucky(of.low, of.high, of.luck, m.unit));
  return said.filter(Boolean).join(" ");
}
function moved(now: number, before: Value, since: string, unit: string): string {
  if (!known(before) || !since) return "";
  const change = now - before;
  if (Math.abs(change) < STILL) return say("still", { since, before: level(before, unit) });
  return say(change > 0 ? "more" : "less", { since, gap: gap(change, unit) });
}
function gap(change: number, unit: string, digits = 0): string {
  const size = Math.abs(change);
  if (unit === "number") return fixed(size, digits + 2);
  const text = fixed(100 * size, digits);
  return `${text} ${text === "1" ? "point" : "points"}`;
}
function lucky(low: number, high: number, luck: [number, number] | null | undefined, unit: string): string {
  if (!luck || !known(luck[0]) || !known(luck[1]) || level(low, unit) === level(high, unit)) return "";
  if (luck[1] - luck[0] >= NEARLY * (high - low)) return PHRASES["all luck"];
  if (level(luck[0], unit) === level(luck[1], unit)) return PHRASES["no luck"];
  return say("luck", { low: level(luck[0], unit), high: level(luck[1], unit) });
}

/** Share of histories above a level; null beyond the quantiles that are kept. */
export function passing(quantiles: Value[], at: number): number | null {
  if (!quantiles.every(known) || at < quantiles[0] || at >= quantiles[4]) return null;
  for (let n = 0; n < 4; n++) {
    const [a, b] = [quantiles[n] as number, quantiles[n + 1] as number];
    if (at < b) return 1 - (SHARES[n] + ((SHARES[n + 1] - SHARES[n]) * (at - a)) / (b - a));
  }
  return null;
}
export function crossing(quantiles: Value[], at: number, unit: string): string {
  if (!quantiles.every(known)) return "";
  const share = passing(quantiles, at), text = level(at, unit);
  if (share === null) return say(at < (quantiles[0] as number) ? "above almost" : "above hardly", { level: text });
  return say("above", { level: text, share: chance(share) });
}
export function chance(v: number): string {
  if (v > 0 && v < 0.005) return "less than 1%";
  if (v >= 0.995 && v < 1) return "more than 99%";
  return level(v, "share");
}

export interface Gap {
  name: string; who: string; patron: string; pole: string; quarter: string; one: string; other: string;
  first: Value; second: Value; low: Value; high: Value; parted: number; change: string; pairs?: [Value, Value] | null;
}
function sided(first: number, second: number, unit: string): [number, number] {
  const [scale, digits] = unit === "number" ? [1, 2] : [100, 0];
  for (const more of [0, 1]) {
    const [one, other] = [first, second].map((v) => Math.sign(v) * rounded(scale * v, digits + more));
    const apart = (other - one) / scale;
    if (apart !== 0 && Math.abs(apart - (second - first)) <= FAITHFUL) return [more, apart];
  }
  return [1, second - first];
}
const FINEST = 4;
function ends(low: number, high: number, unit: string, more: number): [string, string] {
  let [scale, digits] = unit === "number" ? [1, 2 + more] : [100, more];
  const near = low > 0 ? low : high < 0 ? high : Infinity;
  while (digits < FINEST && Number.isFinite(near) && rounded(scale * near, digits) === 0) digits += 1;
  return [signed(scale * low, digits), `${signed(scale * high, digits)}${unit === "number" ? "" : " points"}`];
}

export function compared(of: Gap): string {
  const m = measureOf(of.name);
  const names: Slots = { quarter: of.quarter, noun: fill(m.noun, named(of.who, of.patron, of.pole)), one: of.one, other: of.other };
  if (!known(of.first) || !known(of.second)) return say("nothing", names);
  if (of.change) return say("by definition", { change: of.change, ...names });
  if (of.parted === 0) return say("same so far", names);
  const difference = of.second - of.first;
  if (difference === 0) return say("same", { first: level(of.first, m.unit), ...names });
  if (Math.abs(difference) < LEAST) return say("hardly", { first: level(of.first, m.unit), least: m.unit === "number" ? "0.005" : "half a point", ...names });
  const [more, apart] = sided(of.first, of.second, m.unit);
  const sure = known(of.low) && known(of.high) && (of.low > 0 || of.high < 0);
  const [low, high] = known(of.low) && known(of.high) ? ends(of.low, of.high, m.unit, more) : ["?", "?"];
  const said = say(sure ? (difference > 0 ? "higher" : "lower") : "open", { ...names, first: level(of.first, m.unit, more), second: level(of.second, m.unit, more), gap: gap(apart, m.unit, more), low, high });
  return [said, single(of, m.unit)].filter(Boolean).join(" ");
}
function single(of: Gap, unit: string): string {
  if (!of.pairs || !known(of.pairs[0]) || !known(of.pairs[1])) return "";
  const [low, high] = of.pairs;
  if (Math.max(Math.abs(low), Math.abs(high)) < LEAST) return PHRASES["pairs same"];
  if (low > -LEAST || high < LEAST) return "";
  const told = ends(low, high, unit, 0);
  return say("pairs", { low: told[0], high: told[1] });
}

/** Both sides in quotation marks, without what their titles have in common. */
export function sides(one: string, other: string): [string, string] {
  const [a, b] = [one, other].map((t) => t.split(/: (.*)/s));
  const quoted = (t: string): string => `\u201c${t}\u201d`;
  return a.length > 1 && b.length > 1 && a[0] === b[0] ? [quoted(a[1]), quoted(b[1])] : [quoted(one), quoted(other)];
}

/** Why a measure differs by definition; empty where it does not. */
export function byDefinition(measure: string, offFirst: string[], offSecond: string[], title: (name: string) => string): string {
  const name = measure.startsWith("orientation") ? "orientation" : measure;
  const changed = [...offFirst.filter((m) => !offSecond.includes(m)), ...offSecond.filter((m) => !offFirst.includes(m))].sort();
  const only = found.only as Record<string, string[]>;
  for (const m of changed) if (only[m]?.includes(name)) return `\u201c${title(m)}\u201d is switched off on one side`;
  return "";
}

/** What must be expected of a neighbour, wherever it is put on the map of a room. */
export interface Put { name: string; who: string; patron: string; rival: string; tie: number; others: number; here: number; there: number; permitted: number; moved: boolean }
export function put(of: Put): string {
  const what = fill((found.chances as Record<string, string>)[of.name], { patron: of.patron });
  const names: Slots = { who: of.who, patron: of.patron, what, tie: level(of.tie, "share"), rival: within(of.rival), others: level(of.others, "share"), passes: chance(of.permitted), here: level(of.here, "share", 1), there: level(of.there, "share", 1) };
  if (!of.moved) return say("put here", names);
  const apart = (rounded(100 * of.there, 1) - rounded(100 * of.here, 1)) / 100;
  return say(Math.abs(apart) < 0.0005 ? "put alike" : apart > 0 ? "put more" : "put less", { ...names, gap: gap(apart, "share", 1) });
}
