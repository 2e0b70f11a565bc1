import { expect, test } from "vitest";
import { differencesOf } from "../../src/deploy/differences.js";
import { modelOf } from "../import/support.js";

const file = (websocket: string) => `gateway: a\nroutes: { GET /o: { lambda: x } }\n${websocket}stages: { dev: }\n`;

test("routes, events and settings of a WebSocket API are told as those of requests are", async () => {
  const before = await modelOf(
    file(
      "websocket:\n  domain: live.example.com\n  routes: { join: { lambda: join }, quit: { lambda: quit } }\n  events: { Said: string }\n",
    ),
  );
  const after = await modelOf(
    file(
      "websocket:\n  select: $request.body.type\n  routes: { join: { lambda: join, reply: string }, part: { lambda: quit } }\n  events: { Said: integer }\n",
    ),
  );
  expect(differencesOf(before, after, "dev")).toEqual([
    { change: "changed", what: "WebSocket API", name: "selection", members: [] },
    { change: "removed", what: "WebSocket API", name: "domain", members: [] },
    { change: "changed", what: "WebSocket route", name: "join", members: ["reply"] },
    { change: "added", what: "WebSocket route", name: "part", members: [] },
    { change: "removed", what: "WebSocket route", name: "quit", members: [] },
    { change: "changed", what: "event", name: "Said", members: ["type.name"] },
  ]);
  const without = await modelOf(file(""));
  expect(differencesOf(without, after, "dev")).toContainEqual({
    change: "added",
    what: "api",
    name: "websocket",
    members: [],
  });
});
