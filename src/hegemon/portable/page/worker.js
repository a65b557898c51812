// A worker of the page: runs chunks of histories, keeps what pictures need, and says quantiles. One per core.
import { Engine } from "./engine.js";
import { resolved, ties } from "./question.js";

const LEVELS = { p05: 0.05, p25: 0.25, median: 0.5, p75: 0.75, p95: 0.95 };
const MOST = 65535;
let job = null, engine = null, engines = []; // one for each side of the question
let kept = new Map(); // number of a chunk: for each side, its events and its measures in steps of their largest value

const cells = (name) => engine.arrays[name].length / engine.manifest.runs;
const measures = () => engine.outputs.filter((name) => name.startsWith("kept."));
const top = (name) => job.tops[name.slice("kept.".length)] ?? 1;

/** How often each code of a part of events occurs in each history, [code][history]. */
function counted(events, { at, bits, over, under, add }, codes, runs) {
  const counts = new Uint16Array(codes * runs);
  for (let i = 0; i < events.length; i++) {
    if (events[i]) counts[((Math.floor(((events[i] >> at) & ((1 << bits) - 1)) / over) % under) + add) * runs + (i % runs)]++;
  }
  return counts;
}

function chunk(number) {
  const { runs } = engine.manifest, quarters = job.quarters, shown = number * runs < job.sample;
  const sides = engines.map((engine) => {
    const events = new Uint16Array(quarters * engine.arrays.events.length);
    const stores = shown ? measures().map((name) => {
      const from = engine.arrays[name];
      return { name, from, by: MOST / top(name), to: new Uint16Array(quarters * from.length) };
    }) : [];
    engine.run(number * runs, quarters, (q) => {
      events.set(engine.arrays.events, q * engine.arrays.events.length);
      for (const { from, by, to } of stores) for (let i = 0, at = q * from.length; i < from.length; i++) to[at + i] = from[i] * by + 0.5;
    });
    const count = (part, codes) => counted(events, job.codes[part], codes, runs);
    return { events, stores, kinds: count("kind", job.kinds), used: count("instrument", job.instruments) };
  });
  if (shown) kept.set(number, sides.map(({ events, stores }) => ({ events, measures: new Map(stores.map((s) => [s.name, s.to])) })));
  return sides.map(({ kinds, used }) => ({ kinds, used }));
}

/** A measure of every chunk here, of every side, in pieces from quarter to quarter: each goes to the worker that ranks it. */
function collected({ name, edges }) {
  const row = cells(name) * engine.manifest.runs;
  return edges.slice(1).map((end, i) => [...kept].map(([number, sides]) => ({
    number, sides: sides.map((side) => side.measures.get(name).slice(edges[i] * row, end * row)),
  })));
}

/** Quantiles of a measure over histories, by quarter and cell, of each side and of differences between two. */
function quantiles({ name, chunks, histories, quarters }) {
  const { runs } = engine.manifest, size = cells(name), scale = top(name) / MOST;
  chunks.sort((a, b) => a.number - b.number);
  const sides = chunks[0].sides.length, wanted = [...Array(sides).keys(), ...(sides === 2 ? ["difference"] : [])];
  return wanted.map((which) => {
    const bands = Object.fromEntries(Object.keys(LEVELS).map((level) => [level, new Float32Array(quarters * size)]));
    const row = which === "difference" ? new Int32Array(histories) : new Uint16Array(histories);
    for (let cell = 0; cell < quarters * size; cell++) {
      let filled = 0;
      for (const { sides: [one, two], sides: all } of chunks) {
        for (let r = 0, at = cell * runs; r < runs && filled < histories; r++, at++) {
          row[filled++] = which === "difference" ? two[at] - one[at] : all[which][at];
        }
      }
      row.sort();
      for (const [level, share] of Object.entries(LEVELS)) {
        const place = share * (histories - 1), low = Math.floor(place), high = Math.min(low + 1, histories - 1);
        bands[level][cell] = (row[low] + (row[high] - row[low]) * (place - low)) * scale;
      }
    }
    return bands;
  });
}

/** One history: its events, and one of its measures by quarter and cell. */
function history({ run, name, side }) {
  const { runs } = engine.manifest, r = run % runs, found = kept.get(Math.floor(run / runs))?.[side];
  if (!found) return null;
  const pick = (numbers) => Array.from({ length: numbers.length / runs }, (_, i) => numbers[i * runs + r]);
  const scale = top(name) / MOST;
  return { events: pick(found.events), values: pick(found.measures.get(name)).map((v) => v * scale) };
}

/** Let go of what was kept. */
const forget = () => void (kept = new Map());

/** A module, for every worker: the page itself may not compile. */
const compile = (bytes) => WebAssembly.compile(bytes);

/** A question in full, or a sentence that says what is wrong with it. */
const resolve = ({ scenario, sides, model, end }) => resolved(scenario, sides, model, end);

const ANSWERS = { compile, resolve, forget, chunk, collected, quantiles, history };

self.onmessage = async ({ data: { id, what, about } }) => {
  try {
    if (what === "begin") {
      kept = new Map();
      job = about;
      const { scenario, stood } = job;
      engines = job.sides.map((side) => {
        const made = new Engine(job.module, job.manifest);
        const where = side.stand && ties(stood.levels, side.stand.year, stood.luck, scenario.poles.length, scenario.states.length);
        made.ask(scenario, side, job.draws, where);
        return made;
      });
      engine = engines[0];
      self.postMessage({ id });
    } else {
      self.postMessage({ id, found: await ANSWERS[what](about) });
    }
  } catch (error) {
    self.postMessage({ id, error: error.message });
  }
};
