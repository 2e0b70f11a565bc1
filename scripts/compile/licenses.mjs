// Licences of the packages whose code is inside of what was compiled: they ask to be passed on.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { moduleOptions, root } from "./options.mjs";

/** @param metafiles  what esbuild says of its builds */
export function writeLicenses(metafiles) {
  const names = new Set();
  for (const { outputs } of metafiles) {
    for (const path of Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs))) {
      const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
      if (name !== undefined) names.add(name);
    }
  }
  const texts = [...names].sort().map((name) => `${name}\n\n${licenseOf(name).trim()}\n`);
  writeFileSync(join(moduleOptions.outdir, "licenses.txt"), texts.join(`\n${"-".repeat(80)}\n\n`));
}

function licenseOf(name) {
  const folder = join(root, "node_modules", name);
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file !== undefined) return readFileSync(join(folder, file), "utf8");
  return `License: ${JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).license}`;
}
