import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildFixture } from "../support/build-fixture.js";
import { type RunningGateway, startGateway } from "../support/gateway-process.js";
import { hasNginx, type Nginx, startNginx } from "../support/nginx.js";
import { root } from "../support/paths.js";

function copyFixture(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `gateway-real-${name}-`));
  cpSync(join(root, "fixtures", name), folder, {
    recursive: true,
    filter: (path) => !/[\\/](build|golden)$/.test(path),
  });
  return folder;
}

describe.skipIf(!hasNginx())("files: HTTP_PROXY in front of nginx", () => {
  const folder = copyFixture("files");
  const payload = Buffer.alloc(3_000_000, "0123456789abcdef");
  let nginx: Nginx;
  let gateway: RunningGateway;

  beforeAll(async () => {
    nginx = await startNginx();
    writeFileSync(join(nginx.files, "big.bin"), payload);
    writeFileSync(join(nginx.files, "hello.txt"), "hello");
    gateway = await startGateway(await buildFixture(folder), { FILES_HOST: nginx.host });
  });
  afterAll(async () => {
    await gateway?.stop();
    await nginx?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const curl = (...args: string[]) => execFileSync("curl", ["-s", ...args], { maxBuffer: 16_000_000 });

  test("a file comes back byte for byte", () => {
    expect(curl(`${gateway.url}/dev/files/big.bin`).equals(payload)).toBe(true);
  });

  test("a range is the backend's affair", () => {
    const text = curl("-i", "-r", "1-3", `${gateway.url}/dev/files/hello.txt`).toString();
    expect(text).toMatch(/^HTTP\/1\.1 206 /);
    expect(text).toMatch(/\r\n\r\nell$/);
  });

  test("HEAD has the length and no body", () => {
    const text = curl("-I", `${gateway.url}/dev/files/hello.txt`).toString();
    expect(text).toMatch(/Content-Length: 5\r\n/i);
  });

  test("method, query and status pass both ways; Date and Server are renamed", () => {
    const text = curl("-i", "-X", "DELETE", `${gateway.url}/dev/files/echo/a%20b?x=1&x=2`).toString();
    expect(text).toMatch(/^HTTP\/1\.1 207 /);
    expect(text).toMatch(/X-Seen-Method: DELETE/i);
    expect(text).toMatch(/X-Seen-Query: x=1&x=2/i);
    expect(text).toMatch(/x-amzn-Remapped-Server: nginx/i);
    expect(text).toContain("/echo/a%20b?x=1&x=2|");
  });

  test("an error of the backend is the backend's", () => {
    expect(curl("-o", "/dev/null", "-w", "%{http_code}", `${gateway.url}/dev/files/gone`).toString()).toBe("410");
  });

  test("a path that climbs out of what the route names is refused", () => {
    for (const path of ["/dev/documents/..%2f..%2fetc", "/dev/files/../documents/1", "/dev/files/%2e%2e/documents/1"]) {
      const text = curl("--path-as-is", "-i", `${gateway.url}${path}`).toString();
      expect(text, path).toMatch(/^HTTP\/1\.1 4\d\d /);
      expect(text, path).not.toContain("X-Seen");
    }
  });

  test("mapped headers and query parameters reach the backend", () => {
    expect(curl(`${gateway.url}/dev/documents/42?own=1`).toString()).toBe(
      "/documents/42?own=1&source=gateway|127.0.0.1|dev",
    );
  });

  test("a backend that is away is a 504 with API Gateway's words", async () => {
    await nginx.stop();
    const answer = await fetch(`${gateway.url}/dev/files/hello.txt`);
    expect(answer.status).toBe(504);
    expect(answer.headers.get("x-amzn-errortype")).toBe("InternalServerErrorException");
    expect(await answer.text()).toBe('{"message": "Network error communicating with endpoint"}');
    nginx = await startNginx();
  });
});

interface CustomersSdk {
  createClient(options: object): object;
  addCustomer(client: object, input: object): Promise<{ readonly id: string; readonly firstname?: string }>;
  getCustomer(client: object, input: object): Promise<{ readonly id: string; readonly firstname?: string }>;
  updateCustomer(client: object, input: object): Promise<object>;
  removeCustomer(client: object, input: object): Promise<object>;
}

describe("customers: every route by the generated SDK", () => {
  const folder = copyFixture("customers");
  let gateway: RunningGateway;
  let sdk: CustomersSdk;
  let client: object;

  beforeAll(async () => {
    gateway = await startGateway(await buildFixture(folder));
    sdk = (await import(pathToFileURL(join(folder, "build/sdk/typescript/index.js")).href)) as CustomersSdk;
    client = sdk.createClient({ baseUrl: `${gateway.url}/dev` });
  });
  afterAll(async () => {
    await gateway?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("adds, reads, changes and removes", async () => {
    const { id } = await sdk.addCustomer(client, { body: { firstname: "Ada" } });
    expect(await sdk.getCustomer(client, { id })).toEqual({ id, firstname: "Ada" });
    expect(await sdk.updateCustomer(client, { id, body: { firstname: "Grace" } })).toEqual({
      data: { message: "updated" },
    });
    expect(await sdk.getCustomer(client, { id })).toEqual({ id, firstname: "Grace" });
    expect(await sdk.removeCustomer(client, { id })).toEqual({ data: { message: "removed" } });
    await expect(sdk.getCustomer(client, { id })).rejects.toMatchObject({
      status: 404,
      body: { message: "No customers found" },
    });
  });

  test("an error of the gateway itself has its status, message and request id", async () => {
    const wrong = sdk.addCustomer(client, { body: { firstname: 1 } });
    await expect(wrong).rejects.toMatchObject({ status: 400, body: { message: "Invalid request body" } });
    await expect(wrong).rejects.toHaveProperty("requestId", expect.stringMatching(/^[0-9a-f-]{36}$/));
  });
});

interface QuerySdk {
  createClient(options: object): object;
  query(client: object, input: object): Promise<object> & { safe(): Promise<object> };
}

describe("query-errors: a function behind templates, by curl and by the SDK", () => {
  const folder = copyFixture("query-errors");
  let gateway: RunningGateway;
  let sdk: QuerySdk;
  let client: object;

  beforeAll(async () => {
    gateway = await startGateway(await buildFixture(folder));
    sdk = (await import(pathToFileURL(join(folder, "build/sdk/typescript/index.js")).href)) as QuerySdk;
    client = sdk.createClient({ baseUrl: `${gateway.url}/dev`, retries: 0 });
  });
  afterAll(async () => {
    await gateway?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])("%s reaches the function", (method) => {
    const args = [
      "-s",
      "-w",
      " %{http_code}",
      "-X",
      method,
      "-H",
      "content-type: application/json",
      "-d",
      '{"divide":0}',
    ];
    const text = execFileSync("curl", [...args, `${gateway.url}/dev/`]).toString();
    expect(text.trim()).toBe('{"error":"cannot divide by zero"}\n 400');
  });

  test("the SDK gives the answer, and the complaint as an error with its status", async () => {
    expect(await sdk.query(client, { method: "POST", body: JSON.stringify({ divide: 8 }) })).toEqual({ result: 12.5 });
    const complaint = await sdk.query(client, { method: "POST", body: JSON.stringify({ divide: 0 }) }).safe();
    expect(complaint).toMatchObject({ ok: false, status: 400, body: { error: "cannot divide by zero" } });
  });
});
