import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseKeyFile } from "../../runtime/limits/parse-key-file.js";
import { gateway, project, write } from "./support.js";

const file = `gateway: shop
plans:
  free: { quota: { limit: 10, period: week, offset: 1 }, stages: [prod] }
  gold: { throttle: { rate: 5, burst: 5 }, stages: [prod] }
keys:
  declared: { plan: free }
  fromFile: { plan: free, value: "\${env.KEY}" }
routes: { GET /a: { apiKey: true, mock: { a: b } } }
stages: { prod: {} }
`;

const stateOf = (folder: string) => readFileSync(join(folder, ".gateway/state/keys.log"), "utf8");

describe("gateway keys", () => {
  test("create shows a new value once and keeps its hash only", async () => {
    const folder = project({ "gateway.yaml": file });
    const made = await gateway("keys", "create", "acme", "--plan", "gold", "-f", folder, "-d", "for Acme");
    expect(made).toMatchObject({ code: 0, error: "" });
    expect(made.out).toMatch(/^[A-Za-z0-9]{40}\n$/);
    expect(stateOf(folder)).not.toContain(made.out.trim());
    const listed = await gateway("keys", "list", "-f", folder, "--format", "json");
    expect(JSON.parse(listed.out).keys).toMatchObject([
      { name: "declared", enabled: true, plans: ["free"], from: "nowhere yet" },
      { name: "fromFile", from: "file" },
      { name: "acme", enabled: true, plans: ["gold"], from: "state" },
    ]);
    expect(listed.out).not.toContain(made.out.trim());
  });

  test("a key of the file without a value gets one, with the file's plans", async () => {
    const folder = project({ "gateway.yaml": file });
    expect(await gateway("keys", "create", "declared", "-f", folder)).toMatchObject({ code: 0 });
    expect((await gateway("keys", "list", "-f", folder)).out).toMatch(/declared +enabled {3}free {2}\(value: state\)/);
  });

  test("disable, enable and delete by name or id", async () => {
    const folder = project({ "gateway.yaml": file });
    await gateway("keys", "create", "acme", "--plan", "gold", "-f", folder);
    const listed = async () =>
      JSON.parse((await gateway("keys", "list", "-f", folder, "--format", "json")).out).keys[2];
    await gateway("keys", "disable", "acme", "-f", folder);
    expect(await listed()).toMatchObject({ name: "acme", enabled: false });
    await gateway("keys", "enable", (await listed()).id, "-f", folder);
    expect(await listed()).toMatchObject({ enabled: true });
    await gateway("keys", "delete", "acme", "-f", folder);
    expect(await listed()).toBeUndefined();
  });

  test.each([
    [["create", "x", "--plan", "glod"], 'no plan is named "glod"; did you mean "gold"?'],
    [["create", "x", "--plan", "gold", "--plan", "free"], '"gold" and "free" both open the stage "prod"'],
    [["create", "fromFile"], 'the value of "fromFile" stands in the file; change it there, or choose another name'],
    [["create", "declared", "--plan", "gold"], 'the plans of "declared" stand in the file; leave out --plan'],
    [["create", "x", "--value", "short"], "a value has 20 to 128 characters, not 5"],
    [["disable", "fromFile"], '"fromFile" stands in the file: set "enabled" there'],
    [["delete", "nobody"], 'there is no key "nobody"'],
    [["create", " "], "a name has 1 to 1024 characters"],
    [["create", "x".repeat(1025)], "a name has 1 to 1024 characters"],
    [["import", "no-such.csv"], "no-such.csv cannot be read"],
    [["list", "--format", "xml"], "--format is text or json"],
  ])("%j: one line, exit code 2", async (args, message) => {
    const folder = project({ "gateway.yaml": file });
    expect(await gateway("keys", ...args, "-f", folder)).toMatchObject({ code: 2, error: `gateway: ${message}\n` });
  });

  test("import takes API Gateway's file format", async () => {
    const folder = project({ "gateway.yaml": file });
    const csv = [
      "Enabled,Name,key,UsageplanIds,other",
      'true,MyFirstApiKey,apikey1234abcdefghij0123456789,"gold",x',
      "FALSE,Second,apikey1234abcdefghij0123456780,'free',",
      "TRUE,Again,apikey1234abcdefghij0123456789,gold,the same value as the first",
    ].join("\r\n");
    write(folder, "keys.csv", csv);
    expect((await gateway("keys", "import", join(folder, "keys.csv"), "-f", folder)).out).toBe("2 keys imported\n");
    const first = JSON.parse((await gateway("keys", "list", "-f", folder, "--format", "json")).out).keys;
    expect(first.slice(2)).toMatchObject([
      { name: "Second", enabled: false, plans: ["free"] },
      { name: "Again", enabled: true, plans: ["gold"] },
    ]);
    await gateway("keys", "import", join(folder, "keys.csv"), "-f", folder);
    const second = JSON.parse((await gateway("keys", "list", "-f", folder, "--format", "json")).out).keys;
    expect(second).toEqual(first);
  });

  test("import refuses all of a file with a mistake, in AWS's words and without showing a value", async () => {
    const folder = project({ "gateway.yaml": file });
    write(folder, "keys.csv", "name,key,usageplanids\na,tooshort,gold\nb,apikey1234abcdefghij0123456789,glod\n");
    const ran = await gateway("keys", "import", join(folder, "keys.csv"), "-f", folder);
    expect(ran.code).toBe(1);
    expect(ran.error).toContain("keys.csv:2: API Key value should be at least 20 characters\n");
    expect(ran.error).toContain('no plan is named "glod", which "b" asks for\n');
    expect(ran.error).not.toContain("apikey1234");
    expect(JSON.parse((await gateway("keys", "list", "-f", folder, "--format", "json")).out).keys).toHaveLength(2);
  });

  test("import refuses a key in two plans of one stage", async () => {
    const folder = project({ "gateway.yaml": file });
    write(folder, "keys.csv", 'name,key,usageplanids\na,apikey1234abcdefghij0123456789,"gold,free"\n');
    const ran = await gateway("keys", "import", join(folder, "keys.csv"), "-f", folder);
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.error).toContain('the plans of "a": "gold" and "free" both open the stage "prod"\n');
  });

  test("a value that a key has is not given to another by create", async () => {
    const folder = project({ "gateway.yaml": file });
    const value = "a-value-of-more-than-20-characters";
    await gateway("keys", "create", "first", "--value", value, "-f", folder);
    const second = await gateway("keys", "create", "second", "--value", value, "-f", folder);
    expect(second).toMatchObject({
      code: 2,
      error: "gateway: there is a key with this value already; gateway keys import replaces it\n",
    });
  });

  test("names of imported keys cannot steer the terminal", async () => {
    const folder = project({ "gateway.yaml": file });
    write(folder, "keys.csv", "name,key\n\u001b[31mred\u0007,apikey1234abcdefghij0123456789\n");
    await gateway("keys", "import", join(folder, "keys.csv"), "-f", folder);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    expect((await gateway("keys", "list", "-f", folder)).out).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  test("mistakes in gateway.yaml are shown, exit code 1", async () => {
    const folder = project({ "gateway.yaml": "gateway: x\nroutes: { GET /a: { lamda: x } }\n" });
    expect(await gateway("keys", "list", "-f", folder)).toMatchObject({ code: 1 });
  });
});

describe("the key file", () => {
  test("quotes hold commas, quotes and lines; a byte order mark is none", () => {
    const { keys, problems } = parseKeyFile(
      '\uFEFFName,Key,Description,UsagePlanIds\n"a ""b"", c",\'apikey1234abcdefghij0123456789\',"two\nlines","x, y"\n',
    );
    expect(problems).toEqual([]);
    expect(keys).toMatchObject([{ name: 'a "b", c', description: "two\nlines", plans: ["x", "y"], enabled: true }]);
  });

  test.each([
    ["", "the first line names no column"],
    ["name,value\n", 'the first line names no column "key"'],
    ['name,key\n"a', "a quote is not closed"],
    ["name,key,enabled\na,apikey1234abcdefghij0123456789,maybe\n", "Enabled is true or false"],
    [`name,key\na,${"x".repeat(129)}\n`, "API Key value exceeds maximum size of 128 characters"],
  ])("%j is told", (text, message) => {
    expect(
      parseKeyFile(text)
        .problems.map((problem) => problem.message)
        .join(),
    ).toContain(message);
  });

  test("what is written as CSV is read back", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "b", ",", '"', "'", "\n", " ", "é"), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, fc.stringMatching(/^[A-Za-z0-9]{20,30}$/)), { maxLength: 6 }), (rows) => {
        const named = rows.map(([name, key], at) => [`k${at}${name}`.trim(), key] as const);
        const quoted = named.map(([name, key]) => `"${name.replaceAll('"', '""')}",${key}`);
        const { keys, problems } = parseKeyFile(["Name,Key", ...quoted].join("\n"));
        expect(problems).toEqual([]);
        const last = new Map(named.map(([name, key]) => [key, name]));
        expect(new Map(keys.map(({ name, value }) => [value, name]))).toEqual(last);
      }),
      { numRuns: 200 },
    );
  });
});

