import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Pair {
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
}

export interface PairOptions {
  readonly issuer?: Pair;
  /** Authorities may sign. */
  readonly isAuthority?: boolean;
  readonly names?: readonly string[];
  /** Days from now that it is good for; negative: it has ended. */
  readonly days?: number;
}

/** Makes certificates with openssl, in a folder of their own. */
export class Certificates {
  readonly folder = mkdtempSync(join(tmpdir(), "gateway-certificates-"));
  #serial = 0x1000;

  /** @param subject  `/C=NO/O=Test/CN=client` */
  make(subject: string, { issuer, isAuthority = false, names = [], days = 2 }: PairOptions = {}): Pair {
    const serial = (this.#serial++).toString(16);
    const path = (name: string) => join(this.folder, `${serial}.${name}`);
    const run = (...args: readonly string[]) => execFileSync("openssl", args, { stdio: ["ignore", "pipe", "ignore"] });
    const alternatives = names.length > 0 ? `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}\n` : "";
    writeFileSync(path("ext"), `basicConstraints=critical,CA:${isAuthority ? "TRUE" : "FALSE"}\n${alternatives}`);
    run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path("key"));
    run("req", "-new", "-key", path("key"), "-subj", subject, "-out", path("csr"));
    const signer = issuer ? this.#files(issuer, path) : ["-signkey", path("key")];
    run(
      "x509",
      "-req",
      "-in",
      path("csr"),
      ...signer,
      "-set_serial",
      `0x${serial}`,
      "-days",
      String(days),
      "-extfile",
      path("ext"),
      "-out",
      path("pem"),
    );
    return { certificate: readFileSync(path("pem"), "utf8"), key: readFileSync(path("key"), "utf8") };
  }

  #files(issuer: Pair, path: (name: string) => string): readonly string[] {
    writeFileSync(path("ca.pem"), issuer.certificate);
    writeFileSync(path("ca.key"), issuer.key);
    return ["-CA", path("ca.pem"), "-CAkey", path("ca.key")];
  }

  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
