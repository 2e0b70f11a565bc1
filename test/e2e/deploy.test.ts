import { appendFileSync, readdirSync } from "node:fs";
import { get as getSecurely } from "node:https";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { deploy } from "../../runtime/deploy/stage-actions.js";
import { DeploymentStore } from "../../runtime/deploy/store.js";
import { Certificates } from "../support/certificates.js";
import { ServedProject } from "../support/served-project.js";

const file = (version: string) => `gateway: live
version: 1.0.0
routes:
  GET /hello: { lambda: hello }
  GET /slow: { lambda: slow }
  GET /version: { mock: { version: ${version}, color: $stageVariables.color } }
websocket:
  select: $request.body.action
  routes:
    $default: { lambda: say, reply: string }
domains:
  api.example.com:
    tls: { certificate: ./tls/cert.pem, key: ./tls/key.pem }
    paths: { v1: prod, v2: next }
stages: { prod: { variables: { color: green } }, next: { variables: { color: blue } } }
`;
const handler = (version: string) =>
  `export const handler = async () => ({ statusCode: 200, body: ${JSON.stringify(version)} });\n`;
const slow = (version: string) => `export const handler = async () => {
  await new Promise((resolve) => setTimeout(resolve, 300));
  return { statusCode: 200, body: ${JSON.stringify(version)} };
};\n`;

class Served extends ServedProject {
  readonly store = new DeploymentStore(join(this.folder, ".gateway"));

  version(name: string): void {
    this.write("gateway.yaml", file(name));
    this.write("handlers/hello.ts", handler(name));
    this.write("handlers/slow.ts", slow(name));
    this.write("handlers/say.ts", handler(name));
  }

  /** Deploys the version to a stage and yields its id. */
  deployed(name: string, stage = "prod"): Promise<string> {
    this.version(name);
    return this.deploy(stage);
  }

  point(id: string, stage = "prod"): void {
    this.store.update(stage, (record) =>
      deploy(record, { stage, api: "live", deployment: id, at: new Date().toISOString() }),
    );
  }
}

