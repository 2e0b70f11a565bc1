import { STATUS_CODES } from "node:http";
import { type RefusalKind, refusalBody, refusalFields, refusals } from "../refusals.js";

/** Writes the heads of answers; one for a server. */
export class AnswerHeads {
  /** Names seen and allowed: most answers carry the same dozen, and a look-up is a fifth of the pattern's time. */
  readonly #allowedNames = new Set<string>();
  #second = Number.NaN;
  #date = "";
  readonly #keepAlive: string;

  /**
   * @param now  wall clock, ms
   * @param keepAliveMs  told to clients, so that they do not use a connection that is about to be closed
   */
  constructor(
    private readonly now: () => number,
    keepAliveMs: number,
  ) {
    this.#keepAlive = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveMs / 1000)}\r\n`;
  }

  /**
   * The head of an answer, with its empty line. Names and values are looked at before anything is written: what HTTP
   * does not allow never reaches a connection.
   *
   * @param headers  flat list
   * @throws RangeError for a status, TypeError for a name or value that HTTP does not allow
   */
  head(status: number, headers: readonly string[], closes: boolean, isChunked: boolean): string {
    if (!(status >= 200 && status <= 599) || !Number.isInteger(status)) throw new RangeError(`status ${status}`);
    let head = statusLines[status] ?? `HTTP/1.1 ${status} Unknown\r\n`;
    for (let at = 0; at < headers.length; at += 2) {
      const name = headers[at] as string;
      const value = headers[at + 1] as string;
      if (!this.#isName(name)) throw new TypeError(`header name ${JSON.stringify(name)}`);
      if (!isValue(value)) throw new TypeError(`value of header ${name}`);
      head += `${name}: ${value}\r\n`;
    }
    head += `${this.#dateLine()}${closes ? "Connection: close\r\n" : this.#keepAlive}`;
    return isChunked ? `${head}Transfer-Encoding: chunked\r\n\r\n` : `${head}\r\n`;
  }

  /** A whole answer of the gate, with its body unless it answers HEAD. */
  refusal(kind: RefusalKind, closes: boolean, hasBody: boolean): string {
    const { status } = refusals[kind];
    const connection = closes ? "Connection: close\r\n" : this.#keepAlive;
    const head = `${statusLines[status]}${refusalFields(kind)}${this.#dateLine()}${connection}\r\n`;
    return hasBody ? head + refusalBody(refusals[kind]) : head;
  }

  #isName(name: string): boolean {
    if (this.#allowedNames.has(name)) return true;
    if (!tokenForm.test(name)) return false;
    if (this.#allowedNames.size < maxKnownNames) this.#allowedNames.add(name);
    return true;
  }

  /** Made once a second (RFC 9110 section 6.6.1). */
  #dateLine(): string {
    const second = Math.floor(this.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#date = `Date: ${new Date(second * 1000).toUTCString()}\r\n`;
    }
    return this.#date;
  }
}

const maxKnownNames = 1000;
const tokenForm = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

const statusLines: readonly (string | undefined)[] = Array.from({ length: 600 }, (_, status) =>
  STATUS_CODES[status] === undefined ? undefined : `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`,
);

/** RFC 9110 section 5.5: no control character but the tab, nothing beyond one byte. */
function isValue(value: string): boolean {
  for (let at = 0; at < value.length; at++) {
    const character = value.charCodeAt(at);
    if ((character < 0x20 && character !== 0x09) || character === 0x7f || character > 0xff) return false;
  }
  return true;
}
