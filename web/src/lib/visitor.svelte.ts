// Who looks at these pages: somebody who may ask for answers, or somebody who looks only, by a viewer's link or at a published copy.
import * as api from "./api";
import { where } from "./request";
import type { Asked } from "./types";

let viewer = $state(false);
let coding = $state(false);
let known: Promise<void> = Promise.resolve();

export const visitor = {
  /** Learn whether the link was a viewer's, and whether somebody codes here. */
  learn(): void {
    if (!api.STATIC) known = api.about().then((a) => void ([viewer, coding] = [a.viewer, a.coding]), () => {});
  },
  /** Whether a coder's session is on: nobody's codes are shown. */
  get coding(): boolean {
    return coding;
  },
  get viewer(): boolean {
    return viewer;
  },
  /** Whether anything may be started, sent or taken away. */
  get asks(): boolean {
    return !api.STATIC && !viewer;
  },
};

export const ONLY_LOOKS = api.STATIC
  ? "This is a published copy: it shows what was published, and this was not. With hegemon on a machine of your own, the same address asks for it."
  : "Nobody has asked this here yet, and your link is for looking. Whoever has the host's link can ask it; then this page shows the answer.";

/** The id of an answer that is there already to just this question. */
export async function there(study: string, question: Asked): Promise<string | undefined> {
  const wanted = where(study, undefined, question);
  const all = await api.results();
  return all.find((e) => e.status === "done" && e.study === study && e.question && where(study, undefined, e.question) === wanted)?.id;
}

/** Ask for an answer; whoever may not ask is given the one that is there. */
export async function send(study: string, question: Asked): Promise<{ id: string }> {
  await known;
  if (visitor.asks) return api.send(study, question);
  const id = await there(study, question);
  if (id === undefined) throw new api.Refused(403, ONLY_LOOKS);
  return { id };
}
