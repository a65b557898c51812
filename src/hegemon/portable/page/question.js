// What a question makes of a scenario: what is known, where neighbours stood, how long it runs. As `hegemon.branch` says in Python.
const EXAMPLE = "2022Q1 KAZ uprising unilateral_force";
const AFTER = 16; // quarters after a forced event that are simulated at least
const FACTS = ["requested", "consented", "survived"];

const number = (quarter) => {
  const found = /^(\d{4})Q([1-4])$/.exec(quarter);
  if (!found) throw new Error(`“${quarter}” is no quarter. Write it as in 2022Q1.`);
  return 4 * Number(found[1]) + Number(found[2]) - 1;
};
const label = (quarter) => `${String(Math.floor(quarter / 4)).padStart(4, "0")}Q${(quarter % 4) + 1}`;
const among = (word, names, what) => {
  if (!names.includes(word)) throw new Error(`There is no ${what} “${word}”. There are: ${names.join(", ")}.`);
  return names.indexOf(word);
};

/** A forced event from words, as after --force: its place, and its parts in codes. */
function event(text, scenario, model) {
  const words = text.trim().split(/\s+/), [quarter, state, crisis, answer, more] = words.filter((w) => !w.includes("="));
  if (!crisis || more) throw new Error(`“${text}” is no event. Give quarter, neighbour, crisis and perhaps the answer: “${EXAMPLE}”.`);
  const parts = { kind: among(crisis, model.kinds, "kind of crisis") + 1 };
  if (answer) {
    parts.response = among(answer, model.instruments, "answer");
    if (answer === "collective_force") parts.requested = parts.consented = 1;
  }
  for (const [name, value = ""] of words.filter((w) => w.includes("=")).map((w) => w.split("="))) {
    if (FACTS.includes(name)) parts[name] = among(value, ["no", "yes"], name);
    else if (name === "severity") parts[name] = among(value, ["1", "2", "3"], name) + 1;
    else if (name === "side") parts[name] = among(value, model.sides.filter((s) => s !== "neither"), name) === 0 ? 0 : 2;
    else if (["line", "successor"].includes(name)) parts[name] = among(value, model.leanings, name);
    else throw new Error(`An event has no “${name}”.`);
  }
  return { text, quarter: number(quarter), state: among(state, scenario.states.map((s) => s.iso3), "neighbour"), answer, parts };
}

/** Refuse what cannot happen, in a sentence. */
function possible({ text, quarter, state, answer, parts }, { first, last, record }, side, scenario, model) {
  const refuse = (why) => {
    throw new Error(`“${text}” cannot be: ${why}`);
  };
  if (quarter < first || quarter > last) refuse(`the question runs from ${label(first)} to ${label(last)}.`);
  if (record !== null && quarter <= record) refuse(`history is followed to ${label(record)}. Force something later, or follow it less far.`);
  const { name } = scenario.states[state], at = (quarter - first) * scenario.states.length + state;
  const given = (path) => scenario.opening[`opening.paths.${path}`]?.[at];
  const off = (mechanism) => side.without.includes(mechanism) || scenario.parameters[`on.${mechanism}`] === 0;
  if (given("present") === 0) refuse(`${name} is no neighbour then.`);
  if (answer && answer !== model.instruments[0] && off("response")) refuse("the patron's response is switched off.");
  if (model.needs.ground.includes(answer)) {
    if (off("separatism")) refuse("separatism is switched off.");
    if (!(scenario.opening["opening.setting.cleavage"][state] > 0)) refuse(`${name} has no ground for separatism.`);
  }
  const mandated = model.needs.mandate.includes(answer), member = !off("pact") && given("scheduled") === 1;
  if ((mandated || parts.consented === 1) && !member) refuse(`${name} was no member of a pact.`);
  if (mandated && parts.consented === 0) refuse(`${answer} needs the pact's consent.`);
  if (parts.side !== undefined && !model.used[answer]?.includes(model.sides[parts.side])) refuse(`${answer ?? "an answer"} is not used ${model.sides[parts.side]} the incumbents.`);
  if (parts.survived === 1 && parts.successor !== undefined) refuse("who survived has no successor.");
}

