// Mapping templates in process: compiled by us, written by hand, velocityjs with the template parsed before and each time, and
// Velocity on a warm JVM; then the mapping steps of a route. Interleaved passes (the JVM right before each template's); the
// median of the ratios of each pass, CPU time. Run: npm run bench -- vtl
import velocityjs from "velocityjs";
import { renderTemplate } from "../dist/runtime/mapping/template-runtime.js";
import { loadTemplate } from "../dist/scripts/vtl/load-template.js";
import { templateInput } from "../dist/scripts/vtl/template-case.js";
import { openJvm } from "./support/jvm.mjs";
import { measureSteps } from "./support/mapping-steps.mjs";
import { given, samples } from "./support/vtl-templates.mjs";

const passes = Number(process.argv[2] ?? 15);
const sliceMs = 60;

const jvm = openJvm();
if (jvm === undefined)
  console.log("no Velocity here: it wants Debian's packages velocity and openjdk-17-jdk-headless\n");
const rows = samples.map(measure);
jvm?.close();
const columns = [
  ...["template", "JSON.parse µs", "hand-written µs", "compiled µs", "compiled / hand", "velocityjs parsed / compiled"],
  ...["unparsed / compiled", "parsed, beyond JSON", "unparsed, beyond JSON", "JVM µs", "JVM / compiled", "beyond JSON"],
];
console.log(`| ${columns.join(" | ")} |\n|${columns.map(() => "---").join("|")}|`);
for (const row of rows) console.log(`| ${row.join(" | ")} |`);
await measureSteps();

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
  const onJvm = jvm?.render({ template, body }, given);
  if (onJvm && onJvm.text !== wanted) throw new Error(`${name}: not the JVM's text\n${onJvm.text}\n${wanted}`);
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
    ...(onJvm ? jvmColumns(onJvm, median(times.compiled), body === "" ? 0 : median(times.json)) : ["–", "–", "–"]),
  ];
}

/** Both with the body read for each rendering; and what each takes beside the reading of JSON. */
function jvmColumns({ anew, rendering }, compiled, json) {
  return [anew.toFixed(2), (anew / compiled).toFixed(2), (rendering / (compiled - json)).toFixed(2)];
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
