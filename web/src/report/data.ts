// What the page carries: the API's answer of a run, with its map and what only a report shows, gzipped in base64.
import type { Atlas, Crisis, Line, Result } from "../lib/types";

export interface Dot {
  panel: string;
  label: string;
  who: "model" | "record";
  value: number;
  low: number;
  high: number;
}
export type Regarded = "fear" | "legitimacy";
export type Report = Pick<Result, "attrs" | "quarters" | "states" | "poles" | "patron" | "measures" | "orientation" | "order" | "record"> & {
  listed: string[];
  map: Atlas | null;
  regional: Record<Regarded, Line>;
  events: Crisis[];
  decades: Partial<Record<"instruments" | "crises", Dot[]>>;
};

export async function read(): Promise<Report> {
  const text = document.getElementById("data")!.textContent!;
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return (await new Response(plain).json()) as Report;
}
