import type { Rule } from "./rule.js";

interface Trap {
  readonly text: string;
  readonly fixed: string;
}

const quoteIt = (p: Trap) => `write it in quotes: ${p.fixed}`;

/** What can be wrong with the text itself, before it means anything. */
export const yamlRules = {
  "yaml-syntax": {
    severity: "error",
    message: (p: { detail: string }) => `this is not YAML: ${p.detail}`,
    explain:
      "gateway.yaml is one YAML 1.2 document. Texts that hold `: `, ` #`, brackets (inside `{…}` or `[…]`), or that begin with one of * & ! | > @ ` % need quotes.",
  },
  "yaml-indentation": {
    severity: "error",
    message: (p: { detail: string }) => `the indentation does not fit: ${p.detail}`,
    help: () => "keys of one map begin in the same column; what belongs to a key is moved in by two spaces",
    explain: "In YAML the column in which a line begins says what it belongs to.",
  },
  "yaml-tab": {
    severity: "error",
    message: () => "a tab cannot be used for indentation",
    help: () => "use two spaces",
    explain: "YAML does not allow tabs where columns matter, because their width is not fixed.",
  },
  "yaml-unclosed": {
    severity: "error",
    message: () => "this is never closed",
    help: (p: { closing: string }) => `write ${p.closing} where it ends`,
    explain:
      "A text in quotes and a flow map may go over several lines, so all that follows is part of them until they are closed. An apostrophe inside single quotes is written twice.",
  },
  "yaml-escape": {
    severity: "error",
    message: (p: { escape: string }) => `"${p.escape}" is no escape of YAML`,
    help: () => "use single quotes, in which a backslash is a backslash, or write it twice",
    explain:
      "Regular expressions are easiest in single quotes: '5\\d{2}'. In double quotes a backslash begins an escape.",
  },
  "yaml-space-after-colon": {
    severity: "error",
    message: (p: { name: string }) => `a space is missing after "${p.name}:"`,
    help: (p: { name: string }) => `write "${p.name}: …"`,
    explain: "Without a space a colon is part of a text (as in http://…), so `lambda:hello` is one word to YAML.",
  },
  "yaml-missing-colon": {
    severity: "error",
    message: (p: { name: string }) => `a colon is missing after "${p.name}"`,
    help: (p: { name: string }) => `write "${p.name}:"`,
    explain: "What is moved in below a line belongs to a key, and a key ends with a colon.",
  },
  "yaml-bracket": {
    severity: "error",
    message: (p: Trap) => `inside {…} and […], "${p.text}" needs quotes`,
    help: quoteIt,
    explain:
      "Inside a flow map or list, YAML reads brackets and commas as its own, so `Order[]`, `/orders/{id}`, `${env.X}` and `Record<string, Order>` fall apart. They need quotes there; on a line of their own they do not.",
  },
  "yaml-type-map": {
    severity: "error",
    message: (p: Trap) => `this type needs quotes, or YAML reads it as a map: ${p.text}`,
    help: quoteIt,
    explain:
      'An object type such as `{ id: uuid; total: number }` looks like a flow map to YAML. In quotes it is a text, and so a type: "{ id: uuid; total: number }".',
  },
  "yaml-pipe": {
    severity: "error",
    message: (p: Trap) => `"|" has a meaning of its own here; ${p.text} needs quotes`,
    help: quoteIt,
    explain:
      "A union whose first member is in quotes ends, for YAML, with the closing quote, and a value that begins with `|` is a block of text that starts on the next line. Put the whole union in quotes of the other kind.",
  },
  "yaml-colon": {
    severity: "error",
    message: (_p: Trap) => 'a text with ": " in it needs quotes',
    help: quoteIt,
    explain: "A colon followed by a space makes a key. Two of them on a line cannot be read.",
  },
  "yaml-star": {
    severity: "error",
    message: (p: Trap) => `"${p.text}" needs quotes`,
    help: quoteIt,
    explain: "An unquoted `*` begins an alias, YAML's reference to something that an anchor (`&name`) has named.",
  },
  "yaml-reserved": {
    severity: "error",
    message: (p: Trap) => `a text cannot begin with "${p.text.charAt(0)}" unless it is in quotes`,
    help: quoteIt,
    explain:
      "YAML keeps @, ` and % at the beginning of a value for itself, and [ and { begin a list and a map, after which nothing can follow.",
  },
  "yaml-after-quote": {
    severity: "error",
    message: (_p: Trap) => "the value ends with its closing quote, and text follows",
    help: quoteIt,
    explain:
      "A value that begins with a quote ends with the next one. A text that holds quotes itself goes into quotes of the other kind; an apostrophe inside single quotes is written twice.",
  },
  "yaml-tag": {
    severity: "error",
    message: (p: { tag: string; isIntrinsic: boolean }) => `the tag "${p.tag}" has no meaning here`,
    help: (p: { isIntrinsic: boolean }) =>
      p.isIntrinsic
        ? "functions of CloudFormation are not available; `${env.NAME}` becomes a parameter of the template"
        : "leave it out; a text that begins with `!` needs quotes",
    explain:
      "Custom tags are refused: what a value means must not depend on the program that reads the file. Standard tags such as !!str are not needed, quotes say the same.",
  },
  "yaml-directive": {
    severity: "error",
    message: () => "YAML directives are not allowed",
    help: () => "remove the line; the file is read as YAML 1.2",
    explain: "A %YAML or %TAG line would change what the rest of the file means.",
  },
  "yaml-documents": {
    severity: "error",
    message: () => "the file holds more than one YAML document",
    help: () => "what follows this line was not read; put it into a gateway.yaml of its own",
    explain: "One file describes one gateway. `---` may stand at the beginning, and nowhere else.",
  },
  "yaml-duplicate-key": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" is given twice`,
    explain: "Keys of a map are unique. Most programs keep the last one in silence; here nothing is lost in silence.",
  },
  "yaml-key": {
    severity: "error",
    message: (_p: { fixed: string | undefined }) => "a key must be a text",
    help: (p: { fixed: string | undefined }) =>
      p.fixed ? `write it in quotes: ${p.fixed}` : "write a name before the colon",
    explain: "YAML allows maps and lists as keys. No key of this language is one; mostly quotes were forgotten.",
  },
  "yaml-merge": {
    severity: "error",
    message: () => "only a map, or a list of maps, can be merged with `<<`",
    explain: "`<<: *name` adds the entries of the map that `&name` marks, as far as the map does not have them itself.",
  },
  "yaml-alias": {
    severity: "error",
    message: (p: { name: string; near: string | undefined }) => `no anchor before this is named "${p.name}"`,
    help: (p: { name: string; near: string | undefined }) =>
      p.near
        ? `did you mean "*${p.near}"?`
        : `mark the value with &${p.name}, or write "*${p.name}" in quotes if it is a text`,
    explain: "`*name` stands for the value that was marked with `&name` earlier in the file.",
  },
  "yaml-cycle": {
    severity: "error",
    message: (p: { name: string }) => `"*${p.name}" stands inside the value that it refers to`,
    explain: "A value that contains itself would never end.",
  },
  "yaml-alias-bomb": {
    severity: "error",
    message: (p: { limit: number }) => `aliases stand for more than ${p.limit} values`,
    explain:
      "Aliases of aliases can make a small file stand for billions of values. The number of values that aliases stand for is bounded.",
  },
  "yaml-too-deep": {
    severity: "error",
    message: (p: { limit: number }) => `maps and lists are nested more than ${p.limit} levels deep`,
    explain: "Nesting is bounded so that no file can make the compiler run out of stack.",
  },
  "yaml-too-large": {
    severity: "error",
    message: (p: { limit: string }) => `the file has more than ${p.limit}`,
    explain: "The size of the file is bounded; 10,000 routes fit well.",
  },
  "yaml-character": {
    severity: "error",
    message: (p: { code: string }) => `the character U+${p.code} cannot stand in YAML`,
    help: (p: { code: string }) =>
      p.code === "000D"
        ? "end lines with LF or CRLF"
        : "save the file as UTF-8 text; in double quotes \\u writes any character",
    explain:
      "YAML is UTF-8 text without control characters. Such characters mostly mean that the file is in another encoding.",
  },
  "yaml-empty": {
    severity: "error",
    message: () => "the file is empty",
    help: () => "a gateway needs a name and a route; `gateway init` writes a first one",
    explain: "The smallest gateway has `gateway: name` and one entry under `routes:`.",
  },
} as const satisfies Record<string, Rule>;
