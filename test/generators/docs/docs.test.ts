import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { highlight } from "../../../generators/docs/highlight.js";
import { escapeHtml } from "../../../generators/docs/html.js";
import { docs } from "../../../generators/docs/index.js";
import { renderMarkdown } from "../../../generators/docs/markdown.js";
import type { GatewayModel } from "../../../src/model/gateway-model.js";
import { modelOf } from "../../support/diagnose.js";
import { anyModel, nasty } from "../sdk-typescript/any-model.js";

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const isMissing = !existsSync(executablePath);
if (isMissing && process.env["CI"]) throw new Error(`there is no Chromium at ${executablePath}`);
if (isMissing) console.warn(`skipped: there is no Chromium at ${executablePath}`);

const folder = mkdtempSync(join(tmpdir(), "gateway-docs-"));
let browser: Browser | undefined;
let page: Page;
const problems: string[] = [];

async function write(model: GatewayModel, name: string): Promise<string> {
  for (const { path, content } of await docs.generate(model, { projectDir: "/p", outDir: "/p/build" })) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), content);
  }
  return pathToFileURL(join(folder, name)).href;
}

beforeAll(async () => {
  if (isMissing) return;
  const args =
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";
  browser = await chromium.launch({ executablePath, headless: true, args: args.split(" ") });
  page = await browser.newPage({ colorScheme: "dark" });
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("request", (request) => request.url().startsWith("file:") || problems.push(request.url()));
}, 60_000);
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const shop = `gateway: shop
version: 1.2.0
sdk: { languages: [typescript, python, go, java], go: example.com/shop, java: com.example.shop }
description: "Orders of the **shop**. See [the guide](https://example.com/a) and \`code\`."
models: |
  /** One order. */
  interface Order { id: uuid; /** Of *all* items. @minimum 0 */ total: number; parent?: Order }
  interface Problem { message: string }
  interface Oops { why: string }
plans:
  gold: { throttle: { rate: 5, burst: 10 }, quota: { limit: 1000, period: day } }
keys: { one: { plan: gold } }
routes:
  GET /orders:
    summary: All of them.
    query: { limit?: integer }
    lambda: listOrders
    responses: { 200: "Order[]" }
  POST /orders/{id}/it's:
    operation: placeOrder
    apiKey: true
    body: Order
    lambda: placeOrder
    responses: { 201: Order, 409: Problem }
    otherwise: { body: Oops, description: Whatever else goes wrong. }
  GET /health: { tags: ["state & health"], mock: { ok: true } }
websocket:
  select: $request.body.action
  routes:
    join: { lambda: join, body: "{ action: 'join'; room: string }" }
  events: { OrderMoved: "{ id: uuid }" }
`;

