import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { describe, expect, test } from "vitest";
import { printReference } from "../scripts/reference.js";
import { compile } from "../src/compile.js";
import { renderText } from "../src/diagnostics/render.js";
import { SourceFile } from "../src/source.js";
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

  test("headings that links name are there", () => {
    const pages = ["README.md", "ARCHITECTURE.md", ...markdownBelow("docs")];
    const links = pages.flatMap((page) =>
      [...withoutCode(read(page)).matchAll(/\]\(([^)#\s]*)#([^)\s]+)\)/g)]
        .filter(([, link = ""]) => !/^[a-z]+:/.test(link))
        .map(([, link = "", anchor = ""]) => ({ page, anchor, to: link === "" ? page : join(dirname(page), link) })),
    );
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter(({ to, anchor }) => !anchorsOf(read(to)).includes(anchor))).toEqual([]);
  });

  test("each gateway.yaml that a page shows is taken by `gateway check`", async () => {
    const pages = ["README.md", ...markdownBelow("docs/guides")];
    const shown = pages.flatMap((page) =>
      [...read(page).matchAll(/```yaml\n(.*?)```/gs)]
        .map(([, text = ""]) => ({ page, text }))
        // Steps of a CI workflow, and Prometheus' own file.
        .filter(({ text }) => !/^(?:#.*\n)?- |^scrape_configs:/.test(text)),
    );
    expect(shown.length).toBeGreaterThan(30);
    for (const { page, text } of shown) {
      const source = new SourceFile(page, wholeFile(text));
      const { diagnostics } = await compile(source, undefined, {
        projectDir: root,
        outDir: root,
        targets: bothTargets,
      });
      const wrong = diagnostics.filter(({ severity }) => severity !== "info");
      expect(wrong.length === 0 ? "" : `${page}\n${renderText(source, wrong, { color: false })}`).toBe("");
    }
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

const bothTargets = new Set(["aws", "node"] as const);

/** A page shows the keys that it is about; a name and a route belong to every file. */
function wholeFile(text: string): string {
  const name = /^gateway:/m.test(text) ? "" : "gateway: guide\n";
  const routes = /^(?:routes|websocket):/m.test(text) ? "" : "\nroutes: { GET /hello: { lambda: hello } }\n";
  return `${name}${text}${routes}`;
}

/** As code hosts make them of headings. */
function anchorsOf(markdown: string): readonly string[] {
  return [...markdown.replace(/```[\s\S]*?```/g, "").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function withoutCode(markdown: string): string {
  return markdown.replace(/```[\s\S]*?```/g, "").replace(/`[^`\n]*`/g, "");
}

function markdownBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `${folder}/${name}`);
}
