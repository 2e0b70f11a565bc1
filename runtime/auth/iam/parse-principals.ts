import { createHash } from "node:crypto";
import { anonymousIdentity, type Caller } from "../caller.js";
import { compilePolicy } from "../policy/index.js";
import type { AccessKey, Principal } from "./principal.js";

/** A directory that is none. The message says every mistake, one a line, and repeats no value. */
export class DirectoryError extends Error {
  override readonly name = "DirectoryError";
}

type Environment = Readonly<Record<string, string | undefined>>;
type Members = Readonly<Record<string, unknown>>;

/**
 * Reads a directory of principals.
 *
 * ```json
 * { "principals": [ {
 *     "arn": "arn:aws:iam::123456789012:user/ann",
 *     "org": "o-exampleorg", "tags": { "team": "shop" },
 *     "policies": [ { "Version": "2012-10-17", "Statement": [ … ] } ],
 *     "keys": [ { "accessKeyId": "AKIA…", "secretAccessKey": "${env.ANN_SECRET}", "sessionToken": "…", "expires": "2030-01-01T00:00:00Z" } ]
 * } ] }
 * ```
 *
 * @returns access keys by their id
 * @throws DirectoryError
 */
export function parsePrincipals(text: string, environment: Environment): ReadonlyMap<string, AccessKey> {
  const reader = new DirectoryReader(environment);
  const keys = reader.read(parseJson(text));
  if (reader.problems.length > 0) throw new DirectoryError(reader.problems.join("\n"));
  return keys;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Node's message quotes the text, which may be a secret.
    throw new DirectoryError("it is no JSON");
  }
}

class DirectoryReader {
  readonly problems: string[] = [];
  readonly #keys = new Map<string, AccessKey>();

  constructor(private readonly environment: Environment) {}

  read(document: unknown): ReadonlyMap<string, AccessKey> {
    const root = this.#object(document, "the file", ["principals"]);
    for (const [index, entry] of this.#list(root["principals"], "principals").entries()) {
      this.#readPrincipal(entry, `principals[${index}]`);
    }
    return this.#keys;
  }

