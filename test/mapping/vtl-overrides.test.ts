import { describe, expect, test } from "vitest";
import { type ContextData, readOverrides, templateContext } from "../../runtime/mapping/context-map.js";
import { renderTemplate } from "../../runtime/mapping/template-runtime.js";
import { loadTemplate } from "../../scripts/vtl/load-template.js";

const none = new Map<string, string>();

/** Renders a request template and a response template of one request; what both set is read back at the end. */
function exchange(
  request: string,
  response: string,
  header: ReadonlyMap<string, string> = none,
  data: { readonly [name: string]: ContextData } = {},
) {
  const context = templateContext(data);
  const stageVariables = templateContext({});
  const [first, second] = [request, response].map((text) => {
    const template = loadTemplate(text);
    if (template === undefined) throw new Error(`refused: ${text}`);
    return renderTemplate(template, {
      body: "",
      params: { path: none, querystring: none, header },
      context,
      stageVariables,
    });
  });
  return { first, second, overrides: readOverrides(context) };
}

describe("overrides (aws-behaviour 6.1 and 12.3)", () => {
  test("what the request template sets takes effect, and the response template reads it", () => {
    const { second, overrides } = exchange(
      '#set($context.responseOverride.status = 444)#set($context.responseOverride.header.foo = "bar")#set($context.responseOverride.custom = "also")x',
      "$context.responseOverride.status $context.responseOverride.header.foo $context.responseOverride.custom",
    );
    expect(second).toBe("444 bar also");
    expect(overrides.response.status).toBe(444);
    expect([...overrides.response.header]).toEqual([["foo", "bar"]]);
  });

  test("three ways to write into a map, none of which prints anything", () => {
    const { first, second, overrides } = exchange(
      '#set($p = "foo")#set($context.requestOverride.querystring[$p] = "bar")$context.requestOverride.querystring.put("putfoo", "putBar")#set($context["requestOverride"].querystring["nested"] = "n"){"statusCode": 200}',
      '$context.requestOverride.querystring["foo"] $context.requestOverride.querystring["putfoo"] $context.requestOverride.querystring.nested',
    );
    expect(first).toBe('{"statusCode": 200}');
    expect(second).toBe("bar putBar n");
    expect([...overrides.request.querystring]).toEqual([
      ["foo", "bar"],
      ["putfoo", "putBar"],
      ["nested", "n"],
    ]);
  });

  test("a list makes a header of several values", () => {
    const header = new Map([
      ["header1", "one"],
      ["header2", "two"],
    ]);
    const { overrides } = exchange(
      "#set($context.requestOverride.header.many = [\"$input.params('header1')\", \"$input.params('header1')$input.params('header2')\"])#set($context.requestOverride.path.id = 7)",
      "",
      header,
    );
    expect(overrides.request.header.get("many")).toEqual(["one", "onetwo"]);
    expect(overrides.request.path.get("id")).toBe("7");
  });

  test.each(["'201'", "99", "600", "2.5", "true", "[200]"])("%s is no status", (value) => {
    expect(exchange(`#set($context.responseOverride.status = ${value})`, "").overrides.response.status).toBeUndefined();
  });

  test.each([
    "#set($context.responseOverride.status = 201)#set($context.responseOverride.status = 202)",
    "#set($context.responseOverride.header.X-A = 'a')#set($context.responseOverride.header['x-a'] = 'b')",
    "#foreach($i in [1..2])#set($context.requestOverride.querystring.q = $i)#end",
    "$context.requestOverride.path.put('id', 1)#set($context.requestOverride.path.id = 1)",
  ])("a parameter is overridden once: %s", (template) => {
    expect(() => exchange(template, "")).toThrow(/is overridden twice; build its value in a variable first/);
  });

  test("each template overrides for itself, and other values are no parameters", () => {
    const set =
      "#set($context.responseOverride.status = 201)#set($context.responseOverride.header.x = 'a')#set($context.requestOverride.header.x = 'a')";
    const other = "#set($context.responseOverride.custom = 1)#set($context.responseOverride.custom = 2)";
    const { overrides } = exchange(set + other, set.replaceAll("201", "202") + other);
    expect(overrides.response.status).toBe(202);
  });

  test("maps of $context print nothing by themselves, and everything as part of it", () => {
    const { first } = exchange("[$context.identity][$context.get('identity')][$context.identity.sourceIp]", "", none, {
      identity: { sourceIp: "192.0.2.1" },
    });
    expect(first).toBe("[][][192.0.2.1]");
  });
});

describe("parameters (aws-behaviour 14.1)", () => {
  test("a header is found whatever its case, where the exact name is absent", () => {
    const header = new Map([["X-Trace", "t"]]);
    expect(
      exchange("$input.params('x-trace')|$input.params().header.get('X-Trace')|$input.params('none')|", "", header)
        .first,
    ).toBe("t|t||");
  });
});
