// Runs a question in Node with the page's own engine: node portable_node.mjs JOB.json, which names files and questions.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const job = JSON.parse(readFileSync(process.argv[2], "utf8"));
const { Engine, unpacked } = await import(pathToFileURL(`${job.scripts}/engine.js`));
const { resolved, ties } = await import(pathToFileURL(`${job.scripts}/question.js`));
const manifest = JSON.parse(readFileSync(job.manifest, "utf8"));
const module = await WebAssembly.compile(await unpacked(readFileSync(job.module)));
const engine = new Engine(module, manifest);
const [scenario, model] = [job.scenario, job.model].map((file) => JSON.parse(readFileSync(file, "utf8")));
const seconds = [];
for (const { question, first, chunks, draws, to, measure } of job.questions) {
  const { quarters: { length: quarters }, sides: [side] } = resolved(scenario, [question], model, question.end);
  const { runs } = manifest, states = scenario.states.length;
  const given = draws && { names: draws.names, values: new Float32Array(new Uint8Array(readFileSync(draws.values)).buffer) };
  const luck = side.stand && new Float64Array(new Uint8Array(readFileSync(job.luck)).buffer);
  const stood = side.stand && ties(JSON.parse(readFileSync(job.stood, "utf8")), side.stand.year, luck, scenario.poles.length, states);
  engine.ask(scenario, side, given, stood);
  const events = new Uint16Array(chunks * quarters * states * runs);
  const shown = new Float32Array(measure ? events.length : 0);
  const before = process.cpuUsage();
  for (let c = 0; c < chunks; c++) {
    engine.run(first + c * runs, quarters, (q) => {
      const at = (c * quarters + q) * states * runs;
      events.set(engine.arrays.events, at);
      if (measure) shown.set(engine.arrays[`kept.${measure}`], at);
    });
  }
  const spent = process.cpuUsage(before);
  seconds.push((spent.user + spent.system) / 1e6);
  writeFileSync(to, events);
  if (measure) writeFileSync(`${to}.${measure}`, shown);
}
console.log(JSON.stringify(seconds));
