// One socket per tab that says "something changed, revision n"; whoever shows live things asks again. Where the server was away,
// pages that missed something are drawn anew once it is back.
import * as api from "./api";

const SOON = 1_000;
let revision = $state(0);
let away = $state(false);
let returns = $state(0);
let wait = SOON;
let timer: ReturnType<typeof setTimeout> | undefined;
let opened = false;

function open(): void {
  clearTimeout(timer);
  timer = undefined;
  const base = new URL("api/v1/changes", location.href.split("#")[0]);
  base.protocol = base.protocol.replace("http", "ws");
  const socket = new WebSocket(base);
  socket.onopen = () => {
    wait = SOON;
    opened = true;
    away = false;
    if (api.unloaded()) location.reload(); // what is looked at stands in the address
    if (api.missed()) returns++;
    revision++;
  };
  socket.onmessage = () => revision++;
  socket.onclose = () => {
    if (opened || api.missed(true)) away = true;
    timer = setTimeout(open, wait);
    wait = Math.min(wait * 1.6, 8_000);
  };
}

/** Somebody looks at the page again: there is no reason to wait. */
function sooner(): void {
  if (timer !== undefined && document.visibilityState === "visible") open();
}

export const live = {
  begin(): void {
    if (api.STATIC) return;
    open();
    addEventListener("online", sooner);
    document.addEventListener("visibilitychange", sooner);
  },
  get revision(): number {
    return revision;
  },
  /** Whether the server does not answer. */
  get away(): boolean {
    return away;
  },
  /** How often it came back to a page that had missed something. */
  get returns(): number {
    return returns;
  },
};
