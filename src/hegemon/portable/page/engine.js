// The order's engine: WebAssembly with its arguments and results as arrays, the same in a page, in a worker and in Node.
const KINDS = { float32: Float32Array, int32: Int32Array, uint32: Uint32Array, uint16: Uint16Array };
const OPEN = -1, NEVER = 2 ** 32 - 1;

/** Unpack what gzip has packed. */
export async function unpacked(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** What a history knows beforehand, part by part, padded with what is open. */
export function scripted({ until, rows }, part, quarters, states) {
  const codes = new Int32Array(quarters * states).fill(OPEN);
  if (part === "kind") codes.fill(0, 0, until * states);
  for (const [name, q, n, code] of rows) if (name === part) codes[q * states + n] = code;
  return codes;
}

/** Parameters of each history: the scenario's own, or draws in turn; what is held or set holds in every draw. */
export function parameters(manifest, scenario, question, draws) {
  const names = manifest.parameters, own = names.map((name) => scenario.parameters[name]);
  const given = new Map(Object.entries(question.set ?? {}));
  for (const name of question.without ?? []) given.set(`on.${name}`, 0);
  for (const name of given.keys()) if (!names.includes(name)) throw new Error(`The model has no parameter “${name}”.`);
  const base = Float32Array.from(names, (name, i) => given.get(name) ?? own[i]);
  if (!draws) return { of: () => base, sets: 1 };
  const held = new Set([...scenario.held, ...given.keys()]);
  const where = draws.names.map((name) => (held.has(name) ? -1 : names.indexOf(name)));
  const sets = draws.values.length / draws.names.length;
  const rows = Array.from({ length: sets }, (_, s) => {
    const row = base.slice();
    where.forEach((i, d) => i >= 0 && (row[i] = draws.values[s * draws.names.length + d]));
    return row;
  });
  return { of: (history) => rows[history % sets], sets };
}

export class Engine {
  /** An instance of a compiled module, with the manifest that names its arguments. */
  constructor(module, manifest) {
    this.manifest = manifest;
    const { memory, hegemon_at, hegemon_begin, hegemon_quarter } = new WebAssembly.Instance(module).exports;
    this.begin = hegemon_begin;
    this.quarter = hegemon_quarter;
    this.arrays = {};
    [...manifest.inputs, ...manifest.outputs].forEach((each, number) => {
      const size = each.shape.reduce((a, b) => a * b, 1);
      this.arrays[each.name] = new KINDS[each.dtype](memory.buffer, hegemon_at(number), size);
    });
    this.outputs = manifest.outputs.map((each) => each.name);
  }

  /** What all histories of a side of a question share (see question.js): the opening, what is known, the seed; `stood` are the
   * ties that they take in turn at the close of the side's quarter. */
  ask(scenario, side, draws, stood) {
    const { quarters } = this.manifest, states = scenario.states.length;
    for (const { name, shape } of this.manifest.inputs) {
      if (name.startsWith("opening.script.")) {
        this.arrays[name].set(scripted(side.known, name.slice("opening.script.".length), quarters, states));
      } else if (name.startsWith("opening.")) {
        const given = scenario.opening[name], whole = this.arrays[name];
        const row = name.startsWith("opening.paths.") || name === "opening.ages" ? shape.slice(1).reduce((a, b) => a * b, 1) : whole.length;
        whole.set(given);
        for (let i = given.length; i < whole.length; i += row) whole.set(given.slice(given.length - row), i);
      }
    }
    const seed = BigInt(side.seed ?? 0);
    this.arrays["seed.0"][0] = Number(seed & 0xffffffffn);
    this.arrays["seed.1"][0] = Number(seed >> 32n);
    this.arrays.epoch[0] = 0;
    this.arrays["stand.0"][0] = side.stand ? side.stand.quarter : NEVER;
    this.stood = side.stand ? stood : null;
    this.parameters = parameters(this.manifest, scenario, side, draws);
  }

  /** Histories from `first` on, as many as go side by side: `each(quarter)` reads the results of every quarter. */
  run(first, quarters, each) {
    const { runs } = this.manifest, { numbers, parameters: all, "stand.1": stand } = this.arrays, cells = stand.length / runs;
    for (let r = 0; r < runs; r++) {
      numbers[r] = first + r;
      const own = this.parameters.of(first + r);
      for (let i = 0; i < own.length; i++) all[i * runs + r] = own[i];
      if (this.stood) for (let i = 0; i < cells; i++) stand[i * runs + r] = this.stood[(((first + r) * cells) % this.stood.length) + i];
    }
    this.begin();
    for (let q = 0; q < quarters; q++) {
      this.quarter();
      each(q);
    }
  }
}
