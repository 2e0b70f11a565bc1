import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { AdminPort } from "../../../runtime/admin/admin-port.js";
import { administer } from "../../../runtime/admin/administer.js";
import type { Exchange } from "../../../runtime/http/exchange.js";
import { Measures } from "../../../runtime/observe/measures.js";
import { LocalIssuer } from "../../../src/dev/local-issuer.js";
import { type YamlGateway, yamlGateway } from "../../support/yaml-gateway.js";

const yaml = `
gateway: shop
version: 1.2.3
stages:
  dev: { variables: { colour: blue } }
  quiet: { variables: { colour: grey } }
plans: { basic: { stages: [dev] } }
keys: { reader: { plan: basic, value: "a-key-of-the-file-0123456789" } }
authorizers: { customers: { cognito: "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_local" } }
routes:
  GET /me: { auth: customers, mock: { sub: $context.authorizer.claims.sub } }
  GET /mine: { auth: { name: customers, scopes: [own/read] }, mock: { ok: true } }
  GET /ledger: { auth: iam, mock: { user: $context.identity.userArn } }
  GET /colour: { mock: { colour: $stageVariables.colour, canary: $context.isCanaryRequest } }
  POST /echo: { lambda: echo, body: "{ text: string }", validate: body }
  GET /closed: { apiKey: true, mock: { ok: true } }
websocket: { routes: { $connect: { lambda: connect } } }
`;

const ann = {
  arn: "arn:aws:iam::123456789012:user/ann",
  policies: [
    {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" }],
    },
  ],
  keys: [{ accessKeyId: "AKIAANN", secretAccessKey: "a-secret-access-key-of-ann" }],
};

/** Runs in the page: what is shown and can be used, and has nothing that a screen reader could say. */
const nameless = `[...document.querySelectorAll("button, input, select, textarea, a, summary, svg")]
  .filter((node) => node.offsetParent !== null && node.closest("[hidden]") === null)
  .filter((node) => (node.getAttribute("aria-label") || node.labels?.[0]?.textContent || node.textContent).trim() === "")
  .map((node) => node.outerHTML)`;

/** Runs in the page: buttons whose name for screen readers and voice control lacks what they show (WCAG 2.5.3). */
const misnamed = `[...document.querySelectorAll("button[aria-label]")]
  .filter((node) => !node.getAttribute("aria-label").toLowerCase().includes(node.textContent.trim().toLowerCase()))
  .map((node) => node.outerHTML)`;

