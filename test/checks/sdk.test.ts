import { describe, expect, test } from "vitest";
import { diagnose, modelOf, routeOf, testMistakes } from "../support/diagnose.js";

const alike = (more: string, models: string, routes: string) =>
  `${more}models: |\n${models.replace(/^/gm, "  ")}\nroutes:\n${routes}\n`;

describe("names that are one in some language", () => {
  testMistakes([
    [
      "models that differ by case",
      "sdk-names-alike",
      alike("", "interface Order { id: string }\ninterface «order» { id: integer }", "  GET /a: { lambda: f }"),
    ],
    [
      "models as schemas",
      "sdk-names-alike",
      "models: { Order: { type: object }, «ORDER»: { type: string } }\nroutes:\n  GET /a: { lambda: f }",
    ],
    [
      "operations that differ by what stands between words",
      "sdk-names-alike",
      "routes:\n  GET /a: { lambda: getOrder }\n  GET /b: { lambda: f, operation: «get_order» }",
    ],
    ["operations made of paths", "sdk-names-alike", "routes:\n  GET /ab: { lambda: f }\n  «GET /aB»: { lambda: f }"],
  ]);

  test("in TypeScript they are two", async () => {
    const text = alike(
      "sdk: { languages: [typescript] }\n",
      "interface Order { id: string }\ninterface order { id: integer }",
      "  GET /a: { lambda: getOrder, responses: { 200: Order, 201: order } }",
    );
    expect((await modelOf(text)).models.map(({ name }) => name)).toEqual(["Order", "order"]);
  });

  test("says in which languages, and where the other one is", async () => {
    const text =
      "gateway: a\nsdk: { languages: [typescript, go, java] }\nroutes:\n  GET /a: { lambda: getOrder }\n  GET /b: { lambda: f, operation: get_order }\n";
    const [found] = await diagnose(text);
    expect(found?.message).toBe('operations "getOrder" and "get_order" are one name in Go and Java');
    expect(found?.notes).toHaveLength(1);
  });
});

describe("packages", () => {
  testMistakes([
    ["upper case on npm", "bad-package-name", "sdk: { typescript: «Shop» }"],
    ["a blank", "bad-package-name", 'sdk: { typescript: { name: «"a b"» } }'],
    ["a module with a scheme", "bad-package-name", "sdk: { go: «https://example.com/a» }"],
    ["a keyword", "bad-package-name", "sdk: { go: { package: «func» } }"],
    ["a keyword in a Java package", "bad-package-name", "sdk: { java: «com.acme.new» }"],
    ["an artifact without a group", "bad-package-name", "sdk: { java: { artifact: «shop» } }"],
    ["two numbers", "bad-package-version", 'sdk: { version: «"1.4"» }'],
    ["a build label", "bad-package-version", "sdk: { version: «1.4.0+x» }"],
    ["an absolute folder", "sdk-path", "sdk: { templates: «/etc» }"],
    ["a folder above", "sdk-path", "sdk: { history: [a.yaml, «../b.yaml»] }"],
    ["backslashes", "sdk-path", "sdk: { templates: «a\\b» }"],
    [
      "two routes with one name in AWS's SDK",
      "apig-client-same-name",
      "sdk: { typescript: { apigClient: «true» } }\nroutes:\n  GET /a-b: { mock: }\n  GET /a/b: { mock: , operation: other }\n",
    ],
    ["a language that is none", "wrong-word", "sdk: { languages: [«cobol»] }"],
  ]);

  test("defaults are the API's", async () => {
    expect((await modelOf("version: 1.4.0\nlicense: MIT")).sdk).toMatchObject({ version: "1.4.0", license: "MIT" });
    expect((await modelOf("version: 1.4.0\nsdk: { version: 2.0.0-beta.1, license: ISC }")).sdk).toMatchObject({
      version: "2.0.0-beta.1",
      license: "ISC",
    });
  });
});

describe("languages", () => {
  test("TypeScript and Python are the usual ones; one with settings of its own is made as well", async () => {
    expect((await modelOf("version: 1.4.0")).sdk.languages).toEqual(["typescript", "python"]);
    expect((await modelOf("sdk: { go: github.com/acme/shop-go/v2 }")).sdk).toMatchObject({
      languages: ["typescript", "python", "go"],
      go: { module: "github.com/acme/shop-go/v2", package: undefined },
    });
    expect((await modelOf("sdk: { languages: typescript, go: a }")).sdk.languages).toEqual(["typescript"]);
  });
});

describe("pages", () => {
  const route = (paginate: string, answer = "{ orders: string[]; cursor?: string }", query = "cursor?: string") =>
    `routes:\n  GET /orders:\n    query: { ${query} }\n    lambda: f\n    paginate: ${paginate}\n    responses: { 200: "${answer}" }`;
  testMistakes([
    ["misspelt", "paginate-unknown-cursor", route("«cursr»")],
    ["required", "paginate-cursor-required", route("«cursor»", undefined, "cursor: string")],
    [
      "no answer",
      "paginate-without-answer",
      "routes:\n  GET /a:\n    query: { cursor?: string }\n    lambda: f\n    paginate: «cursor»",
    ],
    ["no member of that name", "paginate-no-member", route("«cursor»", "{ orders: string[] }")],
    ["a path to nowhere", "paginate-no-member", route("{ cursor: cursor, next: «$response.body.next» }")],
    ["an index", "paginate-no-member", route('{ cursor: cursor, items: «"$response.body.orders[0]"» }')],
    ["no list", "paginate-no-list", route("{ cursor: cursor, items: «$response.body.cursor» }")],
    ["two lists", "paginate-which-list", route("«cursor»", "{ a: string[]; b: string[]; cursor?: string }")],
    ["a request's value", "expression-not-here", route("{ cursor: cursor, next: «$request.body.x» }")],
  ]);

  test("the short form finds the list and the cursor", async () => {
    expect((await routeOf(route("cursor"))).pagination).toEqual({
      cursor: "cursor",
      next: { in: "body", path: ["cursor"] },
      items: ["orders"],
    });
  });

  test("lists may be the body itself, cursors headers", async () => {
    const text = route("{ cursor: cursor, next: $response.header.X-Next }", "string[]");
    expect((await routeOf(text)).pagination).toEqual({
      cursor: "cursor",
      next: { in: "header", name: "X-Next" },
      items: [],
    });
  });
});
