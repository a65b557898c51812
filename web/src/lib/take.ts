// A picture to take home: as SVG, as PNG, or as a slide with what it says, where it is from and when; in light colours, since
// paper and projectors are light.
export interface Told { title: string; finding: string; source: string; date: string }
export interface Picture { name: string; node: SVGSVGElement }
export type Cell = string | number | boolean | null | undefined;

const WIDE = 1600, HIGH = 900;
const STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-opacity", "opacity",
  "font-size", "font-weight", "font-style", "font-family", "text-anchor", "paint-order", "font-variant-numeric", "letter-spacing"];

/** Every picture in sight of a page, by what it is called; of several that are called the same the first. */
export function pictures(within: ParentNode): Picture[] {
  const found = new Map<string, Picture>();
  for (const node of within.querySelectorAll<SVGSVGElement>("svg[aria-label]")) {
    const name = node.getAttribute("aria-label") ?? "";
    if (node.getBoundingClientRect().width >= 150 && !found.has(name)) found.set(name, { name, node });
  }
  return [...found.values()];
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]!);

/** The same picture that needs no style sheet: what the page's rules say stands on every mark. */
function standing(node: SVGSVGElement): { svg: SVGSVGElement; width: number; height: number } {
  const copy = node.cloneNode(true) as SVGSVGElement;
  const box = node.getBoundingClientRect();
  const [from, to] = [node.querySelectorAll<SVGElement>("*"), copy.querySelectorAll<SVGElement>("*")];
  from.forEach((mark, i) => {
    const style = getComputedStyle(mark);
    if (mark.closest("defs") && !["stop", "rect", "line", "path"].includes(mark.tagName)) return;
    if (mark.tagName === "stop") to[i].setAttribute("stop-color", style.stopColor);
    else for (const name of STYLES) {
      const value = style.getPropertyValue(name);
      if (value && !(name.startsWith("font") && !["text", "tspan"].includes(mark.tagName))) to[i].setAttribute(name, value.replace(/url\("(?:[^#"]*)#/, 'url("#').replaceAll('"', "'"));
    }
    to[i].removeAttribute("class");
  });
  copy.querySelectorAll("[tabindex], [role]").forEach((each) => { each.removeAttribute("tabindex"); each.removeAttribute("role"); });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  if (!copy.hasAttribute("viewBox")) copy.setAttribute("viewBox", `0 0 ${box.width} ${box.height}`);
  // What stands over the edge of a picture, as a label may, stays in it.
  const inner = node.getBBox();
  const [x, y, w, h] = copy.getAttribute("viewBox")!.split(/[\s,]+/).map(Number);
  const [left, top] = [Math.min(x, inner.x - 2), Math.min(y, inner.y - 2)];
  const [right, bottom] = [Math.max(x + w, inner.x + inner.width + 2), Math.max(y + h, inner.y + inner.height + 2)];
  copy.setAttribute("viewBox", [left, top, right - left, bottom - top].map((v) => v.toFixed(1)).join(" "));
  const scale = box.width / w;
  const [width, height] = [(right - left) * scale, (bottom - top) * scale];
  copy.setAttribute("width", width.toFixed(0));
  copy.setAttribute("height", height.toFixed(0));
  copy.removeAttribute("class");
  copy.removeAttribute("style");
  return { svg: copy, width, height };
}

/** Words in lines of so many letters, cut where there are too many lines. */
function lines(text: string, letters: number, most: number): string[] {
  const found: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line && (line + " " + word).length > letters) [line] = [word, found.push(line)];
    else line = line ? `${line} ${word}` : word;
  }
  if (line) found.push(line);
  return found.length > most ? [...found.slice(0, most - 1), `${found[most - 1].slice(0, letters - 2)} …`] : found;
}

const text = (x: number, y: number, size: number, said: string, more = ""): string =>
  `<text x="${x}" y="${y}" font-size="${size}" font-family="Inter, Helvetica, Arial, sans-serif" ${more}>${escaped(said)}</text>`;

