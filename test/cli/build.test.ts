import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, expect, test } from "vitest";
import { gateway, hello, project, write } from "./support.js";

describe("build", () => {
  test("writes every output once, and the handler that is missing", async () => {
    const folder = project({ "gateway.yaml": hello });
    const first = await gateway("build", folder);
    expect(first).toMatchObject({ code: 0, error: "" });
    expect(first.out).toContain("new       handlers/hello.ts");
    for (const path of ["openapi/openapi.json", "openapi/openapi.yaml", "handlers/hello.ts", "gateway/gateway.mjs"]) {
      expect(existsSync(join(folder, "build", path)), path).toBe(true);
    }
    const second = await gateway("build", folder);
    expect(second.out).toMatch(/0 written, \d+ unchanged, 0 removed/);
  });

  test("never writes a handler again", async () => {
    const mine = 'export const handler = async () => ({ statusCode: 200, body: "mine" });\n';
    const folder = project({ "gateway.yaml": hello, "handlers/hello.ts": mine });
    expect((await gateway("build", folder)).code).toBe(0);
    expect(readFileSync(join(folder, "handlers/hello.ts"), "utf8")).toBe(mine);
  });

  test("a handler that is gone is told with the way to a new one, and no stub takes its place", async () => {
    const folder = project({
      "gateway.yaml": hello.replace("lambda: hello", "lambda: hello\n    operation: sayHello"),
    });
    await gateway("build", folder);
    rmSync(join(folder, "handlers/hello.ts"));
    const told =
      "handlers/hello.ts is gone, and a route calls it: put it back, or write a new stub by `gateway scaffold handlers/hello.ts`\n";
    expect(await gateway("build", folder)).toMatchObject({ code: 2, out: "", error: `gateway: ${told}` });
    expect(await gateway("build", "--only", "handlers", folder)).toMatchObject({ code: 2, error: `gateway: ${told}` });
    const check = await gateway("build", "--check", folder);
    expect(check).toMatchObject({ code: 1, out: "" });
    expect(check.error).toContain(told);
    const deployed = await gateway("deploy", "--stage", "dev", folder);
    expect(deployed).toMatchObject({ code: 2, error: `gateway: ${told}` });
    expect(existsSync(join(folder, "handlers/hello.ts"))).toBe(false);

    const file = ["--file", join(folder, "gateway.yaml")];
    expect(await gateway("scaffold", "sayHelo", ...file)).toMatchObject({ code: 2 });
    for (const name of ["hello", "sayHello", "handlers/hello.ts"]) {
      expect((await gateway("scaffold", name, ...file)).out).toBe("new       handlers/hello.ts\n");
      write(folder, "handlers/hello.ts", "// mine\n");
      expect((await gateway("scaffold", name, ...file)).out).toBe("kept      handlers/hello.ts: it is there already\n");
      expect(readFileSync(join(folder, "handlers/hello.ts"), "utf8")).toBe("// mine\n");
      rmSync(join(folder, "handlers/hello.ts"));
    }
    await gateway("scaffold", "hello", ...file);
    expect(await gateway("build", folder)).toMatchObject({ code: 0, error: "" });

    // A route that has gone takes its handler's name with it; the file stays, and may be made again.
    write(folder, "gateway.yaml", hello.replaceAll("hello", "other"));
    expect((await gateway("build", folder)).error).toContain("orphan    handlers/hello.ts");
    rmSync(join(folder, "handlers/hello.ts"));
    write(folder, "gateway.yaml", hello);
    expect((await gateway("build", folder)).out).toContain("new       handlers/hello.ts");
  });

  test("with a mistake writes nothing and keeps what is there", async () => {
    const folder = project({ "gateway.yaml": hello });
    await gateway("build", folder);
    const before = readFileSync(join(folder, "build/openapi/openapi.json"), "utf8");
    write(folder, "gateway.yaml", hello.replace("lambda", "lamda"));
    const result = await gateway("build", folder);
    expect(result.code).toBe(1);
    expect(result.error).toContain("nothing was written: 1 error\n");
    expect(readFileSync(join(folder, "build/openapi/openapi.json"), "utf8")).toBe(before);
  });

  test("tells a mistake in a handler with its place", async () => {
    const folder = project({
      "gateway.yaml": hello,
      "handlers/hello.ts": 'import "./nowhere.js";\nexport const x = ;\n',
    });
    const result = await gateway("build", folder);
    expect(result.code).toBe(1);
    expect(result.error).toMatch(/handlers\/hello\.ts:2:\d+ error: /);
    expect(result.error).not.toMatch(/^ +at /m);
    expect(existsSync(join(folder, "build"))).toBe(false);
  });

  test("--check tells what differs and writes nothing", async () => {
    const folder = project({ "gateway.yaml": hello });
    const none = await gateway("build", "--check", folder);
    expect(none.code).toBe(1);
    expect(existsSync(join(folder, "build"))).toBe(false);

    await gateway("build", folder);
    expect(await gateway("build", "--check", folder)).toMatchObject({ code: 0, error: "" });

    write(folder, "gateway.yaml", hello.replace("1.0.0", "1.1.0"));
    const stale = await gateway("build", "--check", folder);
    expect(stale.code).toBe(1);
    expect(stale.error).toContain("differs: ");
    expect(readFileSync(join(folder, "build/openapi/openapi.json"), "utf8")).toContain('"1.0.0"');
  });

  test("--check sees a file that was changed, removed or that is too many", async () => {
    const folder = project({ "gateway.yaml": hello });
    await gateway("build", folder);
    write(folder, "build/openapi/openapi.json", "{}");
    expect((await gateway("build", "--check", folder)).error).toContain("openapi/openapi.json");
    await gateway("build", "--force", folder);
    rmSync(join(folder, "build/handlers/hello.ts"));
    expect((await gateway("build", "--check", folder)).error).toContain("handlers/hello.ts");
  });

  test("--only makes some outputs and leaves the others alone", async () => {
    const folder = project({ "gateway.yaml": hello });
    expect((await gateway("build", "--only", "openapi", folder)).code).toBe(0);
    expect(existsSync(join(folder, "build/openapi/openapi.json"))).toBe(true);
    expect(existsSync(join(folder, "build/gateway"))).toBe(false);
    await gateway("build", folder);
    write(folder, "gateway.yaml", hello.replace("1.0.0", "1.1.0"));
    expect((await gateway("build", "--only", "openapi", folder)).code).toBe(0);
    expect(existsSync(join(folder, "build/gateway/gateway.mjs"))).toBe(true);
    expect((await gateway("build", "--check", "--only", "openapi", folder)).code).toBe(0);
    expect((await gateway("build", "--check", folder)).code).toBe(1);
  });

  test("takes over a file that is not its own with --force only", async () => {
    const folder = project({ "gateway.yaml": hello, "build/openapi/openapi.json": "mine" });
    const refused = await gateway("build", folder);
    expect(refused.code).toBe(2);
    expect(refused.error).toMatch(/^gateway: [^\n]*openapi\.json[^\n]*\n$/);
    expect(readFileSync(join(folder, "build/openapi/openapi.json"), "utf8")).toBe("mine");
    expect(existsSync(join(folder, "build/gateway"))).toBe(false);
    expect((await gateway("build", "--force", folder)).code).toBe(0);
    expect(readFileSync(join(folder, "build/openapi/openapi.json"), "utf8")).toContain("openapi");
  });

  test("writes nothing over what was changed by hand, and shows the change", async () => {
    const folder = project({ "gateway.yaml": hello });
    await gateway("build", folder);
    const path = join(folder, "build/handlers/hello.ts");
    const mine = `${readFileSync(path, "utf8")}// mine\n`;
    writeFileSync(path, mine);
    // As long as it would not be written, it is nobody's business but --check's.
    const before = readFileSync(join(folder, "build/openapi/openapi.json"), "utf8");
    write(folder, "gateway.yaml", hello.replace("1.0.0", "1.1.0"));
    const refused = await gateway("build", folder);
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.error).toContain("edited    handlers/hello.ts\n@@ line ");
    expect(refused.error).toContain("\n+ // mine\n");
    expect(refused.error).toContain(
      "nothing was written: handlers/hello.ts changed by hand since gateway wrote it; gateway build --force",
    );
    expect(readFileSync(path, "utf8")).toBe(mine);
    expect(readFileSync(join(folder, "build/openapi/openapi.json"), "utf8")).toBe(before);
    expect((await gateway("build", folder, "--force")).code).toBe(0);
    expect(readFileSync(path, "utf8")).not.toContain("mine");
  });

  test("keeps a file that it makes no more and that was changed by hand, and fails until it is gone", async () => {
    const folder = project({ "gateway.yaml": `${hello}  GET /bye: { lambda: bye }\n` });
    await gateway("build", folder);
    write(folder, "build/handlers/bye.ts", "mine");
    write(folder, "gateway.yaml", hello);
    for (let times = 0; times < 2; times++) {
      const kept = await gateway("build", folder);
      expect(kept.code).toBe(1);
      expect(kept.error).toContain(
        "kept      handlers/bye.ts: no longer made, but changed by hand; --force removes it",
      );
    }
    expect(readFileSync(join(folder, "build/handlers/bye.ts"), "utf8")).toBe("mine");
    expect((await gateway("build", folder, "--force")).code).toBe(0);
    expect(existsSync(join(folder, "build/handlers/bye.ts"))).toBe(false);
  });

  test("says to git and code hosts what is generated, and leaves what a user says there", async () => {
    const folder = project({ "gateway.yaml": hello });
    await gateway("build", folder);
    expect(readFileSync(join(folder, "build/.gitattributes"), "utf8")).toContain("\n* -text linguist-generated\n");
    const own = project({ "gateway.yaml": hello, "build/.gitattributes": "mine" });
    expect((await gateway("build", own)).code).toBe(0);
    expect(readFileSync(join(own, "build/.gitattributes"), "utf8")).toBe("mine");
  });

  test("leaves files as they are, with their times, where nothing of them changes", async () => {
    const folder = project({ "gateway.yaml": hello });
    await gateway("build", folder);
    const times = () =>
      new Map(
        readdirSync(join(folder, "build"), { recursive: true, encoding: "utf8" }).map((path) => {
          const stats = statSync(join(folder, "build", path), { bigint: true });
          return [path, stats.isFile() ? `${stats.mtimeNs} ${stats.ino}` : ""];
        }),
      );
    const before = times();
    expect((await gateway("build", folder)).code).toBe(0);
    expect(times()).toEqual(before);
  });

  test("the order of what has none changes no declaration", async () => {
    const route = (name: string) => `  GET /${name}: { lambda: ${name}, responses: { 200: ${name.toUpperCase()} } }\n`;
    const model = (name: string) => `  interface ${name.toUpperCase()} { id: string; of?: B }\n`;
    const text = (names: readonly string[]) =>
      `gateway: order\nversion: 1.0.0\nmodels: |\n${names.map(model).join("")}routes:\n${names.map(route).join("")}`;
    const wordsOf = async (names: readonly string[]) => {
      const folder = project({ "gateway.yaml": text(names) });
      expect((await gateway("build", folder, "--only", "sdk,handlers,openapi")).code).toBe(0);
      const files = readdirSync(join(folder, "build"), { recursive: true, withFileTypes: true });
      const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
      const kept = paths.filter((path) => !/README|samples|gateway\.lock/.test(path));
      return kept.map((path) => [
        path.slice(folder.length),
        (readFileSync(path, "utf8").match(/[\w$]+/g) ?? []).sort().join(" "),
      ]);
    };
    const [one, other] = [await wordsOf(["a", "b", "c"]), await wordsOf(["c", "a", "b"])];
    expect(new Map(other as [string, string][])).toEqual(new Map(one as [string, string][]));
  });

  test("removes what it no longer makes, and nothing else", async () => {
    const two = `${hello}  GET /bye: { lambda: bye }\n`;
    const folder = project({ "gateway.yaml": two });
    await gateway("build", folder);
    write(folder, "build/notes.txt", "mine");
    write(folder, "gateway.yaml", hello);
    expect((await gateway("build", folder)).code).toBe(0);
    expect(existsSync(join(folder, "build/handlers/bye.ts"))).toBe(false);
    expect(existsSync(join(folder, "handlers/bye.ts"))).toBe(true);
    expect(existsSync(join(folder, "build/notes.txt"))).toBe(true);
  });

  test.skipIf(process.getuid?.() === 0)("an unwritable folder is told in one line", async () => {
    const folder = project({
      "gateway.yaml": hello,
      "handlers/hello.ts": "export const handler = async () => ({});\n",
    });
    chmodSync(folder, 0o555);
    const result = await gateway("build", folder);
    chmodSync(folder, 0o755);
    expect(result).toMatchObject({ code: 2, out: "" });
    expect(result.error).toMatch(/^gateway: [^\n]+\n$/);
  });

  test("an output folder that is a file is told in one line", async () => {
    const folder = project({ "gateway.yaml": hello, taken: "" });
    const result = await gateway("build", folder, "--out", join(folder, "taken"));
    expect(result.code).toBe(2);
    expect(result.error).toMatch(/^gateway: [^\n]+\n$/);
  });

  test("in a format for scripts, standard output is nothing else", async () => {
    const folder = project({ "gateway.yaml": hello.replace("lambda", "lamda") });
    const result = await gateway("build", "--format", "json", folder);
    expect(result.code).toBe(1);
    expect(() => JSON.parse(result.out)).not.toThrow();
  });
});

test("a handler whose route is gone is told of, and stays", async () => {
  const folder = project({ "gateway.yaml": hello });
  expect((await gateway("build", folder)).code).toBe(0);
  write(folder, "gateway.yaml", hello.replace("lambda: hello", "lambda: other"));
  const { code, error, out } = await gateway("build", folder);
  expect([code, error]).toEqual([
    0,
    "orphan    handlers/hello.ts: no route calls it any more; it is yours, and stays\n",
  ]);
  expect(out).toContain("new       handlers/other.ts");
  expect(existsSync(join(folder, "handlers/hello.ts"))).toBe(true);
});
