import { describe, expect, test } from "vitest";
import { headBytes, textFrame, writeHead } from "../../../runtime/websocket/frame-writer.js";
import { textFrames } from "../../../runtime/websocket/text-frames.js";

/** One after the other, as plainly as can be. */
function plainFrames(texts: readonly (string | Buffer)[]): Buffer {
  const frames = texts.map((text) => {
    const payload = Buffer.from(text as string);
    const head = Buffer.alloc(headBytes(payload.length));
    writeHead(head, 0, textFrame, payload.length);
    return Buffer.concat([head, payload]);
  });
  return Buffer.concat(frames);
}

describe("frames of a turn", () => {
  const lengths = [0, 1, 42, 125, 126, 127, 1024, 1025, 65_535, 65_536, 70_000];

  test.each(["a", "ä", "日", "😀"])("of %s are the same together as alone, at each edge of sizes", (character) => {
    const texts = lengths.map((length) => character.repeat(Math.ceil(length / character.length)));
    for (const text of texts) expect(textFrames([text]).equals(plainFrames([text]))).toBe(true);
    const mixed = [...texts, "plain", Buffer.from("bytes"), "", "x".repeat(126)];
    expect(textFrames(mixed).equals(plainFrames(mixed))).toBe(true);
    const short = mixed.filter((text) => typeof text === "string" && text.length < 200);
    expect(textFrames(short).equals(plainFrames(short))).toBe(true);
  });

  test("a lone surrogate becomes what UTF-8 has for it", () => {
    const texts = ["\ud800", "fine", "a\udc00b"];
    expect(textFrames(texts).equals(plainFrames(texts))).toBe(true);
  });

  test("frames of later turns leave earlier ones alone", () => {
    const turns = Array.from({ length: 500 }, (_, at) => [`line ${at}`, "y".repeat(at % 300)]);
    const written = turns.map(textFrames);
    turns.forEach((texts, at) => {
      expect(written[at]?.equals(plainFrames(texts))).toBe(true);
    });
  });
});
