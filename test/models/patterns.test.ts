import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkPattern, createPatternChecker, patternFlags } from "../../src/syntax/patterns.js";
import { isPlainlyLinear } from "../../src/syntax/plain-patterns.js";

describe("patterns", () => {
  test.each(["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(x+x+)+y", "^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*$"])(
    "%s is refused with an attack",
    (pattern) => {
      const verdict = checkPattern(pattern);
      expect(verdict.kind).toBe("exponential");
      expect(verdict).toHaveProperty("attack");
    },
  );

  test.each(["^[A-Z]{3}-\\d+$", "^[a-z0-9-]+$", "^\\w{1,64}$", "order", "^a?b?c*$", "^(foo|bar)$", "^$"])(
    "%s is fine",
    (pattern) => {
      expect(checkPattern(pattern)).toEqual({ kind: "ok" });
    },
  );

  test("polynomial ones depend on the length of the text", () => {
    expect(checkPattern("^\\S+@\\S+$")).toMatchObject({ kind: "polynomial", degree: 2 });
    expect(checkPattern("^\\S+@\\S+$", { maxLength: 254 })).toEqual({ kind: "ok" });
    expect(checkPattern("^\\S+@\\S+$", { maxLength: 1_000_000 })).toMatchObject({ kind: "polynomial" });
  });

  test("what is no pattern says why", () => {
    expect(checkPattern("(")).toEqual({ kind: "invalid", detail: "unterminated group" });
    expect(checkPattern("[z-a]")).toMatchObject({ kind: "invalid" });
  });

  test("characters count as one where the pattern allows it", () => {
    expect(patternFlags("^.$")).toBe("u");
    expect(patternFlags("^\\-$")).toBe("");
  });

  test("what passes without analysis passes the analysis too", async () => {
    const { check } = await import("recheck");
    const atom = fc.constantFrom("a", "[a-z]", "\\d", ".", "-", "[^/]", "\\w");
    const repeat = fc.constantFrom("", "", "+", "*", "?", "{2}", "{1,3}", "{2,}");
    const pattern = fc
      .array(fc.tuple(atom, repeat), { maxLength: 5 })
      .map((parts) => `^${parts.map((part) => part.join("")).join("")}$`)
      .filter(isPlainlyLinear);
    await fc.assert(
      fc.asyncProperty(pattern, async (text) => {
        const { status } = await check(text, "u", { timeout: 2000 });
        expect(status).not.toBe("vulnerable");
      }),
      { numRuns: 60 },
    );
  });

  test("a compilation bounds the time of all analyses together", () => {
    const check = createPatternChecker(0);
    expect(["unproven", "ok"]).toContain(check("^(?:a|b|ab)*(?=c)(?:x|y|xy)*$").kind);
  });
});
