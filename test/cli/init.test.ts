import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gateway, project } from "./support.js";

test("init makes a gateway that builds as it is", async () => {
  const folder = join(project(), "My Notes");
  const made = await gateway("init", folder);
  expect(made).toMatchObject({ code: 0, error: "" });
  expect(readdirSync(folder).sort()).toEqual([".gitignore", "gateway.yaml", "handlers"]);
  expect(readFileSync(join(folder, "gateway.yaml"), "utf8")).toMatch(/^gateway: my-notes$/m);

  expect(await gateway("check", "--strict", folder)).toMatchObject({ code: 0, error: "" });
  const built = await gateway("build", folder);
  expect(built).toMatchObject({ code: 0, error: "" });
  expect(built.out).not.toContain("new ");
  expect(existsSync(join(folder, "build/gateway/gateway.mjs"))).toBe(true);
});

test("init touches nothing that is there", async () => {
  const taken = project({ "notes/mine.txt": "mine" });
  expect(await gateway("init", join(taken, "notes"))).toMatchObject({ code: 2, out: "" });
  expect(readdirSync(join(taken, "notes"))).toEqual(["mine.txt"]);

  const made = project({ "gateway.yaml": "gateway: mine\n" });
  const again = await gateway("init", made);
  expect(again).toMatchObject({ code: 2, out: "" });
  expect(again.error).toMatch(/^gateway: .*is there already\n$/);
  expect(readFileSync(join(made, "gateway.yaml"), "utf8")).toBe("gateway: mine\n");
});

test("init below a file is told in one line", async () => {
  const folder = project({ file: "" });
  const result = await gateway("init", join(folder, "file", "notes"));
  expect(result.code).toBe(2);
  expect(result.error).toMatch(/^gateway: .*\n$/);
});

test("init makes a gateway of any name, and says how to enter its folder", async () => {
  for (const name of ["123", "true", "null", "it's mine"]) {
    const folder = join(project(), name);
    const made = await gateway("init", folder);
    expect(made.out, name).toContain(
      name.includes(" ") ? `cd '${folder.replace("'", "'\\''")}' && ` : `cd ${folder} && `,
    );
    expect(await gateway("check", folder), name).toMatchObject({ code: 0, error: "" });
  }
});
