import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createGateway, type Gateway } from "../../../runtime/host/gateway.js";
import { echo, socketProgram } from "../../../scripts/conformance/socket-program.js";
import { RawWebSocket } from "../../support/raw-websocket.js";

/**
 * The case list of the Autobahn test suite, sections 1 to 7, 9 and 10, by an own client. Where Autobahn expects an echo
 * of binary messages, API Gateway closes with 1003; messages and frames have its limits.
 */
let gateway: Gateway;
let port: number;

beforeAll(async () => {
  gateway = createGateway({ program: socketProgram({ $default: echo }), environment: {} });
  ({ port } = await gateway.listen());
});

afterAll(() => gateway.close({ drainMs: 100 }));

async function withClient<T>(use: (client: RawWebSocket) => Promise<T>): Promise<T> {
  const client = await RawWebSocket.open(port);
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

/** The connection is of use afterwards: a message comes back. */
async function isAlive(client: RawWebSocket): Promise<void> {
  client.text("still here");
  expect(await client.nextText()).toBe("still here");
}

describe("1 framing", () => {
  test.each([1, 125, 126, 127, 128, 32_767, 32_768])("1.1 a text of %d bytes comes back", (length) =>
    withClient(async (client) => {
      const text = "*".repeat(length);
      client.text(text);
      expect(await client.nextText()).toBe(text);
    }),
  );

  test.each([1, 7, 997])("1.1.8 a text of 65,536 bytes in frames, sent in pieces of %d", (size) =>
    withClient(async (client) => {
      const half = "*".repeat(32_768);
      const bytes = Buffer.concat([client.frame(1, half, { final: false }), client.frame(0, half)]);
      if (size === 1) client.send(bytes);
      else await client.sendChopped(bytes, size);
      expect(await client.nextText()).toBe(half + half);
    }),
  );

  test.each([0, 1, 125, 126, 65_536])("1.2 a binary message of %d bytes is refused", (length) =>
    withClient(async (client) => {
      client.send(client.frame(2, Buffer.alloc(length)));
      expect(await client.closeCode()).toBe(1003);
      await client.ended();
    }),
  );
});

describe("answers of every size", () => {
  test.each(["a", "ü", "語", "😀"])("%s, around the sizes at which a frame's head grows", (letter) =>
    withClient(async (client) => {
      for (const bytes of [1, 124, 125, 126, 127, 375, 1024, 1025, 3072, 32_760]) {
        const text = letter.repeat(Math.max(1, Math.floor(bytes / Buffer.byteLength(letter))));
        client.send(client.frame(1, text), client.frame(1, `${text}x`));
        expect(await client.nextText()).toBe(text);
        expect(await client.nextText()).toBe(`${text}x`);
      }
      const half = letter.repeat(Math.floor(32_768 / Buffer.byteLength(letter)));
      client.send(client.frame(1, half, { final: false }), client.frame(0, half));
      expect(await client.nextText()).toBe(half + half);
    }),
  );
});

describe("2 pings and pongs", () => {
  test.each([
    ["2.1 without payload", Buffer.alloc(0)],
    ["2.2 with text", Buffer.from("Hello, world!")],
    ["2.3 with bytes", Buffer.from([0x00, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0x00, 0xff])],
    ["2.4 with 125 bytes", Buffer.alloc(125, 0xfe)],
  ])("%s", (_, payload) =>
    withClient(async (client) => {
      client.send(client.frame(9, payload));
      const frame = await client.next();
      expect([frame.opcode, frame.final, frame.payload]).toEqual([10, true, payload]);
      await isAlive(client);
    }),
  );

  test("2.5 with 126 bytes", () =>
    withClient(async (client) => {
      client.send(client.frame(9, Buffer.alloc(126)));
      expect(await client.closeCode()).toBe(1002);
    }));

  test("2.6 a ping octet by octet", () =>
    withClient(async (client) => {
      await client.sendChopped(client.frame(9, Buffer.alloc(125, 0xfe)));
      expect((await client.next()).payload).toEqual(Buffer.alloc(125, 0xfe));
    }));

  test.each(["", "unsolicited"])("2.7, 2.8 an unsolicited pong (%j) is nothing", (payload) =>
    withClient(async (client) => {
      client.send(client.frame(10, payload));
      await isAlive(client);
    }),
  );

  test("2.9 a pong, then a ping", () =>
    withClient(async (client) => {
      client.send(client.frame(10, "a"), client.frame(9, "b"));
      expect((await client.next()).payload.toString()).toBe("b");
    }));

  test.each([false, true])("2.10, 2.11 ten pings are answered in order (chopped: %s)", (isChopped) =>
    withClient(async (client) => {
      const pings = Buffer.concat(Array.from({ length: 10 }, (_, at) => client.frame(9, `payload ${at}`)));
      if (isChopped) await client.sendChopped(pings);
      else client.send(pings);
      for (let at = 0; at < 10; at++) expect((await client.next()).payload.toString()).toBe(`payload ${at}`);
    }),
  );
});

describe("3 reserved bits", () => {
  test.each([1, 2, 3, 4, 5, 6, 7])("3.1–3.7 RSV %d", (rsv) =>
    withClient(async (client) => {
      client.send(client.frame(1, "Hello", { rsv }), client.frame(9));
      expect(await client.closeCode()).toBe(1002);
      await client.ended();
    }),
  );

  test("3.2 a message before is answered", () =>
    withClient(async (client) => {
      client.send(client.frame(1, "before"), client.frame(1, "bad", { rsv: 2 }), client.frame(9));
      expect(await client.nextText()).toBe("before");
      expect(await client.closeCode()).toBe(1002);
    }));

  test.each([8, 9])("on control frame %d", (opcode) =>
    withClient(async (client) => {
      client.send(client.frame(opcode, "", { rsv: 4 }));
      expect(await client.closeCode()).toBe(1002);
    }),
  );
});

describe("4 opcodes", () => {
  test.each([3, 4, 5, 6, 7, 11, 12, 13, 14, 15])("4.1, 4.2 opcode %d", (opcode) =>
    withClient(async (client) => {
      client.send(client.frame(1, "before"), client.frame(opcode, "x"));
      expect(await client.nextText()).toBe("before");
      expect(await client.closeCode()).toBe(1002);
    }),
  );
});

describe("5 fragmentation", () => {
  test.each([9, 10])("5.1, 5.2 control frame %d in fragments", (opcode) =>
    withClient(async (client) => {
      client.send(client.frame(opcode, "a", { final: false }), client.frame(0, "b"));
      expect(await client.closeCode()).toBe(1002);
    }),
  );

  test.each([1, 2, 5])("5.3–5.5 a text in two fragments, chopped by %d", (size) =>
    withClient(async (client) => {
      const bytes = Buffer.concat([client.frame(1, "frag", { final: false }), client.frame(0, "ment")]);
      await client.sendChopped(bytes, size);
      expect(await client.nextText()).toBe("fragment");
    }),
  );

  test.each([1, 100])("5.6–5.8 a ping between fragments, chopped by %d", (size) =>
    withClient(async (client) => {
      const bytes = Buffer.concat([
        client.frame(1, "frag", { final: false }),
        client.frame(9, "ping"),
        client.frame(0, "ment"),
      ]);
      await client.sendChopped(bytes, size);
      expect((await client.next()).payload.toString()).toBe("ping");
      expect(await client.nextText()).toBe("fragment");
    }),
  );

  test.each([true, false])("5.9–5.14 a continuation of nothing (final: %s)", (final) =>
    withClient(async (client) => {
      client.send(client.frame(0, "x", { final }), client.frame(1, "y"));
      expect(await client.closeCode()).toBe(1002);
    }),
  );

  test("5.15 a text, then a continuation of nothing", () =>
    withClient(async (client) => {
      client.send(client.frame(1, "a", { final: false }), client.frame(0, "b"), client.frame(0, "c", { final: false }));
      expect(await client.nextText()).toBe("ab");
      expect(await client.closeCode()).toBe(1002);
    }));

  test("5.18 a new message in the middle of one", () =>
    withClient(async (client) => {
      client.send(client.frame(1, "a", { final: false }), client.frame(1, "b"));
      expect(await client.closeCode()).toBe(1002);
    }));

  test("5.19, 5.20 five fragments with pings and empty ones between", () =>
    withClient(async (client) => {
      client.send(
        client.frame(1, "f1", { final: false }),
        client.frame(0, "", { final: false }),
        client.frame(9, "p1"),
        client.frame(0, "f2", { final: false }),
        client.frame(9, "p2"),
        client.frame(0, "", { final: true }),
      );
      expect((await client.next()).payload.toString()).toBe("p1");
      expect((await client.next()).payload.toString()).toBe("p2");
      expect(await client.nextText()).toBe("f1f2");
    }));
});

const validTexts: readonly string[] = [
  "Hello-µ@ßöäüàá-UTF-8!!",
  "κόσμε",
  "\u0000",
  "\u0080",
  "\u0800",
  "\u{10000}",
  "\u007f",
  "\u07ff",
  "\uffff",
  "\u{10ffff}",
  "\ud7ff",
  "\ue000",
  "\ufffd",
  "\ufffe",
  "\u{1fffe}",
];

/** Autobahn 6.3 to 6.21: what is no UTF-8, hexadecimal. */
const invalidTexts: readonly string[] = [
  "cebae1bdb9cf83cebcceb5eda080656469746564",
  "f4908080",
  "f8888080",
  "fc84808080",
  "c080",
  "e08080",
  "f0808080",
  "c0af",
  "e080af",
  "80",
  "bf",
  "8080",
  "80bf80bf",
  "fe",
  "ff",
  "fefeffff",
  "c3",
  "e18081c3",
  "f09f98",
  "ed9fbfeda080",
  "edbfbf",
  "eda080edb080",
  "f7bfbfbf",
  "fbbfbfbfbf",
];

describe("6 UTF-8", () => {
  test.each(["", "x"])("6.1 an empty text, whole or in fragments (%j)", (middle) =>
    withClient(async (client) => {
      client.send(
        client.frame(1, "", { final: false }),
        client.frame(0, middle, { final: false }),
        client.frame(0, ""),
        client.frame(1, "end"),
      );
      // An empty answer is not sent.
      if (middle !== "") expect(await client.nextText()).toBe(middle);
      expect(await client.nextText()).toBe("end");
    }),
  );

  test.each(validTexts)("6.2, 6.5, 6.7, 6.9, 6.11, 6.22, 6.23 %j", (text) =>
    withClient(async (client) => {
      client.text(text);
      expect(await client.nextText()).toBe(text);
      const bytes = Buffer.from(text, "utf8");
      const parts = [...bytes].map((byte, at) =>
        client.frame(at === 0 ? 1 : 0, Buffer.from([byte]), { final: at === bytes.length - 1 }),
      );
      client.send(...parts);
      expect(await client.nextText()).toBe(text);
    }),
  );

  test.each(invalidTexts)("6.3, 6.4, 6.6, 6.8, 6.10, 6.12–6.21 %s", (hex) =>
    withClient(async (client) => {
      client.send(client.frame(1, Buffer.from(hex, "hex")));
      expect(await client.closeCode()).toBe(1007);
      await client.ended();
    }),
  );

  test.each(invalidTexts)("in fragments: %s", (hex) =>
    withClient(async (client) => {
      const bytes = Buffer.from(`6162${hex}`, "hex");
      client.send(client.frame(1, bytes.subarray(0, 2), { final: false }), client.frame(0, bytes.subarray(2)));
      expect(await client.closeCode()).toBe(1007);
    }),
  );
});

const code = (value: number, reason = "") => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return Buffer.concat([bytes, Buffer.from(reason)]);
};

