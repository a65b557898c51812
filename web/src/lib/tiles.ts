// A tile-grid map: each neighbour a cell, near where the map has it.
import type { Atlas } from "./types";

export interface Cell {
  s: string;
  row: number;
  column: number;
}

/** The cells that the map gives; else the fewest rows and columns of its shape with room to spare, where neighbours move and swap until none gains. */
export function tiled(states: string[], atlas: Atlas | null): { cells: Cell[]; columns: number } {
  const given = states.map((s) => atlas?.states[s]?.tile);
  if (given.every((t) => t !== undefined))
    return { cells: states.map((s, i) => ({ s, row: given[i]![1], column: given[i]![0] })), columns: 1 + Math.max(...given.map((t) => t![0])) };
  const at = states.map((s) => atlas?.states[s]?.point);
  if (at.some((p) => !p)) {
    const columns = Math.min(6, Math.ceil(Math.sqrt(states.length * 1.6)));
    return { cells: states.map((s, i) => ({ s, row: Math.floor(i / columns), column: i % columns })), columns };
  }
  const places = at as [number, number][];
  const columns = Math.ceil(Math.sqrt(states.length * 2));
  const rows = Math.ceil((states.length * 1.7) / columns);
  const rank = (axis: 0 | 1): number[] => {
    const sorted = places.map((p) => p[axis]).sort((a, b) => a - b);
    const [low, high] = [sorted[0], sorted[sorted.length - 1]];
    return places.map((p) => 0.5 * ((p[axis] - low) / (high - low || 1)) + (0.5 * sorted.indexOf(p[axis])) / Math.max(1, sorted.length - 1));
  };
  const [x, y] = [rank(0).map((v) => v * (columns - 1)), rank(1).map((v) => v * (rows - 1))];
  const cost = (i: number, cell: number): number => (x[i] - (cell % columns)) ** 2 + (y[i] - Math.floor(cell / columns)) ** 2;
  const holds: (number | null)[] = Array.from({ length: rows * columns }, () => null);
  const where = states.map((_, i) => {
    const free = holds.flatMap((h, cell) => (h === null ? [cell] : []));
    const best = free.reduce((a, b) => (cost(i, b) < cost(i, a) ? b : a));
    holds[best] = i;
    return best;
  });
  for (let gained = true; gained; ) {
    gained = false;
    for (let i = 0; i < states.length; i++)
      for (let cell = 0; cell < holds.length; cell++) {
        const other = holds[cell];
        const gain = cost(i, where[i]) - cost(i, cell) + (other === null || other === i ? 0 : cost(other, cell) - cost(other, where[i]));
        if (other === i || gain <= 1e-9) continue;
        holds[where[i]] = other;
        if (other !== null) where[other] = where[i];
        holds[cell] = i;
        where[i] = cell;
        gained = true;
      }
  }
  return { cells: states.map((s, i) => ({ s, row: Math.floor(where[i] / columns), column: where[i] % columns })), columns };
}
