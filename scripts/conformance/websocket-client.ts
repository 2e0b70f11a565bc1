import type { Socket } from "node:net";

/** How long a frame that should not come is waited for. */
const quietMs = 150;

/** A small WebSocket client for the cases: text, fragments, bytes, and what comes back. */
export class ConformanceSocket {
  /** Of the handshake's answer. */
  status = 0;
  readonly #texts: string[] = [];
  #closeCode: number | null = null;
  #isOver = false;
  #bytes = Buffer.alloc(0);
  #wake: () => void = () => undefined;

  private constructor(private readonly socket: Socket) {
    socket.on("data", (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#read();
      this.#wake();
    });
    const over = () => {
      this.#isOver = true;
      this.#wake();
    };
    socket.on("end", over).on("close", over).on("error", over);
  }

  static async open(socket: Socket): Promise<ConformanceSocket> {
    const client = new ConformanceSocket(socket);
    socket.write(
      "GET /dev HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
    );
    await client.#until(() => client.status !== 0);
    return client;
  }

  text(text: string): void {
    this.#send(0x81, Buffer.from(text));
  }

  binary(bytes: Buffer): void {
    this.#send(0x82, bytes);
  }

  /** One message of so many bytes, in frames of at most `frameBytes`. */
  fragments(total: number, frameBytes: number): void {
    for (let at = 0; at < total; at += frameBytes) {
      const size = Math.min(frameBytes, total - at);
      const isLast = at + size >= total;
      this.#send((at === 0 ? 1 : 0) | (isLast ? 0x80 : 0), Buffer.alloc(size, 0x78));
    }
  }

  /** Undefined when the connection ends before a text comes. */
  async nextText(): Promise<string | undefined> {
    await this.#until(() => this.#texts.length > 0);
    return this.#texts.shift();
  }

  /** Null when nothing comes for a moment. */
  async nextTextOrNothing(): Promise<string | null> {
    const quiet = new Promise<void>((resolve) => setTimeout(resolve, quietMs));
    await Promise.race([this.#until(() => this.#texts.length > 0), quiet]);
    return this.#texts.shift() ?? null;
  }

  async closeCode(): Promise<number | null> {
    await this.#until(() => this.#closeCode !== null);
    return this.#closeCode;
  }

  end(): void {
    this.socket.destroy();
  }

  async #until(isDone: () => boolean): Promise<void> {
    while (!isDone() && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #send(first: number, payload: Buffer): void {
    const { length } = payload;
    const head = Buffer.alloc(length < 126 ? 6 : length < 65_536 ? 8 : 14);
    head[0] = first;
    if (length < 126) head[1] = 0x80 | length;
    else if (length < 65_536) {
      head[1] = 0x80 | 126;
      head.writeUInt16BE(length, 2);
    } else {
      head[1] = 0x80 | 127;
      head.writeBigUInt64BE(BigInt(length), 2);
    }
    // A mask of zeros leaves the payload as it is.
    this.socket.write(Buffer.concat([head, payload]));
  }

  #read(): void {
    if (this.status === 0) {
      const end = this.#bytes.indexOf("\r\n\r\n");
      if (end === -1) return;
      this.status = Number(this.#bytes.toString("latin1", 9, 12));
      this.#bytes = this.#bytes.subarray(end + 4);
    }
    if (this.status !== 101) return;
    for (;;) {
      const bytes = this.#bytes;
      if (bytes.length < 2) return;
      const short = bytes[1] as number;
      const start = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (bytes.length < start) return;
      const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
      if (bytes.length < start + length) return;
      const payload = bytes.subarray(start, start + length);
      this.#bytes = bytes.subarray(start + length);
      const opcode = (bytes[0] as number) & 15;
      if (opcode === 1) this.#texts.push(payload.toString("utf8"));
      if (opcode === 8) this.#closeCode = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
    }
  }
}
