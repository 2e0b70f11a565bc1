import { bodyParts, FoundParts } from "../mapping/json/body-parts.js";

/** Names, lower case, whose values are secrets: of headers, of query parameters, of members of an event. */
const secrets: ReadonlySet<string> = new Set([
  "access_token",
  "api_key",
  "apikey",
  "authorization",
  "client_secret",
  "cookie",
  "cookies",
  "id_token",
  "password",
  "proxy-authorization",
  "refresh_token",
  "secret",
  "secretaccesskey",
  "sessiontoken",
  "set-cookie",
  "token",
  "x-amz-credential",
  "x-amz-security-token",
  "x-amz-signature",
  "x-api-key",
]);

/** Names that people give to secrets of their own: `X-Secret`, `clientPassword`, `x-csrf-token`. */
const secretForm = /(?:secret|password|passwd|passphrase|credentials?|api[-_]?key)$|(?:^|[-_])(?:token|session)$/i;

/** All but the last four characters of a secret, as API Gateway's logs have it (aws-behaviour.md section 30). */
export function redactedText(value: string): string {
  return value.length <= 8 ? "****" : `****${value.slice(-4)}`;
}

function isSecretName(name: string): boolean {
  return secrets.has(name.toLowerCase()) || secretForm.test(name);
}

const wholeBody = bodyParts([{ steps: [], definite: true }]);

/**
 * Whether a text hides nothing from a search for secrets: of members that are there twice JSON.parse sees the last alone, and
 * a value may be spelt with escapes that need not be.
 */
function isKeptWhole(text: string): boolean {
  return !/\\[u/]/.test(text) && FoundParts.of(text, wholeBody) !== undefined;
}

/** How much of a text is parsed to find its secrets. */
const maxParsed = 65_536;
/** A shorter value would be found in texts that have nothing to do with it. */
const leastLearnt = 6;

/**
 * Masks secrets in what is logged or shown of one request: by the names of headers, parameters and members, and wherever else
 * a value comes up that has been masked once, as where a template gives it another name.
 */
export class Redactor {
  readonly #learnt = new Set<string>();

  /** @param names  secrets of the route beside those that everybody knows, in lower case: what its types say is a password */
  constructor(private readonly names: readonly string[] = []) {}

  isSecret(name: string): boolean {
    return isSecretName(name) || (this.names.length > 0 && this.names.includes(name.toLowerCase()));
  }

  /** A flat list of headers as pairs, secrets masked. */
  headers(list: readonly string[]): readonly (readonly [string, string])[] {
    return list.flatMap((name, at) => (at % 2 === 0 ? [this.pair(name, list[at + 1] ?? "")] : []));
  }

  pair(name: string, value: string): readonly [string, string] {
    if (!this.isSecret(name)) return [name, value];
    const masked = this.#mask(value);
    if (name.toLowerCase() === "authorization") this.#learnParts(value);
    return [name, masked];
  }

  /** `Bearer …`, and `AWS4-HMAC-SHA256 Credential=…, Signature=…`: what is behind the scheme comes up by itself too. */
  #learnParts(value: string): void {
    const [, ...parts] = value.split(/[\s,]+/);
    for (const part of parts) {
      const [, name = "", text = part] = /^(\w+)=(.+)$/.exec(part) ?? [];
      if (name !== "SignedHeaders") this.#learn(text);
    }
  }

  /** A query, or a form, with the values of secret parameters masked. */
  query(query: string): string {
    return query.replace(/([^&=]+)=([^&]*)/g, (pair, name: string, value: string) =>
      this.isSecret(decoded(name)) ? `${name}=${this.#maskEncoded(value)}` : pair,
    );
  }

  /** JSON data with secrets masked by the names of their members, also in texts that are JSON themselves; deep data is cut. */
  value(value: unknown, depth = 0): unknown {
    if (depth > 12) return "…";
    if (typeof value === "string") return looksLikeJson(value) ? this.body(value) : value;
    if (Array.isArray(value)) return value.map((item) => this.value(item, depth + 1));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        this.isSecret(name) ? this.#masked(member) : this.value(member, depth + 1),
      ]),
    );
  }

  /** A body, as JSON or as a form: as it is written, where nothing of it is masked; one that is too large to be read through is not shown. */
  body(text: string): string {
    if (looksLikeJson(text)) {
      if (text.length > maxParsed) return `(${text.length} characters)`;
      try {
        const data: unknown = JSON.parse(text);
        const shown = JSON.stringify(this.value(data));
        return shown === JSON.stringify(data) && isKeptWhole(text) ? text : shown;
      } catch {
        return this.#members(text);
      }
    }
    return /^[^\s=&]+=[^\s]*$/.test(text.slice(0, 2048)) ? this.query(text) : text;
  }

  /** Any text, without the values that have been masked before. */
  text(text: string): string {
    let shown = text;
    for (const value of this.#learnt) shown = shown.replaceAll(value, redactedText(value));
    return shown;
  }

  /** The same for all texts of some data. */
  texts(value: unknown): unknown {
    if (this.#learnt.size === 0) return value;
    if (typeof value === "string") return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.texts(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, this.texts(member)]));
  }

  /** Text that looks like JSON and is none: members are masked as far as they can be told. */
  #members(text: string): string {
    return text.replace(
      /"([^"\\]{1,64})"(\s*:\s*)"((?:[^"\\]|\\.)*)"?/g,
      (whole, name: string, colon: string, value: string) =>
        this.isSecret(name) ? `"${name}"${colon}"${this.#mask(value)}"` : whole,
    );
  }

  #masked(value: unknown): unknown {
    if (typeof value === "string") return this.#mask(value);
    if (Array.isArray(value)) return value.map((item) => this.#masked(item));
    return value === null || value === undefined ? value : "****";
  }

  #maskEncoded(value: string): string {
    const plain = decoded(value);
    if (plain !== value) this.#learn(plain);
    return this.#mask(value);
  }

  #mask(value: string): string {
    this.#learn(value);
    return redactedText(value);
  }

  #learn(value: string): void {
    if (value.length < leastLearnt || value.startsWith("****") || this.#learnt.size >= 200) return;
    this.#learnt.add(value);
    const escaped = JSON.stringify(value).slice(1, -1);
    if (escaped !== value) this.#learnt.add(escaped);
  }
}

function looksLikeJson(text: string): boolean {
  return /^\s*[{[]/.test(text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