/** Runs in the page: what scrolls and cannot be scrolled by the keyboard (WCAG 2.1.1). */
const unreachable = `[...document.querySelectorAll(".scroll, pre")].filter((node) => node.tabIndex < 0).map((node) => node.outerHTML)`;

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
  let keysOfIssuer: { close(): void; readonly url: string };
  const folder = mkdtempSync(join(tmpdir(), "gateway-console-"));
  const complaints: string[] = [];

  beforeAll(async () => {
    const measures = new Measures();
    const issuer = new LocalIssuer(folder);
    const mint = (claims: object) => issuer.mint(claims);
    const admin = administer({ port: 0, host: "127.0.0.1", environment: {}, measures, mint });
    keysOfIssuer = await issuer.serve();
    const principals = join(folder, "principals.json");
    writeFileSync(principals, JSON.stringify({ principals: [ann] }));
    const environment = { GATEWAY_LOCAL_ISSUER: keysOfIssuer.url };
    const { sockets } = measures;
    const observer = { answered: (x: Exchange) => measures.add(x), sockets, close: async () => undefined };
    gateway = await yamlGateway(yaml, { observers: [observer, admin.requests], environment, principals }, handlers);
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
    keysOfIssuer?.close();
    rmSync(folder, { recursive: true, force: true });
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
    await page.getByLabel("API key").selectOption({ label: "reader" });
    await page.getByRole("button", { name: "try GET /closed" }).click();
    await page.getByLabel("Body", { exact: true }).fill("");
    await page.getByRole("button", { name: "Send", exact: true }).first().click();
    await page.locator("#usage tr", { hasText: "reader" }).waitFor();
    await page.getByRole("img", { name: /^Errors: .* in all$/ }).waitFor();
  });

  test("a request is signed for a principal, or has a token of the local issuer; the page sees no secret", async () => {
    const told: string[] = [];
    page.on(
      "response",
      (answer) =>
        void answer.text().then(
          (text) => told.push(text),
          () => undefined,
        ),
    );
    const answerTo = async (route: string) => {
      await page.getByRole("button", { name: `try ${route}` }).click();
      await page.locator("#answer").evaluate((node: { textContent: string }) => (node.textContent = ""));
      await page.getByRole("button", { name: "Send", exact: true }).first().click();
      await page.locator("#answer-body").waitFor();
      return `${await page.locator("#answer h3 span").first().textContent()} ${await page.textContent("#answer-body")}`;
    };
    await page.getByLabel("API key").selectOption("");
    const ledger = page.locator("tr", { has: page.getByRole("button", { name: "try GET /ledger" }) });
    expect(await ledger.innerText()).toMatch(/signature\s*mock/);
    expect(await answerTo("GET /ledger")).toContain("403");
    // Counted and shown by what was answered, not by the trace that came instead.
    await page.locator("#requests tr", { hasText: "GET /dev/ledger" }).getByText("403").waitFor();
    await page.getByLabel("Signed by").selectOption({ label: "user/ann · AKIAANN" });
    expect(await answerTo("GET /ledger")).toBe('200 {"user":"arn:aws:iam::123456789012:user/ann"}');
    await page.getByLabel("Signed by").selectOption("");
    expect(await answerTo("GET /me")).toContain("401");
    await page.getByLabel("Local token for").selectOption("customers");
    await page.getByLabel("Subject").fill("ada");
    expect(await answerTo("GET /me")).toBe('200 {"sub":"ada"}');
    expect(await answerTo("GET /mine")).toContain("401");
    await page.getByLabel("Scopes").fill("own/read");
    expect(await answerTo("GET /mine")).toBe('200 {"ok":true}');
    await page.getByLabel("Local token for").selectOption("");
    expect(told.length).toBeGreaterThan(5);
    for (const secret of ["a-secret-access-key-of-ann", "a-key-of-the-file-0123456789", "eyJhbGciOi"]) {
      expect(told.join("\n")).not.toContain(secret);
    }
  });

  test("all of it is reached by the keyboard, and has a name and a role", async () => {
    expect(await page.evaluate(nameless)).toEqual([]);
    expect(await page.evaluate(misnamed)).toEqual([]);
    expect(await page.evaluate(unreachable)).toEqual([]);
    for (const name of ["Metrics", "Routes", "Try it", "Requests", "Stages and deployments", "Usage by key"]) {
      await page.getByRole("region", { name, exact: true }).waitFor();
    }
    await page.reload();
    await page.getByRole("button", { name: "try GET /colour" }).waitFor();
    const seen: string[] = [];
    for (let presses = 0; presses < 70; presses++) {
      await page.keyboard.press("Tab");
      seen.push(await page.evaluate("document.activeElement.className + ' ' + document.activeElement.id"));
    }
    expect(seen[0]).toBe("skip ");
    for (const id of ["stage", "method", "path", "key", "principal", "issuer", "headers", "body"])
      expect(seen.map((text) => text.split(" ")[1])).toContain(id);
  });

  test("where the port has a token, the page asks for it and shows nothing else before", async () => {
    const environment = { GATEWAY_ADMIN_TOKEN: "0123456789abcdef0123" };
    const guarded = await administer({ port: 0, host: "127.0.0.1", environment, measures: undefined }).open(
      () => gateway,
    );
    const other = await browser.newPage();
    try {
      await other.goto(guarded.url);
      await other.getByText("sign in with the token of the admin port").waitFor();
      expect(await other.getByRole("main").isVisible()).toBe(false);
      expect(await other.evaluate("document.activeElement.id")).toBe("token");
      await other.keyboard.type("wrong");
      await other.keyboard.press("Enter");
      await other.getByText("that is not the token").waitFor();
      await other.getByLabel("Token of the admin port").fill("0123456789abcdef0123");
      await other.keyboard.press("Enter");
      await other.getByRole("button", { name: "try GET /colour" }).waitFor();
      await other.getByText("live").waitFor();
      expect(await other.getByLabel("Token of the admin port").isVisible()).toBe(false);
    } finally {
      await other.close();
      await guarded.close();
    }
  });

  test("a canary begins and is promoted by buttons, which ask before; by the keyboard alone", async () => {
    const start = page.getByRole("button", { name: "Canary 50 % of shop dev" });
    const dialog = page.getByRole("dialog", { name: "Canary 50 % of shop dev?" });
    await start.focus();
    await page.keyboard.press("Enter");
    await dialog.getByText("There is no canary.").waitFor();
    expect(await page.evaluate("document.activeElement.id")).toBe("confirm-no");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    // Nothing has happened, and the focus is where it was.
    expect(await page.evaluate("document.activeElement.getAttribute('aria-label')")).toBe("Canary 50 % of shop dev");
    expect(await page.locator("#stages ol").first().textContent()).not.toContain("canary");
    await page.keyboard.press("Enter");
    await dialog.getByText("Routes, models and settings stay as they are.").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("canary 50 % to").waitFor();
    await page.getByRole("button", { name: "Promote canary of shop dev" }).click();
    const promotion = page.getByRole("dialog", { name: "Promote canary of shop dev?" });
    await promotion.getByText("Of the requests 50 % have it now; all will.").waitFor();
    expect(await page.evaluate(nameless)).toEqual([]);
    await promotion.getByRole("button", { name: "Promote canary" }).click();
    await page.getByText("canary 50 % to").waitFor({ state: "detached" });
    expect(await page.locator("#stages ol").first().textContent()).toContain("canary-promote");
  });

  test("what a question of before would change is told late, and not as the answer to the next", async () => {
    let answerLate: () => void = () => undefined;
    const late = new Promise<void>((resolve) => (answerLate = resolve));
    await page.route("**/console/preview", async (route) => {
      if (route.request().postDataJSON().stage === "dev") await late;
      await route.continue();
    });
    await page.getByRole("button", { name: "Canary 10 % of shop dev" }).click();
    const first = page.getByRole("dialog", { name: "Canary 10 % of shop dev?" });
    await first.getByText("Looking at what would change …").waitFor();
    expect(await first.getByRole("button", { name: "Canary 10 %" }).isDisabled()).toBe(true);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Flush cache of shop quiet" }).click();
    const answered = page.waitForResponse("**/console/preview");
    answerLate();
    await (await answered).finished();
    const second = page.getByRole("dialog", { name: "Flush cache of shop quiet?" });
    expect(await second.textContent()).toContain("All answers that the cache of shop quiet keeps");
    expect(await second.textContent()).not.toContain("canary");
    await page.keyboard.press("Escape");
    await page.unroute("**/console/preview");
  });

  test("plots keep what was measured while another stage is looked at", async () => {
    const requests = page.getByRole("img", { name: /^Requests a second/ });
    const points = async () => ((await requests.locator("polyline").getAttribute("points")) ?? "").split(" ").length;
    await page.locator("#stage").selectOption({ label: "dev" });
    await expect.poll(points, { timeout: 6000 }).toBeGreaterThan(2);
    const before = await points();
    await page.locator("#stage").selectOption({ label: "quiet" });
    await page.getByRole("img", { name: /^Requests a second: .*; 0 in all$/ }).waitFor();
    expect(await points()).toBeGreaterThanOrEqual(before);
    await page.locator("#stage").selectOption({ label: "dev" });
    await page.getByRole("img", { name: /^Requests a second: .*; [1-9]\d* in all$/ }).waitFor();
    expect(await points()).toBeGreaterThanOrEqual(before);
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
    const question = page.getByRole("dialog", { name: /^Disconnect .*\?$/ });
    await question.getByText(/connection of 127\.0\.0\.1 to dev, open since/).waitFor();
    await question.getByRole("button", { name: "Cancel" }).click();
    expect(socket.readyState).toBe(WebSocket.OPEN);
    await page.getByRole("button", { name: /^disconnect / }).click();
    await question.getByRole("button", { name: "Disconnect" }).click();
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
    await page.getByRole("button", { name: "Flush cache of shop dev" }).click();
    const dialog = page.getByRole("dialog", { name: "Flush cache of shop dev?" });
    await dialog.waitFor();
    for (const colorScheme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme });
      const card = await page.evaluate("getComputedStyle(document.getElementById('confirm')).backgroundColor");
      expect(card).toBe(colorScheme === "dark" ? "rgb(27, 33, 40)" : "rgb(255, 255, 255)");
      const back = await page.evaluate("getComputedStyle(document.body).backgroundColor");
      expect(back).toBe(colorScheme === "dark" ? "rgb(18, 22, 27)" : "rgb(246, 247, 249)");
      const path = process.env["GATEWAY_SCREENSHOTS"];
      if (path !== undefined) await page.screenshot({ path: `${path}/console-${colorScheme}.png`, fullPage: true });
    }
    await page.setViewportSize({ width: 400, height: 800 });
    const { width = 999 } = (await dialog.boundingBox()) ?? {};
    expect(width).toBeLessThanOrEqual(400);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    const isTooWide = await page.evaluate(
      "document.documentElement.scrollWidth > document.documentElement.clientWidth",
    );
    expect(isTooWide).toBe(false);
    expect(complaints).toEqual([]);
  });
});
