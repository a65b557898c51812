// Codes in a reader's words; the lists come from the report's (tools/web_words.py).
import found from "../words.json";

type Words = Record<string, string>;
const plain = (code: string, words: Words): string =>
  words[code] ?? (code.charAt(0).toUpperCase() + code.slice(1)).replaceAll("_", " ");

export const KINDS: Words = found.kinds;
export const INSTRUMENTS: Words = found.instruments;
export const MEASURES: Words = found.measures;
export const ORDER: Words = found.order;
const NAMED = found.named as Record<string, { title: string }>;
export const kind = (code: string): string => plain(code, KINDS);
export const instrument = (code: string): string => plain(code, INSTRUMENTS);
export const family = (code: string): string => (found.families as Words)[code] ?? "stands aside";
export const successor = (code: string): string => plain(code, found.successors);
export const titled = (code: string): string => plain(code, {});
export const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** "orientation:west" is the share of ties with the pole `west`; all others are measures. */
export function measure(name: string, poles: { id: string; name: string }[]): { title: string; what: string } {
  if (!name.startsWith("orientation:")) return { title: NAMED[name]?.title ?? plain(name, {}), what: MEASURES[name] ?? ORDER[name] ?? "" };
  const id = name.slice("orientation:".length);
  const pole = (poles.find((p) => p.id === id)?.name ?? id).replace(/^The /, "the ");
  return { title: `Ties with ${pole}`, what: `share of external ties that are with ${pole}` };
}

export const SEVERITY = ["", "low", "medium", "high"];

export const side = (code: string): string => (found.sides as Words)[code] ?? "";
/** Instruments that are used on either side, so that an event has to say on which. */
export const SIDED: string[] = found.sided;

export function told(e: { kind: string; instrument: string; side?: string | null; severity?: number | null; requested?: boolean | null; survived?: boolean | null; successor?: string | null; name?: string | null }, patron: string): string {
  const begin = e.name ? `${e.name} (${lower(kind(e.kind))})` : kind(e.kind);
  const grave = e.severity ? `, ${SEVERITY[e.severity]} severity` : "";
  const asked = e.requested ? " Help was asked for." : "";
  const toward = e.side ? side(e.side) : "";
  const answer = ` ${patron}: ${lower(instrument(e.instrument))}${toward && `, ${toward}`}.`;
  const end = e.survived === false ? ` The government fell${e.successor ? `; the next ${successor(e.successor).replace(/^balanced$/, "keeps the balance")}` : ""}.` : "";
  return `${begin}${grave}.${asked}${answer}${end}`;
}
