import { escapeHtml } from "./html.js";

/** What a piece of code is; each has a colour in style.css. */
type Kind = "comment" | "string" | "number" | "keyword" | "type" | "name";

/** In order: the first that fits at a place is it. All are linear, and none is empty. */
type Rules = readonly (readonly [Kind, string])[];

const quoted = String.raw`"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'`;
const number: Rules[number] = ["number", String.raw`\b\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?[lLfFn]?\b`];
/** Classes and types by the habit of beginning with a capital. */
const type: Rules[number] = ["type", String.raw`(?<![\p{L}\p{N}_$])\p{Lu}[\p{L}\p{N}_]*`];

function keywords(words: string): Rules[number] {
  return ["keyword", String.raw`(?<![\p{L}\p{N}_$.])(?:${words.replaceAll(" ", "|")})(?![\p{L}\p{N}_$])`];
}

const braces: Rules = [
  ["comment", String.raw`//[^\n]*|/\*[^*]*(?:\*(?!/)[^*]*)*\*/`],
  ["string", `${quoted}|\`[^\`]*\``],
];

const rules: Readonly<Record<string, Rules>> = {
  json: [
    ["name", String.raw`"(?:[^"\\\n]|\\.)*"(?=\s*:)`],
    ["string", String.raw`"(?:[^"\\\n]|\\.)*"`],
    ["number", String.raw`-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b`],
    keywords("true false null"),
  ],
  curl: [
    ["string", String.raw`'[^']*'|"(?:[^"\\]|\\.)*"`],
    ["keyword", String.raw`(?<=^|\n)(?:curl|wscat)\b`],
    ["name", String.raw`(?<=\s)--?[A-Za-z][\w-]*`],
  ],
  typescript: [
    ...braces,
    keywords(
      "import from export const let await async for of in new return if else true false null undefined interface type extends typeof readonly string number boolean unknown integer",
    ),
    type,
    number,
  ],
  python: [
    ["comment", String.raw`#[^\n]*`],
    ["string", String.raw`[bfr]?(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')`],
    keywords("from import with as for in if else return await async def class lambda not and or True False None"),
    type,
    number,
  ],
  go: [
    ...braces,
    keywords(
      "import package func return if else for range var const type struct interface map nil true false switch case defer go string int64 float64 bool any error",
    ),
    type,
    number,
  ],
  java: [
    ...braces,
    keywords(
      "import package public static final class record new return if else for try catch var void null true false this instanceof long double boolean int byte",
    ),
    type,
    number,
  ],
};

const patterns = new Map(
  Object.entries(rules).map(([language, own]) => [
    language,
    new RegExp(own.map(([, source]) => `(${source})`).join("|"), "gu"),
  ]),
);

/**
 * Code as HTML, with colours at build time: nothing of it is markup but our spans. Where a language is not known, as text.
 *
 * @param language  `curl`, `json`, or that of an SDK
 */
export function highlight(code: string, language: string): string {
  const pattern = patterns.get(language);
  const own = rules[language];
  if (pattern === undefined || own === undefined) return escapeHtml(code);
  let html = "";
  let last = 0;
  for (const match of code.matchAll(pattern)) {
    const at = match.findIndex((found, group) => group > 0 && found !== undefined) - 1;
    html += escapeHtml(code.slice(last, match.index));
    html += `<span class="${own[at]?.[0]}">${escapeHtml(match[0])}</span>`;
    last = match.index + match[0].length;
  }
  return html + escapeHtml(code.slice(last));
}
