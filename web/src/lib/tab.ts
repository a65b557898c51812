// The order in this tab: workers that run the engine of engine/, one per core, and what they say as the explorer's own shapes.
import { BANDS, type Bands, type Crisis, type Grid, type Parameter } from "./types";

export interface Catalogue {
  parameters: Record<string, { mean: number; sd: number; unit: string; low: number; high: number | null }>;
  mechanisms: { name: string; title: string }[];
  kinds: string[];
  instruments: string[];
  leanings: string[];
  tops: Record<string, number>;
  codes: Record<string, { at: number; bits: number; over: number; under: number; add: number }>;
  sides: string[];
  scenarios: { name: string; title: string; question: string; file: string }[];
}
export interface Scenario {
  name: string;
  title: string;
  question: string;
  shape: string;
  states: { iso3: string; name: string }[];
  poles: { id: string; name: string }[];
  patron: string;
  quarters: string[];
  /** Quarters after its last that an event forced near it may need. */
  later: string[];
  recorded: string | null;
  covered: string | null;
  record: unknown;
  /** Years in which neighbours were observed, and the file that says where they stood. */
  stood: { from: number; to: number; file: string } | null;
  parameters: Record<string, number>;
  draws: string;
}
/** What one side of a question is: the scenario with changes. Nothing in `record`: as the scenario has it; "none": dice from the start. */
export interface Change {
  set: Record<string, number>;
  without: string[];
  force: string[];
  record?: string | null;
}
export interface Question {
  scenario: string;
  sides: Change[];
  runs: number;
  seed: number;
  parameters: "draws" | "mean";
  end?: string;
}
/** The same in full, as question.js of the engine's folder says it. */
interface Resolved {
  quarters: string[];
  sides: (Change & { stand: { year: number; quarter: number } | null })[];
}
export interface PerHistory {
  label: string;
  means: number[];
  low: number;
  high: number;
}

const BASE = new URL("engine/", document.baseURI);
const SAMPLE = 2048; // histories whose trajectories are kept for quantiles and pictures, as in Python