describe("7 close", () => {
  test("7.1.1 a message, then a close", () =>
    withClient(async (client) => {
      client.send(client.frame(1, "Hello World!"), client.frame(8, code(1000)));
      expect(await client.nextText()).toBe("Hello World!");
      expect(await client.closeCode()).toBe(1000);
      await client.ended();
    }));

  test("7.1.2 two closes", () =>
    withClient(async (client) => {
      client.send(client.frame(8, code(1000)), client.frame(8, code(1000)));
      expect(await client.closeCode()).toBe(1000);
      await client.ended();
      expect(client.frames).toEqual([]);
    }));

  test.each([9, 1])("7.1.3, 7.1.4 what comes behind a close (opcode %d) is not answered", (opcode) =>
    withClient(async (client) => {
      client.send(client.frame(8, code(1000)), client.frame(opcode, "x"));
      expect(await client.closeCode()).toBe(1000);
      await client.ended();
      expect(client.frames).toEqual([]);
    }),
  );

  test("7.1.5 a close in the middle of a message", () =>
    withClient(async (client) => {
      client.send(client.frame(1, "a", { final: false }), client.frame(8, code(1000)), client.frame(0, "b"));
      expect(await client.closeCode()).toBe(1000);
      await client.ended();
    }));

  test("7.3.1 no code", () =>
    withClient(async (client) => {
      client.send(client.frame(8));
      expect(await client.closeCode()).toBeUndefined();
    }));

  test("7.3.2 one byte", () =>
    withClient(async (client) => {
      client.send(client.frame(8, "a"));
      expect(await client.closeCode()).toBe(1002);
    }));

  test.each([2, 123])("7.3.3–7.3.5 a reason of %d bytes", (length) =>
    withClient(async (client) => {
      client.send(client.frame(8, code(1000, "*".repeat(length))));
      expect(await client.closeCode()).toBe(1000);
    }),
  );

  test("7.3.6 a close of 126 bytes", () =>
    withClient(async (client) => {
      client.send(client.frame(8, code(1000, "*".repeat(124))));
      expect(await client.closeCode()).toBe(1002);
    }));

  test("7.5.1 a reason that is no UTF-8", () =>
    withClient(async (client) => {
      client.send(client.frame(8, Buffer.concat([code(1000), Buffer.from("ceba8080", "hex")])));
      expect(await client.closeCode()).toBe(1007);
    }));

  test.each([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 3999, 4000, 4999])(
    "7.7 code %d",
    (value) =>
      withClient(async (client) => {
        client.send(client.frame(8, code(value)));
        expect(await client.closeCode()).toBe(value);
        await client.ended();
      }),
  );

  test.each([0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535])("7.9, 7.13 code %d", (value) =>
    withClient(async (client) => {
      client.send(client.frame(8, code(value)));
      expect(await client.closeCode()).toBe(1002);
      await client.ended();
    }),
  );
});

