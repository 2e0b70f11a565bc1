// Deployments, rollbacks and canaries under load (figure 14): no request fails, no WebSocket is closed, no answer is made of
// two versions, and once a change is live nobody is answered by what was before.
import { setTimeout as wait } from "node:timers/promises";
import { Project } from "../support/gateway-process.mjs";
import { OpenLoop, percentile, tally } from "../support/open-loop.mjs";

export const deploy = {
  about: "deploy, rollback and canary under load, with WebSocket connections open",
  sizes: { changes: 20, rate: 500, sockets: 200 },
  short: { changes: 4, rate: 100, sockets: 20 },
  run,
};

/** The version is told three times in one answer: by both templates and by the function. */
const yaml = (version) => `gateway: live
version: 1.0.0
routes:
  GET /hello: { lambda: hello }
  GET /slow: { lambda: slow }
  GET /mapped:
    lambda: said
    request: { template: '{"asked":"${version}"}' }
    responses: { 200: { template: '{"template":"${version}","function":"$input.path("$.version")","asked":"$input.path("$.asked")"}' } }
websocket:
  select: $request.body.action
  routes: { $default: { lambda: say, reply: string } }
stages: { prod: {} }
`;

async function run({ changes, rate, sockets: wanted }, verdict) {
  const project = new Project(yaml("one"));
  const write = (version) => {
    project.write("gateway.yaml", yaml(version));
    const answers = {
      hello: `async () => ({ statusCode: 200, body: "${version}" })`,
      slow: `async () => { await new Promise((resolve) => setTimeout(resolve, 300)); return { statusCode: 200, body: "${version}" }; }`,
      say: `async () => ({ statusCode: 200, body: "${version}" })`,
      said: `async (event: { asked: string }) => ({ version: "${version}", asked: event.asked })`,
    };
    for (const [name, code] of Object.entries(answers)) {
      project.write(`handlers/${name}.ts`, `export const handler = ${code};\n`);
    }
  };
  write("one");
  await project.deploy("prod");
  const gateway = await project.serve(["--workers", "2"]);
  const failures = [];
  const sockets = await connected(`${gateway.url.replace("http", "ws")}/prod`, wanted);
  let [said, answered] = [0, 0];
  for (const socket of sockets) {
    socket.on("close", (code) => failures.push(`a WebSocket was closed: ${code}`));
    socket.on("message", (data) => {
      answered++;
      if (!["one", "two"].includes(String(data))) failures.push(`a WebSocket was told ${data}`);
    });
  }
  const talking = setInterval(() => {
    for (const socket of sockets) {
      socket.send("say");
      said++;
    }
  }, 1000);
  const paths = ["/prod/hello", "/prod/mapped", "/prod/hello", "/prod/mapped", "/prod/slow"];
  const load = new OpenLoop(
    gateway.url,
    paths.map((path) => ({ path })),
    { rate, connections: 128 },
  );
  await wait(2000);
  /** Times in which only one version may answer. */
  const settled = [{ version: "one", from: performance.now(), to: Number.POSITIVE_INFINITY }];
  const changedAt = [];
  const command = (...args) => project.command(...args, "--stage", "prod");
  const steps = [
    { name: "deploy", act: () => command("deploy"), turns: true, writes: true },
    { name: "rollback", act: () => command("rollback"), turns: true },
    { name: "canary start", act: () => command("canary", "start", "--percent", "50"), writes: true },
    { name: "canary promote", act: () => command("canary", "promote"), turns: true },
    { name: "canary start", act: () => command("canary", "start", "--percent", "50"), writes: true },
    { name: "canary stop", act: () => command("canary", "stop") },
  ];
  const names = [];
  let version = "one";
  for (let change = 0; change < changes; change++) {
    const { name, act, turns, writes } = steps[change % steps.length];
    if (writes) write(other(version));
    settled.at(-1).to = Math.min(settled.at(-1).to, performance.now());
    await act();
    names.push(name);
    changedAt.push(performance.now());
    if (turns) version = other(version);
    // The second process takes a change up after the first; until then both versions answer.
    await wait(1000);
    if (name !== "canary start") settled.push({ version, from: performance.now(), to: Number.POSITIVE_INFINITY });
    await wait(500);
  }
  verdict.note(`changes: ${tally(names)}`);
  clearInterval(talking);
  const results = await load.end();
  await until(() => answered === said, 10_000);
  const bad = results.filter(({ status, error }) => error !== undefined || status !== 200);
  const mixed = results.filter(
    ({ path, text }) => path === "/prod/mapped" && new Set(Object.values(parsed(text))).size !== 1,
  );
  const odd = results.filter(({ path, text }) => path !== "/prod/mapped" && !["one", "two"].includes(text));
  const late = results.filter(({ begin, text }) => {
    const period = settled.find(({ from, to }) => begin >= from && begin < to);
    return period !== undefined && text?.includes(other(period.version));
  });
  const seconds = (performance.now() - results[0].begin) / 1000;
  verdict.note(
    `${results.length} requests, ${Math.round(results.length / seconds)} a second; ${said} WebSocket messages`,
  );
  verdict.exact(
    bad.length === 0,
    `failed requests: ${tally(bad.map(({ path, status, error }) => `${path} ${error ?? status}`))}`,
  );
  verdict.exact(mixed.length + odd.length === 0, `${mixed.length + odd.length} answers of two versions`);
  verdict.exact(late.length === 0, `${late.length} answers of the version before, a second after the change`);
  verdict.exact(failures.length === 0, `WebSocket connections: ${sockets.length} open, ${tally(failures)} failed`);
  verdict.exact(said === answered, `${answered} of ${said} messages were answered`);
  const inSecond = (from) =>
    results.filter(({ path, begin }) => path === "/prod/hello" && begin >= from && begin < from + 1000);
  const p99 = (from) =>
    percentile(
      inSecond(from).map(({ ms }) => ms),
      0.99,
    );
  const all = percentile(
    results.filter(({ path }) => path === "/prod/hello").map(({ ms }) => ms),
    0.99,
  );
  verdict.note(
    `p99 ${all.toFixed(1)} ms; in the second after a change ${changedAt.map((at) => p99(at).toFixed(1)).join(" ")}`,
  );
  for (const socket of sockets) socket.removeAllListeners("close").terminate();
  verdict.exact((await gateway.stop()) === 0, "SIGTERM ends it with 0");
  project.remove();
}

function other(version) {
  return version === "one" ? "two" : "one";
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { not: "JSON", at: "all" };
  }
}

async function connected(url, count) {
  const { WebSocket } = await import("ws");
  return Promise.all(
    Array.from({ length: count }, () => {
      const socket = new WebSocket(url);
      return new Promise((resolve, reject) => socket.once("open", () => resolve(socket)).once("error", reject));
    }),
  );
}

async function until(holds, ms) {
  for (const end = performance.now() + ms; performance.now() < end && !holds(); ) await wait(10);
}
