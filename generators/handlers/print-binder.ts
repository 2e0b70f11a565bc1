import { readFileSync } from "node:fs";

/** Sources of `binder.ts` in order, and what of each the user's modules see; without a list all of it. */
const parts: readonly { readonly name: string; readonly exports?: readonly string[] }[] = [
  { name: "contract" },
  { name: "events" },
  { name: "bind", exports: ["bind"] },
  { name: "by-url", exports: [] },
  { name: "node", exports: [] },
  { name: "incoming", exports: [] },
  { name: "decode", exports: ["given", "readContext", "wholeEvent", "withSignal"] },
  { name: "encode", exports: [] },
];

/** `binder.ts`: the parts in one module, so that a handler's bundle and a reader have one file to look at. */
export function binderText(): string {
  return parts
    .map(({ name, exports }) => {
      const text = readFileSync(new URL(`./binder/${name}.template.ts`, import.meta.url), "utf8");
      const own = text.replace(/^import [^;]*;\n+/gm, "");
      return exports === undefined ? own : withExports(own, exports);
    })
    .join("\n");
}

/** A module of ours, which imports the binder's parts, as one that imports the binder. */
export function withBinder(text: string): string {
  return text.replace(/"\.\/binder\/[a-z-]+\.template\.js"/g, '"./binder.js"');
}

function withExports(text: string, names: readonly string[]): string {
  return text.replace(/^export (?=(?:declare )?(?:async )?[a-z]+ (\w+))/gm, (whole, name: string) =>
    names.includes(name) ? whole : "",
  );
}