describe("9, 10 limits and pieces", () => {
  test("9.1 131,072 bytes in frames of 32,768", () =>
    withClient(async (client) => {
      const part = "x".repeat(32_768);
      for (let at = 0; at < 4; at++) client.send(client.frame(at === 0 ? 1 : 0, part, { final: at === 3 }));
      expect(await client.nextText()).toBe(part.repeat(4));
    }));

  test("9.3 100,000 bytes in fragments of 64", () =>
    withClient(async (client) => {
      const parts: Buffer[] = [];
      for (let at = 0; at < 100_000; at += 64) {
        const isLast = at + 64 >= 100_000;
        parts.push(client.frame(at === 0 ? 1 : 0, "y".repeat(Math.min(64, 100_000 - at)), { final: isLast }));
      }
      client.send(...parts);
      expect((await client.nextText()).length).toBe(100_000);
    }));

  test("9.5 32,768 bytes in pieces of 997", () =>
    withClient(async (client) => {
      await client.sendChopped(client.frame(1, "z".repeat(32_768)), 997);
      expect((await client.nextText()).length).toBe(32_768);
    }));

  test("10.1.1 65,536 bytes in fragments of 1,300", () =>
    withClient(async (client) => {
      const text = "w".repeat(65_536);
      const parts: Buffer[] = [];
      for (let at = 0; at < text.length; at += 1300) {
        parts.push(client.frame(at === 0 ? 1 : 0, text.slice(at, at + 1300), { final: at + 1300 >= text.length }));
      }
      client.send(...parts);
      expect(await client.nextText()).toBe(text);
    }));
});
