import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { extensionOptions, integrationOptions } from "../../../src/checks/aws-options.js";
import type { JsonValue } from "../../../src/model/types.js";
import { gatewaySchema } from "../../../src/syntax/json-schema.js";
import { importTexts } from "../../import/support.js";
import { root } from "../../support/paths.js";

/** Members of `x-amazon-apigateway-authorizer`, and those of integrations' members (developer guide). */
const otherMembers = [
  "authorizerCredentials",
  "authorizerPayloadFormatVersion",
  "authorizerResultTtlInSeconds",
  "authorizerUri",
  "enableSimpleResponses",
  "identitySource",
  "identityValidationExpression",
  "insecureSkipVerification",
  "jwtConfiguration",
  "providerARNs",
  "responseTemplates",
  "serverNameToVerify",
  "statusCode",
];

interface Row {
  readonly name: string;
  readonly keys: readonly string[];
  /** Undefined: only an import has it. */
  readonly fixture: string | undefined;
}

const rows: readonly Row[] = tableOf("OpenAPI extensions");
const known = [...extensionOptions, ...integrationOptions].map(({ name }) => name).concat(otherMembers);

function tableOf(title: string): readonly Row[] {
  const text = readFileSync(join(root, "docs/features.md"), "utf8");
  const section = text.split(/^## /m).find((part) => part.startsWith(title)) ?? "";
  return [...section.matchAll(/^\| `([^`]+)` \| (.+) \| (.+) \|$/gm)].map(([, name = "", keys = "", fixture = ""]) => ({
    name,
    keys: [...keys.matchAll(/`([^`]+)`/g)].map(([, key = ""]) => key),
    fixture: fixture.startsWith("import only") ? undefined : fixture,
  }));
}

describe("extensions of OpenAPI", () => {
  test("each that AWS documents has a row, and each row is one", () => {
    expect(rows.map(({ name }) => name).sort()).toEqual([...new Set(known)].sort());
  });

  for (const { name, keys, fixture } of rows) {
    test(`${name}: its keys are of the language`, () => {
      const words = wordsOf(gatewaySchema() as JsonValue);
      for (const key of keys) for (const word of key.split(/: ?|\/| with /)) expect(words, word).toContain(word.trim());
    });

    if (fixture === undefined) continue;
    test(`${name}: the document of the fixture has it`, () => {
      expect(membersOf(documentOf(fixture))).toContain(name);
    });
  }

  for (const fixture of new Set(rows.flatMap((row) => row.fixture ?? []))) {
    test(`the import of ${fixture} loses none`, async () => {
      const document = documentOf(fixture);
      const kind = fixture.startsWith("http") ? "http" : "rest";
      const { text, found } = await importTexts({ "openapi.json": JSON.stringify(document) }, { kind });
      const diagnostics = found.flatMap((file) => file.diagnostics);
      expect(diagnostics.filter(({ code }) => code !== "import-renamed").map(({ message }) => message)).toEqual([]);
      expect(text).not.toContain("left out");
    });
  }

  test("those that only an import has", async () => {
    const document = {
      openapi: "3.0.1",
      info: { title: "a", version: "1" },
      paths: {
        "/a": {
          get: {
            "x-amazon-apigateway-auth": { type: "AWS_IAM" },
            "x-amazon-apigateway-integration": { $ref: "#/components/x-amazon-apigateway-integrations/b" },
          },
        },
      },
      components: {
        "x-amazon-apigateway-integrations": {
          b: { type: "http_proxy", httpMethod: "GET", uri: "https://b.example.com" },
        },
      },
    };
    const { text, found } = await importTexts({ "openapi.json": JSON.stringify(document) });
    expect(found).toEqual([]);
    expect(text).toContain(`GET /a: { http: "https://b.example.com", auth: iam }`);
  });
});

function documentOf(fixture: string): JsonValue {
  const path = join(root, "fixtures", fixture, "golden/openapi/openapi.json");
  return JSON.parse(readFileSync(path, "utf8")) as JsonValue;
}

/** Names of all members, however deep. */
function membersOf(value: JsonValue): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const own = Array.isArray(value) ? [] : Object.keys(value);
  return [...own, ...Object.values(value).flatMap((each) => membersOf(each as JsonValue))];
}

/** Keys and words that the language has. */
function wordsOf(value: JsonValue): readonly string[] {
  if (typeof value === "string") return [value, ...value.split(/[^A-Za-z-]+/)];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => [name, ...wordsOf(each as JsonValue)]);
}
