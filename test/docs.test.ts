import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { describe, expect, test } from "vitest";
import { printReference } from "../scripts/reference.js";
import { root } from "./support/paths.js";

const read = (path: string) => readFileSync(join(root, path), "utf8");

describe("documentation", () => {
  test("the reference of the language is that of the schema (`npm run golden` rewrites it)", () => {
    const text = printReference(JSON.parse(read("schemas/gateway.schema.json")));
    if (process.env["GOLDEN"] === "write") writeFileSync(join(root, "docs/language.md"), text);
    expect(read("docs/language.md")).toBe(text);
  });

  test("links lead somewhere", () => {
    const pages = ["README.md", "ARCHITECTURE.md", ...markdownBelow("docs")];
    const broken = pages.flatMap((page) =>
      [...withoutCode(read(page)).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map((match) => match[1] ?? "")
        .filter((link) => !/^[a-z]+:/.test(link) && !existsSync(resolve(root, dirname(page), link)))
        .map((link) => `${page}: ${link}`),
    );
    expect(broken).toEqual([]);
  });

  test("files that are named are there", () => {
    const pages = ["README.md", "ARCHITECTURE.md", ...markdownBelow("docs")];
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/`((?:src|runtime|generators|test|bench|scripts|schemas|fixtures)\/[\w./-]+)`/g)].map(
        ([, path = ""]) => ({ page, path }),
      ),
    );
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter(({ path }) => !existsSync(join(root, path)))).toEqual([]);
  });
});

function withoutCode(markdown: string): string {
  return markdown.replace(/```[\s\S]*?```/g, "").replace(/`[^`\n]*`/g, "");
}

function markdownBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `${folder}/${name}`);
}
