// A published site: every answer that its pages need lies beside them as a script, since a page that is opened from a disk may
// run scripts but not read files. Each calls `hegemonData(path, text)`, the text gzipped in base64.
type Kept = Record<string, (text: string) => void>;
const waiting: Kept = {};
const shelf = globalThis as unknown as { hegemonData: (path: string, text: string) => void; hegemonShelf?: Record<string, string> };
shelf.hegemonData = (path, text) => waiting[path]?.(text);

async function unpacked(text: string): Promise<unknown> {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(plain).json();
}

function fetched(path: string, file: string): Promise<unknown> {
  return new Promise((done, fail) => {
    waiting[path] = (text) => { delete waiting[path]; unpacked(text).then(done, fail); };
    const script = document.createElement("script");
    script.src = file;
    script.onload = () => script.remove();
    script.onerror = () => fail(new Error(`A file of this site is missing: ${file}.`));
    document.head.append(script);
  });
}

interface Parts { measures: object; orientation: object; order: object }
const joined = (a: Parts, b: Parts): Parts => ({ ...a, ...b, measures: { ...a.measures, ...b.measures }, orientation: { ...a.orientation, ...b.orientation }, order: { ...a.order, ...b.order } });

/** Of a result's numbers all parts lie in one file each; a question for several is put together. */
export async function published(path: string): Promise<unknown> {
  const shelf_ = shelf.hegemonShelf ?? {};
  if (path in shelf_) return fetched(path, shelf_[path]);
  const [where, query] = path.split("?", 2);
  const names = new URLSearchParams(query ?? "").get("measures")?.split(",");
  if (names) {
    const parts = await Promise.all(names.map((name) => `${where}?measures=${encodeURIComponent(name)}`).filter((one) => one in shelf_).map((one) => fetched(one, shelf_[one])));
    if (parts.length === names.length) return (parts as Parts[]).reduce(joined);
  }
  return where in shelf_ ? fetched(where, shelf_[where]) : undefined;
}
