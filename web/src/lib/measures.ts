// Measures in groups, as a reader looks for them: those of hegemon.sentences.measures.
import words from "../words.json";
import { MEASURES } from "./words";

const NAMED = words.named as Record<string, { group: string }>;

export function grouped(poles: { id: string }[]): Record<string, string[]> {
  const found: Record<string, string[]> = Object.fromEntries(words.groups.slice(0, -1).map((g) => [g, Object.keys(MEASURES).filter((m) => NAMED[m]?.group === g)]));
  found[words.ties.group] = poles.map((p) => `orientation:${p.id}`);
  const said = new Set(Object.values(found).flat());
  const rest = Object.keys(MEASURES).filter((m) => !said.has(m));
  return rest.length ? { ...found, Other: rest } : found;
}
