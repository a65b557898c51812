// Light or dark: the system's choice until the reader makes another.
import { flushSync } from "svelte";

const KEY = "hegemon-theme";
const system = matchMedia("(prefers-color-scheme: dark)");
let chosen = $state<string | null>(null);
let dark = $state(false);

/** A page opened from a file may be allowed no storage. */
function stored(choice?: string): string | null {
  try {
    if (choice) localStorage.setItem(KEY, choice);
    return localStorage.getItem(KEY);
  } catch {
    return choice ?? null;
  }
}

function apply(): void {
  dark = chosen ? chosen === "dark" : system.matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

export const theme = {
  begin(): void {
    chosen = stored();
    apply();
    system.addEventListener("change", apply);
    // Paper is light.
    addEventListener("beforeprint", () => flushSync(() => (dark = false)));
    addEventListener("afterprint", apply);
  },
  get dark(): boolean {
    return dark;
  },
  /** Do something while the page looks as on paper. */
  async onPaper<T>(what: () => Promise<T>): Promise<T> {
    flushSync(() => (dark = false));
    document.documentElement.dataset.theme = "light";
    try {
      return await what();
    } finally {
      apply();
    }
  },
  toggle(): void {
    chosen = dark ? "light" : "dark";
    stored(chosen);
    apply();
  },
};
