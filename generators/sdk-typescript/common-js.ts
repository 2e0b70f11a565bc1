/**
 * An ES module of the package as a CommonJS one. Only the forms that this generator writes are known: imports and exports
 * stand at the beginning of a line, and nothing inside of a template or comment does.
 */
export function commonJs(text: string): string {
  const exported: string[] = [];
  const body = text
    .replace(/^import \{([^}]*)\} from "(\.[^"]+)\.js";$/gm, (_, names: string, path: string) => {
      return `const {${names.replace(/ as /g, ": ")}} = require("${path}.cjs");`;
    })
    .replace(/^export \{([^}]*)\} from "(\.[^"]+)\.js";$/gm, (_, names: string, path: string) => {
      const list = names.split(",").map((name) => name.trim());
      return list.map((name) => `exports.${name} = require("${path}.cjs").${name};`).join("\n");
    })
    .replace(
      /^export \* from "(\.[^"]+)\.js";$/gm,
      (_, path: string) => `Object.assign(exports, require("${path}.cjs"));`,
    )
    .replace(/^export \{\};$/gm, "")
    .replace(
      /^export ((?:async )?function\*? |class |const )([\p{ID_Continue}$]+)/gmu,
      (_, kind: string, name: string) => {
        exported.push(name);
        return `${kind}${name}`;
      },
    );
  const exports = exported.map((name) => `exports.${name} = ${name};\n`).join("");
  return `"use strict";\n\n${body.trimStart()}${exports === "" ? "" : `\n${exports}`}`;
}

/**
 * Declaration files of ES modules as one for CommonJS, which may not take its types from an ES module: all names of the package
 * are different, so that they can stand side by side.
 */
export function commonTypes(texts: readonly string[]): string {
  const bodies = texts.map((text) =>
    text
      .replace(/^import type \{[^}]*\} from "[^"]+";\n/gm, "")
      .replace(/^export (type )?(\*|\{[^}]*\}) from "[^"]+";\n/gm, "")
      .replace(/^export \{\};\n/gm, "")
      .trim(),
  );
  return `${bodies.filter((body) => body !== "").join("\n\n")}\n`;
}
