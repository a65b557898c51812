// Names for what the API gives. The shapes are generated of its description (npm run types); what it leaves open, as a
// row of a table, is said here.
import type { Figure, Table } from "../figures/plot";
import type { components } from "../made/api";

type S = components["schemas"];
export type OrderInfo = S["OrderInfo"];
export type Parameter = S["ParameterInfo"];
export type Mechanism = S["MechanismInfo"];
export type Entry = S["Entry"];
export type Example = S["ExampleInfo"];
export type Told = Omit<S["Document"], "sections"> & { sections: Section[] };
export interface Section {
  title: string;
  anchor: string;
  side: boolean;
  folded: boolean;
  blocks: Block[];
}
export interface Block {
  kind: "text" | "bullets" | "table" | "figure";
  text?: string;
  lines?: string[];
  table?: Table;
  figure?: Figure;
}
/** A field of a question, as its JSON schema has it. */
export interface Field {
  type?: string;
  anyOf?: Field[];
  $ref?: string;
  items?: Field;
  enum?: string[];
  pattern?: string;
  default?: unknown;
  description?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  maxLength?: number;
  additionalProperties?: Field | boolean;
  "x-scene"?: { prefix: string; instead: string };
  "x-names"?: string[];
  "x-sent"?: boolean;
  "x-option"?: { first: boolean; quiet: boolean; example: string };
}
export type Study = Omit<S["StudyInfo"], "question"> & { question: { properties: Record<string, Field>; required?: string[] } };
export type Asked = Record<string, unknown>;
export type Estimate = S["Estimate"];
export type About = S["About"];
export type CodedRecord = S["CodedRecord"];
export type Coding = S["Coding"];
export type CodingCrisis = S["CodingCrisis"];
export type CodingQuestion = S["CodingQuestion"];
export type Pole = S["Pole"];
export type State = S["State"];
export type Row = Record<string, unknown>;

export type Line = (number | null)[];
export type Grid = Line[];
export const BANDS = ["p05", "p25", "median", "p75", "p95"] as const;
export type Band = (typeof BANDS)[number];
export type Bands = Record<string, Grid>;
/** The dark band of a fan: what luck alone leaves of the histories, where that is known; else the middle half of them. */
export const inner = (bands: Bands, i: number): [Line, Line] =>
  bands.luck_low ? [bands.luck_low[i], bands.luck_high[i]] : [bands.p25[i], bands.p75[i]];
/** How a fan is read. */
export const reading = (bands: Bands): string =>
  bands.luck_low
    ? "Line: median of all histories. Light band: nine in ten of them. Dark band: nine in ten, if parameters were known and only luck were not."
    : "Line: median of all histories. Dark band: the middle half of them. Light band: nine in ten.";

export interface Side {
  scenario: string;
  set?: Record<string, number>;
  without?: string[];
  force?: string[];
  record?: string | null;
  end?: string | null;
}
export interface Crisis {
  quarter: string;
  state: string;
  kind: string;
  instrument: string;
  side?: string | null;
  severity?: number | null;
  line?: string | null;
  requested?: boolean | null;
  consented?: boolean | null;
  survived?: boolean | null;
  successor?: string | null;
  name?: string | null;
}
interface PerHistory {
  per_history: number;
  low: number;
  high: number;
  record?: number;
}
export type Result = Omit<S["RunResult"], "crises" | "record"> & { crises: { crises: Record<string, PerHistory> }; record: Crisis[] };
export type History = Omit<S["History"], "events"> & { events: Crisis[] };
export interface CrisisRow {
  of: string;
  name: string;
  first: number;
  second: number;
  difference: number;
  difference_low: number;
  difference_high: number;
}
export type Comparison = Omit<S["CompareResult"], "crises"> & { crises: CrisisRow[] };

export interface Estimand {
  what: string;
  claimed: string;
}
export interface Claim {
  id: string;
  claim: string;
  why: string;
  source: string | null;
  verdict: string | null;
  estimands: Estimand[];
  near_the_line?: boolean;
  probability?: number | null;
  prior_share?: number | null;
  needs?: string[];
  numbers?: Row[];
  said?: string;
  worded?: string;
  told?: { head: string; lines: string[] }[];
  twin?: number | null;
  table?: Table | null;
  caveat?: string | null;
  shows?: { first: Side; second: Side; record: string | null; end: string | null; measure: string | null; state: string | null; quarter: string | null } | null;
  prior?: { probability?: number | null } | null;
  facts?: { date: string; says: string; speaks: string; source: string }[];
  without?: Record<string, Row>;
}
export type Ledger = Omit<S["Claims"], "claims" | "table"> & { claims: Claim[]; table: Table | null };

export interface Place {
  name: string;
  point: [number, number];
  label: [number, number];
  d: string;
  tile?: [number, number];
}
export interface Atlas {
  region: string;
  source: string;
  note: string;
  projection: string;
  width: number;
  height: number;
  patron: string;
  order: string[];
  insets?: { x: number; y: number; width: number; height: number }[];
  states: Record<string, Place>;
  context: { iso3: string; name: string; d: string }[];
}
export interface Spread {
  mean: number;
  low: number;
  high: number;
}

/** A story: prose whose every number is from a result, and what is shown beside it. */
export type StoryInfo = S["StoryInfo"];
export type Story = Omit<S["Story"], "steps" | "shows"> & { steps: Step[]; shows: Record<string, Shows> };
export interface Step { title: string; text: string[]; show: string; at?: string | null; state?: string | null; link?: string | null }
/** A map with fans, or a figure. */
export interface Shows {
  kind: "map" | "gap" | "bars" | "figure";
  title: string;
  region?: string;
  measure?: string;
  patron?: string;
  quarters?: string[];
  states?: { iso3: string; name: string }[];
  state?: string;
  bands?: Bands;
  second?: Bands;
  sides?: [string, string];
  marks?: Crisis[];
  bars?: { label: string; value: number; low?: number | null; high?: number | null; text: string; group?: string }[];
  figure?: Figure;
  reading?: string;
}
