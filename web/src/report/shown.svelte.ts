// What all pictures of the page show together: a quarter, a neighbour, a measure.
import { ceiling, isShare } from "../lib/look";
import { inner, type Bands, type Crisis } from "../lib/types";
import { measure } from "../lib/words";
import type { Spread } from "../parts/Fan.svelte";
import type { Report } from "./data";

class Shown {
  data!: Report;
  states: string[] = [];
  now = $state(0);
  chosen = $state("");
  name = $state("autonomy");
  tiles = $state(false);

  /** Once, before anything is drawn. */
  begin(data: Report): void {
    this.data = data;
    this.states = data.states.map((s) => s.iso3);
    this.now = data.quarters.length - 1;
    this.chosen = data.listed[0] ?? "";
    this.tiles = data.map === null;
    this.read();
    addEventListener("hashchange", () => this.read());
    $effect.root(() => {
      $effect(() => this.write({ q: data.quarters[this.now], m: this.name, state: this.chosen, v: this.tiles && data.map ? "tiles" : "" }));
    });
  }

  /** What an address says that begins with #~: a link shows exactly this. */
  read(): void {
    if (!location.hash.startsWith("#~")) return;
    const said = new URLSearchParams(location.hash.slice(2));
    const [q, m, state] = ["q", "m", "state"].map((name) => said.get(name) ?? "");
    if (this.data.quarters.includes(q)) this.now = this.data.quarters.indexOf(q);
    if (this.states.includes(state)) this.chosen = state;
    if (m && this.of(m)) this.name = m;
    this.tiles = this.data.map === null || said.get("v") === "tiles";
  }

  #first = true;
  #writing: ReturnType<typeof setTimeout> | undefined;
  /** The address follows when the hand rests; one that names a part of the page stays until something is moved. */
  write(view: Record<string, string>): void {
    if (this.#first) {
      this.#first = false;
      return;
    }
    const next = `#~${new URLSearchParams(Object.entries(view).filter(([, value]) => value))}`;
    clearTimeout(this.#writing);
    this.#writing = setTimeout(() => {
      try {
        history.replaceState(null, "", next);
      } catch {
        /* a page from a file may be allowed no history */
      }
    }, 200);
  }

  bands = $derived.by((): Bands => this.of(this.name));
  title = $derived.by((): string => measure(this.name, this.data.poles).title);
  what = $derived.by((): string => measure(this.name, this.data.poles).what);
  /** Scale of colours, and of fans. */
  top = $derived.by((): number => ceiling(this.bands.median.flat(), isShare(this.name) ? 0.2 : 0.1));
  fanTop = $derived.by((): number => ceiling(this.bands.p95.flat(), 0.1));

  of(name: string): Bands {
    return name.startsWith("orientation:") ? this.data.orientation[name.slice(12)] : this.data.measures[name];
  }
  spread(bands: Bands, i: number, colour = "var(--role-model)"): Spread {
    return { low: bands.p05[i], inner: inner(bands, i), middle: bands.median[i], high: bands.p95[i], colour };
  }
  nameOf = (iso3: string): string => this.data.states.find((s) => s.iso3 === iso3)?.name ?? iso3;
  index = (iso3: string): number => this.states.indexOf(iso3);
  move = (i: number): void => void (this.now = i);
  select = (iso3: string): void => void (this.chosen = iso3);
  toEvent = (e: Crisis): void => {
    this.now = this.data.quarters.indexOf(e.quarter);
    this.chosen = e.state;
  };
}

export const shown = new Shown();
