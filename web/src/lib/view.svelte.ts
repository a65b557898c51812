// What is looked at lives in the address: #/page/id?key=value. A link shows exactly this.
interface Here {
  path: string[];
  params: Record<string, string>;
  /** The part of the address that stands for no text. */
  broken?: string;
}
function read(): Here {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?", 2);
  const parts = (path ?? "").split("/").filter(Boolean);
  let broken: string | undefined;
  const legible = (part: string): string => {
    try {
      return decodeURIComponent(part);
    } catch {
      broken ??= part;
      return part;
    }
  };
  return {
    path: parts.map(legible),
    broken,
    params: Object.fromEntries(new URLSearchParams(query ?? "")),
  };
}

export function address(path: string[], params: Record<string, string | number | undefined> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) if (value !== undefined && value !== "") query.set(name, String(value));
  const text = query.toString();
  return `#/${path.map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
}

let here = $state.raw<Here>(read());
let writing: ReturnType<typeof setTimeout> | undefined;

function written(): void {
  clearTimeout(writing);
  writing = undefined;
  const next = address(here.path, here.params);
  if (next !== location.hash) history.replaceState(null, "", next);
}

addEventListener("hashchange", () => {
  if (writing !== undefined) clearTimeout(writing);
  writing = undefined;
  here = read();
});
addEventListener("pagehide", () => writing !== undefined && written());

/** The second word of a page's address; while the next page is coming, what it was: no page reads another's. */
export function wordOf(page: string): () => string | undefined {
  let last: string | undefined;
  return () => (here.path[0] === page ? (last = here.path[1]) : last);
}

export const view = {
  get path(): string[] {
    return here.path;
  },
  get broken(): string | undefined {
    return here.broken;
  },
  get page(): string {
    return here.path[0] ?? "";
  },
  get params(): Record<string, string> {
    return here.params;
  },
  /** Change what is looked at, in place: the address follows when the hand rests, as browsers limit how often it may. */
  set(changes: Record<string, string | number | undefined>): void {
    const params = { ...here.params };
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined || value === "") delete params[name];
      else params[name] = String(value);
    }
    here = { path: here.path, params };
    clearTimeout(writing);
    writing = setTimeout(written, 200);
  },
  /** Another path for the same thing, as once its id is known. */
  rename(path: string[]): void {
    here = { path, params: here.params };
    written();
  },
  settle: written,
};
