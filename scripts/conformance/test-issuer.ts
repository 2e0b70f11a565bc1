import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly delayMs?: number;
}

export interface MintOptions {
  readonly alg?: "RS256" | "RS384" | "RS512";
  readonly kid?: string | null;
  readonly header?: object;
}

/** An issuer on a loopback port: OpenID configuration, key set and tokens. Its answers can be changed while it runs. */
export class TestIssuer {
  /** Members of the key set. */
  keys: object[] = [];
  /** Instead of the usual answer, by path. */
  readonly answers = new Map<string, Answer>();
  /** Paths that have been asked for. */
  readonly asked: string[] = [];
  readonly #server: Server;
  #key: KeyObject;
  #kid: string;

  private constructor() {
    [this.#kid, this.#key] = this.addKey("k1");
    this.#server = createServer((request, response) => {
      const path = request.url ?? "";
      this.asked.push(path);
      const { status, body, delayMs = 0 } = this.answers.get(path) ?? this.#answer(path);
      setTimeout(() => response.writeHead(status, { "content-type": "application/json" }).end(body), delayMs);
    });
  }

  static async start(): Promise<TestIssuer> {
    const issuer = new TestIssuer();
    await new Promise<void>((resolve) => issuer.#server.listen(0, "127.0.0.1", resolve));
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Makes a key and puts it into the key set; tokens are signed with it from now on. */
  addKey(kid: string): readonly [string, KeyObject] {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    this.keys.push({ ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" });
    this.#kid = kid;
    this.#key = privateKey;
    return [kid, privateKey];
  }

  mint(claims: object, { alg = "RS256", kid = this.#kid, header }: MintOptions = {}): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const input = `${part({ alg, ...(kid !== null && { kid }), ...header })}.${part(claims)}`;
    return `${input}.${sign(`RSA-SHA${alg.slice(2)}`, Buffer.from(input), this.#key).toString("base64url")}`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #answer(path: string): Answer {
    if (path === "/.well-known/jwks.json") return { status: 200, body: JSON.stringify({ keys: this.keys }) };
    if (path === "/.well-known/openid-configuration") {
      const configuration = { issuer: this.url, jwks_uri: `${this.url}/.well-known/jwks.json` };
      return { status: 200, body: JSON.stringify(configuration) };
    }
    return { status: 404, body: "{}" };
  }
}
