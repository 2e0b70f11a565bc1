import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { Gateway } from "../../runtime/host/gateway.js";
import { buildFixture } from "../support/build-fixture.js";
import { root } from "../support/paths.js";

/** The chat as its users have it: the built gateway, the generated client, in Node and in a page of a real browser. */
const folder = mkdtempSync(join(tmpdir(), "gateway-chat-"));
let gateway: Gateway;
let url: string;

interface ChatSocket {
  readonly state: string;
  readonly ready: Promise<void>;
  send(route: string, message: object): void;
  request(route: string, message: object, options?: object): Promise<{ members: { name: string }[] }>;
  on(event: string, listener: (data: Record<string, string>) => void): () => void;
  events(event: string, options?: object): AsyncGenerator<Record<string, string>>;
  watch(what: string, listener: (value: unknown) => void): () => void;
  close(): void;
}
let connect: (options: object) => ChatSocket;
/** The same in parts, of which bundles carry what they use. */
let parts: {
  openSocket(options: object): Omit<ChatSocket, "events">;
  request(socket: object, route: string, message: object, options?: object): Promise<Record<string, unknown>>;
  events(socket: object, event: string): AsyncGenerator<Record<string, string>>;
  rollOver(socket: object, afterMs: number): void;
  frames(socket: object): void;
};

beforeAll(async () => {
  cpSync(join(root, "fixtures/chat"), folder, {
    recursive: true,
    filter: (path) => !path.endsWith("/golden") && !path.endsWith("/build"),
  });
  const bundle = await import(pathToFileURL(await buildFixture(folder)).href);
  gateway = bundle.createGateway({ program: bundle.program, logger: { write: () => undefined } }) as Gateway;
  ({ url } = await gateway.listen());
  parts = await import(pathToFileURL(join(folder, "build/sdk/typescript/socket.js")).href);
  ({ connect } = await import(pathToFileURL(join(folder, "build/sdk/typescript/socket.js")).href));
});

afterAll(async () => {
  await gateway?.close({ drainMs: 500 });
  rmSync(folder, { recursive: true, force: true });
});

function person(name: string, options: object = {}): ChatSocket {
  return connect({ url: `${url.replace("http", "ws")}/dev`, query: { name }, WebSocket, ...options });
}

