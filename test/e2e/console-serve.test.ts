import { existsSync } from "node:fs";
import process from "node:process";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ServedProject } from "../support/served-project.js";

const yaml = (version: string) => `gateway: live
version: 1.0.0
routes:
  GET /version: { mock: { version: ${version} } }
stages: { prod: {}, next: {} }
`;

const browserPath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const hasBrowser = existsSync(browserPath);
if (!hasBrowser && process.env["CI"]) throw new Error("Chromium is missing");

describe.skipIf(!hasBrowser)("the console of gateway serve with several processes", () => {
  const served = new ServedProject();
  let browser: Browser;

  beforeAll(async () => {
    served.write("gateway.yaml", yaml("one"));
    await served.deploy("next");
    await served.deploy("prod");
    served.write("gateway.yaml", yaml("two"));
    await served.deploy("prod");
    browser = await chromium.launch({
      executablePath: browserPath,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
    });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await served.close();
  });

  test("a stage is rolled back by its button, gets a canary and loses it; all processes follow, other stages stay", async () => {
    await served.serve("--workers", "2", "--admin-port", "0");
    const page = await browser.newPage({ viewport: { width: 1300, height: 1100 } });
    await page.goto(served.adminUrl ?? "");
    const answers = async (stage: string) => {
      const ask = () => fetch(`${served.url}/${stage}/version`, { headers: { connection: "close" } });
      const all = await Promise.all(Array.from({ length: 12 }, async () => (await ask()).text()));
      return [...new Set(all)];
    };
    expect(await answers("prod")).toEqual(['{"version":"two"}']);
    await page.getByRole("button", { name: "Roll back live prod" }).click();
    const question = page.getByRole("dialog");
    // What the rollback would change is told as gateway deploy --diff tells it.
    await question.getByText("changed route GET /version: integration.").waitFor();
    expect(await question.getByRole("paragraph").first().textContent()).toMatch(
      /^The stage points to [0-9a-f]{16}, no longer to [0-9a-f]{16}\.$/,
    );
    await question.getByRole("button", { name: "Roll back" }).click();
    await page.getByText("rollback of live prod: done").waitFor();
    expect([await answers("prod"), await answers("next")]).toEqual([['{"version":"one"}'], ['{"version":"one"}']]);
    expect(await page.locator("#stages ol", { hasText: "rollback" }).count()).toBe(1);
    await page.getByRole("button", { name: "Canary 50 % of live prod" }).click();
    await question.getByRole("button", { name: "Canary 50 %" }).click();
    await page.getByText("canary 50 % to").waitFor();
    await page.getByRole("button", { name: "Stop canary of live prod" }).click();
    await question.getByText(/The 50 % of the requests that the canary answers go back to deployment/).waitFor();
    await question.getByRole("button", { name: "Stop canary" }).click();
    await page.getByText("canary 50 % to").waitFor({ state: "detached" });
    // Requests of all processes are shown, and drawn.
    await expect.poll(() => page.locator("#requests tr").count(), { timeout: 5000 }).toBeGreaterThan(30);
    await page.locator("#stage").selectOption({ label: "prod" });
    await page.getByRole("img", { name: /^Requests a second: .*; (?:2\d|[3-9]\d) in all$/ }).waitFor();
  }, 60_000);
});
