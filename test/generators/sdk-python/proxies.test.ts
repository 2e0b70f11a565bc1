import { execFile } from "node:child_process";
import { createServer as createHttpServer, request as httpRequest, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import process from "node:process";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Certificates } from "../../support/certificates.js";
import { modelOf } from "../../support/diagnose.js";
import { isSkipped, type PythonFolder, python, pythonFolder } from "./python.js";

const gateway = `gateway: proxied
sdk: { languages: python }
routes: { GET /who: { operation: who, lambda: any, responses: { 200: "{ proxied: boolean }" } } }
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
});
