import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { gateway, project } from "./support.js";

const yaml = `gateway: g
models: "interface Order { sku: string; quantity: integer }"
routes:
  POST /orders/{id}:
    params: { id: string }
    body: Order
    http: https://backend.example
    request: { map: { id: $request.path.id, sku: $request.body.sku, note: $request.header.X-Note ?? "none" } }
    responses:
      200:
        template: |
          #set($context.responseOverride.status = 201)
          {"made": "$util.escapeJavaScript($input.path('$.name'))"}
  POST /queue:
    aws: sqs:SendMessage
    with: { QueueUrl: "\${stageVariables.queue}", MessageBody: $request.body.sku }
    responses: { 200: { status: $response.body.code ?? 202, map: { price: $$5 } } }
stages:
  dev: { variables: { queue: https://q } }
  prod: { variables: { queue: "\${env.QUEUE}" } }
`;

describe("render", () => {
  test("a template of a file: the result, what it read, what it set", async () => {
    const folder = project({
      "a.vtl":
        '#set($context.requestOverride.header.x = \'y\'){"id": "$input.params(\'id\')", "q": $input.path(\'$.q\'), "at": "$context.identity.sourceIp"}',
    });
    const { code, out, error } = await gateway("render", join(folder, "a.vtl"), "-p", "id=7", "-b", '{"q": 10.0}');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ id: "7", q: 10, at: "192.0.2.1" });
    expect(error).toContain("$input.path('$.q') = 10.0");
    expect(error).toContain(`$input.params('id') = "7"`);
    expect(error).toContain("sets requestOverride.header.x = y");
  });

  test("what the result is not, what is missing and what is wrong", async () => {
    const folder = project({ "a.vtl": `{"a": $input.path('$.none'), "b": "$context.stge"}` });
    const shown = await gateway("render", join(folder, "a.vtl"), "-b", "{}");
    expect(shown.code).toBe(1);
    expect(shown.error).toContain("$input.path('$.none') = (missing)");
    expect(shown.error).toContain("warning: the result is no JSON");
    expect(shown.error).toMatch(/a\.vtl:1:\d+ error\[/);
    const json = JSON.parse((await gateway("render", join(folder, "a.vtl"), "--format", "json")).out);
    expect(json).toMatchObject({ text: '{"a": , "b": ""}', diagnostics: [{ severity: "error" }] });
  });

  test("a template that AWS would answer with 500", async () => {
    const folder = project({ "a.vtl": "$input.params('a').substring(9)", "b.vtl": "#if(true) x" });
    expect(await gateway("render", join(folder, "a.vtl"))).toMatchObject({
      code: 1,
      error: expect.stringContaining("API Gateway answers 500"),
    });
    expect(await gateway("render", join(folder, "b.vtl"))).toMatchObject({ code: 1, out: "" });
  });

  test("a rule of a route, and the template of a response", async () => {
    const folder = project({ "gateway.yaml": yaml });
    const file = ["-f", join(folder, "gateway.yaml")];
    const request = await gateway("render", "POST", "/orders/{id}", ...file, "-p", "id=7", "-b", '{"sku":"a\\"b"}');
    expect(JSON.parse(request.out)).toEqual({ id: "7", sku: 'a"b', note: "none" });
    const response = await gateway("render", "POST /orders/{id}", ...file, "--response", "200", "-b", '{"name":"n"}');
    expect(JSON.parse(response.out)).toEqual({ made: "n" });
    expect(response.error).toContain("sets responseOverride.status = 201");
    const form = await gateway("render", "POST /queue", ...file, "-b", '{"sku":"a b"}');
    expect(form.out.trim()).toBe("Action=SendMessage&Version=2012-11-05&QueueUrl=https%3A%2F%2Fq&MessageBody=a+b");
    expect(form.error).not.toContain("no JSON");
    const other = await gateway("render", "POST /queue", ...file, "-b", "{}", "--variable", "queue=r");
    expect(other.error).toContain('$stageVariables.queue = "r"');
    const status = await gateway("render", "POST /queue", ...file, "--response", "200", "-b", '{"code":404}');
    expect(status.out.trim()).toBe('{"price":"$5"}');
    expect(status.error).toContain("sets responseOverride.status = 404");
    expect(await gateway("render", "POST /orders/{ID}", ...file)).toMatchObject({
      code: 2,
      error: expect.stringContaining("did you mean"),
    });
    expect(await gateway("render", "POST /orders/{id}", ...file, "--response", "404")).toMatchObject({ code: 2 });
  });
});
