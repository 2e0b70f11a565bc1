// Makes src/typescript/parts.cjs of TypeScript: what the names in parts.ts use, a tenth of the whole, which loads in a
// fifth of the time. TypeScript is published as one function of 9 MB, in which no bundler can tell what is unused; its text
// is rewritten so that each part is made only where it is used, and esbuild leaves out the rest.
// test/e2e/compiled.test.ts compares what comes out with the whole.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import ts from "typescript";

const path = createRequire(import.meta.url).resolve("typescript");

/** esbuild's plugin for the module that exports the parts. */
export const typeScriptInParts = {
  name: "typescript-in-parts",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^typescript$/ }, () => ({ path, namespace: "in-parts", sideEffects: false }));
    onLoad({ filter: /./, namespace: "in-parts" }, () => ({ contents: inParts(readFileSync(path, "utf8")) }));
  },
};

/** @returns an ES module of TypeScript's text, with the same exports */
function inParts(published) {
  const text = bodyOf(published)
    .replace("module.exports = __toCommonJS(typescript_exports);\n", "")
    .replace("var __export = ", "var __exported = (target, all) => (__export(target, all), target);\nvar __export = ")
    .replace(/^var (\w+) = \{\};\n__export\(\1, /gm, "var $1 = __exported({}, ")
    // What a type checker makes gets methods of the language service, half of TypeScript. Here is no type checker.
    .replace(
      /get(Symbol|Type|Signature)Constructor: \(\) => \1Object/g,
      "get$1Constructor: objectAllocator.get$1Constructor",
    );
  const file = ts.createSourceFile("typescript.js", text, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS);
  const rewrite = new Rewrite(text, file);
  for (const statement of file.statements) rewrite.statement(statement);
  const names = [...rewrite.exports].map(([name, local]) => `${local} as ${name}`);
  return `${rewrite.result()}\nexport { ${names.join(", ")} };\n`;
}

function bodyOf(published) {
  const begin = '((module) => {\n"use strict";\n';
  const [from, to] = [published.indexOf(begin), published.lastIndexOf("// Annotate the CommonJS export names")];
  if (from < 0 || to < from)
    throw new Error("TypeScript is not published as it was: typescript-parts.mjs has to follow");
  return published.slice(from + begin.length, to);
}

class Rewrite {
  /** What TypeScript exports, and what that is called inside. */
  exports = new Map();
  #text;
  #file;
  /** From, to, new text. */
  #edits = [];
  /** Where the value of a variable ends. */
  #values = new Map();

  constructor(text, file) {
    this.#text = text;
    this.#file = file;
  }

  statement(statement) {
    if (ts.isVariableStatement(statement)) {
      for (const declared of statement.declarationList.declarations) this.#variable(declared, statement);
    } else if (ts.isExpressionStatement(statement)) this.#expression(statement, statement.expression);
    // What TypeScript's own programs set in the process by its environment.
    else if (ts.isIfStatement(statement)) this.#replace(statement, "");
  }

  result() {
    const edits = this.#edits.toSorted(([a, aEnd], [b, bEnd]) => a - b || aEnd - bEnd);
    let made = "";
    let at = 0;
    for (const [from, to, text] of edits) {
      made += this.#text.slice(at, from) + text;
      at = to;
    }
    return (made + this.#text.slice(at)).replace(/\bDiagnostics\.(\w+)/g, "Diagnostics_$1");
  }

  /** Its value is made where it is used, together with the members that statements further down assign to it. */
  #variable({ name, initializer: value }, statement) {
    if (value === undefined || ts.isFunctionLike(value)) return;
    const variable = this.#textOf(name);
    if (variable === "typescript_exports") this.#export(value);
    if (variable === "Diagnostics") return this.#messages(value, statement);
    this.#before(value, `/* @__PURE__ */ (() => { const made = `);
    const after = [value.end, value.end, "; return made; })()"];
    this.#edits.push(after);
    this.#values.set(variable, after);
  }

  #expression(statement, expression) {
    if (ts.isBinaryExpression(expression)) {
      const [variable, member] = this.#textOf(expression.left).split(".");
      const value = this.#textOf(expression.right).replaceAll(new RegExp(`\\b${variable}\\b`, "g"), "made");
      const after = this.#values.get(variable);
      after[2] = `; made.${member} = ${value}${after[2]}`;
      return this.#replace(statement, "");
    }
    const called = this.#textOf(expression.expression);
    // Refactorings and quick fixes of editors.
    if (called === "registerRefactor" || called === "registerCodeFix") return this.#replace(statement, "");
    if (called !== "setObjectAllocator") this.#namespace(statement, expression);
  }

  /** `((Name2) => { … })(Name || (Name = {}));`: a variable whose value is what the function has filled. */
  #namespace(statement, call) {
    const fill = call.expression.expression;
    const [name] = this.#textOf(call.arguments[0]).split(" ");
    this.#before(statement, `var ${name} = /* @__PURE__ */ `);
    this.#edits.push([fill.body.end - 1, fill.body.end - 1, `return ${this.#textOf(fill.parameters[0])};\n`]);
    this.#replace(call.arguments[0], `${name} || {}`);
  }

  /** Each message is a variable: a few of two thousand are used. */
  #messages(table, statement) {
    const made = table.properties.map(
      ({ name, initializer }) =>
        `var Diagnostics_${this.#textOf(name)} = /* @__PURE__ */ ${this.#textOf(initializer)};\n`,
    );
    this.#replace(statement, made.join(""));
  }

  #export(call) {
    for (const { name, initializer } of call.arguments[1].properties)
      this.exports.set(this.#textOf(name), this.#textOf(initializer.body));
    this.exports.delete("Diagnostics");
  }

  #textOf(node) {
    return node.getText(this.#file);
  }

  #before(node, text) {
    const at = node.getStart(this.#file);
    this.#edits.push([at, at, text]);
  }

  #replace(node, text) {
    this.#edits.push([node.getStart(this.#file), node.end, text]);
  }
}
