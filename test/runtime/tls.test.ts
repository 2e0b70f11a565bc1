import { X509Certificate } from "node:crypto";
import { type AddressInfo, connect as connectPlain, createServer } from "node:net";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { createGateway, type Gateway } from "../../runtime/host/gateway.js";
import { readServerName } from "../../runtime/host/tls/client-hello.js";
import { TlsFront } from "../../runtime/host/tls/tls-front.js";
import { contextValue } from "../../runtime/http/context-value.js";
import type { LogRecord } from "../../runtime/observe/logger.js";
import type { DomainEntry, DomainTls } from "../../runtime/program.js";
import { Certificates, type Pair } from "../support/certificates.js";
import { testProgram, testRoute } from "../support/program.js";

const made = new Certificates();
afterAll(() => made.remove());

const authority = made.make("/CN=Server authority", { isAuthority: true });
const serverOf = (...names: string[]) => made.make(`/CN=${names[0]}`, { issuer: authority, names });
const one = serverOf("one.example.com");
const two = serverOf("two.example.com");
const clients = made.make("/C=NO/O=Partners/CN=Clients authority", { isAuthority: true });
const client = made.make("/C=NO/O=Partner/CN=client-1", { issuer: clients });

let gateway: Gateway | undefined;
let port = 0;
let plainPort = 0;
const logged: LogRecord[] = [];
const open: TLSSocket[] = [];
afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy();
  await gateway?.close({ drainMs: 0 });
  logged.length = 0;
});

function domain(name: string, pair: Pair, more: Partial<DomainTls> = {}): DomainEntry {
  const file = name.replace("*", "any");
  const tls = {
    certificate: made.write(`${file}.pem`, pair.certificate),
    key: made.write(`${file}.key`, pair.key),
    clientCa: undefined,
    securityPolicy: "TLS_1_2" as const,
    ...more,
  };
  return { name, tls, paths: [{ basePath: "", stage: "dev" }] };
}

async function begin(...list: DomainEntry[]): Promise<void> {
  const run = testRoute("GET /who", (x) => {
    const names = ["subjectDN", "issuerDN", "serialNumber", "validity.notAfter"];
    const seen = names.map((name) => contextValue(x, `identity.clientCert.${name}`));
    return x.answer(200, [], JSON.stringify([x.host, ...seen]));
  });
  gateway = createGateway({
    program: { ...testProgram([run]), domains: { list, front: TlsFront } },
    environment: {},
    tlsPort: 0,
    logger: { write: (record) => void logged.push(record) },
  });
  const listening = await gateway.listen();
  port = listening.tlsPort ?? 0;
  plainPort = listening.port;
}

function secure(servername: string | undefined, more: ConnectionOptions = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      port,
      host: "127.0.0.1",
      servername: servername ?? "",
      ca: authority.certificate,
      ...more,
    });
    open.push(socket);
    socket.once("secureConnect", () => resolve(socket));
    socket.once("error", reject);
  });
}

