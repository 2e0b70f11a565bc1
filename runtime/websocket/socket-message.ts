import { type Found, findMember } from "./scan-json.js";

/** A longer message is parsed at once: `JSON.parse` is the faster of the two where strings are long. It cannot nest too deep, either. */
const maxScannedBytes = 512;

/** A whole message of a client: its text, and its bytes for those who want them. */
export class SocketMessage {
  #body: Buffer | undefined = undefined;

  constructor(
    readonly text: string,
    /** Holds the message from `start` to `end` while its route is chosen, and something else later. */
    readonly data: Buffer,
    private readonly start: number,
    private readonly end: number,
  ) {}

  /** Made when first asked for: few routes look at bytes. */
  get body(): Buffer {
    this.#body ??= Buffer.from(this.text, "utf8");
    return this.#body;
  }

  /**
   * Where the value of a member stands in `data` that is a string, as `JSON.parse` would have it, if that can be told
   * without parsing. Only while the route is chosen; the next call overwrites what it returns.
   *
   * @param name  of the member, in UTF-8
   * @returns undefined: the message has to be parsed, and may be no JSON
   */
  find(name: Uint8Array): Found | undefined {
    const { data, start, end } = this;
    return end - start <= maxScannedBytes && findMember(data, start, end, name, found) ? found : undefined;
  }
}

const found: Found = { start: 0, end: 0 };
