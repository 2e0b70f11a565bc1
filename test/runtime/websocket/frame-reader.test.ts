import fc from "fast-check";
import { expect, test } from "vitest";
import { FrameReader } from "../../../runtime/websocket/frame-reader.js";
import { textFrame, writeHead } from "../../../runtime/websocket/frame-writer.js";

/** Takes so many messages at once, and is blocked then until it is released. */
class Client {
  readonly texts: string[] = [];
  #atWork = 0;
  readonly reader: FrameReader;

  constructor(private readonly atOnce: number) {
    this.reader = new FrameReader(this, { messageBytes: 4096, frameBytes: 4096 }, false);
  }

  get isBlocked(): boolean {
    return this.#atWork >= this.atOnce;
  }

  onText(text: string): void {
    this.texts.push(text);
    this.#atWork++;
  }

  onMessage(data: Buffer, start: number, end: number): void {
    this.onText(data.toString("utf8", start, end));
  }

  onPing(): void {}
  onPong(): void {}
  onClose(): void {}

  release(): void {
    while (this.isBlocked) {
      this.#atWork = 0;
      this.reader.resume();
    }
  }
}

/** As a client sends it (RFC 6455 section 5.3). */
function masked(text: string, mask: Buffer): Buffer {
  const payload = Buffer.from(text).map((byte, at) => byte ^ (mask[at & 3] as number));
  const head = Buffer.alloc(14);
  const length = writeHead(head, 0, textFrame, payload.length);
  head[1] = (head[1] as number) | 0x80;
  return Buffer.concat([head.subarray(0, length), mask, payload]);
}

const text = fc.oneof(fc.string({ maxLength: 200 }), fc.string({ unit: "grapheme", maxLength: 60 }));
const frame = fc.record({ text, mask: fc.uint8Array({ minLength: 4, maxLength: 4 }) });

test("messages are the same however they come: many in a piece, cut anywhere, and while no more are taken", () => {
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 30 }),
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 0, max: 3 }),
      (frames, atOnce, sizes, offset) => {
        const bytes = Buffer.concat(frames.map(({ text, mask }) => masked(text, Buffer.from(mask))));
        const client = new Client(atOnce);
        for (let at = 0, piece = 0; at < bytes.length; piece++) {
          const size = sizes[piece % sizes.length] as number;
          // Memory is read four bytes at a time where it begins at a multiple of four.
          const received = Buffer.alloc(offset + size).subarray(offset);
          const length = bytes.copy(received, 0, at, at + size);
          client.reader.read(received, length);
          at += length;
          if (piece % 2 === 1) client.release();
        }
        client.release();
        expect(client.texts).toEqual(frames.map(({ text }) => Buffer.from(text).toString()));
      },
    ),
    { numRuns: 500 },
  );
});
