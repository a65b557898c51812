// Light or dark: the system's choice until the reader makes another.
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
  },
  get dark(): boolean {
    return dark;
  },
  toggle(): void {
    chosen = dark ? "light" : "dark";
    stored(chosen);
    apply();
  },
};