/** One request on a connection that stays. */
function ask(socket: TLSSocket, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const onData = (chunk: Buffer) => {
      text += chunk.toString("latin1");
      const [head = "", body] = text.split("\r\n\r\n");
      const length = Number(/^content-length: (\d+)/im.exec(head)?.[1]);
      if (body === undefined || body.length < length) return;
      socket.off("data", onData);
      resolve(`${head.slice(9, 12)} ${body}`);
    };
    socket.on("data", onData);
    socket.once("error", reject);
    socket.once("close", () => reject(new Error(`closed after: ${text}`)));
    socket.write(`GET /who HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  });
}

const withClient = (pair: Pair, chain: readonly Pair[] = []): ConnectionOptions => ({
  cert: [pair, ...chain].map(({ certificate }) => certificate).join(""),
  key: pair.key,
});

describe("TLS of custom domains", () => {
  test("connections on which nobody has asked for anything do not hold up the end", async () => {
    await begin(domain("one.example.com", one));
    const silent = connectPlain(port, "127.0.0.1");
    const half = connectPlain(port, "127.0.0.1", () => half.write(Buffer.from([0x16, 3, 1])));
    const head = connectPlain(plainPort, "127.0.0.1", () => head.write("GET /dev/who HTTP/1.1\r\nHos"));
    for (const socket of [silent, half, head]) socket.on("error", () => undefined);
    const socket = await secure("one.example.com");
    expect(await ask(socket, "one.example.com")).toMatch(/^200 /);
    await expect.poll(() => gateway?.connections()).toBe(1);
    const begun = performance.now();
    await gateway?.close({ drainMs: 15_000, idleMs: 50 });
    expect(performance.now() - begun).toBeLessThan(8000);
    gateway = undefined;
  }, 20_000);

  test("each domain has its certificate; one that is not served is refused in the handshake", async () => {
    await begin(
      domain("one.example.com", one),
      domain("two.example.com", two),
      domain("*.wild.example.com", serverOf("*.wild.example.com")),
    );
    for (const name of ["one.example.com", "two.example.com", "shop.wild.example.com"]) {
      const socket = await secure(name);
      expect(socket.authorized).toBe(true);
      expect(await ask(socket, name)).toBe(`200 ["${name}",null,null,null,null]`);
    }
    await expect(secure("three.example.com")).rejects.toThrow(/unrecognized name/i);
  });

  test("the name of the handshake and the Host field must agree", async () => {
    await begin(domain("one.example.com", one), domain("two.example.com", two));
    expect(await ask(await secure("one.example.com"), "two.example.com")).toBe('421 {"message":"Misdirected Request"}');
    expect(await ask(await secure("one.example.com"), "127.0.0.1")).toMatch(/^421/);
  });

  test("a version that is too old is not spoken", async () => {
    await begin(domain("one.example.com", one, { securityPolicy: "TLS_1_3" }), domain("two.example.com", two));
    const old = { maxVersion: "TLSv1.2" } as const;
    await expect(secure("one.example.com", old)).rejects.toThrow(/protocol version/i);
    expect((await secure("one.example.com")).getProtocol()).toBe("TLSv1.3");
    expect((await secure("two.example.com", old)).getProtocol()).toBe("TLSv1.2");
    await expect(
      secure("two.example.com", { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" }),
    ).rejects.toThrow();
  });

  test("a new certificate is taken up without a restart, while open connections go on; a wrong one is not", async () => {
    const name = "one.example.com";
    await begin(domain(name, one));
    const before = await secure(name);
    const serial = (socket: TLSSocket) => socket.getPeerCertificate().serialNumber;
    const renewed = serverOf(name);
    made.write(`${name}.pem`, renewed.certificate);
    gateway?.reloadCertificates();
    expect(logged.at(-1)).toMatchObject({ level: "error", message: expect.stringContaining("the old one holds") });
    expect(serial(await secure(name))).toBe(serial(before));
    made.write(`${name}.key`, renewed.key);
    gateway?.reloadCertificates();
    const after = await secure(name);
    expect(serial(after)).toBe(new X509Certificate(renewed.certificate).serialNumber);
    expect(serial(after)).not.toBe(serial(before));
    expect(await ask(before, name)).toMatch(/^200/);
  });

  test("what does not belong together is told at the start", async () => {
    const list = [domain("one.example.com", { certificate: one.certificate, key: two.key })];
    const broken = createGateway({
      program: { ...testProgram([]), domains: { list, front: TlsFront } },
      environment: {},
      tlsPort: 0,
    });
    await expect(broken.listen()).rejects.toThrow(/^TLS of one\.example\.com: .*key values mismatch/);
  });

  test("what is no ClientHello is cut off, and does no harm", async () => {
    await begin(domain("one.example.com", one));
    for (const bytes of [
      "GET / HTTP/1.1\r\n\r\n",
      "\x16\x03\x01\xff\xff",
      "\x16\x03\x01\x00\x05\x02\x00\x00\x01\x00",
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connectPlain(port, "127.0.0.1", () => socket.write(Buffer.from(bytes, "latin1")));
        socket.on("error", () => undefined);
        socket.once("close", () => resolve());
        socket.resume();
      });
    }
    expect(await ask(await secure("one.example.com"), "one.example.com")).toMatch(/^200/);
  });
});

describe("mutual TLS", () => {
  const name = "one.example.com";
  const store = (...authorities: Pair[]) =>
    made.write("clients.pem", authorities.map(({ certificate }) => certificate).join(""));
  const mutual = (...authorities: Pair[]) => domain(name, one, { clientCa: store(...authorities) });

  test("a client with a good certificate passes, and is seen", async () => {
    await begin(mutual(clients), domain("two.example.com", two));
    const answer = await ask(await secure(name, withClient(client)), name);
    const { serialNumber, validTo } = new X509Certificate(client.certificate);
    const serial = serialNumber.toLowerCase().replace(/..(?=.)/g, "$&:");
    expect(JSON.parse(answer.slice(4))).toEqual([
      name,
      "C=NO,O=Partner,CN=client-1",
      "C=NO,O=Partners,CN=Clients authority",
      serial,
      validTo,
    ]);
    expect(await ask(await secure("two.example.com"), "two.example.com")).toBe(
      '200 ["two.example.com",null,null,null,null]',
    );
  });

  test.each([
    ["none", {}],
    ["of another authority", withClient(made.make("/CN=x", { issuer: made.make("/CN=Other", { isAuthority: true }) }))],
    ["signed by itself", withClient(made.make("/CN=self"))],
    ["that has ended", withClient(made.make("/CN=late", { issuer: clients, days: -1 }))],
  ])("a certificate that is not good is 403: %s", async (_case, options) => {
    await begin(mutual(clients));
    expect(await ask(await secure(name, options), name)).toBe('403 {"message":"Forbidden"}');
  });

  test("a chain has four certificates at most", async () => {
    const a = made.make("/CN=a", { issuer: clients, isAuthority: true });
    const b = made.make("/CN=b", { issuer: a, isAuthority: true });
    const c = made.make("/CN=c", { issuer: b, isAuthority: true });
    await begin(mutual(clients));
    const four = withClient(made.make("/CN=four", { issuer: b }), [b, a]);
    const five = withClient(made.make("/CN=five", { issuer: c }), [c, b, a]);
    expect(await ask(await secure(name, four), name)).toMatch(/^200/);
    expect(await ask(await secure(name, five), name)).toMatch(/^403/);
  });

  test("neither the domain's name in the Host field nor another connection gets past it", async () => {
    await begin(mutual(clients), domain("two.example.com", two));
    expect(await ask(await secure("two.example.com"), name)).toBe('403 {"message":"Forbidden"}');
    expect(await ask(await secure("two.example.com", withClient(client)), name)).toMatch(/^403/);
    expect(await ask(await secure(name, withClient(client)), "two.example.com")).toMatch(/^403/);
    expect(await ask(await secure(undefined, { rejectUnauthorized: false }), name)).toMatch(/^403/);
  });

  test("another trust store holds at once: for new connections, old ones, and sessions of before", async () => {
    const others = made.make("/CN=Others", { isAuthority: true });
    await begin(mutual(clients, others));
    const kept = await secure(name, withClient(client));
    const good = await secure(name, withClient(made.make("/CN=good", { issuer: others })));
    expect([await ask(kept, name), await ask(good, name)].map((answer) => answer.slice(0, 3))).toEqual(["200", "200"]);
    const session = kept.getSession();
    store(others);
    gateway?.reloadCertificates();
    expect(await ask(good, name)).toMatch(/^200/);
    expect(await ask(kept, name)).toMatch(/^403/);
    const resumed = await secure(name, { ...withClient(client), ...(session && { session }) });
    expect(resumed.isSessionReused()).toBe(false);
    expect(await ask(resumed, name)).toMatch(/^403/);
    expect(await ask(await secure(name, withClient(client)), name)).toMatch(/^403/);
  });

  test("a trust store without a certificate is told at the start", async () => {
    await expect(begin(domain(name, one, { clientCa: made.write("empty.pem", "") }))).rejects.toThrow(
      /holds no certificate/,
    );
  });
});

describe("the name in a ClientHello", () => {
  const helloOf = (servername: string): Promise<Buffer> =>
    new Promise((resolve) => {
      const server = createServer((socket) => {
        socket.once("data", (bytes) => {
          socket.destroy();
          server.close(() => resolve(bytes));
        });
        socket.on("error", () => undefined);
      }).listen(0, "127.0.0.1", () => {
        const address = server.address() as AddressInfo;
        connect({ port: address.port, host: "127.0.0.1", servername }).on("error", () => undefined);
      });
    });

  test("is found however the bytes come", async () => {
    const hello = await helloOf("Some.Example.com");
    expect(readServerName(hello)).toEqual({ kind: "read", serverName: "some.example.com" });
    for (let length = 1; length < hello.length; length++) {
      expect(readServerName(hello.subarray(0, length))).toEqual({ kind: "incomplete" });
    }
    const payload = hello.subarray(5);
    const record = (part: Buffer) =>
      Buffer.concat([Buffer.from([0x16, 3, 1, part.length >> 8, part.length & 255]), part]);
    const split = Buffer.concat([
      record(payload.subarray(0, 2)),
      record(payload.subarray(2, 60)),
      record(payload.subarray(60)),
    ]);
    expect(readServerName(split)).toEqual({ kind: "read", serverName: "some.example.com" });
  });

  test("no bytes do more than be refused", async () => {
    const hello = await helloOf("some.example.com");
    for (let at = 0; at < hello.length; at++) {
      for (const value of [0, 1, 0x7f, 0xff]) {
        const changed = Buffer.from(hello);
        changed[at] = value;
        expect(["read", "invalid", "incomplete"]).toContain(readServerName(changed).kind);
      }
    }
  });
});