describe("the generated client in Node", () => {
  test("joins, hears what is said, and replies are those of its own requests", async () => {
    const [ann, bob] = [person("Ann"), person("Bob")];
    const heard: string[] = [];
    ann.on("Said", ({ from, text }) => heard.push(`${from}: ${text}`));
    await ann.request("join", { room: "lobby" });
    const { members } = await bob.request("join", { room: "lobby" });
    expect(members.map(({ name }) => name)).toEqual(["Ann", "Bob"]);
    bob.send("message", { room: "lobby", text: "hello" });
    await expect.poll(() => heard).toEqual(["Bob: hello"]);
    const replies = await Promise.all(["a", "b", "c"].map((room) => ann.request("join", { room })));
    expect(replies.map((reply) => (reply as unknown as { room: string }).room)).toEqual(["a", "b", "c"]);
    ann.close();
    bob.close();
  });

  test("a refused handshake rejects, and is not tried again", async () => {
    const nobody = person("", { reconnect: { attempts: 1, delayMs: 1 } });
    const again: unknown[] = [];
    nobody.watch("reconnecting", (value) => again.push(value));
    await expect(nobody.ready).rejects.toMatchObject({ name: "SocketError", kind: "refused", status: 401 });
    expect(again).toEqual([]);
    expect(nobody.state).toBe("closed");
    expect(() => nobody.send("join", { room: "x" })).toThrow("closed");
  });

  test("a message that its model refuses fails the request", async () => {
    const ann = person("Ann");
    await expect(ann.request("join", { room: "" })).rejects.toMatchObject({
      kind: "failed",
      message: "Bad request body",
    });
    ann.close();
  });

  test("what cannot be sent is refused here", async () => {
    const ann = person("Ann", { queueLimit: 1 });
    expect(() => ann.send("message", { room: "x", text: "y".repeat(140_000) })).toThrow(/at most/);
    ann.send("message", { room: "x", text: "waits" });
    expect(() => ann.send("message", { room: "x", text: "too many" })).toThrow(/wait/);
    await ann.ready;
    const stopped = AbortSignal.abort();
    await expect(ann.request("join", { room: "x" }, { signal: stopped })).rejects.toMatchObject({ kind: "aborted" });
    ann.close();
    await expect(ann.request("join", { room: "x" })).rejects.toMatchObject({ kind: "closed" });
  });

  test("a large message goes in frames that the gateway takes", async () => {
    const ann = person("Ann");
    await ann.ready;
    await expect(ann.request("join", { room: "x", padding: "z".repeat(100_000) })).resolves.toMatchObject({
      room: "x",
    });
    ann.close();
  });

  test("after a loss it connects again, subscribes again, and sends what has waited", async () => {
    const reopened: string[] = [];
    const ann = person("Ann", {
      reconnect: { delayMs: 1 },
      onReopen: async (socket: ChatSocket) => {
        await socket.request("join", { room: "again" });
        reopened.push("joined");
      },
    });
    const heard: string[] = [];
    ann.on("Said", ({ text }) => heard.push(text as string));
    await ann.request("join", { room: "again" });
    const again = new Promise((resolve) => ann.watch("reopened", resolve));
    const lost = new Promise((resolve) => ann.watch("reconnecting", resolve));
    gateway.sockets?.terminate();
    await lost;
    ann.send("message", { room: "again", text: "while away" });
    await again;
    expect(reopened).toEqual(["joined"]);
    await expect.poll(() => heard).toEqual(["while away"]);
    ann.close();
  });

  test("another connection takes over before the old one is too old, and no event is lost", async () => {
    const ann = person("Ann", {
      rollOverMs: 150,
      onReopen: (socket: ChatSocket) => socket.request("join", { room: "long" }),
    });
    const bob = person("Bob");
    const heard = new Set<string>();
    ann.on("Said", ({ text }) => heard.add(text as string));
    await ann.request("join", { room: "long" });
    await bob.request("join", { room: "long" });
    for (let at = 0; at < 20; at++) {
      bob.send("message", { room: "long", text: `line ${at}` });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await expect.poll(() => heard.size).toBe(20);
    ann.close();
    bob.close();
  });

  test("events can be walked through, and REST reaches the connections", async () => {
    const ann = person("Ann");
    await ann.request("join", { room: "news" });
    const events = ann.events("Announced");
    const next = events.next();
    const answer = await fetch(`${url}/dev/rooms/news/announcements`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text: "dinner is ready" }),
    });
    expect(await answer.json()).toEqual({ reached: 1 });
    expect((await next).value).toEqual({ room: "news", text: "dinner is ready" });
    ann.close();
    expect((await events.next()).done).toBe(true);
  });
});

describe("the generated client in parts", () => {
  function least(name: string, options: object = {}) {
    return parts.openSocket({ url: `${url.replace("http", "ws")}/dev`, query: { name }, WebSocket, ...options });
  }

  test("sends and listens; requests, walks through events and large messages are functions", async () => {
    const [ann, bob] = [least("Ann"), least("Bob")];
    await Promise.all([ann, bob].map((socket) => parts.request(socket, "join", { room: "parts" })));
    const said = parts.events(ann, "Said");
    const next = said.next();
    bob.send("message", { room: "parts", text: "hello" });
    expect((await next).value).toMatchObject({ from: "Bob", text: "hello" });
    const padding = "z".repeat(100_000);
    const tooBig = { kind: "closed", code: 1009, meaning: "too-big" };
    await expect(parts.request(bob, "join", { room: "x", padding })).rejects.toMatchObject(tooBig);
    parts.frames(bob);
    await expect(bob.request("join", { room: "x", padding })).resolves.toMatchObject({ room: "x" });
    expect(() => bob.send("message", { room: "x", text: padding + padding })).toThrow("at most 131072");
    const late = parts.request(ann, "join", { room: "y" }, { timeoutMs: 0 });
    // The gateway is in this process: timers come before what it reads.
    for (const begin = performance.now(); performance.now() < begin + 5; );
    await expect(late).rejects.toMatchObject({ kind: "timeout" });
    ann.close();
    expect((await said.next()).done).toBe(true);
    await expect(parts.request(ann, "join", { room: "y" })).rejects.toMatchObject({ kind: "closed" });
    bob.close();
  });

  test("it connects again after a loss, and rolls over when asked to", async () => {
    const joined: string[] = [];
    const ann = least("Ann", {
      reconnect: { delayMs: 1 },
      onReopen: async (again: object) => {
        await parts.request(again, "join", { room: "parts" });
        joined.push("again");
      },
    });
    await parts.request(ann, "join", { room: "parts" });
    const lost = parts.request(ann, "join", { room: "never" });
    gateway.sockets?.terminate();
    await expect(lost).rejects.toMatchObject({ kind: "closed", code: 1006, meaning: "lost" });
    await expect.poll(() => joined).toEqual(["again"]);
    let handshakes = 0;
    ann.watch("reopened", () => handshakes++);
    await expect.poll(() => ann.state).toBe("open");
    parts.rollOver(ann, 30);
    await expect.poll(() => handshakes).toBeGreaterThan(2);
    expect(ann.state).toBe("open");
    ann.close();
  });

  test("a connection that is logged shows no credential", async () => {
    const ann = least("Ann", { headers: { "X-Key": "very secret" } });
    await ann.ready;
    expect(inspect(ann, { depth: 9, showHidden: true })).not.toContain("very secret");
    ann.close();
  });
});

