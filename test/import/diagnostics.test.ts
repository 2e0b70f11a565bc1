import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Import, importGateway } from "../../src/import/import-gateway.js";
import { importTexts } from "./support.js";

/** `file:line:column code: message`, as people see it. */
function told({ found }: Import): readonly string[] {
  return found.flatMap(({ source, diagnostics }) =>
    diagnostics.map(({ span, code, message }) => {
      const { line, column } = source.position(span.start);
      return `${source.path.split("/").at(-1)}:${line}:${column} ${code}: ${message}`;
    }),
  );
}

async function toldOf(text: string, name = "api.yaml"): Promise<readonly string[]> {
  return told(await importTexts({ [name]: text }));
}

const head = "openapi: 3.0.3\ninfo: { title: shop, version: 1.10 }\n";

describe("mistakes have places in the imported file", () => {
  test("import-syntax: JSON that ends too early", async () => {
    const made = await importTexts({ "api.json": '{ "openapi": "3.0.0",\n  "paths": { "/a": }\n}' });
    expect(made.text).toBeUndefined();
    expect(told(made)).toEqual(["api.json:2:20 import-syntax: JSON cannot be read here: a value is missing"]);
  });

  test("import-syntax: YAML with a wrong indentation", async () => {
    const [first] = await toldOf("openapi: 3.0.3\ninfo:\n  title: a\n version: 1\n");
    expect(first).toMatch(/^api\.yaml:4:1 import-syntax: YAML cannot be read here/);
  });

  test("import-unknown-document", async () => {
    expect(await toldOf("hello: world\n")).toEqual([
      "api.yaml:1:1 import-unknown-document: this is no API description: it has neither openapi, swagger nor Resources",
    ]);
    expect(await toldOf("openapi: 4.0.0\n")).toEqual([
      "api.yaml:1:1 import-unknown-document: this is no API description: its version is 4.0.0",
    ]);
  });

  test("import-reference: a broken one", async () => {
    const text = `${head}paths:\n  /a:\n    get:\n      responses:\n        200: { $ref: "#/components/responses/Nope" }\n`;
    expect(await toldOf(text)).toEqual([
      'api.yaml:7:22 import-reference: "#/components/responses/Nope" leads nowhere: nothing is there',
    ]);
  });

  test("import-reference-cycle: references that only lead to each other", async () => {
    const text = `${head}paths: { /a: { $ref: "#/paths/~1b" }, /b: { $ref: "#/paths/~1a" } }\n`;
    expect((await toldOf(text))[0]).toBe('api.yaml:3:22 import-reference-cycle: "#/paths/~1b" leads back to itself');
  });

  test("import-remote-reference: nothing is fetched", async () => {
    const text = `${head}paths: { /a: { $ref: "https://example.com/a.yaml" } }\n`;
    expect(await toldOf(text)).toEqual([
      'api.yaml:3:22 import-remote-reference: "https://example.com/a.yaml" lies on the network, and nothing is fetched',
    ]);
  });

  test("import-wrong-type: lists where maps are wanted", async () => {
    expect(await toldOf(`${head}paths:\n  /a:\n    get: []\n`)).toEqual([
      'api.yaml:5:10 import-wrong-type: "get" has to be an operation (a map)',
    ]);
  });

  test("import-left-out: what has no place is told once a kind, and stands as a comment", async () => {
    const made = await importTexts({
      "api.yaml": `${head}paths:\n  /a:\n    get:\n      callbacks: {}\n      responses: { 4XX: { description: x, content: { text/plain: {} } } }\n    post:\n      callbacks: {}\n`,
    });
    expect(told(made)).toEqual([
      'api.yaml:6:7 import-left-out: left out: "callbacks" of operations (and at 1 other place)',
      'api.yaml:7:25 import-left-out: left out: the response "4XX": gateway.yaml has responses by status',
    ]);
    expect(made.text).toContain('# left out: "callbacks" of operations (api.yaml:6)');
  });

  test("import-changed: a scheme that API Gateway does not check stays closed", async () => {
    const made = await importTexts({
      "api.yaml": `${head}security: [{ login: [] }]\npaths:\n  /a: { get: {} }\ncomponents:\n  securitySchemes:\n    login: { type: oauth2, flows: {} }\n`,
    });
    expect(told(made)).toEqual([
      'api.yaml:8:12 import-changed: "login": API Gateway does not check oauth2 authentication itself; the function of a Lambda authorizer has to',
    ]);
    expect(made.text).toContain("auth: login");
    expect(made.text).toContain("lambda: authorizeLogin");
  });

  test("what the language refuses never leaves a route open: the route goes with its authorizer", async () => {
    const authorizer = '{ type: token, authorizerUri: "${uri}", identityValidationExpression: "(" }';
    const scheme = `{ type: apiKey, name: X, in: header, x-amazon-apigateway-authtype: custom, x-amazon-apigateway-authorizer: ${authorizer} }`;
    const made = await importTexts({
      "api.yaml": `${head}paths:\n  /a: { get: { security: [{ mine: [] }] }, post: { security: [] } }\ncomponents:\n  securitySchemes:\n    mine: ${scheme}\n`,
    });
    expect(made.rest).toEqual([]);
    expect(made.text).toMatch(/^ {2}# {3}GET \/a: /m);
    expect(made.text).toMatch(/^ {2}POST \/a: /m);
  });

  test("import-renamed: names that TypeScript does not take", async () => {
    const text = `${head}paths:\n  /a: { get: { operationId: get-a } }\n`;
    expect(await toldOf(text)).toEqual(['api.yaml:4:29 import-renamed: "get-a" is called "getA" in gateway.yaml']);
  });

  test("import-outside-reference: another folder is read when it is named", async () => {
    const folder = mkdtempSync(join(tmpdir(), "gateway-import-"));
    try {
      mkdirSync(join(folder, "api"));
      mkdirSync(join(folder, "shared"));
      writeFileSync(join(folder, "shared/thing.yaml"), "type: object\nproperties: { id: { type: string } }\n");
      const response = "{ description: x, content: { application/json: { schema: { $ref: ../shared/thing.yaml } } } }";
      writeFileSync(
        join(folder, "api/api.yaml"),
        `${head}paths:\n  /a:\n    get:\n      responses:\n        200: ${response}\n`,
      );
      const outside = await importGateway(join(folder, "api/api.yaml"));
      expect(told(outside)).toEqual([
        'api.yaml:7:79 import-outside-reference: "../shared/thing.yaml" lies outside the document\'s folder',
      ]);
      const named = await importGateway(join(folder, "api/api.yaml"), { folders: [join(folder, "shared")] });
      expect(told(named)).toEqual([]);
      expect(named.text).toContain("interface thing {\n    id?: string;\n  }");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
