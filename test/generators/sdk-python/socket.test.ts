import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { modelOf } from "../../support/diagnose.js";
import { isSkipped, type PythonFolder, python, pythonFolder, typeCheck } from "./python.js";

const api = (models: string) => `
gateway: live
sdk: { python: { name: live-${models}, models: ${models} } }
models: |
  interface Order { id: string; at: datetime; kind: "a" | "b"; note?: string }
authorizers:
  guests: { lambda: admit, type: request, identity: [$request.querystring.token], ttl: 0 }
routes: { GET /health: { mock: } }
websocket:
  auth: guests
  routes:
    $connect: { lambda: talk }
    order: { body: "{ action: 'order'; order: Order }", lambda: talk, reply: Order }
    leave: { body: "{ action: 'leave' }", lambda: talk }
    join: { body: "{ action: 'join'; room: string }", lambda: talk, reply: "{ joined: string }" }
  events:
    Moved: Order
    Said: "{ text: string }"
stages: { dev: {} }
`;

let folder: PythonFolder;
let server: WebSocketServer;
let url: string;
/** What a test's server does with a connection. */
let behave: (socket: WebSocket, request: { readonly url?: string | undefined }) => void;

beforeAll(async () => {
  if (isSkipped()) return;
  folder = pythonFolder();
  for (const models of ["dataclass", "typed-dict"]) await folder.add(await modelOf(api(models)));
  server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  server.on("connection", (socket, request) => behave(socket, request));
  await new Promise((resolve) => server.once("listening", resolve));
  url = `ws://127.0.0.1:${(server.address() as { port: number }).port}`;
});
afterAll(() => {
  server?.close();
  folder?.remove();
});
beforeEach(() => {
  behave = () => undefined;
});

/** Runs a program against the server; yields the JSON that it prints. */
async function run(program: string, module = "live_typed_dict"): Promise<unknown> {
  folder.write(
    "program.py",
    `import asyncio, json, sys, threading, time\nfrom ${module}.socket import *\nurl = "${url}"\n${program}`,
  );
  const { stdout } = await promisify(execFile)(python ?? "", ["-X", "dev", "program.py"], { cwd: folder.path });
  return JSON.parse(stdout);
}

const reply = (socket: WebSocket, id: string, value: unknown) => socket.send(JSON.stringify({ $id: id, reply: value }));
const event = (socket: WebSocket, name: string, data: unknown) => socket.send(JSON.stringify({ event: name, data }));

