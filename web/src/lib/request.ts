// A run's request in the address, and back: a link can be replayed on a machine that never saw it.
import type { RunRequest, Side } from "./types";

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

export const runParams = (r: RunRequest): Record<string, string | number | undefined> => ({ ...sideParams(r), n: r.runs, seed: r.seed });

export function runOf(p: Record<string, string>): RunRequest | null {
  const side = sideOf(p);
  return side && { ...side, runs: Number(p.n ?? 500), seed: Number(p.seed ?? 0) };
}