const browserPath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const hasBrowser = existsSync(browserPath);
if (!hasBrowser && process.env["CI"]) throw new Error("Chromium is missing");

describe.skipIf(!hasBrowser)("the page in Chromium", () => {
  let pages: Server;
  let browser: Browser;
  let address: string;

  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: [join(folder, "page.ts")],
      bundle: true,
      write: false,
      format: "esm",
      platform: "browser",
    });
    const html = readFileSync(join(folder, "page.html"));
    pages = createServer((request, response) => {
      const isScript = request.url?.startsWith("/page.js");
      response.writeHead(200, { "Content-Type": isScript ? "text/javascript" : "text/html" });
      response.end(isScript ? outputFiles[0]?.contents : html);
    });
    await new Promise<void>((resolve) => pages.listen(0, "127.0.0.1", () => resolve()));
    address = `http://127.0.0.1:${(pages.address() as AddressInfo).port}/?api=${encodeURIComponent(`${url}/dev`)}`;
    browser = await chromium.launch({
      executablePath: browserPath,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
    });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    pages?.close();
  });

  async function enter(name: string, room: string): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(address);
    await page.fill("#name", name);
    await page.fill("#room", room);
    await page.click("#enter button");
    return page;
  }

  const text = (page: Page, selector: string) => page.locator(selector).innerText();

  test("two people talk, one leaves, and a lost connection comes back", async () => {
    const ann = await enter("Ann", "tea");
    await expect.poll(() => text(ann, "#members")).toBe("Ann");
    const bob = await enter("Bob", "tea");
    await expect.poll(() => text(bob, "#members")).toBe("Ann, Bob");
    await expect.poll(() => text(ann, "#lines")).toContain("Bob came");

    await bob.fill("#text", "<b>milk?</b>");
    await bob.press("#text", "Enter");
    await expect.poll(() => text(ann, "#lines")).toContain("Bob: <b>milk?</b>");

    // A page still says "open" until it has noticed, so what is waited for is the change.
    for (const page of [ann, bob]) {
      await page.evaluate(`{
        const state = document.getElementById("state");
        window.again = new Promise((resolve) => {
          let isLost = false;
          new MutationObserver(() => {
            if (state.textContent !== "open") isLost = true;
            else if (isLost) resolve("open");
          }).observe(state, { childList: true });
        });
        undefined;
      }`);
    }
    gateway.sockets?.terminate();
    for (const page of [ann, bob]) expect(await page.evaluate("window.again")).toBe("open");
    await expect.poll(() => text(ann, "#members"), { timeout: 10_000 }).toBe("Ann, Bob");
    await ann.fill("#text", "here again");
    await ann.press("#text", "Enter");
    await expect.poll(() => text(bob, "#lines"), { timeout: 10_000 }).toContain("Ann: here again");

    await bob.click("#quit");
    await expect.poll(() => text(ann, "#lines")).toContain("Bob left");
    await expect.poll(() => text(ann, "#members")).toBe("Ann");
  }, 60_000);

  test("who has no name is not let in", async () => {
    const page = await browser.newPage();
    await page.goto(address);
    await page.fill("#name", "!?");
    await page.fill("#room", "tea");
    await page.click("#enter button");
    await expect.poll(() => text(page, "#state")).toBe("connecting");
    expect(await text(page, "#members")).toBe("");
    await page.close();
  }, 30_000);
});
