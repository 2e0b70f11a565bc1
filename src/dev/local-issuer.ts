import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** Gateways believe keys of such a name only where they are told of a local issuer (runtime/auth/tokens/local-issuer.ts). */
const kidPrefix = "gateway-local-";

/**
 * Tokens for one's own machine. The private key is made when first needed and stays in `.gateway/issuer/`, which git
 * ignores; it opens nothing but gateways that `GATEWAY_LOCAL_ISSUER` points at this issuer.
 */
export class LocalIssuer {
  #key: KeyObject | undefined = undefined;

  constructor(private readonly projectDir: string) {}

  /** A JWT, signed with RS256. */
  mint(claims: object): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const input = `${part({ alg: "RS256", typ: "JWT", kid: this.#kid() })}.${part(claims)}`;
    return `${input}.${sign("RSA-SHA256", Buffer.from(input), this.#privateKey()).toString("base64url")}`;
  }

  /** JWK Set with the public key (RFC 7517). */
  keySet(): object {
    const jwk = createPublicKey(this.#privateKey()).export({ format: "jwk" });
    return { keys: [{ ...jwk, kid: this.#kid(), use: "sig", alg: "RS256" }] };
  }

  /** Serves the key set and an OpenID configuration on a free loopback port. */
  serve(): Promise<{ readonly url: string; close(): void }> {
    const server = createServer((request, response) => {
      const answer = this.#answer(request.url ?? "", urlOf(server));
      response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer ?? { message: "Not Found" }));
    });
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => {
        server.unref();
        resolve({ url: urlOf(server), close: () => void server.close() });
      });
    });
  }

  #answer(path: string, url: string): object | undefined {
    if (path === "/.well-known/jwks.json") return this.keySet();
    if (path !== "/.well-known/openid-configuration") return undefined;
    return {
      issuer: url,
      jwks_uri: `${url}/.well-known/jwks.json`,
      id_token_signing_alg_values_supported: ["RS256"],
      response_types_supported: ["token"],
      subject_types_supported: ["public"],
    };
  }

  #kid(): string {
    const der = createPublicKey(this.#privateKey()).export({ type: "spki", format: "der" });
    return kidPrefix + createHash("sha256").update(der).digest("base64url").slice(0, 12);
  }

  #privateKey(): KeyObject {
    this.#key ??= readOrMake(join(this.projectDir, ".gateway", "issuer"));
    return this.#key;
  }
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function readOrMake(folder: string): KeyObject {
  const file = join(folder, "key.pem");
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, ".gitignore"), "*\n");
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    writeOnce(file, privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  }
  return createPrivateKey(readFileSync(file, "utf8"));
}

/** Another process may have been first: its key counts. */
function writeOnce(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600, flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}
