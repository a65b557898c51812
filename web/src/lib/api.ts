// Asking the server. What an id names never changes once it is done, so those answers are kept.
import type {
  About, Asked, Atlas, CodedRecord, Coding, CodingCrisis, Comparison, Entry, Estimate, Example, History, Ledger, Mechanism, OrderInfo, Parameter, Result, Row, Story, StoryInfo, Study, Told,
} from "./types";

const ROOT = "api/v1/";

export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message.charAt(0).toUpperCase() + message.slice(1));
  }
}

/** Whether these pages stand in a folder without a server: what there is to see lies in `data/`, and nothing can be asked. */
export const STATIC = globalThis.document?.documentElement.dataset.static !== undefined;

let lost = false;
/** Whether a question was not answered because nobody was there; from then on, as if it had not been, unless `only` asked. */
export function missed(only = false): boolean {
  const was = lost;
  if (!only) lost = false;
  return was;
}

let codeless = false;
/** Whether a page's own code was missed: a browser does not ask again for code that failed once, until all is loaded anew. */
export const unloaded = (): boolean => codeless;
export const noticed = <T>(coming: Promise<T>): Promise<T> => coming.catch((e: Error) => { codeless = true; throw e; });

async function ask<T>(path: string, body?: unknown, method = body === undefined ? "GET" : "POST"): Promise<T> {
  if (STATIC) return shelved<T>(path, method);
  let answer: Response;
  try {
    answer = await fetch(ROOT + path, method === "GET" ? {} : body === undefined ? { method } : {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    lost = true;
    throw new Refused(0, "The server does not answer. Is `hegemon serve` still running?");
  }
  const text = await answer.text();
  let found: unknown = null;
  try {
    found = JSON.parse(text);
  } catch {
    /* not JSON: told below */
  }
  if (!answer.ok) {
    const said = (found as { error?: string } | null)?.error;
    throw new Refused(answer.status, said ?? `The server answered ${answer.status} to ${path}.`);
  }
  return found as T;
}

/** An answer that was published beside the pages: a script that says what it holds, which works from a disk too. */
async function shelved<T>(path: string, method: string): Promise<T> {
  const { published } = await import("./published");
  const found = method === "GET" ? await published(path) : undefined;
  if (found === undefined) throw new Refused(404, "This is a published copy: it shows what was published, and computes nothing. With hegemon on a machine of your own, the same page does.");
  return found as T;
}

const kept = new Map<string, Promise<unknown>>();
function once<T>(path: string): Promise<T> {
  let found = kept.get(path);
  if (!found) {
    found = ask<T>(path);
    found.catch(() => kept.delete(path));
    kept.set(path, found);
  }
  return found as Promise<T>;
}

function forget(start: string): void {
  for (const path of kept.keys()) if (path.startsWith(start)) kept.delete(path);
}

/** A result that is done may not have been found on disk yet. */
async function finished<T>(path: string): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await once<T>(path);
    } catch (e) {
      if ((e as Refused).status !== 409 || tries === 8) throw e;
      await new Promise((go) => setTimeout(go, 400));
    }
  }
}

const enc = encodeURIComponent;
export const about = () => once<About>("about");
let asked: Promise<OrderInfo[]> | null = null;
export const orders = () => (asked ??= ask<OrderInfo[]>("orders").catch((e) => { asked = null; throw e; }));
export const examples = () => ask<Example[]>("examples");
/** Send a scenario of one's own; from then on it is among the orders. */
type OwnScenario = { name: string; text: string; record: string | null };
export const sendScenario = (name: string, text: string, record: string | null = null) => ask<OrderInfo>("scenarios", { name, text, record }).then((sent) => changed(sent));
export const parameters = (scenario: string) => once<Parameter[]>(`parameters?scenario=${enc(scenario)}`);
export const mechanisms = () => once<Mechanism[]>("mechanisms");
export const map = (region: string) => once<Atlas>(`map/${enc(region)}`);
/** Kinds of answer, and what each is asked. */
export const studies = () => once<Study[]>("studies");
export const send = (study: string, question: Asked) => ask<{ id: string }>(`studies/${study}`, question);
export const estimate = (study: string, question: Asked) => ask<Estimate>(`estimate/${study}`, question);
export const results = () => ask<Entry[]>("results");
export const result = (id: string) => ask<Entry>(`results/${enc(id)}`);
export const rename = (id: string, title: string) => ask<Entry>(`results/${enc(id)}`, { title }, "PATCH");
export const remove = (id: string) => ask<unknown>(`results/${enc(id)}`, undefined, "DELETE");
export const restore = (id: string) => ask<Entry>(`results/${enc(id)}/restore`, {});
const changed = <T>(answer: T): T => { asked = null; forget("parameters?"); return answer; };
export const scenarioText = (name: string) => ask<OwnScenario>(`scenarios/${enc(name)}`);
export const renameScenario = (name: string, to: string) => ask<OrderInfo>(`scenarios/${enc(name)}`, { name: to }, "PATCH").then(changed);
export const removeScenario = (name: string) => ask<OwnScenario>(`scenarios/${enc(name)}`, undefined, "DELETE").then(changed);
export const cancel = (id: string) => ask<unknown>(`results/${enc(id)}/cancel`, {});
export const resume = (id: string) => ask<unknown>(`results/${enc(id)}/resume`, {});
export const document = (id: string) => finished<Told>(`results/${enc(id)}/document`);
const numbers = <T>(id: string, query = "") => finished<T>(`results/${enc(id)}/numbers${query}`);
export const run = (id: string, parts: string[]) => numbers<Result>(id, `?measures=${parts.map(enc).join(",")}`);
/** Ties with the poles as the small picture needs them: the middle half of histories, to a tenth of a per cent. */
export const ties = (id: string) => numbers<Result>(id, "?measures=orientation&levels=p25,median,p75&digits=3");
export const history = (id: string, r: number) => once<History>(`results/${enc(id)}/histories/${r}`);
export const comparison = (id: string, parts: string[]) => numbers<Comparison>(id, `?measures=${parts.map(enc).join(",")}`);
export const room = <T>(id: string) => numbers<T>(id);
export const prediction = (id: string) => numbers<{ crises: Row[] }>(id);
export const stories = () => once<StoryInfo[]>("stories");
export const story = (name: string) => once<Story>(`stories/${enc(name)}`);
export const claims = (ledger: string) => ask<Ledger>(`claims?ledger=${enc(ledger)}`);
export const record = (name: string) => once<CodedRecord>(`history/${enc(name)}`);
/** A coder's session, and the codes of one step of one crisis. */
export const coding = () => ask<Coding>("coding");
export const code = (crisis: string, values: Record<string, string>) => ask<CodingCrisis>(`coding/${enc(crisis)}`, { values });
export const download = (id: string, format: string) => `${ROOT}results/${enc(id)}/download?format=${format}`;
