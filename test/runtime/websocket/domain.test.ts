import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConnectionOptions, connect } from "node:tls";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { Certificates } from "../../support/certificates.js";
import { RawWebSocket } from "../../support/raw-websocket.js";
import { type YamlGateway, yamlGateway } from "../../support/yaml-gateway.js";

/** A domain of the WebSocket API with a certificate of its own, beside one of the REST API; both APIs' endpoints are closed. */
const yaml = `gateway: own
aws: { region: eu-west-1, account: "123456789012" }
disableExecuteApiEndpoint: true
routes:
  GET /health: { mock: { status: ok } }
websocket:
  domain:
    name: Live.example.com
    tls: { certificate: "\${env.LIVE_CERT}", key: "\${env.LIVE_KEY}" }
    paths: { "": prod, v2: next }
  routes:
    $default: { mock: { stage: $context.stage, domain: $context.domainName, id: $context.connectionId }, reply: unknown }
domains:
  api.example.com:
    tls: { certificate: "\${env.API_CERT}", key: "\${env.API_KEY}" }
    paths: { "": prod }
stages:
  prod: { log: "off" }
  next: { log: "off" }
  hidden: { log: "off" }
`;

const made = new Certificates();
const authority = made.make("/CN=Server authority", { isAuthority: true });
const folder = mkdtempSync(join(tmpdir(), "gateway-socket-domain-"));
const credentials = { accessKeyId: "AKIAANN", secretAccessKey: "secret of ann" };
let gateway: YamlGateway;
let plainPort: number;
let port: number;

beforeAll(async () => {
  const live = made.make("/CN=live", { issuer: authority, names: ["live.example.com"] });
  const api = made.make("/CN=api", { issuer: authority, names: ["api.example.com"] });
  const Statement = [{ Effect: "Allow", Action: "execute-api:ManageConnections", Resource: "*" }];
  const ann = {
    arn: "arn:aws:iam::123456789012:user/ann",
    policies: [{ Version: "2012-10-17", Statement }],
    keys: [credentials],
  };
  writeFileSync(join(folder, "principals.json"), JSON.stringify({ principals: [ann] }));
  gateway = await yamlGateway(yaml, {
    tlsPort: 0,
    environment: {
      GATEWAY_PRINCIPALS: join(folder, "principals.json"),
      ...{ LIVE_CERT: live.certificate, LIVE_KEY: live.key, API_CERT: api.certificate, API_KEY: api.key },
    },
  });
  const listening = await gateway.listen();
  plainPort = listening.port;
  port = listening.tlsPort ?? 0;
}, 60_000);

afterAll(async () => {
  await gateway?.close({ drainMs: 100 });
  gateway?.remove();
  made.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** By the name of the handshake to the Host field of the request; undefined: the same. */
function open(path: string, servername = "live.example.com", host = servername, more: ConnectionOptions = {}) {
  return new WebSocket(`wss://${host}${path}`, {
    createConnection: () =>
      connect({ port, host: "127.0.0.1", servername, ca: authority.certificate, ...more }) as never,
  });
}

/** What the server says first; the status where it refuses the handshake. */
function talk(socket: WebSocket): Promise<unknown> {
  return new Promise((resolve, reject) => {
    socket.once("open", () => socket.send("x"));
    socket.once("message", (data) => resolve(JSON.parse(String(data))));
    socket.once("unexpected-response", (_, response) => resolve(response.statusCode));
    socket.once("error", reject);
  });
}

function ask(method: string, path: string, headers: Readonly<Record<string, string>>, body = ""): Promise<number> {
  return new Promise((resolve, reject) => {
    const host = String(headers["host"]);
    const options = { port, host: "127.0.0.1", servername: host, ca: authority.certificate, method, path, headers };
    const sent = request(options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

describe("the domain of a WebSocket API", () => {
  test.each([
    ["/", "prod"],
    ["/v2", "next"],
  ])("wss://live.example.com%s leads to the stage %s", async (path, stage) => {
    const socket = open(path);
    expect(await talk(socket)).toEqual({ stage, domain: "live.example.com", id: expect.any(String) });
    socket.terminate();
  });

  test("no other path leads anywhere, and no stage that has no base path", async () => {
    for (const path of ["/prod", "/next", "/hidden"]) expect(await talk(open(path))).toBe(403);
  });

  test("TLS 1.2 is the oldest version, and the name of the handshake has to be the domain's", async () => {
    const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
    await expect(talk(open("/", "live.example.com", "live.example.com", old))).rejects.toThrow();
    expect(await talk(open("/", "live.example.com", "api.example.com"))).toBe(421);
    await expect(talk(open("/", "other.example.com"))).rejects.toThrow(/unrecognized name/i);
  });

  test("the REST API's domain leads to no connection, and the WebSocket API's to no REST route", async () => {
    expect(await talk(open("/", "api.example.com"))).toBe(403);
    expect(await ask("GET", "/health", { host: "api.example.com" })).toBe(200);
    expect(await ask("GET", "/health", { host: "live.example.com" })).toBe(403);
  });

  test("what comes without TLS, or by the closed endpoint, is refused", async () => {
    for (const [path, host] of [
      ["/", "live.example.com"],
      ["/prod", "localhost"],
    ] as const) {
      const socket = await RawWebSocket.open(plainPort, path, [], host);
      expect(socket.head).toMatch(/^HTTP\/1\.1 403/);
      socket.close();
    }
  });

  test("@connections is there below the base path, and not at the REST API's domain", async () => {
    const socket = open("/v2");
    const { id } = (await talk(socket)) as { id: string };
    const sent = new Promise((resolve) => socket.once("message", (data) => resolve(String(data))));
    const post = async (host: string, base: string) => {
      const signer = new SignatureV4({ service: "execute-api", region: "eu-west-1", credentials, sha256: Sha256 });
      const path = `${base}/@connections/${encodeURIComponent(id)}`;
      const unsigned = { method: "POST", protocol: "https:", hostname: host, path, headers: { host }, body: "pushed" };
      const { headers } = await signer.sign(unsigned);
      return ask("POST", path, headers, "pushed");
    };
    expect(await post("live.example.com", "/v2")).toBe(200);
    expect(await sent).toBe("pushed");
    // Of another stage: gone.
    expect(await post("live.example.com", "")).toBe(410);
    expect(await post("api.example.com", "")).toBe(403);
    socket.terminate();
  });
});