/** The picture alone, with its title and where it is from below it. */
export function alone(picture: Picture, told: Told): { svg: string; width: number; height: number } {
  const { svg, width, height } = standing(picture.node);
  const across = Math.max(width, 420);
  const head = lines(told.title, Math.floor(across / 9.2), 2);
  const foot = lines(`${told.source} ${told.date}`, Math.floor(across / 5.6), 3);
  const [top, below] = [14 + 22 * head.length, 12 + 14 * foot.length];
  svg.setAttribute("x", "0");
  svg.setAttribute("y", String(top));
  const body = head.map((line, i) => text(8, 24 + 22 * i, 17, line, 'font-weight="600" fill="#1c2226"')).join("") + new XMLSerializer().serializeToString(svg)
    + foot.map((line, i) => text(8, top + height + 16 + 14 * i, 11, line, 'fill="#566068"')).join("");
  return { svg: framed(body, across, top + height + below), width: across, height: top + height + below };
}

/** A slide, 16 to 9: title, finding, the picture as large as there is room, source and date. */
export function slide(picture: Picture, told: Told): { svg: string; width: number; height: number } {
  const { svg, width, height } = standing(picture.node);
  const head = lines(told.title, 62, 2), said = lines(told.finding, 104, 3);
  const top = 70 + 58 * head.length + 34 * said.length + 16, room = { width: WIDE - 140, height: HIGH - top - 76 };
  const scale = Math.min(room.width / width, room.height / height, 2.4);
  svg.setAttribute("width", (width * scale).toFixed(0));
  svg.setAttribute("height", (height * scale).toFixed(0));
  svg.setAttribute("x", ((WIDE - width * scale) / 2).toFixed(0));
  svg.setAttribute("y", (top + (room.height - height * scale) / 2).toFixed(0));
  const body = `<rect width="12" height="${HIGH}" fill="#0b5a8a"/>`
    + head.map((line, i) => text(70, 100 + 58 * i, 46, line, 'font-weight="600" fill="#1c2226" letter-spacing="-1"')).join("")
    + said.map((line, i) => text(70, 96 + 58 * head.length + 34 * i, 25, line, 'fill="#566068"')).join("")
    + new XMLSerializer().serializeToString(svg)
    + text(70, HIGH - 30, 17, lines(told.source, 130, 1)[0] ?? "", 'fill="#566068"') + text(WIDE - 70, HIGH - 30, 17, told.date, 'fill="#566068" text-anchor="end"');
  return { svg: framed(body, WIDE, HIGH), width: WIDE, height: HIGH };
}

const framed = (body: string, width: number, height: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width.toFixed(0)}" height="${height.toFixed(0)}" viewBox="0 0 ${width.toFixed(0)} ${height.toFixed(0)}"><rect width="100%" height="100%" fill="#ffffff"/>${body}</svg>`;

/** The fonts of the page as rules that a picture can carry: what is drawn from it looks alike. */
async function fonts(): Promise<string> {
  const rules = await Promise.all([400, 600].map(async (weight) => {
    try {
      const bytes = new Uint8Array(await (await fetch(`fonts/inter-latin-${weight}-normal.woff2`)).arrayBuffer());
      const plain = btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(""));
      return `@font-face{font-family:Inter;font-weight:${weight};src:url(data:font/woff2;base64,${plain}) format("woff2")}`;
    } catch {
      return ""; // opened from a disk: the reader's own letters
    }
  }));
  return `<style>${rules.join("")}</style>`;
}

export async function png(of: { svg: string; width: number; height: number }, scale = 2): Promise<Blob> {
  const whole = location.protocol === "file:" ? of.svg : of.svg.replace(/(<svg[^>]*>)/, `$1${await fonts()}`);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(whole)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(of.width * scale), Math.round(of.height * scale)];
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("This browser cannot draw it."))), "image/png"));
}

const cell = (v: Cell): string => {
  const said = v === null || v === undefined ? "" : String(v);
  return /[",\n\r]/.test(said) ? `"${said.replaceAll('"', '""')}"` : said;
};
export const csv = (head: string[], rows: Cell[][]): string => [head, ...rows].map((row) => row.map(cell).join(",")).join("\n") + "\n";

export function save(name: string, content: Blob | string, type = "text/plain"): void {
  const address = URL.createObjectURL(typeof content === "string" ? new Blob([content], { type: `${type};charset=utf-8` }) : content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

export const stem = (title: string): string => title.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60) || "figure";
