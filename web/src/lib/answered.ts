/** Take what a promise brings, unless its question has been withdrawn by then; returns how to withdraw it, as an effect does when
 * what it depends on changes or its page is left. Nothing that comes late is looked at. */
export function answered<T>(promise: Promise<T>, take: (found: T) => void, fail: (e: Error) => void = () => {}): () => void {
  let stands = true;
  promise.then((found) => { if (stands) take(found); }, (e: Error) => { if (stands) fail(e); });
  return () => { stands = false; };
}
