import { RE2JS } from "re2js";
import { translateRegex } from "../../mapping/regex/translate.js";
import type { TokenPattern } from "../authorizer-entry.js";

/** A Java pattern on an engine whose time is linear in the token, whatever the pattern. @throws for what is none */
export function tokenPattern(source: string): TokenPattern {
  const engine = RE2JS.compile(translateRegex(source));
  return { matches: (text) => engine.matches(text) };
}
