import { execFileSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { modelOf } from "../../support/diagnose.js";
import { type WrittenSdk, writeSdk } from "./sdk.js";

const gateway = `gateway: chat
routes: { GET /a: { mock: } }
websocket:
  select: $request.body.action
  routes:
    ask: { lambda: f, body: "{ action: 'ask' }", reply: "{ text: string }" }
  events: { Said: "{ text: string }" }
`;

/** A socket that opens at once, and hears what the program lets it hear. */
const beginning = `
let hear;
class FakeSocket {
  readyState = 0;
  constructor() {
    hear = (message) => this.onmessage({ data: JSON.stringify(message) });
    queueMicrotask(() => {
      this.readyState = 1;
      this.onopen();
    });
  }
  send() {}
  close() {}
}
const log = [];
const { connect } = await import(process.argv[1]);
const socket = connect({ url: "ws://localhost/dev", WebSocket: FakeSocket, heartbeatMs: 0, rollOverMs: 0 });
await socket.ready;
process.on("uncaughtException", ({ message }) => log.push("uncaught: " + message));
`;

/** Prints what the program has logged when nothing is left to be done. */
const end =
  "\nawait new Promise((resolve) => setTimeout(resolve, 20));\nprocess.stdout.write(JSON.stringify(log));\nprocess.exit();\n";

let sdk: WrittenSdk;
beforeAll(async () => {
  sdk = await writeSdk(await modelOf(gateway));
});
afterAll(() => sdk.remove());

function run(program: string): unknown {
  const at = pathToFileURL(`${sdk.folder}/socket.js`).href;
  const text = beginning + program + end;
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", text, at], { encoding: "utf8" }));
}

const listeners = `
socket.on("Said", () => { throw new Error("mine"); });
socket.on("Said", ({ text }) => log.push("heard " + text));
`;

test("what a listener throws keeps nothing from the other listeners, nor from what comes later", () => {
  const messages = `
const reply = socket.request("ask", {});
hear({ event: "Said", data: { text: "one" } });
hear({ event: "Said", data: { text: "two" } });
hear({ $id: "1", reply: { text: "yes" } });
log.push("reply " + (await reply).text);
`;
  const watched = `socket.watch("error", ({ message }) => log.push("error: " + message));\n`;
  expect(run(watched + listeners + messages)).toEqual([
    "error: mine",
    "heard one",
    "error: mine",
    "heard two",
    "reply yes",
  ]);
});

test("where nobody watches errors, it is the platform's to report, as that of an EventTarget is", () => {
  const said = 'hear({ event: "Said", data: { text: "one" } });\n';
  expect(run(listeners + said)).toEqual(["heard one", "uncaught: mine"]);
});

test("a watcher that throws keeps the connection open, and is told of once", () => {
  const watchers = `
for (const word of ["first", "second"]) {
  socket.watch("error", () => { throw new Error(word); });
}
socket.watch("unknown", () => { throw new Error("mine"); });
hear({ other: 1 });
log.push(socket.state);
`;
  expect(run(watchers)).toEqual(["open", "uncaught: first", "uncaught: second"]);
});
