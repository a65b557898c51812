// Says the cases on standard input with the page's own words, one sentence a line: how a test holds say.ts to Python.
import { readFileSync } from "node:fs";
import { rolldown } from "rolldown";

const build = await rolldown({ input: new URL("../src/lib/say.ts", import.meta.url).pathname });
const { output } = await build.generate({ format: "esm" });
const say = await import(`data:text/javascript;base64,${Buffer.from(output[0].code).toString("base64")}`);
const cases = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(cases.map(([name, ...given]) => say[name](...given))));
