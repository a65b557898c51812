// Makes src/made/theme.css, fonts.css and tokens.ts of the report's tokens.json, so that pages and static figures share
// one source of colours, type and number formats.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const tokens = JSON.parse(readFileSync(join(here, "../../src/hegemon/pages/tokens.json"), "utf8"));
const { colour } = tokens;

const named = (prefix, table) => Object.entries(table).filter(([, value]) => typeof value === "string").map(([name, value]) => `  --${prefix}${name.replaceAll("_", "-")}: ${value};`);
const resolved = (table) => Object.fromEntries(Object.entries(table).map(([name, value]) => [name, colour.category[value] ?? value]));

const both = [...named("role-", resolved(colour.role)), ...named("kind-", resolved(colour.kind))];
const light = [...named("", colour.light), ...named("figure-", colour.figure)];
const dark = [...named("", colour.dark), ...named("figure-", colour.night)];
// Black and the darker blue are lost in the dark.
const { sky } = colour.category;
const lighter = { "role-record": "var(--ink)", "kind-interstate": "var(--ink)", "role-model": sky, "role-legitimacy": sky, "role-order": sky };

const fonts = [];
const ranges = JSON.parse(readFileSync(require.resolve("@fontsource/inter/unicode.json"), "utf8"));
const files = join(here, "../public/fonts");
mkdirSync(files, { recursive: true });
for (const weight of [400, 600]) {
  for (const subset of ["latin", "cyrillic"]) {
    const name = `inter-${subset}-${weight}-normal.woff2`;
    copyFileSync(require.resolve(`@fontsource/inter/files/${name}`), join(files, name));
    fonts.push(
      `@font-face { font-family: Inter; font-style: normal; font-weight: ${weight}; font-display: swap;\n` +
        `  src: url(/fonts/${name}) format("woff2"); unicode-range: ${ranges[subset]}; }`,
    );
  }
}

const night = `{
  color-scheme: dark;
${[...dark, ...named("", lighter)].join("\n")}
  --surface: ${colour.night.surface};
}`;
// Paper is light; without a script the system's choice holds.
const css = `:root {
  color-scheme: light;
${[...both, ...light].join("\n")}
  --surface: ${colour.light.paper};
  --text: Inter, ${tokens.type.label};
  --mono: ${tokens.type.mono};
}
@media screen {
:root[data-theme="dark"] ${night}
}
@media screen and (prefers-color-scheme: dark) {
:root:not([data-theme]) ${night}
}
`;
const made = join(here, "../src/made");
mkdirSync(made, { recursive: true });
writeFileSync(join(made, "theme.css"), css);
writeFileSync(join(made, "fonts.css"), `${fonts.join("\n")}\n`);
writeFileSync(join(made, "tokens.ts"), `export const tokens = ${JSON.stringify(tokens, null, 2)} as const;\n`);
