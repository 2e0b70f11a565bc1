// Mapping templates in process: compiled by us, written by hand, and velocityjs with the template parsed before and each
// time. Interleaved passes; the median of the ratios of each pass. Run: npm run bench -- vtl
import velocityjs from "velocityjs";
import { renderTemplate } from "../dist/runtime/mapping/template-runtime.js";
import { loadTemplate } from "../dist/scripts/vtl/load-template.js";
import { templateInput } from "../dist/scripts/vtl/template-case.js";
import { given, samples } from "./support/vtl-templates.mjs";

const passes = Number(process.argv[2] ?? 15);
const sliceMs = 60;

const rows = samples.map(measure);
console.log(
  "| template | JSON.parse µs | hand-written µs | compiled µs | compiled / hand | velocityjs parsed / compiled | unparsed / compiled | parsed, beyond JSON | unparsed, beyond JSON |",
);
console.log("|---|---|---|---|---|---|---|---|---|");
for (const row of rows) console.log(`| ${row.join(" | ")} |`);

function measure({ name, template, body, hand }) {
  const compiled = loadTemplate(template);
  const input = { ...given, body };
  const ready = templateInput(input);
  const tree = velocityjs.parse(template);
  const contenders = {
    json: () => (body === "" ? undefined : JSON.parse(body)),
    hand: () => hand(body, given),
    compiled: () => renderTemplate(compiled, ready),
    parsed: () => new velocityjs.Compile(tree, { escape: false }).render(peerContext(body)),
    unparsed: () => velocityjs.render(template, peerContext(body), undefined, { escape: false }),
  };
  const wanted = contenders.hand();
  if (contenders.compiled() !== wanted)
    throw new Error(`${name}: not the same text\n${contenders.compiled()}\n${wanted}`);
  const times = Object.fromEntries(Object.keys(contenders).map((key) => [key, []]));
  for (let pass = 0; pass < passes + 3; pass++) {
    for (const [key, run] of Object.entries(contenders)) {
      const time = slice(run);
      if (pass >= 3) times[key].push(time);
    }
  }
  const ratio = (a, b) => median(times[a].map((time, pass) => time / times[b][pass]));
  const shown = (value) => value.toFixed(2);
  const beyond = (key) => {
    const json = body === "" ? 0 : median(times.json);
    return ((median(times[key]) - json) / (median(times.compiled) - json)).toFixed(0);
  };
  return [
    name,
    body === "" ? "–" : shown(median(times.json)),
    shown(median(times.hand)),
    shown(median(times.compiled)),
    shown(ratio("compiled", "hand")),
    ratio("parsed", "compiled").toFixed(1),
    ratio("unparsed", "compiled").toFixed(0),
    beyond("parsed"),
    beyond("unparsed"),
  ];
}

/** Microseconds of one run, over one slice. */
function slice(run) {
  const start = process.cpuUsage();
  const end = performance.now() + sliceMs;
  let runs = 0;
  while (performance.now() < end) {
    for (let i = 0; i < 10; i++) run();
    runs += 10;
  }
  const { user, system } = process.cpuUsage(start);
  return (user + system) / runs;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** velocityjs works on plain objects: what its users give it. */
function peerContext(body) {
  const json = body === "" ? {} : JSON.parse(body);
  const at = (path) =>
    path === "$"
      ? json
      : path
          .slice(2)
          .split(".")
          .reduce((value, key) => value?.[key], json);
  return {
    input: {
      body,
      path: at,
      json: (path) => JSON.stringify(at(path)),
      params: (name) =>
        name === undefined
          ? given.params
          : (given.params.path[name] ?? given.params.querystring[name] ?? given.params.header[name] ?? ""),
    },
    util: { escapeJavaScript: (text) => JSON.stringify(String(text)).slice(1, -1) },
    context: given.context,
    stageVariables: given.stageVariables,
  };
}
