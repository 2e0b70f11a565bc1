import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ManualClock } from "../../runtime/clock.js";
import { RawWebSocket } from "../support/raw-websocket.js";
import { type YamlGateway, yamlGateway } from "../support/yaml-gateway.js";

/** A typed handler of messages is called without an event (`handler.local`); what it sees and answers is as by the event. */

const yaml = `
gateway: talk
authorizers: { who: { lambda: check, type: request, identity: $request.header.X-Who, context: { tenant: string, level: number } } }
models: |
  interface Said { action: "say"; text: string; size?: number; $id?: string }
  interface Counted { action: "count"; at: int64 }
websocket:
  select: $request.body.action
  auth: who
  routes:
    $connect: { lambda: talk }
    $disconnect: { lambda: talk }
    $default: { lambda: talk, reply: unknown }
    say: { lambda: talk, body: Said, reply: unknown }
    loose: { lambda: talk, body: unknown, reply: unknown }
    count: { lambda: talk, body: Counted, reply: unknown }
stages: { dev: { variables: { table: t } } }
`;
const files = {
  "handlers/check.ts": `
import { check } from "../build/handlers/check.js";
export const handler = check(async ({ token }, { allow }) => allow({ principalId: "p", context: { tenant: String(token), level: 3 } }));
`,
  "handlers/talk.ts": `
import { talk } from "../build/handlers/talk.js";
const typed = talk((async (message: any) => {
  const { context, event: _, signal, ...seen } = Object.getOwnPropertyDescriptors(message);
  const values = Object.fromEntries(Object.keys(seen).map((key) => [key, message[key]]));
  const asks = JSON.stringify(values, text).includes("event");
  if (values.body?.text === "throw") throw new Error("as the test wants it");
  const answer = JSON.stringify({ values, left: context.value.getRemainingTimeInMillis() > 0, event: asks ? message.event : 0 }, text);
  // What one message does to what it is given, no other one sees.
  if (values.body && typeof values.body === "object") values.body.changed = true;
  values.stageVariables.changed = "yes";
  return JSON.parse(answer);
}) as never);
const text = (_key: string, value: unknown) => (typeof value === "bigint" ? value + "n" : value);
const inner = typed.local as any;
const local = (message: any, context: any) => {
  (globalThis as any).socketLocals = ((globalThis as any).socketLocals ?? 0) + 1;
  return inner(message, context);
};
export const handler = Object.assign(typed, { local: Object.assign(local, { of: typed }) });
`,
};
const ids = {
  requestId: () => "00000000-0000-4000-8000-000000000000",
  extendedRequestId: () => "AAAAAAAAAAAAAAA=",
  hex: (digits: number) => "a".repeat(digits),
};

const word = fc.oneof(
  fc.constantFrom("event", "throw", "", "__proto__", "é", '"$id"'),
  fc.string({ unit: "grapheme", maxLength: 8 }),
);
const json = fc.oneof(
  fc.record(
    {
      action: fc.constantFrom("say", "loose", "count", "other"),
      text: word,
      size: fc.oneof(fc.integer(), fc.double({ noNaN: true }), word),
      at: fc.integer(),
      $id: word,
      ["__proto__"]: fc.anything({ maxDepth: 1 }),
    },
    { requiredKeys: ["action"] },
  ),
  fc.record({ action: fc.constant("say"), text: word }),
  fc.constant({ action: "count", at: 7 }),
);
const message = fc.oneof(
  { weight: 6, arbitrary: json.map((value) => JSON.stringify(value)) },
  fc.constantFrom(
    "",
    "{",
    "null",
    "[]",
    '{"action":"count","at":9007199254740993}',
    '{"action":"loose","__proto__":{"a":1}}',
  ),
  word,
);

/** One that fails, one that is answered, one that asks for its event, and one that is refused. */
const examples = [
  '{"action":"say","text":"throw"}',
  '{"action":"count","at":9007199254740993}',
  '{"action":"say","text":"event"}',
  '{"action":"say"}',
];

let local: YamlGateway;
let byEvents: YamlGateway;
let clients: { readonly ours: RawWebSocket; readonly theirs: RawWebSocket };

beforeAll(async () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 2));
  local = await yamlGateway(yaml, { ids, clock }, files);
  byEvents = await yamlGateway(yaml, { ids, clock, environment: { GATEWAY_LAMBDA_EVENTS: "always" } }, files);
  const open = async (gateway: YamlGateway) =>
    RawWebSocket.open((await gateway.listen()).port, "/dev", ["X-Who: me", "User-Agent: test"]);
  clients = { ours: await open(local), theirs: await open(byEvents) };
});

afterAll(async () => {
  for (const client of [clients.ours, clients.theirs]) client.socket.destroy();
  for (const gateway of [local, byEvents]) {
    await gateway.close({ drainMs: 0 });
    gateway.remove();
  }
});

/** Sends one message; its answer, but for what is the connection's own. */
async function answer(client: RawWebSocket, text: string): Promise<string> {
  const before = client.frames.length;
  client.socket.write(client.frame(1, text));
  await client.until(() => client.frames.length > before || client.isEnded);
  const payload = client.frames[before]?.payload.toString() ?? "closed";
  return payload.replace(/"(connectionId|endpoint|domainName)":"[^"]*"/g, '"$1":""');
}

test("messages without an event and with one, the same answers", async () => {
  const before = (globalThis as { socketLocals?: number }).socketLocals ?? 0;
  let sent = 0;
  const seen = { failed: 0, answered: 0, events: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(message, async (text) => {
      const [ours, theirs] = [await answer(clients.ours, text), await answer(clients.theirs, text)];
      sent++;
      if (ours.includes("Internal server error")) seen.failed++;
      else if (ours.includes("Bad request body")) seen.refused++;
      else if (ours.includes('"event":{')) seen.events++;
      else seen.answered++;
      expect(ours).toBe(theirs);
    }),
    { numRuns: 600, examples: examples.map((text) => [text]) },
  );
  expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(0);
  const calls = ((globalThis as { socketLocals?: number }).socketLocals ?? 0) - before;
  expect(calls).toBe(sent - seen.refused);
});