describe.skipIf(isSkipped())("the WebSocket client in Python", () => {
  test("dataclasses go out and come back; a message with nothing required may be left out", async () => {
    const heard: unknown[] = [];
    behave = (socket) =>
      socket.on("message", (data) => {
        const message = JSON.parse(String(data));
        heard.push({ ...message, $id: typeof message.$id });
        if (message.action === "order") reply(socket, message.$id, message.order);
        event(socket, "Moved", { id: "m", at: "2026-01-02T03:04:05Z", kind: "new" });
      });
    const seen = await run(
      `
from datetime import datetime, timezone
from live_dataclass import models
with Socket(url=url, auth={"token": "t"}) as socket:
    moved = socket.events("Moved")
    order = models.Order(id="1", at=datetime(2026, 1, 1, tzinfo=timezone.utc), kind="a")
    back = socket.request("order", models.OrderMessage(order=order))
    socket.send("leave")
    first = next(iter(moved))
    print(json.dumps([back == order, type(first).__name__, first.at.year, first.kind]))
`,
      "live_dataclass",
    );
    expect(seen).toEqual([true, "Order", 2026, "new"]);
    expect(heard).toEqual([
      { action: "order", order: { id: "1", at: "2026-01-01T00:00:00Z", kind: "a" }, $id: "string" },
      { action: "leave", $id: "undefined" },
    ]);
  });

  test("a listener may send and wait for the reply, in both kinds of clients", async () => {
    behave = (socket) => {
      socket.on("message", (data) => {
        const { action, $id, room } = JSON.parse(String(data));
        if (action === "leave") event(socket, "Said", { text: "lobby" });
        else reply(socket, $id, { joined: room });
      });
    };
    const seen = await run(`
joined = []
with Socket(url=url) as socket:
    done = threading.Event()
    def said(event):
        joined.append(socket.request("join", {"room": event["text"]})["joined"])
        done.set()
    socket.on("Said", said)
    socket.send("leave")
    done.wait(10)

async def main():
    done = asyncio.Event()
    async with AsyncSocket(url=url) as socket:
        async def said(event):
            joined.append((await socket.request("join", {"room": event["text"]}))["joined"])
            done.set()
        stop = socket.on("Said", said)
        await socket.send("leave")
        await asyncio.wait_for(done.wait(), 10)
        stop()
asyncio.run(main())
print(json.dumps(joined))
`);
    expect(seen).toEqual(["lobby", "lobby"]);
  });

  test("after a loss: credentials anew, the hook first, then what has waited", async () => {
    const heard: string[] = [];
    behave = (socket, request) => {
      heard.push(String(request.url));
      socket.on("message", (data) => {
        const { action, room, $id } = JSON.parse(String(data));
        heard.push(action === "join" ? `join ${room}` : action);
        if ($id) reply(socket, $id, { joined: room });
        if (action === "leave") socket.terminate();
      });
    };
    const seen = await run(`
tokens = iter(["one", "two", "three"])
told = []
lost, again = threading.Event(), threading.Event()
options = dict(url=url, auth={"token": lambda info: next(tokens)}, reconnect=Reconnect(delay=0.2),
               on_reopen=lambda socket: socket.request("join", {"room": "hook"}))
with Socket(**options) as socket:
    socket.watch("reconnecting", lambda about: (told.append([about.attempt, about.error.code, about.error.meaning]), lost.set()))
    socket.watch("reopened", again.set)
    socket.send("leave")
    lost.wait(10)
    reply = socket.request("join", {"room": "waited"})
    again.wait(10)
    print(json.dumps([told, reply, socket.state]))
`);
    expect(seen).toEqual([[[1, 1006, "lost"]], { joined: "waited" }, "open"]);
    expect(heard).toEqual(["/?token=one", "leave", "/?token=two", "join hook", "join waited"]);
  });

  test("another connection takes over, and the old one gives its reply before it goes", async () => {
    const connections: WebSocket[] = [];
    behave = (socket) => {
      const own = connections.push(socket);
      socket.on("message", (data) => {
        const { $id, room } = JSON.parse(String(data));
        if (room === "slow") setTimeout(() => reply(socket, $id, { joined: `by ${own}` }), 500);
        else reply(socket, $id, { joined: `by ${own}` });
      });
    };
    const seen = await run(`
async def main():
    async with AsyncSocket(url=url, roll_over=0.2) as socket:
        reopened = asyncio.Event()
        socket.watch("reopened", reopened.set)
        slow = asyncio.create_task(socket.request("join", {"room": "slow"}))
        await reopened.wait()
        quick = await socket.request("join", {"room": "quick"})
        print(json.dumps([quick, await slow]))
asyncio.run(main())
`);
    expect(seen).toEqual([{ joined: "by 2" }, { joined: "by 1" }]);
  });

  test.each([
    [1001, "going-away"],
    [1008, "refused"],
    [1011, "server-error"],
    [4321, "application"],
  ])("close code %i is %s", async (code, meaning) => {
    behave = (socket) => socket.on("message", () => socket.close(code, "because"));
    const seen = await run(`
with Socket(url=url, reconnect=None) as socket:
    try:
        socket.request("join", {"room": "x"})
    except SocketClosed as error:
        print(json.dumps([error.kind, error.code, error.reason, error.meaning, socket.state]))
`);
    expect(seen).toEqual(["closed", code, "because", meaning, "closed"]);
  });

  test("events that nobody reads are bounded; iterators end with the connection", async () => {
    behave = (socket) => {
      socket.on("message", () => {
        for (let at = 0; at < 5; at++) event(socket, "Said", { text: String(at) });
        event(socket, "Moved", {});
        socket.close(1000);
      });
    };
    const seen = await run(`
def read(limit):
    texts = []
    with Socket(url=url, reconnect=None) as socket:
        events = socket.events("Said", limit=limit)
        moved = socket.events("Moved")
        socket.send("leave")
        next(moved)
        try:
            for said in events:
                texts.append(said["text"])
        except SocketError as error:
            texts.append(error.kind)
    return texts

async def main():
    async with AsyncSocket(url=url, reconnect=None) as socket:
        events = socket.events("Said")
        await socket.send("leave")
        return [said["text"] async for said in events]
print(json.dumps([read(10), read(3), asyncio.run(main())]))
`);
    expect(seen).toEqual([
      ["0", "1", "2", "3", "4"],
      ["0", "1", "2", "queue-full"],
      ["0", "1", "2", "3", "4"],
    ]);
  });

  test("what the server says wrong ends the connection, with the code that says so", async () => {
    const bytes: readonly [readonly number[], number][] = [
      [[0x81, 0x80, 1, 2, 3, 4], 1002],
      [[0xc1, 0x00], 1002],
      [[0x80, 0x00], 1002],
      [[0x09, 0x00], 1002],
      [[0x83, 0x00], 1002],
      [[0x81, 0x02, 0xc3, 0x28], 1007],
      [[0x81, 127, 0, 0, 0, 1, 0, 0, 0, 0], 1009],
      [[0x88, 0x01, 0x03], 1002],
    ];
    const codes: number[] = [];
    let next = 0;
    behave = (socket) => {
      socket.on("close", (code) => codes.push(code));
      socket.on("message", () =>
        (socket as unknown as { _socket: NodeJS.WritableStream })._socket.write(Buffer.from(bytes[next++]?.[0] ?? [])),
      );
    };
    const seen = await run(`
codes = []
for _ in range(${bytes.length}):
    with Socket(url=url, reconnect=None) as socket:
        try:
            socket.request("join", {"room": "x"})
        except SocketClosed as error:
            codes.append(error.code)
print(json.dumps(codes))
`);
    expect(seen).toEqual(bytes.map(([, code]) => code));
    await expect.poll(() => codes).toEqual(bytes.map(([, code]) => code));
  });

  test("pings are answered, parts are put together, whatever their bounds", async () => {
    const pongs: string[] = [];
    const text = JSON.stringify({ event: "Said", data: { text: "grüße 🙂".repeat(5000) } });
    behave = (socket) => {
      socket.on("pong", (data) => pongs.push(String(data)));
      socket.on("message", () => {
        const data = Buffer.from(text);
        for (let at = 0; at < data.length; at += 7919) {
          socket.send(data.subarray(at, at + 7919), { binary: false, fin: at + 7919 >= data.length });
          socket.ping(`p${at}`);
        }
      });
    };
    const seen = await run(`
with Socket(url=url) as socket:
    events = socket.events("Said")
    socket.send("leave")
    print(json.dumps(len(next(iter(events))["text"])))
`);
    expect(seen).toBe([..."grüße 🙂"].length * 5000);
    await expect.poll(() => pongs.length).toBe(Math.ceil(Buffer.byteLength(text) / 7919));
  });

  test("what fails in a listener is told and ends nothing; a queue has an end; nothing is sent before it is open", async () => {
    behave = (socket) => {
      socket.on("message", (data) => {
        const { $id, room } = JSON.parse(String(data));
        event(socket, "Said", { text: "x" });
        if ($id) reply(socket, $id, { joined: room });
      });
    };
    const seen = await run(`
told, errors = [], []
socket = Socket(url=url, queue_limit=1)
try:
    socket.send("leave")
except SocketError as error:
    told.append(error.kind)
failed = threading.Event()
socket.on("Said", lambda said: 1 / 0)
socket.watch("error", lambda error: (errors.append(type(error).__name__), failed.set()))
with socket:
    told.append(socket.request("join", {"room": "still here"})["joined"])
    failed.wait(10)
told += errors
try:
    socket.open()
except SocketError as error:
    told.append(str(error))

async def waiting():
    live = AsyncSocket(url="ws://127.0.0.1:9", queue_limit=1, reconnect=Reconnect(attempts=2, delay=0.01))
    opening = asyncio.create_task(live.open())
    await live.send("leave")
    try:
        await live.send("leave")
    except SocketError as error:
        told.append(error.kind)
    try:
        await opening
    except SocketRefused as error:
        told.append([error.kind, error.status])
asyncio.run(waiting())
print(json.dumps(told))
`);
    expect(seen).toEqual([
      "closed",
      "still here",
      "ZeroDivisionError",
      "the connection is closed",
      "queue-full",
      ["refused", null],
    ]);
  });

  test("right programs pass mypy and pyright in their strict modes, wrong ones do not", { timeout: 120_000 }, () => {
    folder.write(
      "right_socket.py",
      `
import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from live_typed_dict import models
from live_typed_dict.socket import AsyncSocket, Reconnect, Reconnecting, Socket, SocketClosed, SocketError
from live_dataclass import models as data
from live_dataclass.socket import Socket as DataSocket

socket = Socket(stage="dev", auth={"token": lambda info: info.operation}, reconnect=Reconnect(attempts=1), on_reopen=lambda again: again.send("leave"))
order: models.Order = socket.request("order", {"order": {"id": "1", "at": "2026", "kind": "a"}}, timeout=1)
joined: str = socket.request("join", {"room": "x"})["joined"]
stop = socket.on("Moved", lambda moved: print(moved["kind"]))
stop()
events: Iterator[models.SaidEvent] = socket.events("Said", limit=3)
def told(about: Reconnecting) -> None:
    print(about.error.kind, about.pause)
socket.watch("reconnecting", told)
def ended(error: SocketError) -> None:
    if isinstance(error, SocketClosed):
        print(error.code, error.meaning)
socket.watch("closed", ended)
typed: data.Order = DataSocket().request("order", data.OrderMessage(order=data.Order(id="1", at=datetime.now(), kind="a")))

async def main() -> None:
    async with AsyncSocket(on_reopen=lambda again: again.request("join", {"room": "x"})) as later:
        reply: models.JoinReply = await later.request("join", {"room": "x"})
        print(reply)
        async def moved(order: models.Order) -> None:
            print(order["id"])
        later.on("Moved", moved)
        said: AsyncIterator[models.SaidEvent] = later.events("Said")
        async for one in said:
            print(one["text"])
asyncio.run(main())
`,
    );
    const wrong = [
      'socket.send("joyn", {"room": "x"})',
      'socket.send("join")',
      'socket.send("join", {"rooms": "x"})',
      'socket.request("leave")',
      'socket.request("join", {"room": "x"})["left"]',
      'socket.on("Sayd", print)',
      'socket.on("Said", lambda said: said["txt"])',
      'Socket(stage="prod")',
      'Socket(auth={"tokn": "x"})',
    ];
    const names = wrong.map((_, at) => `wrong_socket${at}.py`);
    for (const [at, text] of wrong.entries())
      folder.write(`wrong_socket${at}.py`, `from live_typed_dict.socket import Socket\nsocket = Socket()\n${text}\n`);
    const found = typeCheck(folder, ["live_typed_dict", "live_dataclass", "right_socket.py", ...names]);
    expect(found.filter((line) => !line.startsWith("wrong"))).toEqual([]);
    const missed = names.filter((name) => found.filter((line) => line.startsWith(name)).length < 2);
    expect(missed.map((name) => wrong[Number(/\d+/.exec(name)?.[0])])).toEqual([]);
  });
});
