// A result by its id, or by the question in the address: asked for, followed until it is done.
import { untrack } from "svelte";
import * as api from "./api";
import { live } from "./live.svelte";
import type { Entry } from "./types";

export class Job {
  info = $state.raw<Entry | null>(null);
  error = $state("");
  missing = $state(false);
  #id: string | null = null;
  /** Which asking is the last; one that is not, or whose page was left, names nothing. */
  #asking = 0;

  constructor() {
    $effect(() => () => void this.#asking++);
  }

  /** Follow an id; `begin` makes it where there is none yet. Call from an effect: it asks again when something changed. */
  follow(id: string | undefined, begin: (() => Promise<{ id: string }>) | null, named: (id: string) => void): void {
    void live.revision;
    if (id) {
      if (id === this.#id && untrack(() => this.info?.status) === "done") return; // an answer is no reason to ask again
      if (id !== this.#id) this.info = null;
      this.#asking++;
      this.#id = id;
      this.#ask(id);
    } else if (begin) {
      this.#id = null;
      const mine = ++this.#asking;
      begin().then((made) => { if (mine === this.#asking) named(made.id); }, (e: Error) => (this.error = e.message));
    }
  }

  async #ask(id: string): Promise<void> {
    try {
      const found = await api.result(id);
      if (id !== this.#id) return;
      this.info = found;
      this.missing = false;
      this.error = found.status === "failed" ? (found.error ?? "It failed.") : "";
    } catch (e) {
      if (id !== this.#id) return;
      this.missing = (e as api.Refused).status === 404;
      this.error = (e as Error).message;
    }
  }

  get going(): boolean {
    return this.info?.status === "queued" || this.info?.status === "running";
  }
}
