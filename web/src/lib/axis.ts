// The line of years that slider and crises share: the same gutter at the left, the same scale.
import { closing } from "./look";

export interface Axis {
  width: number;
  left: number;
  right: number;
  first: number;
  last: number;
  narrow: boolean;
  x: (year: number) => number;
}

export function axis(quarters: string[], width: number): Axis {
  const narrow = width < 620;
  const [left, right] = [narrow ? 40 : 148, 14];
  const first = closing(quarters[0]) - 0.25;
  const last = closing(quarters[quarters.length - 1]);
  const x = (year: number): number => left + ((year - first) / (last - first)) * (width - left - right);
  return { width, left, right, first, last, narrow, x };
}