/** Sides of a question in full: {quarters, sides: [{...side, known, stand}]}; `stand` is a quarter's number and a year, or null. */
export function resolved(scenario, asked, model, end) {
  const sides = asked.map((side) => ({ set: {}, without: [], force: [], ...side }));
  const first = number(scenario.quarters[0]), own = number(scenario.quarters.at(-1)), most = own + scenario.later.length;
  const events = sides.map((side) => side.force.map((text) => event(text, scenario, model)));
  const when = events.flat().map((e) => e.quarter).sort((a, b) => a - b);
  const last = end ? number(end) : when.length ? Math.max(own, when.at(-1) + AFTER) : own;
  if (last < first || last > most) throw new Error(`This page runs ${scenario.title} from ${label(first)} to ${label(most)}, not to ${label(last)}.`);
  const covered = scenario.covered && number(scenario.covered), eve = when.length && covered && when[0] > first ? Math.min(when[0] - 1, covered) : null;
  const all = sides.map((side, i) => {
    const asks = side.record === undefined ? null : side.record === null ? { record: null } : { record: number(side.record) };
    const { record } = asks ?? { record: eve ?? (scenario.recorded && number(scenario.recorded)) };
    if (record !== null && !covered) throw new Error("This order has no coded record to follow.");
    if (record !== null && (record < first || record > Math.min(covered, last))) throw new Error(`The record of ${scenario.title} goes from ${label(first)} to ${label(Math.min(covered, last))}.`);
    for (const each of events[i]) possible(each, { first, last, record }, side, scenario, model);
    const places = events[i].map((e) => `${e.quarter - first} ${e.state}`);
    if (new Set(places).size < places.length) throw new Error("A neighbour may have one event in a quarter.");
    const kept = scenario.script.rows.filter(([, q, n]) => q >= scenario.script.until && !places.includes(`${q} ${n}`));
    const until = record === null ? (asks ? 0 : scenario.script.until) : record - first + 1;
    const early = kept.find(([, q]) => q < until);
    if (early) throw new Error(`The scenario forces an event in ${label(first + early[1])}, and history is followed to ${label(record)}. Follow it less far.`);
    const rows = [...(record !== null ? scenario.record.rows.filter(([, q]) => q < until) : []), ...kept,
      ...events[i].flatMap((e) => Object.entries(e.parts).map(([part, code]) => [part, e.quarter - first, e.state, code]))];
    return { ...side, known: { until, rows }, stand: stands(record, first, scenario.stood) };
  });
  return { quarters: Array.from({ length: last - first + 1 }, (_, q) => label(first + q)), sides: all };
}

/** The last year that was over and observed where a record ends, and the quarter it closed with. */
function stands(record, first, stood) {
  if (record === null || !stood) return null;
  const year = Math.min(Math.floor((record + 1) / 4) - 1, stood.to);
  return year >= stood.from ? { year, quarter: 4 * year + 3 - first } : null;
}

/** Where histories stand: shares of ties, set by set, [pole][neighbour], from levels and the luck of each. */
export function ties({ sets, years }, year, luck, poles, states) {
  const { mean, deviation } = years[year], found = new Float32Array(sets * poles * states);
  for (let s = 0; s < sets; s++) {
    for (let n = 0; n < states; n++) {
      const weights = Array.from({ length: poles }, (_, p) => Math.exp(mean[n * poles + p] + deviation[n * poles + p] * luck[(s * states + n) * poles + p]));
      const sum = weights.reduce((a, b) => a + b);
      weights.forEach((w, p) => (found[(s * poles + p) * states + n] = w / sum));
    }
  }
  return found;
}
