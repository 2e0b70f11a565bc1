import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateStageCommand,
  DeleteDeploymentCommand,
  DeleteStageCommand,
  GetDeploymentsCommand,
  GetRestApisCommand,
  GetStagesCommand,
  GetUsageCommand,
  UpdateStageCommand,
  UpdateUsageCommand,
} from "@aws-sdk/client-api-gateway";
import { afterEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { ServedProject } from "../support/served-project.js";

const yaml = (version: string) => `gateway: fleet
version: 1.0.0
routes:
  GET /hello: { lambda: hello, cache: { ttl: 60 } }
  GET /process: { lambda: process, cache: false }
  GET /colour: { mock: { version: ${version}, colour: $stageVariables.colour }, cache: false }
  GET /closed: { apiKey: true, mock: { ok: true }, cache: false }
plans: { basic: { stages: [prod], quota: { limit: 100, period: day } } }
websocket: { routes: { $default: { lambda: hello } } }
stages:
  prod: { variables: { colour: green }, metrics: detailed, cache: { size: 0.5 } }
  next: { variables: { colour: white } }
`;

/** The AWS SDK, unchanged, against the admin port. */
function awsClient(served: ServedProject): APIGatewayClient {
  const credentials = { accessKeyId: "a", secretAccessKey: "b" };
  return new APIGatewayClient({ region: "eu-west-1", endpoint: served.adminUrl ?? "", credentials });
}
const hello = "export const handler = async () => ({ statusCode: 200, body: String(Math.random()) });\n";
const pid =
  "export const handler = async () => ({ statusCode: 200, headers: { Connection: 'close' }, body: String(process.pid) });\n";

async function project(): Promise<ServedProject> {
  const served = new ServedProject();
  served.write("gateway.yaml", yaml("one"));
  served.write("handlers/hello.ts", hello);
  served.write("handlers/process.ts", pid);
  return served;
}

/** One request on a connection of its own, so that the processes take turns. */
async function apart(served: ServedProject, path: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await fetch(served.url + path, { headers: { ...headers, connection: "close" } });
  return answer.text();
}

/** Asks until each process has answered. */
async function everyProcess(served: ServedProject, count: number): Promise<number> {
  const seen = new Set<string>();
  let asked = 0;
  for (; seen.size < count && asked < 400; asked++) seen.add(await apart(served, "/prod/process"));
  expect(seen.size).toBe(count);
  return asked;
}

const counted = (text: string, series: string): number =>
  Number(new RegExp(`^apigateway_count_total\\{${series}\\} (\\d+)$`, "m").exec(text)?.[1] ?? 0);
const ofStage = 'api="fleet",stage="prod",canary="false"';

describe("the admin port in front of several processes", () => {
  let served: ServedProject;
  afterEach(() => served?.close());

  test("counts are those of all, also of one that has been killed; ready means that all serve", async () => {
    served = await project();
    await served.deploy("prod");
    await served.serve("--workers", "3", "--admin-port", "0");
    await expect
      .poll(() => served.admin("/health/ready").catch(String), { timeout: 10_000 })
      .toEqual({ status: "ok", processes: { serving: 3, wanted: 3 } });
    let asked = await everyProcess(served, 3);
    expect(counted(await served.admin("/metrics"), ofStage)).toBe(asked);
    expect(counted(await served.admin("/metrics"), `${ofStage},method="GET",resource="/process"`)).toBe(asked);

    // What it counted in its last second is lost with it, and no more.
    await wait(1300);
    const [victim = ""] = served.workers();
    await replaced(served, victim, 3);
    asked += await everyProcess(served, 3);
    expect(counted(await served.admin("/metrics"), ofStage)).toBe(asked);
    const state = await served.admin("/console/state");
    expect(state.series[0]).toMatchObject({ stage: "prod", count: asked });
    expect(state.requests.length).toBe(Math.min(200, asked));
    const numbers = state.requests.map(({ number }: { number: number }) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
  }, 60_000);

  test("a stage's change, a flush and a deployment have reached all processes when they are answered", async () => {
    served = await project();
    await served.deploy("prod");
    await served.serve("--workers", "2", "--admin-port", "0");
    const [{ id }] = (await served.admin("/restapis")).item;
    const stage = `/restapis/${id}/stages/prod`;
    const colours = async () => {
      const all = await Promise.all(Array.from({ length: 12 }, () => apart(served, "/prod/colour")));
      return [...new Set(all)];
    };
    for (const colour of ["red", "blue", "grey"]) {
      const patchOperations = [{ op: "replace", path: "/variables/colour", value: colour }];
      await served.admin(stage, "PATCH", { patchOperations });
      expect(await colours()).toEqual([`{"version":"one","colour":"${colour}"}`]);
    }
    const values = async () => {
      const all = await Promise.all(Array.from({ length: 16 }, () => apart(served, "/prod/hello")));
      return new Set(all);
    };
    const before = await values();
    await served.admin(`${stage}/cache/data`, "DELETE");
    for (const value of await values()) expect(before).not.toContain(value);

    served.write("gateway.yaml", yaml("two"));
    const deployments = `/restapis/${id}/deployments`;
    const made = await served.admin(deployments, "POST", { stageName: "prod", description: "the second" });
    expect(await colours()).toEqual(['{"version":"two","colour":"green"}']);
    // The same as gateway deploy makes it: the engine is shared, and what is told of it lies beside.
    expect(await served.deploy("next")).toBe(made.id);
    const frozen = JSON.parse(
      readFileSync(join(served.folder, ".gateway/deployments", made.id, "deployment.json"), "utf8"),
    );
    expect(frozen).toMatchObject({ programSha256: expect.any(String), engineSha256: expect.any(String) });
    expect(readdirSync(join(served.folder, ".gateway/engines")).length).toBe(1);
    expect((await served.admin(`${deployments}/${made.id}`)).description).toBe("the second");
    const patchOperations = [{ op: "replace", path: "/description", value: "the second, described anew" }];
    await served.admin(`${deployments}/${made.id}`, "PATCH", { patchOperations });
    expect((await served.admin(`${deployments}/${made.id}`)).description).toBe("the second, described anew");
    const sdk = await fetch(`${served.adminUrl}${stage}/sdks/python`);
    expect([sdk.status, sdk.headers.get("content-disposition")]).toEqual([
      200,
      'attachment; filename="python_fleet-prod.zip"',
    ]);
    expect(Buffer.from(await sdk.arrayBuffer()).includes("python/pyproject.toml")).toBe(true);
    served.write("gateway.yaml", yaml("three").replace("lambda: hello", "lambda: 7"));
    await expect(served.admin(deployments, "POST", { stageName: "prod" })).rejects.toThrow(/400.*gateway\.yaml:4:/s);
    expect(await colours()).toEqual(['{"version":"two","colour":"green"}']);
    await served.admin("/console/rollback", "POST", { api: "fleet", stage: "prod" });
    expect((await colours())[0]).toContain('"version":"one"');
  }, 60_000);

  test("a stage is made of a deployment, taken out of service, and a deployment that nothing points to is removed", async () => {
    served = await project();
    const one = await served.deploy("prod");
    served.write("gateway.yaml", yaml("two"));
    const two = await served.deploy("prod");
    await served.serve("--workers", "2", "--admin-port", "0");
    const client = awsClient(served);
    const [{ id: restApiId = "" } = {}] = (await client.send(new GetRestApisCommand({}))).items ?? [];
    const everywhere = async (path: string) => {
      const all = await Promise.all(Array.from({ length: 12 }, () => apart(served, path)));
      return [...new Set(all)];
    };
    expect(await everywhere("/next/colour")).toEqual(['{"message":"Forbidden"}']);
    const wish = { restApiId, stageName: "next", deploymentId: one, description: "the first again" };
    const made = await client.send(new CreateStageCommand({ ...wish, variables: { colour: "pink" } }));
    expect(made).toMatchObject({ stageName: "next", deploymentId: one, variables: { colour: "pink" } });
    expect(await everywhere("/next/colour")).toEqual(['{"version":"one","colour":"pink"}']);
    expect(await everywhere("/prod/colour")).toEqual(['{"version":"two","colour":"green"}']);
    await expect(client.send(new CreateStageCommand(wish))).rejects.toMatchObject({ name: "ConflictException" });
    const undeclared = new CreateStageCommand({ ...wish, stageName: "other" });
    await expect(client.send(undeclared)).rejects.toThrow(/no stage "other"|no stage is named "other"/);
    const unknown = new CreateStageCommand({ ...wish, stageName: "other", deploymentId: "0123456789abcdef" });
    await expect(client.send(unknown)).rejects.toMatchObject({ name: "NotFoundException" });

    const removal = new DeleteDeploymentCommand({ restApiId, deploymentId: one });
    await expect(client.send(removal)).rejects.toThrow(
      "Active stages pointing to this deployment must be moved or deleted",
    );
    await client.send(new DeleteStageCommand({ restApiId, stageName: "next" }));
    expect(await everywhere("/next/colour")).toEqual(['{"message":"Forbidden"}']);
    expect((await client.send(new GetStagesCommand({ restApiId }))).item?.map(({ stageName }) => stageName)).toEqual([
      "prod",
    ]);
    await client.send(removal);
    const { items = [] } = await client.send(new GetDeploymentsCommand({ restApiId }));
    expect(items.map(({ id }) => id)).toEqual([two]);
    expect((await served.command("rollback", "--stage", "prod")).output).toContain(one);
    expect(await everywhere("/prod/colour")).toEqual(['{"version":"two","colour":"green"}']);
    await expect(client.send(new DeleteStageCommand({ restApiId, stageName: "prod" }))).rejects.toThrow("last stage");
    expect(await everywhere("/prod/colour")).toEqual(['{"version":"two","colour":"green"}']);
  }, 60_000);

  test("a canary that the AWS SDK starts is forced by the header and kept by the key that the file names; descriptions stay", async () => {
    served = await project();
    const file = (version: string) =>
      yaml(version).replace(
        "prod: {",
        "prod: { canary: { percent: 0, header: X-Canary, sticky: $request.header.X-User },",
      );
    served.write("gateway.yaml", file("one"));
    await served.command("deploy", "--stage", "prod", "--description", "the first");
    await served.serve("--workers", "2", "--admin-port", "0");
    const client = awsClient(served);
    const [{ id: restApiId = "" } = {}] = (await client.send(new GetRestApisCommand({}))).items ?? [];
    const patch = (...patchOperations: { op: "replace" | "remove"; path: string; value?: string }[]) =>
      client.send(new UpdateStageCommand({ restApiId, stageName: "prod", patchOperations }));
    const forced = async (headers: Record<string, string>) => {
      const all = await Promise.all(Array.from({ length: 8 }, () => apart(served, "/prod/colour", headers)));
      return [...new Set(all)].map((text) => JSON.parse(text));
    };
    await patch({ op: "remove", path: "/canarySettings" });
    expect(await forced({ "x-canary": "always" })).toEqual([{ version: "one", colour: "green" }]);
    served.write("gateway.yaml", file("two"));
    const canarySettings = { percentTraffic: 0, stageVariableOverrides: { colour: "red" } };
    const wish = { restApiId, stageName: "prod", description: "the second" };
    const made = await client.send(new CreateDeploymentCommand({ ...wish, canarySettings }));
    expect(await forced({ "x-canary": "always" })).toEqual([{ version: "two", colour: "red" }]);
    expect(await forced({ "x-canary": "never" })).toEqual([{ version: "one", colour: "green" }]);
    await patch({ op: "replace", path: "/canarySettings/percentTraffic", value: "50" });
    for (const user of ["ann", "ben", "cid", "dan"]) expect(await forced({ "x-user": user })).toHaveLength(1);
    const { items = [] } = await client.send(new GetDeploymentsCommand({ restApiId }));
    expect(items.map(({ description }) => description)).toEqual(["the second", "the first"]);
    expect(items[0]?.id).toBe(made.id);
    const { item: [prod] = [] } = await client.send(new GetStagesCommand({ restApiId }));
    expect(prod?.description).toBe("the first");
    // One that is begun by its percentage has them too.
    await patch({ op: "remove", path: "/canarySettings" });
    await patch({ op: "replace", path: "/canarySettings/percentTraffic", value: "0" });
    await patch({ op: "replace", path: "/canarySettings/stageVariableOverrides/colour", value: "pink" });
    expect(await forced({ "x-canary": "always" })).toEqual([{ version: "one", colour: "pink" }]);
  }, 60_000);

  test("what is left of a client's quota is set for all processes", async () => {
    served = await project();
    await served.deploy("prod");
    await served.serve("--workers", "2", "--admin-port", "0");
    const client = awsClient(served);
    const key = await served.admin("/apikeys", "POST", { name: "mobile", enabled: true });
    const [{ id: usagePlanId }] = (await served.admin("/usageplans")).item;
    await served.admin(`/usageplans/${usagePlanId}/keys`, "POST", { keyId: key.id, keyType: "API_KEY" });
    const ask = () => apart(served, "/prod/closed", { "x-api-key": key.value });
    expect(await ask()).toBe('{"ok":true}');
    const left = (value: string, keyId = key.id) =>
      client.send(
        new UpdateUsageCommand({ usagePlanId, keyId, patchOperations: [{ op: "replace", path: "/remaining", value }] }),
      );
    expect((await left("2")).items?.[key.id]?.[0]?.[1]).toBe(2);
    // Leases of a second that the processes had taken before are spent or given back.
    await expect.poll(ask, { timeout: 10_000, interval: 20 }).toBe('{"message":"Limit Exceeded"}');
    const day = new Date().toISOString().slice(0, 10);
    const usage = () => client.send(new GetUsageCommand({ usagePlanId, startDate: day, endDate: day }));
    expect((await usage()).items?.[key.id]?.[0]?.[1]).toBe(0);
    await left("50");
    await expect.poll(ask, { timeout: 5000 }).toBe('{"ok":true}');
    expect((await usage()).items?.[key.id]?.[0]?.[1]).toBeGreaterThan(40);
    await expect(left("101")).rejects.toThrow("up to the limit of the plan, 100");
    await expect(left("1", "none")).rejects.toMatchObject({ name: "NotFoundException" });
  }, 60_000);

  test("GetExport gives the documents that were deployed with the stage, in each format and with each extension", async () => {
    served = await project();
    await served.deploy("prod");
    served.write("gateway.yaml", yaml("two").replace("GET /hello", "GET /changed"));
    await served.serve("--workers", "1", "--admin-port", "0");
    const [{ id }] = (await served.admin("/restapis")).item;
    const get = async (format: string, extensions: string, accept = "application/json") => {
      const where = `${served.adminUrl}/restapis/${id}/stages/prod/exports/${format}?extensions=${extensions}`;
      const answer = await fetch(where, { headers: { accept } });
      return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
    };
    const clean = JSON.parse((await get("oas30", "")).text);
    expect(Object.keys(clean.paths)).toEqual(["/hello", "/process", "/colour", "/closed"]);
    expect(clean.servers[0].variables.basePath.default).toBe("prod");
    expect(JSON.stringify(clean)).not.toContain("x-amazon-apigateway-integration");
    const swagger = JSON.parse((await get("swagger", "integrations,authorizers")).text);
    expect([swagger.swagger, swagger.basePath, swagger.host]).toEqual([
      "2.0",
      "/prod",
      expect.stringContaining(`${id}.execute-api.`),
    ]);
    expect(swagger.paths["/hello"].get["x-amazon-apigateway-integration"].type).toBe("aws_proxy");
    const yamlText = await get("oas30", "apigateway", "application/yaml");
    expect([yamlText.type, yamlText.text]).toEqual(["application/yaml", expect.stringMatching(/^openapi: /)]);
    const exported = await served.command("export", "--stage", "prod", "--extensions", "authorizers", "--api-id", id);
    expect(exported.output).toContain("/changed");
    expect((await get("raml", "")).status).toBe(400);
  }, 60_000);

  test("keys, their use and WebSocket connections are those of all processes", async () => {
    served = await project();
    await served.deploy("prod");
    await served.serve("--workers", "2", "--admin-port", "0");
    const key = await served.admin("/apikeys", "POST", { name: "mobile", enabled: true });
    const [plan] = (await served.admin("/usageplans")).item;
    await served.admin(`/usageplans/${plan.id}/keys`, "POST", { keyId: key.id, keyType: "API_KEY" });
    const asked = Array.from({ length: 10 }, () => apart(served, "/prod/closed", { "x-api-key": key.value }));
    expect([...new Set(await Promise.all(asked))]).toEqual(['{"ok":true}']);
    const day = new Date().toISOString().slice(0, 10);
    const usage = () => served.admin(`/usageplans/${plan.id}/usage?startDate=${day}&endDate=${day}`);
    await expect.poll(async () => (await usage()).values[key.id], { timeout: 5000 }).toEqual([[10, 90]]);

    const sockets = await Promise.all(Array.from({ length: 6 }, () => connected(served.url)));
    const said: string[] = [];
    for (const socket of sockets) socket.on("message", (data) => said.push(String(data)));
    const connections = async () => (await served.admin("/console/state")).connections as { connectionId: string }[];
    await expect.poll(async () => (await connections()).length, { timeout: 5000 }).toBe(6);
    expect(await served.admin("/metrics")).toMatch(/connect_?count\w*\{[^}]*\} 6$/im);
    const ids = (await connections()).map(({ connectionId }) => connectionId);
    for (const id of ids) await served.admin("/console/send", "POST", { id, text: `to ${id}` });
    await expect.poll(() => said.length).toBe(6);
    const closed = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once("close", resolve))));
    for (const id of ids) await served.admin("/console/disconnect", "POST", { id });
    await closed;
    await expect.poll(async () => (await connections()).length, { timeout: 5000 }).toBe(0);
  }, 60_000);

  test("a stage of one bundle keeps what was changed in all processes, and in one that is started later", async () => {
    served = await project();
    await served.command("build");
    await served.start(["--port", "0", "--workers", "2", "--admin-port", "0"], ["build/gateway/gateway.mjs"]);
    const [{ id }] = (await served.admin("/restapis")).item;
    const patchOperations = [{ op: "replace", path: "/variables/colour", value: "red" }];
    await served.admin(`/restapis/${id}/stages/prod`, "PATCH", { patchOperations });
    const colours = async () => {
      const all = await Promise.all(Array.from({ length: 12 }, () => apart(served, "/prod/colour")));
      return [...new Set(all)];
    };
    expect(await colours()).toEqual(['{"version":"one","colour":"red"}']);
    for (const worker of served.workers()) await replaced(served, worker, 2);
    expect(await colours()).toEqual(['{"version":"one","colour":"red"}']);
    expect(await served.end()).toBe(0);
  }, 60_000);

  test("an admin port that is taken is told in one line, and nothing is left running", async () => {
    served = await project();
    await served.deploy("prod");
    await served.serve("--workers", "1", "--admin-port", "0");
    const port = new URL(served.adminUrl ?? "").port;
    const { code, output } = await served.command("serve", "--port", "0", "--admin-port", port);
    expect([code, output]).toEqual([
      2,
      `gateway: port ${port} is in use on 127.0.0.1: choose another with --admin-port\n`,
    ]);
    const { stdout } = await promisify(execFile)("ps", ["-eo", "args"]);
    expect(stdout.split("\n").filter((line) => line.includes(`--admin-port ${port}`))).toEqual([]);
  }, 60_000);
});

/** Kills a process, and waits until another serves in its place. */
async function replaced(served: ServedProject, victim: string, wanted: number): Promise<void> {
  process.kill(Number(victim), "SIGKILL");
  const health = () => served.admin("/health/ready").catch(String);
  await expect.poll(health, { timeout: 5000, interval: 10 }).toContain("503");
  await expect.poll(health, { timeout: 10_000 }).toMatchObject({ processes: { serving: wanted } });
}

function connected(url: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace("http", "ws")}/prod`);
    socket.once("open", () => resolve(socket));
    socket.once("error", reject);
  });
}
