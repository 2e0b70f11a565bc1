import { existsSync } from "node:fs";
import process from "node:process";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { AdminPort } from "../../../runtime/admin/admin-port.js";
import { administer } from "../../../runtime/admin/administer.js";
import type { Exchange } from "../../../runtime/http/exchange.js";
import { Measures } from "../../../runtime/observe/measures.js";
import { type YamlGateway, yamlGateway } from "../../support/yaml-gateway.js";

const yaml = `
gateway: shop
version: 1.2.3
stages:
  dev: { variables: { colour: blue } }
plans: { basic: { stages: [dev] } }
keys: { reader: { plan: basic, value: "a-key-of-the-file-0123456789" } }
routes:
  GET /colour: { mock: { colour: $stageVariables.colour, canary: $context.isCanaryRequest } }
  POST /echo: { lambda: echo, body: "{ text: string }", validate: body }
  GET /closed: { apiKey: true, mock: { ok: true } }
websocket: { routes: { $connect: { lambda: connect } } }
`;

const handlers = {
  "handlers/echo.ts":
    "export const handler = async (event: { body: string }) => ({ statusCode: 200, body: event.body });\n",
  "handlers/connect.ts": "export const handler = async () => ({ statusCode: 200 });\n",
};

const browserPath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const hasBrowser = existsSync(browserPath);
if (!hasBrowser && process.env["CI"]) throw new Error("Chromium is missing");

describe.skipIf(!hasBrowser)("the console in Chromium", () => {
  let gateway: YamlGateway;
  let port: AdminPort;
  let browser: Browser;
  let page: Page;
  let url: string;
  const complaints: string[] = [];

  beforeAll(async () => {
    const measures = new Measures();
    const admin = administer({ port: 0, host: "127.0.0.1", environment: {}, measures });
    const { sockets } = measures;
    const observer = { answered: (x: Exchange) => measures.add(x), sockets, close: async () => undefined };
    gateway = await yamlGateway(yaml, { observers: [observer, admin.requests] }, handlers);
    url = (await gateway.listen()).url;
    port = await admin.open(() => gateway);
    browser = await chromium.launch({
      executablePath: browserPath,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
    });
    page = await browser.newPage({ viewport: { width: 1300, height: 1100 } });
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(port.url);
    await page.getByRole("button", { name: "try GET /colour" }).waitFor();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await port?.close();
    await gateway?.close({ drainMs: 0 });
    gateway?.remove();
  });

  test("routes with their pipeline are tried from the keyboard, with answer and trace", async () => {
    expect(await page.textContent("#title")).toBe("shop 1.2.3");
    const route = page.getByRole("button", { name: "try POST /echo" });
    expect(await page.locator("tr", { has: route }).innerText()).toMatch(/body check\s*lambda echo/);
    await route.focus();
    await page.keyboard.press("Enter");
    expect(await page.inputValue("#path")).toBe("/dev/echo");
    const text = '<img src=x onerror="document.title=1">';
    await page.getByLabel("Body", { exact: true }).fill(JSON.stringify({ text }));
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator("#answer-body").waitFor();
    expect(await page.textContent("#answer-body")).toBe(JSON.stringify({ text }));
    expect(await page.textContent("#answer")).toContain("function result");
    expect(await page.textContent("#log")).toContain("Successfully completed execution");
    expect(await page.title()).toBe("gateway console");
  });

  test("requests appear as they happen, as text whatever they are, and are counted", async () => {
    await fetch(`${url}/dev/<b>bold</b>`);
    const row = page.locator("#requests tr", { hasText: "GET /dev/%3Cb%3Ebold%3C/b%3E" });
    await row.waitFor();
    expect(await row.innerText()).toContain("403");
    await page.getByLabel("API key").fill("a-key-of-the-file-0123456789");
    await page.getByRole("button", { name: "try GET /closed" }).click();
    await page.getByLabel("Body", { exact: true }).fill("");
    await page.getByRole("button", { name: "Send", exact: true }).first().click();
    await page.locator("#usage tr", { hasText: "reader" }).waitFor();
    await page.getByRole("img", { name: /^Errors: .* in all$/ }).waitFor();
  });

  test("a canary begins and is promoted by buttons", async () => {
    await page.getByRole("button", { name: "send 50 percent of shop dev to the canary" }).click();
    await page.getByText("canary 50 % to").waitFor();
    await page.getByRole("button", { name: "promote the canary of shop dev" }).click();
    await page.getByText("canary 50 % to").waitFor({ state: "detached" });
    expect(await page.locator("#stages ol").textContent()).toContain("canary-promote");
  });

  test("a WebSocket connection is sent a message and disconnected", async () => {
    const socket = new WebSocket(`${url.replace("http", "ws")}/dev`);
    const message = new Promise((resolve) => socket.once("message", (data) => resolve(String(data))));
    const closed = new Promise((resolve) => socket.once("close", resolve));
    await page.getByRole("button", { name: /^disconnect / }).waitFor();
    await page.getByRole("textbox", { name: "Message" }).fill("hello from the console");
    await page.getByRole("button", { name: /^send the message to / }).click();
    expect(await message).toBe("hello from the console");
    await page.getByRole("button", { name: /^disconnect / }).click();
    await closed;
    await page.getByText("No connection is open.").waitFor();
    const [stage, route, connects, messages] = await page
      .locator("#socket-series tr")
      .first()
      .locator("td")
      .allTextContents();
    expect({ stage, route, connects, messages }).toEqual({ stage: "dev", route: "all", connects: "1", messages: "1" });
  });

  test("dark and light, narrow and wide: nothing overflows, and the page has nothing to complain about", async () => {
    for (const colorScheme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme });
      const back = await page.evaluate("getComputedStyle(document.body).backgroundColor");
      expect(back).toBe(colorScheme === "dark" ? "rgb(18, 22, 27)" : "rgb(246, 247, 249)");
      const path = process.env["GATEWAY_SCREENSHOTS"];
      if (path !== undefined) await page.screenshot({ path: `${path}/console-${colorScheme}.png`, fullPage: true });
    }
    await page.setViewportSize({ width: 400, height: 800 });
    const isTooWide = await page.evaluate(
      "document.documentElement.scrollWidth > document.documentElement.clientWidth",
    );
    expect(isTooWide).toBe(false);
    expect(complaints).toEqual([]);
  });
});
