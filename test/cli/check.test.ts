import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { gateway, hello, project } from "./support.js";

const broken = `gateway: hello
version: 1.0.0
descripton: a slip
routes:
  GET /hello:
    lamda: hello
`;

describe("check", () => {
  test("a right file: exit code 0, and nothing is written", async () => {
    const folder = project({ "gateway.yaml": hello });
    const result = await gateway("check", folder);
    expect(result).toMatchObject({ code: 0, error: "" });
    expect(result.out).toContain("open to everybody: GET /hello\n");
    expect(result.out).toContain("no mistakes found\n");
    expect(readdirSync(folder)).toEqual(["gateway.yaml"]);
  });

  test("two mistakes are shown at once, at their places, with exit code 1", async () => {
    const result = await gateway("check", project({ "gateway.yaml": broken }));
    expect(result.code).toBe(1);
    expect(result.error).toMatch(/gateway\.yaml:3:1 error\[unknown-key\]/);
    expect(result.error).toMatch(/gateway\.yaml:6:5 error\[unknown-key\]/);
    expect(result.error).toContain('did you mean "lambda"?');
    expect(result.out).toContain("2 errors");
  });

  test("the format for scripts is JSON, on standard output alone", async () => {
    const result = await gateway("check", "--format", "json", project({ "gateway.yaml": broken }));
    expect(result).toMatchObject({ code: 1, error: "" });
    expect(JSON.stringify(JSON.parse(result.out))).toContain("unknown-key");
  });

  test("scripts are told every open route, with its place", async () => {
    const text = `${hello}  POST /hello: { auth: iam, lambda: hello }\n`;
    const result = await gateway("check", "--format", "json", project({ "gateway.yaml": text }));
    const open = JSON.parse(result.out).filter(({ code }: { code: string }) => code === "open-route");
    expect(open).toMatchObject([{ severity: "info", message: '"GET /hello" is open to everybody', line: 4 }]);
    expect(result.code).toBe(0);
  });

  test("SARIF is version 2.1.0 with the rules and places of the mistakes", async () => {
    const result = await gateway("check", "--format", "sarif", project({ "gateway.yaml": broken }));
    expect(result).toMatchObject({ code: 1, error: "" });
    const sarif = JSON.parse(result.out);
    expect(sarif.version).toBe("2.1.0");
    const [run] = sarif.runs;
    expect(run.results).toHaveLength(2);
    for (const found of run.results) {
      expect(run.tool.driver.rules.map((rule: { id: string }) => rule.id)).toContain(found.ruleId);
    }
    expect(run.results[1].locations[0].physicalLocation.region).toMatchObject({ startLine: 6, startColumn: 5 });
  });

  test("a right file in a format for scripts has no other text", async () => {
    const folder = project({ "gateway.yaml": hello });
    for (const format of ["json", "sarif"]) {
      const result = await gateway("check", "--format", format, folder);
      expect(result).toMatchObject({ code: 0, error: "" });
      expect(() => JSON.parse(result.out)).not.toThrow();
    }
  });

  test("warnings fail with --strict only", async () => {
    const text = `${hello}  GET /ping: { mock: { status: ok } }\n`;
    const folder = project({ "gateway.yaml": text });
    expect((await gateway("check", folder)).code).toBe(0);
    const strict = await gateway("check", "--strict", folder);
    expect(strict.code).toBe(1);
    expect(strict.error).toContain("warning[reserved-path]");
  });

  test("what one target lacks does not fail for another", async () => {
    const text = `${hello}  POST /jobs: { aws: "frobnicate:StartJob" }\n`;
    const folder = project({ "gateway.yaml": text });
    expect((await gateway("check", "--target", "aws", folder)).code).toBe(0);
    const node = await gateway("check", "--target", "node", folder);
    expect(node.code).toBe(1);
    expect(node.error).toContain("aws-action-unknown");
  });
});