  #readPrincipal(entry: unknown, at: string): void {
    const members = this.#object(entry, at, ["arn", "id", "org", "session", "tags", "policies", "keys"]);
    const arn = this.#text(members["arn"], `${at}.arn`) ?? "";
    const name = arnName.exec(arn);
    if (name === null) {
      this.problems.push(`${at}.arn: no ARN of a user, a role or the session of a role`);
      return;
    }
    const session = this.#text(members["session"], `${at}.session`, "optional");
    const principal: Principal = {
      ...identityOf(name, arn, session),
      ...this.#idOf(members, at, name, arn, session),
      orgId: this.#text(members["org"], `${at}.org`, "optional"),
      tags: this.#tags(members["tags"], `${at}.tags`),
      policies: this.#policies(members["policies"], `${at}.policies`),
    };
    for (const [index, key] of this.#list(members["keys"], `${at}.keys`).entries()) {
      this.#readKey(key, `${at}.keys[${index}]`, principal);
    }
  }

  #idOf(members: Members, at: string, [, , , kind = ""]: RegExpExecArray, arn: string, session: string | undefined) {
    const isUser = kind === "user" || kind === "root";
    const made = `${isUser ? "AIDA" : "AROA"}${idLetters(arn)}`;
    const id = this.#text(members["id"], `${at}.id`, "optional") ?? made;
    return { id: isUser ? id : `${id}:${session ?? arn.split("/")[2] ?? defaultSession}` };
  }

  #readKey(key: unknown, at: string, principal: Principal): void {
    const names = ["accessKeyId", "secretAccessKey", "sessionToken", "expires", "enabled"];
    const members = this.#object(key, at, names);
    const accessKeyId = this.#text(members["accessKeyId"], `${at}.accessKeyId`);
    const secretAccessKey = this.#text(members["secretAccessKey"], `${at}.secretAccessKey`);
    const sessionToken = this.#text(members["sessionToken"], `${at}.sessionToken`, "optional");
    const expires = this.#text(members["expires"], `${at}.expires`, "optional");
    const expiresAtMs = expires === undefined ? undefined : Date.parse(expires);
    if (expiresAtMs !== undefined && Number.isNaN(expiresAtMs))
      this.problems.push(`${at}.expires: no time of ISO 8601`);
    const { enabled = true } = members;
    if (typeof enabled !== "boolean") this.problems.push(`${at}.enabled: true or false`);
    if (accessKeyId === undefined || secretAccessKey === undefined || enabled !== true) return;
    if (!/^\w{4,128}$/.test(accessKeyId)) this.problems.push(`${at}.accessKeyId: letters and digits, 4 to 128`);
    if (this.#keys.has(accessKeyId)) this.problems.push(`${at}.accessKeyId: it is there twice`);
    const caller = callerOf(accessKeyId, principal);
    this.#keys.set(accessKeyId, { accessKeyId, secretAccessKey, sessionToken, expiresAtMs, principal, caller });
  }

  #policies(value: unknown, at: string) {
    return this.#list(value, at).flatMap((document, index) => {
      try {
        return [compilePolicy(document, { kind: "identity" })];
      } catch (error) {
        this.problems.push(`${at}[${index}]: ${error instanceof Error ? error.message : error}`);
        return [];
      }
    });
  }

  #tags(value: unknown, at: string): ReadonlyMap<string, string> {
    if (value === undefined) return new Map();
    const tags = Object.entries(this.#object(value, at));
    return new Map(tags.map(([name, tag]) => [name.toLowerCase(), this.#text(tag, `${at}.${name}`) ?? ""]));
  }

  #object(value: unknown, at: string, known?: readonly string[]): Members {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.problems.push(`${at}: an object is wanted`);
      return {};
    }
    for (const name of Object.keys(value)) {
      if (known !== undefined && !known.includes(name)) this.problems.push(`${at}: there is no member "${name}"`);
    }
    return value as Members;
  }

  #list(value: unknown, at: string): readonly unknown[] {
    if (value === undefined) return [];
    if (Array.isArray(value)) return value;
    this.problems.push(`${at}: a list is wanted`);
    return [];
  }

  /** With `${env.X}` filled in; a variable that is not set is a mistake. */
  #text(value: unknown, at: string, need: "required" | "optional" = "required"): string | undefined {
    if (value === undefined && need === "optional") return undefined;
    if (typeof value !== "string" || value === "") {
      this.problems.push(`${at}: a text is wanted`);
      return undefined;
    }
    return value.replace(/\$\{env\.(\w+)\}/g, (_, name: string) => {
      const found = this.environment[name];
      if (found === undefined || found === "") this.problems.push(`${at}: environment variable ${name} is not set`);
      return found ?? "";
    });
  }
}

const arnName = /^arn:(aws[\w-]*):(?:iam|sts)::(\d{12}):(user|role|assumed-role|root)(?:\/([\w+=,.@/-]+))?$/;
const defaultSession = "gateway";

/** A role calls by a session of its own; its policies name the role, its ARN the session. */
function identityOf(
  [, partition, accountId = "", kind, path = ""]: RegExpExecArray,
  arn: string,
  session = defaultSession,
): Pick<Principal, "arn" | "arns" | "accountId" | "userName"> {
  if (kind === "user") return { arn, arns: [arn], accountId, userName: path.slice(path.lastIndexOf("/") + 1) };
  if (kind === "root") return { arn, arns: [arn], accountId, userName: undefined };
  const role = kind === "assumed-role" ? `arn:${partition}:iam::${accountId}:role/${path.split("/")[0]}` : arn;
  const own =
    kind === "assumed-role"
      ? arn
      : `arn:${partition}:sts::${accountId}:assumed-role/${path.slice(path.lastIndexOf("/") + 1)}/${session}`;
  return { arn: own, arns: [own, role], accountId, userName: undefined };
}

/** Seventeen letters and digits that look like AWS's, made of the ARN. */
function idLetters(arn: string): string {
  const digest = createHash("sha256").update(arn).digest();
  return Array.from(digest.subarray(0, 17), (byte) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[byte % 32]).join("");
}

function callerOf(accessKeyId: string, { accountId, arn, id, orgId }: Principal): Caller {
  const identity = {
    ...anonymousIdentity,
    accessKey: accessKeyId,
    accountId,
    caller: id,
    user: id,
    userArn: arn,
    principalOrgId: orgId ?? null,
  };
  return { authorizer: { kind: "iam" }, cacheIdentity: `iam:${arn}`, identity, usageIdentifierKey: undefined };
}