describe("gateway deploy and serve", () => {
  let served: Served;
  afterEach(() => served?.close());

  test("two stages with two versions; a deployment, its rollback and its settings are followed", async () => {
    served = new Served();
    const one = await served.deployed("one");
    await served.deployed("two", "next");
    await served.serve();
    expect(await served.text("/prod/version")).toBe('{"version":"one","color":"green"}');
    expect(await served.text("/next/version")).toBe('{"version":"two","color":"blue"}');
    expect([await served.text("/prod/hello"), await served.text("/next/hello")]).toEqual(["one", "two"]);

    const two = await served.deployed("two");
    await expect.poll(() => served.text("/prod/hello"), { timeout: 5000 }).toBe("two");
    expect(two).not.toBe(one);
    const back = await served.command("rollback", "--stage", "prod");
    expect(back.output).toMatch(new RegExp(`^back to +${one} on prod`));
    await expect.poll(() => served.text("/prod/hello"), { timeout: 5000 }).toBe("one");

    await served.command("stages", "--stage", "prod", "--set", "color=red");
    await expect.poll(() => served.text("/prod/version"), { timeout: 5000 }).toBe('{"version":"one","color":"red"}');
    const { output } = await served.command("stages", "--format", "json");
    const { stages, deployments } = JSON.parse(output);
    expect(stages.map(({ stage }: { stage: string }) => stage)).toEqual(["next", "prod"]);
    expect(stages[1].history.map(({ action }: { action: string }) => action)).toEqual([
      "deploy",
      "deploy",
      "rollback",
      "settings",
    ]);
    expect(deployments.map(({ id }: { id: string }) => id)).toEqual([one, two]);
    // Both run on one copy of the runtime, which a process loads once.
    expect(readdirSync(join(served.store.folder, "engines"))).toHaveLength(1);
  });

  test("no request is lost and no connection broken in 20 changes under load, each answered by one version", async () => {
    served = new Served();
    const ids = [await served.deployed("one"), await served.deployed("two")];
    await served.serve();
    const failures: string[] = [];
    const seen = new Map<string, number>();
    let isOver = false;
    const load = async (path: string) => {
      while (!isOver) {
        await served.ask(path).then(
          ({ status, text }) => {
            seen.set(text, (seen.get(text) ?? 0) + 1);
            if (status !== 200 || !["one", "two"].includes(text)) failures.push(`${path} ${status} ${text}`);
          },
          (error: unknown) => failures.push(`${path} ${error}`),
        );
      }
    };
    const loads = ["/prod/hello", "/prod/hello", "/prod/slow"].map(load);
    const address = `${served.url.replace("http", "ws")}/prod`;
    const sockets = await Promise.all(Array.from({ length: 200 }, () => connected(address)));
    const said = new Map<string, number>();
    for (const socket of sockets) {
      socket.on("message", (data) => said.set(String(data), (said.get(String(data)) ?? 0) + 1));
      socket.on("close", (code) => failures.push(`a WebSocket was closed: ${code}`));
    }
    for (let change = 0; change < 20; change++) {
      served.point(ids[change % 2] as string);
      for (const socket of sockets) socket.send("say");
      await expect
        .poll(() => served.text("/prod/hello"), { timeout: 5000, interval: 10 })
        .toBe(["one", "two"][change % 2]);
    }
    isOver = true;
    await Promise.all(loads);
    const answered = () => [...said.values()].reduce((sum, count) => sum + count, 0);
    await expect.poll(answered, { timeout: 10_000 }).toBe(200 * 20);
    expect([...said.keys()].sort()).toEqual(["one", "two"]);
    expect(failures).toEqual([]);
    expect(seen.size).toBe(2);
  });

  test("after many changes another process takes over, and nothing is lost", async () => {
    served = new Served();
    const ids = [await served.deployed("one"), await served.deployed("two")];
    await served.serve();
    const pids = new Set<string>();
    const failures: string[] = [];
    const socket = await connected(`${served.url.replace("http", "ws")}/prod`);
    const said: string[] = [];
    socket.on("message", (data) => said.push(String(data)));
    socket.on("close", (code) => failures.push(`the WebSocket was closed: ${code}`));
    for (let change = 0; change < 70; change++) {
      served.point(ids[change % 2] as string);
      await wait(5);
      const { status } = await served.ask("/prod/hello").catch((error) => ({ status: String(error) }));
      if (status !== 200) failures.push(String(status));
      for (const pid of served.workers()) pids.add(pid);
    }
    const seenPids = () => {
      for (const pid of served.workers()) pids.add(pid);
      return pids.size;
    };
    await expect.poll(seenPids, { timeout: 10_000 }).toBeGreaterThan(1);
    await expect.poll(() => served.text("/prod/hello"), { timeout: 5000 }).toBe("two");
    expect(failures).toEqual([]);
  });

  test("a bad build never goes live: it does not load, or its bytes are not what was deployed", async () => {
    served = new Served();
    await served.deployed("one");
    await served.serve();
    served.write("handlers/hello.ts", 'throw new Error("not today");\n');
    const bad = await served.command("deploy", "--stage", "prod");
    expect(bad.code).toBe(1);
    expect(bad.output).toMatch(/nothing was deployed: the build does not run: GET \/hello: .*not today/);

    const two = await served.deployed("two", "next");
    appendFileSync(served.store.bundleOf(two), "// changed\n");
    served.point(two);
    await expect.poll(() => served.output, { timeout: 5000 }).toMatch(/not live.*"stage":"prod".*its hash differs/);
    expect(await served.text("/prod/hello")).toBe("one");
    served.write("gateway.yaml", file("x").replace("mock", "mokc"));
    expect((await served.command("deploy", "--stage", "prod")).output).toMatch(
      /unknown-key[\s\S]*nothing was deployed/,
    );
  });

  test("a canary gets its share, is promoted, and can be rolled back", async () => {
    served = new Served();
    await served.deployed("one");
    await served.serve();
    served.version("two");
    const start = await served.command(
      "canary",
      "start",
      "--stage",
      "prod",
      "--percent",
      "50",
      "--set",
      "color=yellow",
    );
    expect(start.output).toMatch(/^canary +50 % of prod to [0-9a-f]{16}/m);
    const versions = new Set<string>();
    await expect
      .poll(async () => versions.add(await served.text("/prod/version")).size, { timeout: 5000, interval: 5 })
      .toBe(2);
    expect([...versions].sort()).toEqual(['{"version":"one","color":"green"}', '{"version":"two","color":"yellow"}']);
    expect((await served.command("deploy", "--stage", "prod")).output).toMatch(
      /has a canary .* promote or stop it first/,
    );
    await served.command("canary", "promote", "--stage", "prod");
    await expect.poll(() => served.text("/prod/version"), { timeout: 5000 }).toBe('{"version":"two","color":"yellow"}');
    await expect.poll(() => served.text("/prod/hello"), { timeout: 5000 }).toBe("two");
    await served.command("rollback", "--stage", "prod");
    await expect.poll(() => served.text("/prod/version"), { timeout: 5000 }).toBe('{"version":"one","color":"green"}');
  });

  test("domains are served by TLS, each base path by its stage's deployment", async () => {
    served = new Served();
    const made = new Certificates();
    const { certificate, key } = made.make("/CN=api.example.com", { names: ["api.example.com"] });
    made.remove();
    served.write("tls/cert.pem", certificate);
    served.write("tls/key.pem", key);
    await served.deployed("one");
    await served.deployed("two", "next");
    await served.serve("--tls-port", "0");
    const port = Number(/TLS on port (\d+)/.exec(served.output)?.[1]);
    const ask = (path: string) =>
      new Promise<string>((resolve, reject) => {
        const options = { host: "127.0.0.1", port, path, servername: "api.example.com", ca: certificate };
        getSecurely({ ...options, headers: { Host: "api.example.com" }, agent: false }, (answer) => {
          let text = "";
          answer.on("data", (chunk) => {
            text += chunk;
          });
          answer.on("end", () => resolve(text));
        }).on("error", reject);
      });
    expect([await ask("/v1/hello"), await ask("/v2/hello")]).toEqual(["one", "two"]);
    await served.deployed("two");
    await expect.poll(() => ask("/v1/hello"), { timeout: 5000 }).toBe("two");
  });

  test("SIGTERM lets what is under way end, and ends with 0", async () => {
    served = new Served();
    await served.deployed("one");
    await served.serve("--workers", "2");
    const under = Promise.all(Array.from({ length: 4 }, () => served.ask("/prod/slow")));
    await wait(100);
    const begin = Date.now();
    expect(await served.end()).toBe(0);
    expect((await under).map(({ status, text }) => `${status} ${text}`)).toEqual(Array(4).fill("200 one"));
    expect(Date.now() - begin).toBeLessThan(4000);
  });

  test("an uncaught error ends one process after what it has under way, and another takes its place", async () => {
    served = new Served();
    served.version("one");
    served.write(
      "handlers/hello.ts",
      "export const handler = async () => { setTimeout(() => { throw new Error('late'); }, 20); return { statusCode: 200, body: 'thrown' }; };\n",
    );
    await served.command("deploy", "--stage", "prod");
    await served.serve("--workers", "1");
    const under = served.ask("/prod/slow");
    await wait(50);
    expect(await served.text("/prod/hello")).toBe("thrown");
    expect(await under).toEqual({ status: 200, text: "one" });
    await expect.poll(() => served.output, { timeout: 5000 }).toMatch(/uncaught exception[\s\S]*starting another/);
    await expect.poll(() => served.text("/prod/slow").catch(() => "away"), { timeout: 10_000 }).toBe("one");
  });

  test("after an uncaught error another process serves while the first one still answers what it has", async () => {
    served = new Served();
    served.version("one");
    const late = "setTimeout(() => { throw new Error('late'); }, 20); return { statusCode: 200, body: 'thrown' };";
    served.write("handlers/hello.ts", `export const handler = async () => { ${late} };\n`);
    served.write("handlers/slow.ts", slow("one").replace("300", "4000"));
    await served.command("deploy", "--stage", "prod");
    await served.serve("--workers", "1");
    let isDone = false;
    const under = served.ask("/prod/slow").finally(() => {
      isDone = true;
    });
    await wait(50);
    expect(await served.text("/prod/hello")).toBe("thrown");
    const fresh = () => served.text("/prod/version").catch(() => "away");
    await expect.poll(fresh, { timeout: 5000 }).toBe('{"version":"one","color":"green"}');
    expect(isDone).toBe(false);
    expect(await under).toEqual({ status: 200, text: "one" });
    expect(served.output.match(/starting another/g)).toHaveLength(1);
  });

  test("a handler that calls process.exit fails by itself; the process ends after what it has under way", async () => {
    served = new Served();
    served.version("one");
    served.write("handlers/hello.ts", "export const handler = async () => process.exit(7);\n");
    await served.command("deploy", "--stage", "prod");
    await served.serve("--workers", "1");
    const under = served.ask("/prod/slow");
    await wait(50);
    expect((await served.ask("/prod/hello")).status).toBe(502);
    expect(await under).toEqual({ status: 200, text: "one" });
    await expect.poll(() => served.output, { timeout: 5000 }).toMatch(/process\.exit\(7\)[\s\S]*starting another/);
    await expect.poll(() => served.text("/prod/slow").catch(() => "away"), { timeout: 10_000 }).toBe("one");
  });

  test("what there is nothing to serve of is told in one line", async () => {
    served = new Served();
    served.version("one");
    const { code, output } = await served.command("serve", "--port", "0");
    expect([code, output]).toEqual([2, expect.stringMatching(/^gateway: \. has no deployment and no build; .*\n$/)]);
  });
});

function connected(url: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.once("open", () => resolve(socket));
    socket.once("error", reject);
  });
}
