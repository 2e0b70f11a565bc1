import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { JavaPatternError, wholeJavaPattern } from "../../src/mapping/java-pattern/index.js";
import { root } from "../support/paths.js";

/** What java.util.regex.Pattern 17 says of each (the last test asks it): texts that a pattern matches as a whole, and texts that it does not. */
const patterns: readonly (readonly [pattern: string, matches: readonly string[], misses: readonly string[]])[] = [
  ["4\\d{2}", ["404"], ["4040", "504", "4٠٤"]],
  ["400|404", ["400", "404"], ["4004"]],
  [".*boom.*", ["a boom b"], ["a\nboom", "boom\u0085"]],
  ["(?s).*boom.*", ["a\nboom\u0085"], ["bo om"]],
  ["[\\s\\S]*boom[\\s\\S]*", ["a\nboom\n"], ["b"]],
  ["(?i)error: .*", ["ERROR: x", "Error: y"], ["errör: x"]],
  ["a(?i)b(?-i)c", ["abc", "aBc"], ["Abc", "abC"]],
  ["((?i)a)b|c", ["Ab", "ab", "c"], ["aB", "C"]],
  ["(?i:[a-c&&[^b]])x", ["Ax", "Cx"], ["Bx", "aX"]],
  ["(?i)\\p{Lu}+", ["aB"], ["1"]],
  ["(?m)a.*$\n^b", ["axx\nb"], ["a\n\nb"]],
  ["(?x) a b # comment\n c", ["abc"], ["a b c"]],
  ["(?d).+", ["a\rb\u2028"], ["a\nb"]],
  ["Error$", ["Error"], ["Error\n"]],
  ["Error$\n", ["Error\n"], ["Error"]],
  ["\\Aa\\Z\n\\z", ["a\n"], ["a"]],
  ["\\Q[x].\\E.*", ["[x].y"], ["xay"]],
  ["\\Qa|b", ["a|b"], ["a", "b"]],
  ["\\p{Alpha}+\\P{Alpha}", ["abc1"], ["abc", "é1"]],
  ["\\pL\\p{IsGreek}\\p{IsAlphabetic}", ["éλz"], ["1λz"]],
  ["[\\p{Punct}&&[^.]]+", ["!?"], ["!."]],
  ["[a-z&&[^e]]+", ["abc"], ["abe"]],
  ["[^a-f&&c-z]+", ["abxz"], ["abcd"]],
  ["[a[x-z]\\d]+", ["ay7"], ["b"]],
  ["[a[^b-z]]", ["a", "1"], ["b"]],
  ["[^a[bc]]", ["d"], ["a", "b"]],
  ["[]a]+", ["a]"], ["b"]],
  ["[^]a-]+", ["b"], ["]", "-"]],
  ["[-a]|[b-]", ["-", "a", "b"], ["c"]],
  ["\\h+\\v\\R", ["\t \n\r\n"], ["x"]],
  ["\\x41\\x{1F600}\\u0042\\uD83D\\uDE00\\0103\\cA\\t\\e", ["A😀B😀C\u0001\t\u001b"], ["A"]],
  [".{2}", ["😀a"], ["😀"]],
  ["a++b|a?+c", ["aab", "ac"], ["a"]],
  ["a*+a", [], ["aaa"]],
  ["(?>a|ab)c", ["ac"], ["abc"]],
  ["(a)(?>b+)\\1(c)\\2", ["abbacc"], ["abbac"]],
  ["(?<c>5)\\k<c>0", ["550"], ["540"]],
  ["(.)\\11", ["xx1"], ["x1"]],
  ["4(?!04)..", ["400"], ["404"]],
  ["(?<=a)?b\\b", ["b"], ["ab"]],
  ["a}]/-", ["a}]/-"], []],
  ["", [""], ["a"]],
];

/** Patterns that cannot run here, and why. */
const refused: readonly (readonly [pattern: string, detail: string])[] = [
  ["5[0-9", "a character class is not closed"],
  ["[^]", "a character class is not closed"],
  ["(a", 'a "(" is not closed'],
  ["a)", 'a ")" has no "("'],
  ["a**", "nothing to repeat"],
  ["{2}", "nothing to repeat"],
  ["a{,2}", "nothing to repeat"],
  ["[z-a]", "a range goes backwards"],
  ["\\y", '"\\y" is not known here'],
  ["\\", "it ends too early"],
  ["\\p{Nope}", "the property Nope is not known here"],
  ["(?u)é", "the flag u is not known here"],
  ["(?P<a>b)", "there is no such kind of group"],
  ["(?<a>b)(?<a>c)", "two groups have the name a"],
  ["(a)\\2", "there is no group 2 before it"],
  ["(?i)(a)\\1", "a reference to a group cannot disregard case"],
];

describe("patterns of Java's", () => {
  test.each(patterns)("%s", (pattern, matches, misses) => {
    const expression = new RegExp(wholeJavaPattern(pattern), "u");
    expect(matches.filter((text) => !expression.test(text))).toEqual([]);
    expect(misses.filter((text) => expression.test(text))).toEqual([]);
  });

  test.each(refused)("%s is refused", (pattern, detail) => {
    expect(() => wholeJavaPattern(pattern)).toThrow(new JavaPatternError(detail));
  });
});

test.skipIf(spawnSync("javac", ["-version"]).status !== 0)("are what Java says", () => {
  const inBase64 = (text: string) => Buffer.from(text, "utf8").toString("base64");
  const lines = patterns.map((row) => row.flat().map(inBase64).join("\t"));
  const program = join(root, "test/support/Patterns.java");
  const said = execFileSync("java", [program], { input: `${lines.join("\n")}\n`, encoding: "ascii" }).split("\n");
  expect(patterns.map(([pattern], at) => [pattern, said[at]])).toEqual(
    patterns.map(([pattern, matches, misses]) => [pattern, "1".repeat(matches.length) + "0".repeat(misses.length)]),
  );
});
