// Light or dark: the system's choice until the reader makes another.
const KEY = "hegemon-theme";
const system = matchMedia("(prefers-color-scheme: dark)");
let chosen = $state<string | null>(null);
let dark = $state(false);

function apply(): void {
  dark = chosen ? chosen === "dark" : system.matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

export const theme = {
  begin(): void {
    chosen = localStorage.getItem(KEY);
    apply();
    system.addEventListener("change", apply);
  },
  get dark(): boolean {
    return dark;
  },
  toggle(): void {
    chosen = dark ? "light" : "dark";
    localStorage.setItem(KEY, chosen);
    apply();
  },
};