describe("gateway usage", () => {
  /** What a gateway has written. */
  async function counted(folder: string): Promise<void> {
    const { RecordLog } = await import("../../runtime/state/durable/record-log.js");
    const { keyIdOf } = await import("../../generators/gateway/ids.js");
    mkdirSync(join(folder, ".gateway/state"), { recursive: true });
    const log = new RecordLog(join(folder, ".gateway/state/counts.log"));
    const id = keyIdOf("shop", "declared");
    log.append([
      ["usage", "free", id, "2026-03-01", 2],
      ["usage", "free", id, "2026-03-02", 3],
      ["usage", "free", id, "2026-03-08", 6],
      ["usage", "free", id, "2026-03-09", 1],
      ["usage", "gold", "=cmd", "2026-03-02", 9],
    ]);
    log.close();
  }

  test("by key and day, with what is left of the quota in its period", async () => {
    const folder = project({ "gateway.yaml": file });
    await counted(folder);
    const range = ["--from", "2026-03-02", "--to", "2026-03-31"];
    const ran = await gateway("usage", "--key", "declared", ...range, "-f", folder, "--format", "json");
    // 2 March 2026 is a Monday, and so is the 9th: with an offset of 1, weeks begin there.
    expect(JSON.parse(ran.out).usage).toMatchObject([
      { day: "2026-03-02", plan: "free", key: "declared", requests: 3, remaining: 7 },
      { day: "2026-03-08", requests: 6, remaining: 1 },
      { day: "2026-03-09", requests: 1, remaining: 9 },
    ]);
    const text = (await gateway("usage", ...range, "-f", folder)).out;
    expect(text).toContain("2026-03-02  declared (free)         3  7 left\n");
    expect(text).toContain("=cmd (gold)");
    expect((await gateway("usage", ...range, "-f", folder, "--format", "csv")).out).toContain("'=cmd");
  });

  test.each([
    [["--from", "2026-02-30"], '"2026-02-30" is no day: YYYY-MM-DD'],
    [["--from", "2026-03-02", "--to", "2026-03-01"], "2026-03-02 is later than 2026-03-01"],
    [["--from", "2020-03-02", "--to", "2026-03-01"], "at most a year is shown at once"],
    [["--key", "nobody"], 'there is no key "nobody"; gateway keys list shows them'],
  ])("%j: one line", async (args, message) => {
    const folder = project({ "gateway.yaml": file });
    expect(await gateway("usage", ...args, "-f", folder)).toMatchObject({ code: 2, error: `gateway: ${message}\n` });
  });
});
