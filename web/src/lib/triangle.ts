// A triangle of shares on the plane, its side one, in which an area is the share of all ways to divide everything: where several
// stand behind the third corner, places are moved for that (as pages/charts/triangle.py says).
export const HEIGHT = Math.sqrt(3) / 2;
const bound = (v: number): number => Math.max(0, Math.min(1, v));

/** The first share at the top, the second left below, the third right; `behind` stand behind the third. */
export function plane([p, , o]: number[], behind = 1): [number, number] {
  const rest = bound(1 - p);
  const third = rest > 1e-9 ? bound(o / rest) ** behind : 0;
  const down = rest ** ((behind + 1) / 2);
  return [0.5 * (1 - down) + third * down, HEIGHT * down];
}

/** The shares at a point, inside the triangle. */
export function sharesAt(x: number, y: number, behind = 1): [number, number, number] {
  const down = bound(y / HEIGHT);
  const third = down > 1e-9 ? bound((x - 0.5 * (1 - down)) / down) ** (1 / behind) : 0;
  const rest = down ** (2 / (behind + 1));
  const all = [1 - rest, rest * (1 - third), rest * third].map((v) => Math.max(0.002, v));
  const sum = all[0] + all[1] + all[2];
  return [all[0] / sum, all[1] / sum, all[2] / sum];
}
