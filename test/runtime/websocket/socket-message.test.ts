import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SocketMessage } from "../../../runtime/websocket/socket-message.js";

const name = Buffer.from("action");

function messageOf(text: string): SocketMessage {
  const around = Buffer.from(`"${text}"`, "utf8");
  return new SocketMessage(text, around, 1, around.length - 1);
}

/** What is found without parsing. */
function memberOf(text: string): string | undefined {
  const message = messageOf(text);
  const found = message.find(name);
  return found && message.data.toString("utf8", found.start, found.end);
}

/** What parsing finds: a member that is a string. */
function parsed(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    if (!Object.hasOwn(value, "action")) return undefined;
    const { action } = value as { readonly action: unknown };
    return typeof action === "string" ? action : undefined;
  } catch {
    return undefined;
  }
}

describe("a member of a message that was not parsed", () => {
  test("is found without a trace in what was received", () => {
    const received = Buffer.from('{"action":"join"}\x81{"action":"part"}', "latin1");
    const before = Buffer.from(received);
    const message = new SocketMessage('{"action":"join"}', received, 0, 17);
    const found = message.find(name);
    expect(found && received.toString("utf8", found.start, found.end)).toBe("join");
    expect(received).toEqual(before);
  });

  test("at the end of what was received is looked for by parsing", () => {
    const received = Buffer.from('{"action":"join"}');
    expect(new SocketMessage('{"action":"join"}', received, 0, 17).find(name)).toBeUndefined();
  });

  test.each([
    ['{"action":"join"}', "join"],
    [' {\n"a" : [1, -2.5e+3, 0, {"x":{}}, []] ,\t"action" : "join" , "z":null,"t":true,"f":false}\r\n', "join"],
    ['{"action":"first","action":"last"}', "last"],
    ['{"action":""}', ""],
    ['{"text":"größer 😀","action":"schließen"}', "schließen"],
    ['{"__proto__":{"action":"no"},"action":"yes"}', "yes"],
  ])("%s", (text, wanted) => {
    expect(memberOf(text)).toBe(wanted);
    expect(parsed(text)).toBe(wanted);
  });

  test.each([
    "",
    "{",
    "{}",
    "[]",
    '"action"',
    '{"action":"join"',
    '{"action":"join"}}',
    '{"action":"join"} x',
    '{"action":"join",}',
    '{"action" "join"}',
    "{'action':'join'}",
    '{"action":"jo\\u0069n"}',
    '{"\\u0061ction":"x","action":"y"}',
    '{"action":"a\nb"}',
    '{"action":7}',
    '{"action":"x","action":7}',
    '{"action":"x","n":01}',
    '{"action":"x","n":-}',
    '{"action":"x","n":1.}',
    '{"action":"x","n":1e}',
    '{"action":"x","n":tru}',
    '{"action":"x","n":nullx}',
    '{"action":"x","n":[1,]}',
    '{"action":"x","n":{"a":1,}}',
    '{"other":{"action":"x"}}',
    '{"actions":"x"}',
    `{"action":"x","long":"${"y".repeat(512)}"}`,
    `{"action":"x","deep":${"[".repeat(600)}${"]".repeat(600)}}`,
  ])("has to be looked for by parsing: %s", (text) => {
    expect(memberOf(text)).toBeUndefined();
  });

  test("is what parsing finds, in documents of any form and in broken ones", () => {
    const key = fc.oneof(fc.constantFrom("action", "actio", "actions", ""), fc.string({ maxLength: 5 }));
    const { document } = fc.letrec<{ document: unknown }>((tie) => ({
      document: fc.oneof(
        { maxDepth: 3 },
        fc.string({ maxLength: 8, unit: "binary" }),
        fc.double(),
        fc.constantFrom(null, true, false),
        fc.array(tie("document"), { maxLength: 3 }),
        fc.dictionary(key, tie("document"), { maxKeys: 4 }),
      ),
    }));
    const members = fc.dictionary(key, document, { maxKeys: 3 });
    const action = fc.oneof(fc.string({ maxLength: 8 }), document);
    // Half of the documents have the member, at any place among the others.
    const object = fc.oneof(
      fc.dictionary(key, document, { maxKeys: 5, minKeys: 1 }),
      fc.tuple(members, action, members).map(([before, value, after]) => ({ ...before, action: value, ...after })),
    );
    const break_ = fc.tuple(
      fc.nat(),
      fc.constantFrom("", "{", "}", '"', ",", ":", "[", "]", "\\", "0", "e", " ", "\n"),
    );
    let found = 0;
    fc.assert(
      fc.property(object, fc.constantFrom(undefined, 1, "\t"), fc.option(break_), (value, indent, broken) => {
        const whole = JSON.stringify(value, undefined, indent);
        const at = broken === null ? whole.length : broken[0] % whole.length;
        const text = broken === null ? whole : whole.slice(0, at) + broken[1] + whole.slice(at + 1);
        // A lone surrogate is none in UTF-8, which is what messages are.
        fc.pre(Buffer.from(text).toString() === text);
        const member = memberOf(text);
        if (member === undefined) return;
        found++;
        expect(member).toBe(parsed(text));
      }),
      { numRuns: 5000 },
    );
    expect(found).toBeGreaterThan(200);
  });

  test("bytes are the message's, and no more", () => {
    expect(messageOf("größer").body.toString("utf8")).toBe("größer");
  });
});
