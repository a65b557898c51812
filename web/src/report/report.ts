// The report's pictures: each is drawn into its place in a page that can be read without them.
import "./fonts.css";
import "../app.css";
import "./report.css";
import { flushSync, mount, type Component } from "svelte";
import { theme } from "../lib/theme.svelte";
import Actions from "./Actions.svelte";
import { read, type Report } from "./data";
import Decades from "./Decades.svelte";
import Fans from "./Fans.svelte";
import Order from "./Order.svelte";
import Regard from "./Regard.svelte";
import Region from "./Region.svelte";
import Regional from "./Regional.svelte";
import { shown } from "./shown.svelte";
import Timeline from "./Timeline.svelte";

type Part = Component<{ of: string }>;

function parts(data: Report): Record<string, [Part, string]> {
  const patron = `orientation:${data.poles[0]?.id}`;
  return Object.fromEntries(
    Object.entries({
      actions: [Actions, ""], region: [Region, ""], timeline: [Timeline, ""], autonomy: [Fans, "autonomy"],
      orientation: [Fans, patron], instruments: [Decades, "instruments"], crises: [Decades, "crises"], regard_region: [Regional, ""],
      regard: [Regard, ""], order: [Order, ""],
    }).map(([name, [part, of]]) => [name, [part as Part, of as string]]),
  );
}

/** Each into its place, before what stands there. */
function draw(data: Report): void {
  shown.begin(data);
  const known = parts(data);
  for (const place of document.querySelectorAll<HTMLElement>("[data-part]")) {
    const [part, of] = known[place.dataset.part!];
    mount(part, { target: place, anchor: place.firstChild ?? undefined, props: { of } });
  }
  flushSync();
}

/** Whoever opens a link to a section, or prints, finds it drawn. */
function settle(): void {
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

theme.begin();
read().then(draw).then(settle, (e: Error) => {
  const said = document.createElement("p");
  said.className = "error";
  said.textContent = `The pictures cannot be drawn in this browser (${e.message}). Sentences and tables are whole; a newer browser shows the rest.`;
  document.getElementById("main")!.prepend(said);
});
