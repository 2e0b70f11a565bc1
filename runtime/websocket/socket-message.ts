import { type Found, findMember } from "./scan-json.js";

/** A longer message is parsed at once: `JSON.parse` is the faster of the two where strings are long. It cannot nest too deep, either. */
const maxScannedBytes = 512;

/** A whole message of a client: its text, and its bytes for those who want them. */
export class SocketMessage {
  #body: Buffer | undefined = undefined;

  constructor(
    readonly text: string,
    /** Holds the message from `start` to `end`; nobody writes to it any more. */
    private readonly data: Buffer,
    private readonly start: number,
    private readonly end: number,
  ) {}

  /** Made when first asked for: few routes look at bytes. */
  get body(): Buffer {
    this.#body ??= this.data.subarray(this.start, this.end);
    return this.#body;
  }

  /**
   * A member of the message that is a string, as `JSON.parse` would have it, where that can be told without parsing.
   *
   * @param name  bytes of the member's name
   * @returns undefined: the message has to be parsed, and may be no JSON
   */
  member(name: Uint8Array): string | undefined {
    const { data, start, end, text } = this;
    const bytes = end - start;
    if (bytes > maxScannedBytes || !findMember(data, start, end, name, found)) return undefined;
    const isAscii = text.length === bytes;
    return isAscii ? text.slice(found.start - start, found.end - start) : data.toString("utf8", found.start, found.end);
  }
}

/** Read before anything else can be looked for. */
const found: Found = { start: 0, end: 0 };
