import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";

export interface Frame {
  readonly opcode: number;
  readonly final: boolean;
  readonly rsv: number;
  readonly payload: Buffer;
}

/** A WebSocket client that can do what none should: it sends any bytes and reads frames as they are. */
export class RawWebSocket {
  readonly frames: Frame[] = [];
  /** Status and head of the handshake's answer. */
  head = "";
  isEnded = false;
  #bytes = Buffer.alloc(0);
  #wake: (() => void)[] = [];

  private constructor(readonly socket: Socket) {
    RawWebSocket.#last = this;
    socket.on("data", (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#read();
    });
    const end = () => {
      this.isEnded = true;
      this.#notify();
    };
    socket.on("end", end).on("close", end).on("error", end);
  }

  static #last: RawWebSocket;

  /** The client that was made last, also while its handshake is under way. */
  static last(): RawWebSocket {
    return RawWebSocket.#last;
  }

  /** Any handshake, as it is. */
  static async raw(port: number, request: string): Promise<RawWebSocket> {
    const client = new RawWebSocket(connect(port, "127.0.0.1"));
    client.socket.write(request);
    await client.until(() => client.head !== "" || client.isEnded);
    return client;
  }

  static async open(
    port: number,
    path = "/dev",
    headers: readonly string[] = [],
    host = "localhost",
  ): Promise<RawWebSocket> {
    return RawWebSocket.raw(
      port,
      [
        `GET ${path} HTTP/1.1`,
        `Host: ${host}`,
        "Upgrade: websocket",
        "Connection: Upgrade",
        `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
        "Sec-WebSocket-Version: 13",
        ...headers,
        "\r\n",
      ].join("\r\n"),
    );
  }

  /** One frame with a mask; `rsv` and `masked` as no client should. */
  frame(
    opcode: number,
    payload: Buffer | string = "",
    options: { final?: boolean; rsv?: number; masked?: boolean } = {},
  ): Buffer {
    const { final = true, rsv = 0, masked = true } = options;
    const bytes = Buffer.from(payload as string);
    const length =
      bytes.length < 126
        ? Buffer.from([bytes.length])
        : bytes.length < 65_536
          ? Buffer.from([126, bytes.length >> 8, bytes.length & 255])
          : Buffer.concat([Buffer.from([127, 0, 0, 0, 0]), uint32(bytes.length)]);
    (length as Buffer)[0] = (length[0] as number) | (masked ? 0x80 : 0);
    const mask = randomBytes(4);
    const body = masked ? bytes.map((byte, at) => byte ^ (mask[at & 3] as number)) : bytes;
    return Buffer.concat([
      Buffer.from([(final ? 0x80 : 0) | (rsv << 4) | opcode]),
      length,
      masked ? mask : Buffer.alloc(0),
      body,
    ]);
  }

  send(...frames: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(frames));
  }

  /** Octet by octet, as Autobahn's "chopped" cases. */
  async sendChopped(bytes: Buffer, size = 1): Promise<void> {
    for (let at = 0; at < bytes.length; at += size) {
      this.socket.write(bytes.subarray(at, at + size));
      if (at % 64 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  text(text: string): void {
    this.send(this.frame(1, text));
  }

  /** The next message or control frame. */
  async next(): Promise<Frame> {
    await this.until(() => this.frames.length > 0 || this.isEnded);
    const frame = this.frames.shift();
    if (frame === undefined) throw new Error("the connection ended without a frame");
    return frame;
  }

  async nextText(): Promise<string> {
    const frame = await this.next();
    if (frame.opcode !== 1) throw new Error(`a frame of opcode ${frame.opcode}: ${frame.payload.toString("hex")}`);
    return frame.payload.toString("utf8");
  }

  /** Code of the close frame that comes next, whatever messages come before it; undefined when it has none. */
  async closeCode(): Promise<number | undefined> {
    for (;;) {
      const frame = await this.next();
      if (frame.opcode === 8) return frame.payload.length >= 2 ? frame.payload.readUInt16BE(0) : undefined;
    }
  }

  async ended(): Promise<void> {
    await this.until(() => this.isEnded);
  }

  async until(isDone: () => boolean): Promise<void> {
    const timeout = setTimeout(() => this.socket.destroy(), 5000);
    while (!isDone()) await new Promise<void>((resolve) => this.#wake.push(resolve));
    clearTimeout(timeout);
  }

  close(): void {
    this.socket.destroy();
  }

  #read(): void {
    if (this.head === "") {
      const end = this.#bytes.indexOf("\r\n\r\n");
      if (end === -1) return;
      this.head = this.#bytes.toString("latin1", 0, end);
      this.#bytes = this.#bytes.subarray(end + 4);
    }
    if (this.head.startsWith("HTTP/1.1 101")) {
      for (let frame = this.#readFrame(); frame; frame = this.#readFrame()) this.frames.push(frame);
    }
    this.#notify();
  }

  #readFrame(): Frame | undefined {
    const bytes = this.#bytes;
    if (bytes.length < 2) return undefined;
    const [first, second] = [bytes[0] as number, bytes[1] as number];
    const short = second & 0x7f;
    const start = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (bytes.length < start) return undefined;
    const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
    if (bytes.length < start + length) return undefined;
    this.#bytes = bytes.subarray(start + length);
    const payload = Buffer.from(bytes.subarray(start, start + length));
    return { opcode: first & 15, final: (first & 128) !== 0, rsv: (first >> 4) & 7, payload };
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const resolve of wake) resolve();
  }

  /** The body behind a refused handshake, once it is whole. */
  async refusal(): Promise<string> {
    await this.ended();
    return this.#bytes.toString("utf8");
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
