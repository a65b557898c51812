// Questions in the address, and back: a link can be replayed on a machine that never saw it.
import type { Asked, Entry, OrderInfo, Side } from "./types";
import { address } from "./view.svelte";

export function sideParams(side: Side, prefix = ""): Record<string, string | undefined> {
  return {
    [`${prefix}s`]: side.scenario,
    [`${prefix}set`]: Object.entries(side.set ?? {}).map(([k, v]) => `${k}=${v}`).join(",") || undefined,
    [`${prefix}without`]: (side.without ?? []).join(",") || undefined,
    [`${prefix}force`]: (side.force ?? []).join(";") || undefined,
    [`${prefix}record`]: side.record ?? undefined,
    [`${prefix}end`]: side.end ?? undefined,
  };
}

export function sideOf(p: Record<string, string>, prefix = ""): Side | null {
  const scenario = p[`${prefix}s`];
  if (!scenario) return null;
  const side: Side = { scenario };
  const set = p[`${prefix}set`], without = p[`${prefix}without`], force = p[`${prefix}force`];
  if (set) side.set = Object.fromEntries(set.split(",").map((x) => x.split("=")).map(([k, v]) => [k, Number(v)]));
  if (without) side.without = without.split(",");
  if (force) side.force = force.split(";");
  if (p[`${prefix}record`]) side.record = p[`${prefix}record`];
  if (p[`${prefix}end`]) side.end = p[`${prefix}end`];
  return side;
}

type Params = Record<string, string | number | undefined>;

/** A run's question is one side with its size and seed. */
export function runOf(p: Record<string, string>): Asked | null {
  const side = sideOf(p);
  return side && { ...side, runs: Number(p.n ?? 500), seed: Number(p.seed ?? 0) };
}
export const runParams = (q: Asked): Params => ({ ...sideParams(q as unknown as Side), n: q.runs as number, seed: q.seed as number });

/** A comparison's question has the second side's changes under plain names, the first's under `first_`, dates in common. */
export const compareOf = (a: Side, b: Side, runs: number, seed: number, why = false): Asked => ({
  first: a.scenario, second: b.scenario, set: b.set ?? {}, without: b.without ?? [], force: b.force ?? [],
  first_set: a.set ?? {}, first_without: a.without ?? [], first_force: a.force ?? [],
  record: b.record ?? a.record ?? null, end: b.end ?? a.end ?? null, runs, seed, ...(why ? { why } : {}),
});
export function sidesOf(q: Asked): { a: Side; b: Side } {
  const dates = { record: q.record as string | null, end: q.end as string | null };
  const a = { scenario: q.first, set: q.first_set, without: q.first_without, force: q.first_force, ...dates } as Side;
  return { a, b: { scenario: q.second ?? q.first, set: q.set, without: q.without, force: q.force, ...dates } as Side };
}
export function compareParams(q: Asked): Params {
  const { a, b } = sidesOf(q);
  return { ...sideParams(a, "a"), ...sideParams(b, "b"), n: q.runs as number, seed: q.seed as number, why: q.why ? 1 : undefined };
}

/** Studies whose answers have a page of their own, with what the address says of the question. */
const OWN: Record<string, (q: Asked) => Params> = {
  run: runParams,
  compare: compareParams,
  predict: () => ({}),
  room: (q) => ({ s: q.scenario as string, state: q.state as string, at: (q.at as string | null) ?? undefined }),
};
export const ownPage = (study: string): boolean => study in OWN;

/** Where an answer is looked at: its own page, or the page of any result. */
export function where(study: string, id: string | undefined, question?: Asked | null, view: Params = {}): string {
  if (!(study in OWN)) return address(["result", ...(id ? [id] : [])], view);
  return address([study, ...(id ? [id] : [])], { ...(question ? OWN[study](question) : {}), ...view });
}
/** A result's page; where an event is given, it opens at the event's own quarter. */
export const opened = (e: Entry): string => where(e.study, e.id, null, e.when && ["run", "compare"].includes(e.study) ? { q: e.when } : {});
/** An order by its title; one of one's own by its name, too, since it may have the title of what it extends. */
export const called = (o: OrderInfo): string => (o.builtin || o.title === o.name ? o.title : `${o.title} (${o.name})`);
