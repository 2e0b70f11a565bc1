import { execFile } from "node:child_process";
import { createServer as createHttpServer, request as httpRequest, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import process from "node:process";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { Certificates } from "../../support/certificates.js";
import { modelOf } from "../../support/diagnose.js";
import { isSkipped, type PythonFolder, python, pythonFolder } from "./python.js";

const gateway = `gateway: proxied
sdk: { languages: python }
routes: { GET /who: { operation: who, lambda: any, responses: { 200: "{ proxied: boolean }" } } }
websocket:
  select: $request.body.action
  routes: { ask: { lambda: any, body: "{ action: 'ask' }", reply: "{ answer: string }" } }
`;

describe.skipIf(isSkipped())("the Python SDK behind a proxy", () => {
  const folder: PythonFolder = pythonFolder();
  const certificates = new Certificates();
  const servers: Server[] = [];
  const seen: string[] = [];
  let ports: { readonly plain: number; readonly secure: number; readonly proxy: number };

  beforeAll(async () => {
    await folder.add(await modelOf(gateway));
    const authority = certificates.make("/CN=authority", { isAuthority: true });
    folder.write("ca.pem", authority.certificate);
    const { certificate: cert, key } = certificates.make("/CN=localhost", { issuer: authority, names: ["localhost"] });
    const answer: Parameters<typeof createHttpServer>[1] = (request, response) => {
      seen.push(`server ${request.headers["proxy-authorization"] ?? "nothing"}`);
      response.writeHead(200, { "content-type": "application/json" }).end('{"proxied":true}');
    };
    const plain = createHttpServer(answer);
    const secure = createHttpsServer({ cert, key }, answer as never);
    for (const server of [plain, secure])
      new WebSocketServer({ server: server as Server }).on("connection", (socket, { headers }) => {
        seen.push(`socket ${headers["proxy-authorization"] ?? "nothing"}`);
        socket.on("message", (text) => {
          const { $id } = JSON.parse(String(text)) as { $id?: string };
          socket.send(JSON.stringify({ $id, reply: { answer: "here" } }));
        });
      });
    const proxy = createHttpServer((request, response) => {
      seen.push(`proxy ${request.method} ${request.url} ${request.headers["proxy-authorization"]}`);
      const { "proxy-authorization": _, ...headers } = request.headers;
      const onward = httpRequest(String(request.url), { headers }, (found) => {
        response.writeHead(found.statusCode ?? 502, found.headers);
        found.pipe(response);
      });
      request.pipe(onward);
    });
    proxy.on("connect", (request, socket) => {
      seen.push(`proxy CONNECT ${request.url} ${request.headers["proxy-authorization"]}`);
      if (request.headers["proxy-authorization"] === undefined) {
        socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
        return;
      }
      const [, port] = String(request.url).split(":");
      const onward = connect(Number(port), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.pipe(onward).pipe(socket);
      });
      socket.on("error", () => onward.destroy());
      onward.on("error", () => socket.destroy());
    });
    const [first, second, third] = await Promise.all(
      [plain, secure as unknown as Server, proxy].map(async (server) => {
        servers.push(server);
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        return (server.address() as AddressInfo).port;
      }),
    );
    ports = { plain: first ?? 0, secure: second ?? 0, proxy: third ?? 0 };
  });
  beforeEach(() => {
    seen.length = 0;
  });
  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
    certificates.remove();
    folder.remove();
  });

  /** Two calls by one client. */
  async function call(url: string, environment: Readonly<Record<string, string>>): Promise<string> {
    folder.write(
      "program.py",
      `import ssl
from proxied import Proxied
from proxied.runtime.http import HttpTransport
transport = HttpTransport(ssl.create_default_context(cafile="ca.pem"))
with Proxied(base_url="${url}", retries=0, transport=transport) as api:
    print(api.who()["proxied"], api.who()["proxied"])
`,
    );
    const { stdout } = await promisify(execFile)(python ?? "", ["-X", "dev", "program.py"], {
      cwd: folder.path,
      env: { PATH: String(process.env["PATH"]), ...environment },
    });
    return stdout.trim();
  }
  const basic = `Basic ${Buffer.from("me:p@ss").toString("base64")}`;

  test("http goes to it with its credential, https through a tunnel that alone has the credential", async () => {
    const proxy = `http://me:p%40ss@127.0.0.1:${ports.proxy}`;
    expect(await call(`http://127.0.0.1:${ports.plain}`, { http_proxy: proxy })).toBe("True True");
    const whole = `proxy GET http://127.0.0.1:${ports.plain}/who ${basic}`;
    expect(seen).toEqual([whole, "server nothing", whole, "server nothing"]);
    seen.length = 0;
    expect(await call(`https://localhost:${ports.secure}`, { HTTPS_PROXY: proxy })).toBe("True True");
    expect(seen).toEqual([`proxy CONNECT localhost:${ports.secure} ${basic}`, "server nothing", "server nothing"]);
  });

  test("whom NO_PROXY names is asked without it", async () => {
    const environment = { http_proxy: `http://127.0.0.1:${ports.proxy}`, NO_PROXY: "127.0.0.1" };
    expect(await call(`http://127.0.0.1:${ports.plain}`, environment)).toBe("True True");
    expect(seen).toEqual(["server nothing", "server nothing"]);
  });

  /** A question over a WebSocket, and its answer. */
  async function ask(
    kind: "sync" | "async",
    url: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<string> {
    const given = `url="${url}", reconnect=None, ssl_context=ssl.create_default_context(cafile="ca.pem")`;
    const body =
      kind === "sync"
        ? `with Socket(${given}) as socket:\n    print(socket.request("ask", {})["answer"])\n`
        : `async def main():\n    async with AsyncSocket(${given}) as socket:\n        print((await socket.request("ask", {}))["answer"])\nasyncio.run(main())\n`;
    const text = `import asyncio\nimport ssl\nfrom proxied.socket import AsyncSocket, Socket\n`;
    folder.write("socket_program.py", text + body);
    const { stdout } = await promisify(execFile)(python ?? "", ["-X", "dev", "socket_program.py"], {
      cwd: folder.path,
      env: { PATH: String(process.env["PATH"]), ...environment },
    });
    return stdout.trim();
  }

  test.each(["sync", "async"] as const)("a WebSocket goes through a tunnel: %s", async (kind) => {
    const proxy = `http://me:p%40ss@127.0.0.1:${ports.proxy}`;
    expect(await ask(kind, `wss://localhost:${ports.secure}`, { HTTPS_PROXY: proxy })).toBe("here");
    expect(seen).toEqual([`proxy CONNECT localhost:${ports.secure} ${basic}`, "socket nothing"]);
    seen.length = 0;
    expect(await ask(kind, `ws://127.0.0.1:${ports.plain}`, { http_proxy: proxy })).toBe("here");
    expect(seen).toEqual([`proxy CONNECT 127.0.0.1:${ports.plain} ${basic}`, "socket nothing"]);
    seen.length = 0;
    const spared = { http_proxy: proxy, NO_PROXY: "127.0.0.1" };
    expect(await ask(kind, `ws://127.0.0.1:${ports.plain}`, spared)).toBe("here");
    expect(seen).toEqual(["socket nothing"]);
  });

  test("a proxy that refuses the WebSocket is told of", async () => {
    const proxy = `http://127.0.0.1:${ports.proxy}`;
    const refused = ask("sync", `wss://localhost:${ports.secure}`, { HTTPS_PROXY: proxy });
    await expect(refused).rejects.toThrow(
      /SocketRefused: the connection was not opened: the proxy answered 407 Proxy Authentication Required/,
    );
  });
});
