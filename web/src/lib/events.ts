// Crises as marks: colour says what broke out, shape what the patron did.
import { kindColour, mark, shapeOf } from "./look";
import type { Crisis } from "./types";
import { family, told } from "./words";

export interface Mark { quarter: string; state: string; colour: string; d: string; text: string }
export const marked = (events: Crisis[], patron: string, name: (s: string) => string, r = 4): Mark[] =>
  events.map((e) => ({ quarter: e.quarter, state: e.state, colour: kindColour(e.kind), d: mark(shapeOf(family(e.instrument)), r), text: `${e.quarter}, ${name(e.state)}: ${told(e, patron)}` }));

/** Quarters a crisis stays on the map. */
export const RECENT = 4;
export const recent = <T extends { quarter: string }>(events: T[], quarters: string[], now: number): T[] =>
  events.filter((e) => { const i = quarters.indexOf(e.quarter); return i <= now && i > now - RECENT; });
