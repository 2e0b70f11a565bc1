import { execFileSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { describe, expect, test } from "vitest";
import { gateway, project, write } from "./support.js";

const file = (version: string, route: string, more = "") =>
  `gateway: shop\nversion: ${version}\n${more}routes:\n  ${route}\n`;
const older = file("1.0.0", "GET /orders: { mock: {} }");
const newer = file("1.1.0", "POST /orders: { mock: {} }");

describe("gateway diff", () => {
  test("tells what breaks, and fails", async () => {
    const folder = project({ "old.yaml": older, "new.yaml": newer });
    const { code, out } = await gateway("diff", join(folder, "old.yaml"), join(folder, "new.yaml"));
    expect(out).toBe(
      "breaking   GET /orders: is gone [route-removed]\ncompatible POST /orders: is new [route-added]\n1 breaking, 1 compatible\n",
    );
    expect(code).toBe(1);
  });

  test("as JSON and Markdown; fails by what it is told", async () => {
    const folder = project({ "old/gateway.yaml": older, "new/gateway.yaml": newer });
    const paths = [join(folder, "old"), join(folder, "new")];
    const json = await gateway("diff", ...paths, "--format", "json", "--fail-on", "none");
    expect(json.code).toBe(0);
    expect(JSON.parse(json.out)).toMatchObject({
      old: { version: "1.0.0" },
      new: { version: "1.1.0" },
      breaking: true,
    });
    const { out } = await gateway("diff", ...paths, "--format", "markdown");
    expect(out).toBe("### Breaking\n\n- `GET /orders` is gone\n\n### Compatible\n\n- `POST /orders` is new\n");
    expect((await gateway("diff", paths[0] ?? "", paths[0] ?? "", "--fail-on", "any")).code).toBe(0);
  });

  test("compares with a build, and says what it cannot read", async () => {
    const folder = project({ "gateway.yaml": older, "empty/x.txt": "" });
    expect((await gateway("build", folder, "--only", "contract")).code).toBe(0);
    write(folder, "gateway.yaml", newer);
    expect((await gateway("diff", join(folder, "build"), folder)).code).toBe(1);
    expect(await gateway("diff", join(folder, "empty"), folder)).toMatchObject({
      code: 2,
      error: expect.stringContaining("neither a build folder nor one with a gateway.yaml"),
    });
    expect((await gateway("build", folder, "--only", "openapi", "--out", join(folder, "other"))).code).toBe(0);
    expect((await gateway("diff", join(folder, "other"), folder)).error).toContain(
      "is a build without its contract; gateway build --only contract makes it",
    );
    expect((await gateway("diff", join(folder, "none.yaml"), folder)).error).toContain("does not exist");
    write(folder, "broken.yaml", "gateway: [");
    expect((await gateway("diff", join(folder, "broken.yaml"), folder)).error).toContain("has mistakes");
    write(folder, "other.json", "{}");
    expect((await gateway("diff", join(folder, "other.json"), folder)).error).toContain("no contract");
  });
});

describe("other sides", () => {
  test("what git has, by revision and path", async () => {
    const folder = project({ "gateway.yaml": older, "broken.yaml": "gateway: [" });
    const git = (...args: readonly string[]) =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], { cwd: folder });
    git("init", "-q");
    git("add", "-A");
    git("commit", "-qm", "first");
    write(folder, "gateway.yaml", newer);
    const here = process.cwd();
    process.chdir(folder);
    try {
      for (const side of ["HEAD:gateway.yaml", "HEAD:", "HEAD:./gateway.yaml"])
        expect(await gateway("diff", side)).toMatchObject({
          code: 1,
          out: expect.stringContaining("1 breaking, 1 compatible"),
        });
      expect(await gateway("diff", "HEAD~7:gateway.yaml")).toMatchObject({
        code: 2,
        error: expect.stringMatching(/^gateway: HEAD~7:gateway\.yaml is no file here, and git has none: [^\n]+\n$/),
      });
      expect((await gateway("diff", "HEAD:broken.yaml")).error).toContain(
        "git show HEAD:broken.yaml > old.yaml && gateway check old.yaml shows them",
      );
      expect((await gateway("diff", "--", "--output=x:gateway.yaml")).error).toContain("is no revision of git");
    } finally {
      process.chdir(here);
    }
  });

  test("an OpenAPI document", async () => {
    const folder = project({ "gateway.yaml": file("1.0.0", "GET /orders: { mock: {}, responses: { 200: string } }") });
    expect((await gateway("build", folder, "--only", "openapi")).code).toBe(0);
    const documents = ["openapi.json", "openapi.yaml"].map((name) => join(folder, "build/openapi", name));
    for (const document of documents)
      expect(await gateway("diff", document, folder)).toMatchObject({
        code: 0,
        out: "no changes of the contract\n",
      });
    write(folder, "gateway.yaml", newer);
    expect((await gateway("diff", documents[0] ?? "", folder)).out).toContain("breaking   GET /orders: is gone");
    write(folder, "other.yaml", "openapi: 9.0.0\npaths: {}\n");
    expect((await gateway("diff", join(folder, "other.yaml"), folder)).error).toContain(
      "cannot be read as an API; gateway import ",
    );
  });
});

describe("what gateway.yaml says of the packages", () => {
  test("templates take the place of files, history makes a changelog", async () => {
    const folder = project({
      "gateway.yaml": file("1.1.0", "POST /orders: { mock: {} }", "sdk: { templates: mine, history: old.yaml }\n"),
      "old.yaml": older,
      "mine/typescript/README.md.hbs": "# {{name}}\n{{#each operations}}\n- {{operation}}\n{{/each}}",
      "mine/python/NOTICE": "as it is {{name}}",
    });
    const built = await gateway("build", folder, "--only", "sdk");
    expect(built.error).toBe("");
    const { readFileSync } = await import("node:fs");
    const read = (path: string) => readFileSync(join(folder, "build/sdk", path), "utf8");
    expect(read("typescript/README.md")).toBe("# shop\n- postOrders\n");
    expect(read("python/NOTICE")).toBe("as it is {{name}}");
    expect(read("python/CHANGELOG.md")).toContain("## 1.1.0\n\n### Breaking\n\n- `GET /orders` is gone\n");
  });

  test("a template that is wrong, and one that is not there, are told in one line", async () => {
    const folder = project({
      "gateway.yaml": file("1.1.0", "POST /orders: { mock: {} }", "sdk: { templates: mine }\n"),
      "mine/typescript/README.md.hbs": "{{nobody}}",
    });
    const wrong = await gateway("build", folder, "--only", "sdk");
    expect(wrong.code).toBe(2);
    expect(wrong.error).toContain("the template typescript/README.md.hbs");
    write(folder, "gateway.yaml", file("1.1.0", "POST /orders: { mock: {} }", "sdk: { templates: other }\n"));
    expect((await gateway("build", folder, "--only", "sdk")).error).toContain("does not exist");
  });
});
