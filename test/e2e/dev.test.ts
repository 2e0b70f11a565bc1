import { spawn, spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { DevProcess } from "../support/dev-process.js";
import { root } from "../support/paths.js";

const file = (message: string) => `gateway: live
version: 1.0.0
routes:
  GET /hello: { lambda: hello }
  GET /health: { mock: { status: ${message} } }
stages: { dev: { } }
`;
const handler = (message: string) =>
  `export const handler = async () => ({ statusCode: 200, body: JSON.stringify({ message: ${JSON.stringify(message)} }) });\n`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("gateway dev", () => {
  let dev: DevProcess;
  const begin = async () => {
    dev = new DevProcess();
    dev.write("gateway.yaml", file("ok"));
    dev.write("handlers/hello.ts", handler("first"));
    await dev.start();
  };
  afterEach(() => dev?.close());

  test("shows the routes, where it serves, and each request", async () => {
    await begin();
    expect(dev.output).toMatch(/^ {2}GET {5}\/dev\/hello {3}lambda hello$/m);
    expect(dev.output).toMatch(/^ {2}GET {5}\/dev\/health {2}mock$/m);
    expect(dev.output).toMatch(/^serving {3}http:\/\/127\.0\.0\.1:\d+$/m);
    await dev.ask("/dev/hello?secret=1");
    await dev.ask("/dev/nothing");
    await dev.until(() => /^403 GET \/dev\/nothing [\d.]+ ms$/m.test(dev.output));
    expect(dev.output).toMatch(/^200 GET \/dev\/hello [\d.]+ ms \(GET \/hello\)$/m);
    expect(dev.output).not.toContain("secret");
  });

  test("--stage serves some of the stages, and needs the environment of those only", async () => {
    dev = new DevProcess();
    const stages = 'stages: { dev: { }, prod: { variables: { host: "${env.GATEWAY_TEST_NOT_SET}" } } }';
    const more = `${stages}\nwebsocket: { routes: { join: { mock: } } }`;
    dev.write("gateway.yaml", file("ok").replace("stages: { dev: { } }", more));
    dev.write("handlers/hello.ts", handler("first"));
    await dev.start("--stage", "dev");
    expect(await dev.says("/dev/hello", "first")).toBe(true);
    expect((await dev.ask("/prod/hello")).status).toBe(403);
    // The table of routes, not the line of the request above.
    expect(dev.output).not.toMatch(/^ {2}[A-Z]+ +\/prod\/hello/m);
    expect(dev.output).toMatch(/^ {2}WS {6}\/dev join {4}mock$/m);
  });

  test("what is edited is live: a handler, the file, a new route", async () => {
    await begin();
    expect(await dev.says("/dev/hello", "first")).toBe(true);
    dev.write("handlers/hello.ts", handler("second"));
    await dev.until(() => dev.says("/dev/hello", "second"));
    dev.write("gateway.yaml", `${file("fine")}`.replace("stages:", "  GET /new: { mock: { is: new } }\nstages:"));
    await dev.until(() => dev.says("/dev/new", "new"));
    expect(await dev.says("/dev/health", "fine")).toBe(true);
  });

  test("a handler goes on with what it holds while other parts of the file are edited, and begins anew when it is edited", async () => {
    const counting = (step: number) =>
      `let count = 0;\nexport const handler = async () => ({ statusCode: 200, body: String((count += ${step})) });\n`;
    await begin();
    dev.write("handlers/hello.ts", counting(1));
    await dev.until(() => dev.says("/dev/hello", "1"));
    dev.write("gateway.yaml", file("fine"));
    await dev.until(() => dev.says("/dev/health", "fine"));
    expect((await dev.ask("/dev/hello")).text).toBe("2");
    dev.write("handlers/hello.ts", counting(100));
    await dev.until(() => dev.says("/dev/hello", "100"));
  });

  test("what a handler imports is taken up when it changes, JavaScript and JSON too", async () => {
    dev = new DevProcess();
    dev.write("gateway.yaml", `${file("ok")}functions: { hello: handlers/hello.js }\n`);
    dev.write("handlers/words.json", '{ "greeting": "servus" }');
    dev.write("handlers/name.ts", "export const name: string = 'Ada';\n");
    dev.write(
      "handlers/hello.js",
      `import { hello } from "../build/handlers/hello.js";\nimport words from "./words.json";\nimport { name } from "./name.ts";\nexport const handler = hello(async () => ({ status: 200, body: words.greeting + " " + name }));\n`,
    );
    await dev.start();
    expect(await dev.says("/dev/hello", "servus Ada")).toBe(true);
    dev.write("handlers/words.json", '{ "greeting": "moin" }');
    await dev.until(() => dev.says("/dev/hello", "moin Ada"));
    dev.write("handlers/name.ts", "export const name: string = 'Grace';\n");
    await dev.until(() => dev.says("/dev/hello", "moin Grace"));
  });

  test("what is written in the end is what `gateway build` writes", async () => {
    await begin();
    dev.write("gateway.yaml", file("fine").replace("stages:", "  GET /new: { lambda: fresh }\nstages:"));
    await dev.until(() => dev.says("/dev/new", "Hello"));
    const check = () =>
      spawnSync(process.execPath, [join(root, "bin/gateway.js"), "build", "--check"], { cwd: dev.folder });
    await dev.until(() => check().status === 0);
  });

  test("a broken file or handler is told, and the last good build goes on", async () => {
    await begin();
    dev.write("gateway.yaml", file("ok").replace("lambda", "lamda"));
    await dev.until(() => dev.output.includes("still serving the last good build"));
    expect(dev.output).toContain("error[unknown-key]");
    expect((await dev.ask("/dev/hello")).status).toBe(200);

    dev.write("gateway.yaml", file("good"));
    await dev.until(() => dev.says("/dev/health", "good"));

    dev.write("handlers/hello.ts", "export const handler = ;\n");
    await dev.until(() => /handlers\/hello\.ts:1:\d+ error/.test(dev.output));
    expect(await dev.says("/dev/hello", "first")).toBe(true);
    dev.write("handlers/hello.ts", handler("mended"));
    await dev.until(() => dev.says("/dev/hello", "mended"));
    expect(dev.output).not.toMatch(/^ +at /m);
  });

  test("each of many changes shortly after one another is seen", async () => {
    await begin();
    for (let number = 1; number <= 10; number++) {
      dev.write("gateway.yaml", file(`draft${number}`));
      await wait(10 * (number % 5));
      dev.write("gateway.yaml", file(`final${number}`));
      await dev.until(() => dev.says("/dev/health", `final${number}`), 3000);
    }
  });

  test("a file that is away for a moment is told, and taken up when it is back", async () => {
    await begin();
    rmSync(join(dev.folder, "gateway.yaml"));
    await dev.until(() => /^gateway: .*gateway\.yaml.*still serving/m.test(dev.output));
    expect(await dev.says("/dev/hello", "first")).toBe(true);
    dev.write("gateway.yaml", file("back"));
    await dev.until(() => dev.says("/dev/health", "back"));
    expect(dev.output).not.toMatch(/^ +at /m);
  });

  test("no request is lost and no connection broken during 45 swaps, one of them to a new process", async () => {
    await begin();
    let asked = 0;
    let isOver = false;
    const failures: string[] = [];
    const seen = new Set<string>();
    const loop = (async () => {
      while (!isOver) {
        asked++;
        await dev.ask("/dev/hello").then(
          ({ status, text }) => {
            seen.add(text);
            if (status !== 200) failures.push(`${status} ${text}`);
          },
          (error: unknown) => failures.push(String(error)),
        );
      }
    })();
    try {
      for (let number = 1; number <= 45; number++) {
        dev.write("handlers/hello.ts", handler(`version ${number}`));
        await dev.until(() => [...seen].some((text) => text.includes(`"version ${number}"`)));
      }
    } finally {
      isOver = true;
      await loop;
    }
    expect(failures).toEqual([]);
    expect(asked).toBeGreaterThan(45);
    expect(dev.output.match(/^swapped /gm)?.length).toBeGreaterThanOrEqual(40);
    // The process that took over has the ports of the one before.
    await dev.until(() => (dev.output.match(/^console /gm)?.length ?? 0) >= 2);
    for (const name of ["serving", "console"])
      expect(new Set(dev.output.match(new RegExp(`^${name} .*$`, "gm"))).size, name).toBe(1);
    expect(dev.output).not.toContain("no admin port");
  });

  test("Ctrl-C in the middle of a build ends it with code 0, though esbuild's process is the first to go", async () => {
    await begin();
    const children = dev.children();
    for (let at = 0; at < 4; at++) {
      dev.write("handlers/hello.ts", handler(`changed ${at}`));
      await wait(15 + 10 * at);
    }
    for (const child of children) process.kill(child, "SIGINT");
    expect(await dev.end("SIGINT")).toBe(0);
    expect(dev.output).not.toContain("bug of ours");
  });

  test.each(["SIGINT", "SIGTERM"] as const)("%s ends it with code 0, and what it started", async (signal) => {
    await begin();
    const children = dev.children();
    await dev.ask("/dev/health");
    expect(await dev.end(signal)).toBe(0);
    await expect.poll(() => children.some(isAlive), { timeout: 6000 }).toBe(false);
    await expect(dev.ask("/dev/health")).rejects.toThrow();
  });

  test("a handler that ends its process is told, and the gateway comes back", async () => {
    await begin();
    dev.write("handlers/hello.ts", "export const handler = async () => process.exit(7);\n");
    await dev.until(() => dev.output.includes("swapped"));
    await expect(dev.ask("/dev/hello")).rejects.toThrow();
    await dev.until(() => dev.output.includes("ended with code 7"));
    await dev.until(() =>
      dev.ask("/dev/health").then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
  });

  test("a port that is taken is told in one line, with exit code 2", async () => {
    await begin();
    const port = new URL(dev.url).port;
    const second = spawn(process.execPath, [join(root, "bin/gateway.js"), "dev", "--port", port], { cwd: dev.folder });
    let told = "";
    second.stderr.on("data", (chunk) => {
      told += chunk;
    });
    const code = await new Promise((resolve) => second.once("exit", resolve));
    expect({ code, told }).toEqual({
      code: 2,
      told: expect.stringMatching(/^gateway: port \d+ of 127\.0\.0\.1 is in use.*\n$/),
    });
    expect((await dev.ask("/dev/hello")).status).toBe(200);
  });

  test("a file that is broken from the start is waited for", async () => {
    dev = new DevProcess();
    dev.write("gateway.yaml", file("ok").replace("lambda", "lamda"));
    dev.write("handlers/hello.ts", handler("first"));
    const started = dev.start();
    await dev.until(() => dev.output.includes("waiting for a change"));
    await wait(300);
    dev.write("gateway.yaml", file("ok"));
    await started;
    expect(await dev.says("/dev/hello", "first")).toBe(true);
  });
});
