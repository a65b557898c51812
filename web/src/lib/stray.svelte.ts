// What an address names and there is not: it is taken out of the address, and a sentence says so and what is shown instead.
import { untrack } from "svelte";
import { view } from "./view.svelte";

export interface Rule {
  /** Whether there is such a thing. */
  known: (value: string) => boolean;
  /** What it would be: "measure". */
  what: string;
  /** What is shown instead, as a sentence. */
  instead: string;
}

let said = $state.raw<string[]>([]);

export const stray = {
  get said(): string[] {
    return said;
  },
  forget(): void {
    said = [];
  },
};

export const among = (known: Iterable<string>): ((value: string) => boolean) => {
  const all = new Set(known);
  return (value) => all.has(value);
};
/** A whole number from nought to one below `end`. */
export const whole = (end = Number.MAX_SAFE_INTEGER, begin = 0) => (value: string): boolean => /^\d+$/.test(value) && Number(value) >= begin && Number(value) < end;
export const numeric = (value: string): boolean => value.trim() !== "" && Number.isFinite(Number(value));

/** Hold what the address says to what there is. Call it from an effect, once it is known what there is. */
export function mend(rules: Record<string, Rule>): void {
  const params = view.params, found: string[] = [], out: Record<string, undefined> = {};
  for (const [name, rule] of Object.entries(rules)) {
    const value = params[name];
    if (!value || rule.known(value)) continue;
    out[name] = undefined;
    const shown = value.length > 60 ? `${value.slice(0, 58)} …` : value;
    found.push(`There is no ${rule.what} called “${shown}” here. ${rule.instead}`);
  }
  if (!found.length) return;
  untrack(() => {
    said = [...new Set([...said, ...found])];
    view.set(out);
  });
}