describe.skipIf(isMissing)("the pages in a browser", () => {
  let home: string;
  beforeAll(async () => {
    home = await write(await modelOf(shop.replace("/it's", "/its")), "shop");
  });

  test("every page opens without a request to the network and without an error", async () => {
    await page.goto(`${home}/index.html`);
    const links = await page
      .locator("nav a")
      .evaluateAll((all) => all.map((link) => (link as unknown as { href: string }).href));
    expect(links.length).toBe(5);
    for (const link of links) {
      await page.goto(link);
      expect(await page.locator("h1").count()).toBe(1);
      const broken = await page.evaluate(`[...document.querySelectorAll("a[href^='#']")]
        .map((link) => link.getAttribute("href").slice(1))
        .filter((id) => document.getElementById(id) === null)`);
      expect(broken).toEqual([]);
      const odd = await page.evaluate(`({
        twice: [...document.querySelectorAll("[id]")].map(({ id }) => id).filter((id, at, all) => all.indexOf(id) !== at),
        nameless: [...document.querySelectorAll("[aria-labelledby], [aria-controls]")]
          .flatMap((node) => [node.getAttribute("aria-labelledby"), node.getAttribute("aria-controls")])
          .filter((id) => id !== null && document.getElementById(id) === null),
        nested: document.querySelectorAll("summary a, summary button, a button, button a").length,
      })`);
      expect(odd).toEqual({ twice: [], nameless: [], nested: 0 });
    }
    expect(problems).toEqual([]);
  });

  test("search finds by words, is worked by keys, and leads to the place", async () => {
    await page.goto(`${home}/index.html`);
    await page.keyboard.press("/");
    await page.keyboard.type("post orders");
    expect(await page.locator(".results li").allInnerTexts()).toEqual([
      expect.stringContaining("POST /orders/{id}/its"),
    ]);
    await page.keyboard.press("Enter");
    await page.waitForURL(/routes-orders\.html#placeOrder$/);
    expect(await page.locator("#placeOrder h2").isVisible()).toBe(true);
    await page.fill("[role=combobox]", "problem");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await page.waitForURL(/models\.html#problem$/);
    await page.fill("[role=combobox]", "nothing of the kind");
    expect(await page.locator(".results").isVisible()).toBe(false);
    expect(await page.locator("[role=status]").innerText()).toBe("Nothing found");
    await page.keyboard.press("Tab");
    expect(await page.locator("[role=status]").boundingBox()).toMatchObject({ width: 1 });
  });

  test("what answers of other statuses are stands behind those that are declared, and at the model", async () => {
    await page.goto(`${home}/routes-orders.html`);
    const last = page.locator("#placeOrder details").last();
    expect(await last.locator("summary").innerText()).toBe("other Whatever else goes wrong. Oops");
    expect(await last.locator("pre").textContent()).toContain('"why"');
    await page.goto(`${home}/models.html`);
    expect(await page.locator("#oops").innerText()).toContain("POST /orders/{id}/its");
  });

  test("examples in every language, chosen once for all, by keys too", async () => {
    await page.goto(`${home}/routes-orders.html`);
    const shown = () =>
      page
        .locator("[role=tabpanel]:visible")
        .evaluateAll((all) => all.map((panel) => panel.getAttribute("data-language")));
    expect(await shown()).toEqual(["curl", "curl"]);
    await page.locator("#placeOrder [role=tab]").first().focus();
    await page.keyboard.press("ArrowRight");
    expect(await shown()).toEqual(["typescript", "typescript"]);
    await page.keyboard.press("ArrowRight");
    expect(await shown()).toEqual(["python", "python"]);
    await page.keyboard.press("End");
    expect(await shown()).toEqual(["java", "java"]);
    await page.locator("#placeOrder [data-language=python][role=tab]").click();
    await page.reload();
    expect(await shown()).toEqual(["python", "python"]);
    const text = await page.locator("#placeOrder").innerText();
    expect(text).toContain("api.place_order(");
    expect(text).toContain("API key");
  });

  test("messages of the WebSocket API have examples in the language that was chosen", async () => {
    await page.goto(`${home}/websocket.html`);
    const shown = page.locator("#message-join [role=tabpanel]:visible");
    expect(await shown.innerText()).toContain('socket.send("join", {"room": ""})');
    await page.locator("#event-ordermoved [data-language=curl][role=tab]").click();
    expect(await shown.innerText()).toContain(`-x '{"action":"join","room":""}'`);
    await page.locator("#message-join [data-language=go][role=tab]").click();
    expect(await shown.innerText()).toContain('socket.SendJoin(ctx, shop.JoinMessage{Room: ""})');
    expect(await page.locator("#event-ordermoved [role=tabpanel]:visible").innerText()).toContain(
      "socket.OnOrderMoved(",
    );
    await page.locator("#message-join [data-language=java][role=tab]").click();
    expect(await shown.innerText()).toContain('socket.sendJoin(JoinMessage.builder().room("").build()).join();');
    await page.locator("#message-join [data-language=python][role=tab]").click();
  });

  test("the WebSocket API has its addresses, and events as they come on the wire", async () => {
    await page.goto(`${home}/websocket.html`);
    expect(await page.locator("#addresses + table tbody tr").allInnerTexts()).toEqual([
      expect.stringMatching(/^dev\s+wss?:\/\//),
    ]);
    expect(JSON.parse(await page.locator("#event-ordermoved pre").first().innerText())).toEqual({
      event: "OrderMoved",
      data: { id: "00000000-0000-4000-8000-000000000000" },
    });
    expect(await page.locator("nav .inside a").allInnerTexts()).toEqual(["join", "OrderMoved"]);
  });

  test("the same from a server of plain http: search, links into pages, and copying without a clipboard of its own", async () => {
    const types: Readonly<Record<string, string>> = { js: "text/javascript", css: "text/css", html: "text/html" };
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? "/", "http://x");
      const type = types[pathname.split(".").at(-1) ?? ""] ?? "text/plain";
      response.setHeader("Content-Type", `${type}; charset=utf-8`).end(readFileSync(join(folder, "shop", pathname)));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const served = await browser?.newPage();
    const asked: string[] = [];
    served?.on("request", (request) => asked.push(new URL(request.url()).pathname));
    served?.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    try {
      await served?.goto(`http://127.0.0.1:${port}/index.html`);
      await served?.keyboard.press("/");
      await served?.keyboard.type("placeorder");
      await served?.keyboard.press("Enter");
      await served?.waitForURL(/routes-orders\.html#placeOrder$/);
      await served?.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
      await served?.locator("#placeOrder .copy").first().click();
      expect(await served?.locator("#placeOrder .copy").first().innerText()).toBe("Copied");
      expect(await served?.evaluate("String(getSelection())")).toContain('"total"');
      expect([...new Set(asked)].sort()).toEqual(
        ["/assets/page.js", "/assets/search.js", "/assets/style.css", "/index.html", "/routes-orders.html"].sort(),
      );
      expect(problems).toEqual([]);
    } finally {
      await served?.close();
      server.close();
    }
  });

  test("code has colours that can be read, in light and dark", async () => {
    await page.goto(`${home}/routes-orders.html`);
    const worst = `(() => {
      const luminance = (colour) => {
        const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => {
          const value = Number(part) / 255;
          return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
      };
      const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      const spans = [...document.querySelectorAll("pre span")];
      const colours = new Set(spans.map((span) => getComputedStyle(span).color));
      const back = luminance(getComputedStyle(document.querySelector("pre")).backgroundColor);
      return [colours.size, Math.min(...[...colours].map((colour) => ratio(luminance(colour), back)))];
    })()`;
    for (const theme of ["light", "dark"]) {
      await page.evaluate(`document.documentElement.dataset.theme = "${theme}"`);
      const [count = 0, contrast = 0] = await page.evaluate<number[]>(worst);
      expect(count).toBeGreaterThan(3);
      // WCAG 2.2, 1.4.3.
      expect(contrast).toBeGreaterThan(4.5);
    }
  });

  test("light and dark, as the reader's system or as chosen", async () => {
    await page.goto(`${home}/index.html`);
    const colour = () => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    expect(await colour()).toBe("rgb(20, 25, 31)");
    await page.click("header button");
    expect(await colour()).toBe("rgb(255, 255, 255)");
    await page.reload();
    expect(await colour()).toBe("rgb(255, 255, 255)");
  });

  test("browsers of before 2024, which do not know light-dark(), have the same colours", async () => {
    const place = await write(await modelOf(shop.replace("/it's", "/its")), "older");
    const file = join(folder, "older/assets/style.css");
    const colours = `["color", "backgroundColor"].map((name) => getComputedStyle(document.body)[name]).join()`;
    const seen = async (address: string) => {
      const all: unknown[] = [];
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ media: "screen", colorScheme });
        await page.goto(`${address}/models.html`);
        for (const theme of ["", "light", "dark"]) {
          await page.evaluate(`document.documentElement.dataset.theme = "${theme}"`);
          all.push(await page.evaluate(colours));
        }
        await page.emulateMedia({ media: "print", colorScheme });
        all.push(await page.evaluate(colours));
      }
      await page.emulateMedia({ media: "screen", colorScheme: "dark" });
      return all;
    };
    const wanted = await seen(place);
    writeFileSync(file, readFileSync(file, "utf8").replaceAll("light-dark(", "a-function-of-the-future("));
    expect(await seen(place)).toEqual(wanted);
    expect(new Set(wanted).size).toBe(2);
  });

  test("on paper there is no navigation, and all answers are open", async () => {
    await page.goto(`${home}/routes-orders.html`);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("nav").isVisible()).toBe(false);
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    expect(await page.locator("details:not([open])").count()).toBe(0);
    await page.emulateMedia({ media: "screen" });
  });

  test("on paper it is light, whatever the screen was", async () => {
    await page.goto(`${home}/models.html`);
    await page.evaluate('document.documentElement.dataset.theme = "dark"');
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    const style = await page.evaluate(
      "getComputedStyle(document.body).color + getComputedStyle(document.body).backgroundColor",
    );
    expect(style).toBe("rgb(28, 39, 51)rgb(255, 255, 255)");
    await page.emulateMedia({ media: "screen", colorScheme: "dark" });
  });

  test("names of the file are no names of the page, and each has a place of its own", async () => {
    const place = await write(
      await modelOf(`gateway: names
models: |
  interface Search { a: string }
  interface 名前 { b: string }
  interface 日付 { c: 名前 }
routes:
  GET /search: { operation: search, mock: {}, responses: { 200: Search, 404: 日付 } }
  GET /theme: { operation: theme, tags: [search], mock: {}, responses: { 200: 名前 } }
  GET /content: { operation: content, tags: [search], mock: {} }
`),
      "names",
    );
    for (const [link, heading] of [
      ["routes-search.html#search", "GET /search"],
      ["routes-search.html#theme", "GET /theme"],
      ["routes-search.html#content", "GET /content"],
      ["models.html#search", "Search"],
    ]) {
      await page.goto(`${place}/${link}`);
      expect(await page.locator(":target > h2").innerText()).toContain(heading);
    }
    await page.goto(`${place}/routes-search.html`);
    await page.locator("#search summary", { hasText: "404" }).click();
    await page.locator("#search details a", { hasText: "日付" }).click();
    expect(await page.locator(":target > h2").innerText()).toContain("日付");
    expect(await page.locator(":target p").last().innerText()).toBe("Used by GET /search");
    await page.locator(":target td a", { hasText: "名前" }).click();
    expect(await page.locator(":target p").last().innerText()).toBe("Used by GET /theme, 日付");
    await page.fill("[role=combobox]", "c");
    expect(await page.locator(".results li").allInnerTexts()).toContainEqual(expect.stringContaining("日付"));
  });

  test("what the gateway itself answers is told with the bodies that it has", async () => {
    await page.goto(`${home}/index.html#errors`);
    const rows = await page.locator("#errors ~ table").first().locator("tbody tr").allInnerTexts();
    const told = rows.map((row) => row.split(/\s*[\t\n]\s*/));
    expect(told).toContainEqual(["403", "The API key is missing, or not known.", '{"message":"Forbidden"}']);
    expect(told.map(([status]) => status)).toEqual([...told.map(([status]) => status)].sort());
    expect(await page.locator("main").innerText()).toContain("x-amzn-RequestId");
  });

  test("limits are said in words, beside a type without them", async () => {
    await page.goto(`${home}/models.html`);
    const row = page.locator("#order tbody tr", { hasText: "total" });
    expect(await row.locator("td").allInnerTexts()).toEqual([
      "number",
      expect.stringMatching(/^Of all items\.\s+at least 0$/),
    ]);
  });

  test("a table has a column for descriptions only where there are some", async () => {
    const columns = (path: string, table: string) =>
      page.goto(`${home}/${path}`).then(() => page.locator(`${table} thead th`).allInnerTexts());
    expect(await columns("routes-orders.html", "#listOrders table")).toEqual(["name", "type"]);
    expect(await columns("models.html", "#order table")).toEqual(["name", "type", "about"]);
  });

  test("fits a telephone", async () => {
    await page.setViewportSize({ width: 360, height: 700 });
    await page.goto(`${home}/routes-orders.html`);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    const covered = await page.evaluate<number>(`[...document.querySelectorAll("figure")].filter((figure) => {
      const button = figure.querySelector(".copy").getBoundingClientRect();
      const code = figure.querySelector("code").getBoundingClientRect();
      return button.height > 0 && code.top < button.bottom;
    }).length`);
    expect(covered).toBe(0);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  test("many pages leave room for the page itself, and its own link is in sight", async () => {
    const routes = Array.from({ length: 80 }, (_, at) => `  GET /group${at}: { mock: {} }`).join("\n");
    const place = await write(await modelOf(`gateway: many\nroutes:\n${routes}\n`), "many");
    for (const [width, height] of [
      [390, 800],
      [1280, 600],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.goto(`${place}/routes-group70.html`);
      expect((await page.locator("h1").boundingBox())?.y).toBeLessThan(300);
      const [link, nav] = [page.locator("nav [aria-current]"), page.locator("nav")];
      const [own, all] = [await link.boundingBox(), await nav.boundingBox()];
      expect(own && all && own.y >= all.y && own.y + own.height <= Math.min(all.y + all.height, height)).toBe(true);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  test("no text of the file becomes markup or code", { timeout: 60_000 }, async () => {
    const tag = "<img src=x onerror=alert(1)><script>alert(1)</script></script>'\"`{{7*7}}{% raw %}";
    for (const [at, sample] of fc.sample(anyModel, { numRuns: 6, seed: 3 }).entries()) {
      const model = {
        ...sample,
        name: `${tag}${sample.name}`,
        description: `${tag} [x](javascript:alert(1)) ${sample.description}`,
      };
      const place = await write(model, `any${at}`);
      await page.goto(`${place}/index.html`);
      expect(await page.locator("h1").textContent()).toContain("<img src=x onerror=alert(1)>");
      const links = await page
        .locator("nav a")
        .evaluateAll((all) => all.map((link) => (link as unknown as { href: string }).href));
      for (const link of links) {
        await page.goto(link);
        const found = await page.evaluate(`({
          images: document.images.length,
          scripts: document.scripts.length,
          odd: [...document.querySelectorAll("*")].filter((node) => [...node.attributes].some(({ name }) => name.startsWith("on"))).length,
          evil: [...document.links].filter(({ protocol }) => !/^(file|https?|mailto):$/.test(protocol)).length,
        })`);
        expect(found).toEqual({ images: 0, scripts: 2, odd: 0, evil: 0 });
      }
      await page.fill("[role=combobox]", "img");
    }
    expect(problems).toEqual([]);
  });
});

describe("colours", () => {
  const kinds = (code: string, language: string) =>
    [...highlight(code, language).matchAll(/<span class="(\w+)">([^<]*)<\/span>/g)].map(
      ([, kind, text]) => `${kind} ${text}`,
    );

  test("each language's words, texts, numbers and comments", () => {
    expect(kinds('{ "a\\"b": "c", "n": -1.5e3, "x": [true, null] }', "json")).toEqual([
      "name &quot;a\\&quot;b&quot;",
      "string &quot;c&quot;",
      "name &quot;n&quot;",
      "number -1.5e3",
      "name &quot;x&quot;",
      "keyword true",
      "keyword null",
    ]);
    expect(kinds("curl -X POST 'http://a/b?-x' \\\n  --aws-sigv4 \"$A\"", "curl")).toEqual([
      "keyword curl",
      "name -X",
      "string &#39;http://a/b?-x&#39;",
      "name --aws-sigv4",
      "string &quot;$A&quot;",
    ]);
    expect(kinds("const a = await Shop.new(1, `// no`); // yes", "typescript")).toEqual([
      "keyword const",
      "keyword await",
      "type Shop",
      "number 1",
      "string `// no`",
      "comment // yes",
    ]);
    expect(kinds("with Shop(b'x') as s:  # ok", "python")).toEqual([
      "keyword with",
      "type Shop",
      "string b&#39;x&#39;",
      "keyword as",
      "comment # ok",
    ]);
    expect(kinds('a, err := p.GetX(ctx, "s") /* … */', "go")).toEqual([
      "type GetX",
      "string &quot;s&quot;",
      "comment /* … */",
    ]);
    expect(kinds("var a = List.of(1L);", "java")).toEqual(["keyword var", "type List", "number 1L"]);
  });

  test("the text stays what it is, whatever it is", () => {
    const text = fc.oneof(
      fc.constantFrom(...nasty),
      fc.string({ unit: "binary" }),
      fc.stringMatching(/^["'`\\/*# \na-z0-9<&]*$/),
    );
    fc.assert(
      fc.property(
        text,
        fc.constantFrom("json", "curl", "typescript", "python", "go", "java", "other"),
        (code, language) => {
          const html = highlight(code, language);
          expect(html.replace(/<span class="[a-z]+">|<\/span>/g, "")).toBe(escapeHtml(code));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("descriptions", () => {
  test("the Markdown that they are written in", () => {
    const html = renderMarkdown(
      "One *two* **three** `<b>`\n\n- a\n- b [c](https://x.y/?a=1&b=2)\n\n```\n<i>\n```\n# Title",
    );
    expect(html).toBe(
      '<p>One <em>two</em> <strong>three</strong> <code>&lt;b&gt;</code></p>\n<ul><li>a</li><li>b <a href="https://x.y/?a=1&amp;b=2" rel="noreferrer">c</a></li></ul>\n<pre><code>&lt;i&gt;</code></pre>\n<p class="heading">Title</p>',
    );
  });

  test("ends, whatever the text", () => {
    for (const text of [
      ...nasty,
      ...fc.sample(fc.string({ unit: "binary", maxLength: 200 }), 200),
      "```\nopen",
      "- ",
      "1. x\n  y\n\n\n",
    ])
      expect(renderMarkdown(text)).not.toMatch(/<(?!\/?(?:p|ul|ol|li|pre|code|strong|em|a)\b)/);
  });
});