const kept = new Map<string, Promise<Response>>();
async function file(name: string): Promise<Response> {
  let found = kept.get(name);
  if (!found) {
    found = fetch(new URL(name, BASE)).catch(() => {
      throw new Error(location.protocol === "file:"
        ? "This browser does not let a page opened from a folder read the files beside it. Serve the folder, for instance with: python -m http.server."
        : "The engine's files cannot be read. Is there a connection? Once read, they work without one.");
    });
    kept.set(name, found);
    found.catch(() => kept.delete(name));
  }
  const answer = (await found).clone();
  if (!answer.ok) throw new Error(`The engine's file ${name} is not there: this site was written without it.`);
  return answer;
}
export const catalogue = async (): Promise<Catalogue> => {
  const found = await file("model.json");
  hands(cores());
  return found.json();
};
export const scenario = async (name: string, of: Catalogue): Promise<Scenario> => {
  const found = of.scenarios.find((s) => s.name === name);
  if (!found) throw new Error(`There is no scenario “${name}” here. There are: ${of.scenarios.map((s) => s.name).join(", ")}.`);
  return (await file(found.file)).json();
};
/** What gzip has packed; some hosts let the browser unpack it before we see it. */
async function unpacked(name: string): Promise<ArrayBuffer> {
  const content = await (await file(name)).arrayBuffer(), [one, two] = new Uint8Array(content, 0, 2);
  if (one !== 0x1f || two !== 0x8b) return content;
  return new Response(new Blob([content]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/** An engine's module, compiled once for all workers, by one of them: the page's own policy lets nothing be compiled here. */
const modules = new Map<string, Promise<WebAssembly.Module>>();
function compiled(shape: string): Promise<WebAssembly.Module> {
  let found = modules.get(shape);
  if (!found) {
    found = unpacked(`${shape}.wasm.gz`).then((bytes) => hands(1)[0].ask<WebAssembly.Module>("compile", bytes, [bytes]));
    modules.set(shape, found);
    found.catch(() => modules.delete(shape));
  }
  return found;
}

/** Parameters as a form lists them. */
export const parameters = (of: Catalogue, s: Scenario): Parameter[] =>
  Object.entries(of.parameters).map(([name, p]) => ({ name, block: name.split(".")[0], source: "", ...p, value: s.parameters[name] }) as Parameter);

/** A worker that answers one question after the other. */
class Hand {
  private worker = new Worker(new URL("worker.js", BASE), { type: "module" });
  private waiting = new Map<number, { done: (found: never) => void; fail: (e: Error) => void }>();
  private asked = 0;
  constructor() {
    this.worker.onmessage = ({ data }) => {
      const who = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      if (data.error) who?.fail(new Error(data.error));
      else who?.done(data.found as never);
    };
    this.worker.onerror = (e) => {
      for (const who of this.waiting.values()) who.fail(new Error(e.message || "The engine's worker cannot start in this browser."));
      this.waiting.clear();
      pool.length = 0;
    };
  }
  ask<T>(what: string, about: unknown, moved: Transferable[] = []): Promise<T> {
    const id = ++this.asked;
    return new Promise<T>((done, fail) => {
      this.waiting.set(id, { done: done as (found: never) => void, fail });
      this.worker.postMessage({ id, what, about }, moved);
    });
  }
}

/** Workers stay from question to question: none is fetched again, so that the page goes on without a connection. */
const pool: Hand[] = [];
const cores = (): number => navigator.hardwareConcurrency || 2;
function hands(count: number): Hand[] {
  while (pool.length < cores()) pool.push(new Hand());
  return pool.slice(0, count);
}

/** Some quarters of a measure in one chunk of histories, of each side. */
interface Piece {
  number: number;
  sides: Uint16Array[];
}
/** Let the page answer the hand. */
const pause = (): Promise<void> => new Promise((done) => setTimeout(done));
function joined(parts: Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((n, p) => n + p.length, 0));
  parts.reduce((at, p) => (whole.set(p, at), at + p.length), 0);
  return whole;
}
interface Counts {
  kinds: Uint16Array;
  used: Uint16Array;
}

/** A question at work, and what came of it. */
export class Answer {
  private hands: Hand[] = [];
  private counts: Counts[][] = []; // by chunk, then side
  private measured = new Map<string, Promise<Bands[]>>();
  private over = false;
  private side = 64;
  private asked!: Resolved;
  constructor(
    readonly question: Question,
    readonly of: Catalogue,
    readonly scenario: Scenario,
  ) {}

  get quarters(): string[] {
    return this.asked.quarters;
  }
  /** By the end of which year each side's neighbours are put where they were observed to stand, where they are. */
  get observed(): (number | null)[] {
    return this.asked.sides.map((side) => side.stand?.year ?? null);
  }
  get sampled(): number {
    return Math.min(this.question.runs, SAMPLE);
  }

  /** Run all histories; `note` is told how many are done. False where it was stopped. */
  async run(note: (done: number) => void): Promise<boolean> {
    const { scenario: s, question: q, of } = this;
    const [manifest, module] = await Promise.all([file(`${s.shape}.json`).then((f) => f.json()), compiled(s.shape)]);
    let draws: unknown = null;
    if (q.parameters === "draws") {
      const [about, values] = await Promise.all([file(`draws-${s.draws}.json`).then((f) => f.json()), unpacked(`draws-${s.draws}.f32.gz`)]);
      draws = { names: about.names, values: new Float32Array(values) };
    }
    this.asked = await hands(1)[0].ask<Resolved>("resolve", { scenario: s, sides: q.sides, model: of, end: q.end });
    let stood: unknown = null;
    if (s.stood && this.observed.some((year) => year !== null)) {
      const [levels, luck] = await Promise.all([file(s.stood.file).then((f) => f.json()), unpacked("stood.f64.gz")]);
      stood = { levels, luck: new Float64Array(luck) };
    }
    const sides = this.asked.sides.map((side) => ({ ...side, seed: q.seed }));
    const job = { module, manifest, scenario: s, sides, draws, stood, quarters: this.quarters.length, sample: SAMPLE, tops: of.tops,
      codes: of.codes, kinds: of.kinds.length, instruments: of.instruments.length };
    this.side = manifest.runs;
    const chunks = Math.ceil(q.runs / manifest.runs);
    this.hands = hands(Math.min(chunks, cores()));
    let next = 0, done = 0;
    const work = async (hand: Hand): Promise<void> => {
      await hand.ask("begin", job);
      while (next < chunks && !this.over) {
        const number = next++;
        this.counts[number] = await hand.ask<Counts[]>("chunk", number);
        note(Math.min(q.runs, (done += manifest.runs)));
      }
    };
    try {
      await Promise.all(this.hands.map(work));
    } catch (e) {
      if (!this.over) throw e;
    }
    return !this.over;
  }

  /** Stop, and let go of all memory. */
  end(): void {
    this.over = true;
    for (const hand of this.hands) hand.ask("forget", null).catch(() => {});
  }

  /** Quantiles of a measure: of each side, and of the differences between two. [state][quarter] */
  bands(measure: string): Promise<Bands[]> {
    const name = measure.startsWith("orientation:") ? "orientation" : measure;
    const pole = Math.max(0, this.scenario.poles.findIndex((p) => measure === `orientation:${p.id}`));
    let found = this.measured.get(measure);
    if (!found) {
      found = this.quantiles(`kept.${name}`).then(async (all) => {
        const sides: Bands[] = [];
        for (const flat of all) {
          await pause();
          sides.push(this.grids(flat, pole, name === "orientation"));
        }
        await pause();
        return sides;
      });
      this.measured.set(measure, found);
      found.catch(() => this.measured.delete(measure));
    }
    return found;
  }
  private flat = new Map<string, Promise<Record<string, Float32Array>[]>>();
  private quantiles(name: string): Promise<Record<string, Float32Array>[]> {
    let found = this.flat.get(name);
    if (!found) {
      found = (async () => {
        // Every worker has some histories and ranks some quarters of all of them.
        const whole = this.quarters.length, workers = this.hands;
        const edges = Array.from({ length: workers.length + 1 }, (_, i) => Math.round((i * whole) / workers.length));
        const parts = await Promise.all(workers.map((hand) => hand.ask<Piece[][]>("collected", { name, edges })));
        const ranked = await Promise.all(workers.map((hand, i) => {
          const chunks = parts.flatMap((pieces) => pieces[i]);
          return hand.ask<Record<string, Float32Array>[]>("quantiles", { name, chunks, histories: this.sampled, quarters: edges[i + 1] - edges[i] },
            chunks.flatMap((c) => c.sides.map((side) => side.buffer)));
        }));
        return ranked[0].map((first, side) => Object.fromEntries(Object.keys(first).map((level) => [level, joined(ranked.map((r) => r[side][level]))])));
      })();
      this.flat.set(name, found);
    }
    return found;
  }
  private grids(flat: Record<string, Float32Array>, pole: number, ties: boolean): Bands {
    const states = this.scenario.states.length, quarters = this.quarters.length;
    const row = states * (ties ? this.scenario.poles.length : 1);
    return Object.fromEntries(BANDS.map((level): [string, Grid] => [level, Array.from({ length: states }, (_, n) =>
      Array.from({ length: quarters }, (_, q) => flat[level][q * row + pole * states + n]))]));
  }

  /** Crises per history by kind, or histories' uses of instruments: means of each side, and nine histories in ten of the last. */
  perHistory(of: "kinds" | "used"): PerHistory[] {
    const labels = of === "kinds" ? this.of.kinds : this.of.instruments, { runs, sides } = this.question, r = this.side;
    return labels.map((label, code) => {
      const counts = sides.map((_, s) => {
        const all: number[] = [];
        for (const chunk of this.counts) for (let i = 0; i < r && all.length < runs; i++) all.push(chunk[s][of][code * r + i]);
        return all;
      });
      const last = Uint16Array.from(counts[counts.length - 1]).sort();
      return { label, means: counts.map((c) => c.reduce((a, b) => a + b, 0) / runs), low: last[Math.floor(0.05 * (runs - 1))], high: last[Math.ceil(0.95 * (runs - 1))] };
    });
  }

  /** One history: its crises and a measure. */
  async history(run: number, measure: string, side = 0): Promise<{ events: Crisis[]; own: Grid } | null> {
    const name = measure.startsWith("orientation:") ? "orientation" : measure;
    const pole = Math.max(0, this.scenario.poles.findIndex((p) => measure === `orientation:${p.id}`));
    const found = (await Promise.all(this.hands.map((h) => h.ask<{ events: number[]; values: number[] } | null>("history", { run, name: `kept.${name}`, side })))).find((f) => f);
    if (!found) return null;
    const { states, poles } = this.scenario, { quarters } = this, row = states.length * (name === "orientation" ? poles.length : 1);
    const part = (code: number, which: string): number => {
      const { at, bits, over, under, add } = this.of.codes[which];
      return (Math.floor(((code >> at) & ((1 << bits) - 1)) / over) % under) + add;
    };
    const events = found.events.flatMap((code, i): Crisis[] => (!code ? [] : [{
      quarter: quarters[Math.floor(i / states.length)], state: states[i % states.length].iso3, kind: this.of.kinds[part(code, "kind")],
      instrument: this.of.instruments[part(code, "instrument")], side: this.of.sides[part(code, "side")], severity: part(code, "severity"), line: this.of.leanings[part(code, "line")],
      requested: part(code, "requested") === 1, consented: part(code, "consented") === 1, survived: part(code, "survived") === 1,
      successor: part(code, "survived") === 1 ? null : this.of.leanings[part(code, "successor")] }]));
    return { events, own: states.map((_, n) => quarters.map((_, q) => found.values[q * row + pole * states.length + n])) };
  }

  /** A measure's quantiles as comma-separated values. */
  async csv(measure: string): Promise<string> {
    const all = await this.bands(measure), { states } = this.scenario, { quarters } = this;
    const names = all.length === 1 ? [""] : ["first_", "second_", "difference_"];
    const head = ["state", "quarter", ...names.flatMap((n) => BANDS.map((b) => n + b))];
    const rows = states.flatMap((s, i) => quarters.map((q, t) => [s.iso3, q, ...all.flatMap((bands) => BANDS.map((b) => (bands[b][i][t] as number).toFixed(5)))]));
    return [head, ...rows].map((row) => row.join(",")).join("\n") + "\n";
  }
}
