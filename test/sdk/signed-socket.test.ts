import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { isSkipped, python } from "../generators/sdk-python/python.js";
import { buildFixture } from "../support/build-fixture.js";
import { type RunningGateway, startGateway } from "../support/gateway-process.js";

const yaml = `
gateway: signed
aws: { region: eu-west-1, account: "111122223333" }
sdk: { typescript: signed, python: signed }
routes: { GET /health: { mock: } }
websocket:
  auth: iam
  apiKey: true
  routes:
    $connect: { mock: }
    ping: { mock: { pong: true }, reply: "{ pong: boolean }" }
plans: { all: { throttle: { rate: 100, burst: 100 } } }
keys: { good: { plan: all, value: "good-key-good-key-good-key" } }
stages: { dev: {} }
`;

const principals = {
  principals: [
    {
      arn: "arn:aws:iam::111122223333:user/ann",
      policies: [
        {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" }],
        },
      ],
      keys: [{ accessKeyId: "AKIAANN", secretAccessKey: "ann's secret" }],
    },
  ],
};

describe("a WebSocket whose handshake is signed and has an API key", () => {
  const folder = mkdtempSync(join(tmpdir(), "gateway-signed-"));
  let gateway: RunningGateway;
  let url: string;
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "gateway.yaml"), yaml);
    writeFileSync(join(folder, "principals.json"), JSON.stringify(principals));
    const bundle = await buildFixture(folder);
    gateway = await startGateway(bundle, { GATEWAY_PRINCIPALS: join(folder, "principals.json") });
    url = `${gateway.url.replace("http", "ws")}/dev`;
  }, 60_000);
  afterAll(async () => {
    await gateway?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("TypeScript", async () => {
    const load = (name: string) => import(pathToFileURL(join(folder, "build/sdk/typescript", name)).href);
    const [{ sigv4Url }, { connect }] = [await load("index.js"), await load("socket.js")];
    const open = (secretAccessKey: string, apiKey: string) => {
      const iam = sigv4Url({ region: "eu-west-1", credentials: { accessKeyId: "AKIAANN", secretAccessKey } });
      return connect({ url, WebSocket, auth: { iam, apiKey: () => apiKey } });
    };
    const socket = open("ann's secret", "good-key-good-key-good-key");
    expect(await socket.request("ping")).toEqual({ pong: true });
    socket.close();
    await expect(open("not hers", "good-key-good-key-good-key").ready).rejects.toMatchObject({ status: 403 });
    await expect(open("ann's secret", "wrong").ready).rejects.toMatchObject({ kind: "refused", status: 403 });
  });

  test.skipIf(isSkipped())("Python", async () => {
    const program = `import json, sys
sys.path.insert(0, sys.argv[1])
from signed import AwsCredentials, SigV4
from signed.socket import Socket, SocketRefused

def opened(secret, key):
    iam = SigV4("eu-west-1", lambda: AwsCredentials("AKIAANN", secret))
    try:
        with Socket(url=sys.argv[2], auth={"iam": iam, "api_key": key}) as socket:
            return socket.request("ping")
    except SocketRefused as error:
        return error.status
key = "good-key-good-key-good-key"
print(json.dumps([opened("ann's secret", key), opened("not hers", key), opened("ann's secret", "wrong")]))
`;
    const source = join(folder, "build/sdk/python/src");
    const { stdout } = await promisify(execFile)(python ?? "", ["-c", program, source, url]);
    expect(JSON.parse(stdout)).toEqual([{ pong: true }, 403, 403]);
  });
});