describe("usage", () => {
  const oneLine = /^gateway: [^\n]+\n$/;

  test.each([
    ["a missing file", ["check", "nowhere.yaml"]],
    ["a missing file of build", ["build", "nowhere/gateway.yaml"]],
    ["an unknown target", ["check", "--target", "awss", "fixtures/hello"]],
    ["an unknown output", ["build", "--only", "openapy", "fixtures/hello"]],
    ["no target", ["check", "--target", ",", "fixtures/hello"]],
    ["no output", ["build", "--only", "", "fixtures/hello"]],
    ["an unknown diagnostic", ["explain", "unknown-kye"]],
  ])("%s is told in one line", async (_name, args) => {
    const result = await gateway(...args);
    expect(result).toMatchObject({ code: 2, out: "" });
    expect(result.error).toMatch(oneLine);
  });

  test.each([
    ["an unknown flag", ["check", "--formt", "json"], "--format"],
    ["an unknown command", ["chek"], "check"],
    ["a format that is none", ["check", "--format", "xml"], "json"],
    ["an argument too many", ["check", "a.yaml", "b.yaml"], "check"],
  ])("%s has exit code 2 and a hint", async (_name, args, hint) => {
    const result = await gateway(...args);
    expect(result.code).toBe(2);
    expect(result.error).toContain(hint);
    expect(result.error).not.toMatch(/^ +at /m);
  });

  test("a folder that holds no gateway.yaml", async () => {
    const result = await gateway("check", project());
    expect(result).toMatchObject({ code: 2, out: "" });
    expect(result.error).toMatch(oneLine);
  });

  test("a folder in place of the file", async () => {
    const folder = project({ "gateway.yaml/x": "" });
    const result = await gateway("check", join(folder, "gateway.yaml"));
    expect(result.code).toBe(2);
    expect(result.error).toMatch(oneLine);
  });

  test.each([
    ["an empty file", ""],
    ["a text", "hello"],
    ["a list", "- a\n- b\n"],
    ["bytes", "\u0000\u0001\ufffd"],
    ["deep nesting", `gateway: ${"[".repeat(5000)}`],
  ])("%s is a mistake of the file, not of ours", async (_name, text) => {
    const result = await gateway("check", project({ "gateway.yaml": text }));
    expect(result.code).toBe(1);
    expect(result.error).toMatch(/gateway\.yaml:\d+:\d+ error\[/);
  });

  test("each command has help with an example", async () => {
    const commandsOf = (help: string) =>
      [...(/Commands:\n(.*?)(?:\n\n|$)/s.exec(help)?.[1] ?? "").matchAll(/^ {2}([a-z]+)/gm)].map(
        ([, name = ""]) => name,
      );
    const lines = commandsOf((await gateway("--help")).out).filter((name) => name !== "help");
    expect(lines.length).toBeGreaterThan(15);
    for (const line of lines) {
      const { code, out } = await gateway(...line.split(" "), "--help");
      expect(code, line).toBe(0);
      expect(out, line).toMatch(/Examples?:\n {2}(?:gateway|curl) /);
      lines.push(
        ...commandsOf(out)
          .filter((name) => name !== "help")
          .map((name) => `${line} ${name}`),
      );
    }
    expect(lines).toContain("keys delete");
    expect(await gateway("--version")).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  test("help shows defaults that say something, and a wrong option points at the help of its command", async () => {
    const help = await gateway("invoke", "--help");
    expect(help.out).toContain('(default: "gateway.yaml")');
    expect(help.out).not.toContain("[]");
    expect((await gateway("check", "--nonsense")).error).toContain("(gateway check --help lists its options)");
    expect((await gateway("keys", "create")).error).toContain("(gateway keys create --help lists its options)");
    expect((await gateway("nonsense")).error).toContain("(gateway --help lists the commands)");
  });

  test("a folder without a gateway.yaml is told of by the file that is missing", async () => {
    const folder = project();
    const missing = `gateway: there is no file ${join(folder, "gateway.yaml")}; \`gateway init\` makes one, or give its path\n`;
    expect(await gateway("check", folder)).toMatchObject({ code: 2, error: missing });
  });

  describe("a function whose module exports no handler", () => {
    const yaml = "gateway: g\nroutes:\n  GET /a: { lambda: one }\n  GET /b: { lambda: one }\nstages: { dev: {} }\n";
    const found = async (module: string) => {
      const { out } = await gateway(
        "check",
        "--format",
        "json",
        project({ "gateway.yaml": yaml, "handlers/one.ts": module }),
      );
      return JSON.parse(out).filter(({ code }: { code: string }) => code === "no-handler-export");
    };

    test.each(["", "export const handle = 1;", "const handler = 1;", "export function handlers() {}"])(
      "is told of where it is called first: %s",
      async (module) => {
        expect(await found(module)).toMatchObject([
          {
            severity: "warning",
            line: 3,
            column: 21,
            message: 'handlers/one.ts exports no "handler": every call of "one" fails',
          },
        ]);
      },
    );

    test.each([
      "export const handler = 1;",
      "export async function handler() {}",
      "export function* handler() {}",
      "const a = 1;\nexport { a as handler };",
      "export const { handler } = make();",
      'export * from "./two.js";',
      "export = { handler: 1 };",
      "export default { handler: 1 };",
      "exports.handler = 1;",
      "Object.assign(module.exports, { handler: 1 });",
    ])("is nothing to tell where there may be one: %s", async (module) => {
      expect(await found(module)).toEqual([]);
    });

    test("is told of when building too, and nothing is lost", async () => {
      const folder = project({ "gateway.yaml": yaml, "handlers/one.ts": "export const main = 1;" });
      const { code, error } = await gateway("build", folder);
      expect(error).toContain("warning[no-handler-export]");
      expect(code).toBe(0);
    });
  });

  describe("an authorizer's function that allows the called method alone", () => {
    const handler =
      'export const handler = async (event: { methodArn: string }) => ({\n  principalId: "a",\n  policyDocument: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: event.methodArn }] },\n});\n';
    const yaml = (authorizer: string, routes = "{ GET /a: { lambda: x }, GET /b: { lambda: x } }") =>
      `gateway: g\nauthorizers:\n  partners: ${authorizer}\nauth: partners\nroutes: ${routes}\nstages: { dev: {} }\n`;
    const found = async (text: string) => {
      const folder = project({ "gateway.yaml": text, "handlers/guard.ts": handler });
      const { out } = await gateway("check", "--format", "json", folder);
      return JSON.parse(out).filter(({ code }: { code: string }) => code === "cached-policy-of-one-method");
    };
    const token = "{ lambda: guard, type: token }";

    test("is told of at the authorizer, with the place in the handler", async () => {
      expect(await found(yaml(token))).toMatchObject([{ severity: "warning", line: 3, column: 23 }]);
      const [{ message }] = await found(yaml(token));
      expect(message).toBe(
        'the answers of "partners" are kept for 300 s, and handlers/guard.ts:3:98 allows the called method alone',
      );
      expect(await found(yaml("{ lambda: guard, type: token, ttl: 60 }"))).toMatchObject([{ column: 48 }]);
      expect(await found(yaml(token, '{ "GET /a/{id}": { params: { id: string }, lambda: x } }'))).toHaveLength(1);
    });

    test("harms nobody where nothing is kept, or only one method is asked about", async () => {
      expect(await found(yaml("{ lambda: guard, type: token, ttl: 0 }"))).toEqual([]);
      expect(await found(yaml(token, "{ GET /a: { lambda: x } }"))).toEqual([]);
    });

    test("is told of when building too", async () => {
      const folder = project({ "gateway.yaml": yaml(token), "handlers/guard.ts": handler });
      const { error } = await gateway("build", folder, "--only", "openapi");
      expect(error).toContain("warning[cached-policy-of-one-method]");
      expect((await gateway("check", "--strict", folder)).code).toBe(1);
    });
  });
});
