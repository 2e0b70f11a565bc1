import { describe, expect, test } from "vitest";
import { DraftMap } from "../../src/import/draft.js";
import type { JsonValue } from "../../src/model/types.js";
import { importTexts, modelOf } from "./support.js";

const everybody = { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" };
const deny = { ...everybody, Effect: "Deny" };
const refusesAll = { Effect: "Deny", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" };

/** A template with one REST API under a policy; its parameter `Office` has a default, `Endpoint` has none. */
async function imported(policy: JsonValue, properties: object = {}): Promise<string> {
  const mock = { type: "mock", responses: { default: { statusCode: "200" } } };
  const operation = { responses: { 200: { description: "" } }, "x-amazon-apigateway-integration": mock };
  const body = { openapi: "3.0.1", info: { title: "a", version: "1" }, paths: { "/a": { get: operation } } };
  const template = {
    Parameters: { Office: { Type: "String", Default: "203.0.113.0/24" }, Endpoint: { Type: "String" } },
    Resources: {
      Api: { Type: "AWS::ApiGateway::RestApi", Properties: { Body: body, Policy: policy, ...properties } },
    },
  };
  const { text, rest } = await importTexts({ "template.json": JSON.stringify(template) });
  expect(rest).toEqual([]);
  return text ?? "";
}

const policyOf = (...Statement: readonly JsonValue[]) => ({ Version: "2012-10-17", Statement });

describe("resource policies with parts that the stack fills in", () => {
  test("what is known stands in its place", async () => {
    const arn = { "Fn::Sub": "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:*/dev/GET/*" };
    const where = { IpAddress: { "aws:SourceIp": [{ Ref: "Office" }] } };
    const text = await imported(policyOf({ ...everybody, Resource: arn, Condition: where }));
    expect((await modelOf(text)).policy).toEqual(
      policyOf({
        ...everybody,
        Resource: "arn:aws:execute-api:us-east-1:123456789012:*/dev/GET/*",
        Condition: { IpAddress: { "aws:SourceIp": ["203.0.113.0/24"] } },
      }),
    );
  });

  test("what is not known is named, and nobody may call until it is set", async () => {
    const elsewhere = { StringNotEquals: { "aws:SourceVpce": { Ref: "Endpoint" } } };
    const given = policyOf({ ...deny, Condition: elsewhere }, everybody);
    const text = await imported(given, { EndpointConfiguration: { Types: ["PRIVATE"] } });
    expect(text).toContain("# set Endpoint below");
    expect(text).toContain("endpoint: private");
    const [first, ...others] = ((await modelOf(text)).policy as { Statement: JsonValue[] }).Statement;
    expect(first).toEqual(refusesAll);
    expect(others).toEqual([{ ...deny, Condition: { StringNotEquals: { "aws:SourceVpce": "Endpoint" } } }, everybody]);
  });

  test("a policy that is computed as a whole closes the API", async () => {
    const text = await imported({ "Fn::If": ["IsOpen", policyOf(everybody), { Ref: "AWS::NoValue" }] });
    expect((await modelOf(text)).policy).toEqual(policyOf(refusesAll));
    expect(text).toContain("# the policy is made by the stack: say here who may call");
  });
});

test("a policy with a mistake is left out as a whole: what it denied stays denied", async () => {
  const text = await imported(
    policyOf({ ...deny, Condition: { NoSuchTest: { "aws:SourceIp": "10.0.0.1" } } }, everybody),
  );
  expect((await modelOf(text)).policy).toEqual(policyOf(refusesAll));
  expect(text).toMatch(/# left out, and nobody may call until a policy says who: .*NoSuchTest/);
  expect(text).toContain("#       - { Effect: Allow");
});

describe("ResourcePolicy of SAM", () => {
  const handler = { Handler: "index.handler", Runtime: "nodejs20.x", InlineCode: "" };
  const event = (Path: string, Method: string, more: object = {}) => ({
    Type: "Api",
    Properties: { Path, Method, ...more },
  });
  async function ofTemplate(globals: JsonValue, api: JsonValue, events: object, parameters: object = {}) {
    const template = {
      Transform: "AWS::Serverless-2016-10-31",
      Parameters: parameters,
      Globals: { Api: { Auth: { ResourcePolicy: globals } } },
      Resources: {
        ...(api === null
          ? {}
          : {
              Shop: { Type: "AWS::Serverless::Api", Properties: { StageName: "prod", Auth: { ResourcePolicy: api } } },
            }),
        Fn: { Type: "AWS::Serverless::Function", Properties: { ...handler, Events: events } },
      },
    };
    const { text, rest } = await importTexts({ "template.json": JSON.stringify(template) });
    expect(rest).toEqual([]);
    return (await modelOf(text ?? "")).policy;
  }
  const of = (statement: object) => ({
    Principal: "*",
    Action: "execute-api:Invoke",
    Resource: "execute-api:/*",
    ...statement,
  });

  test("lists of the API, and of Globals before them, close it for the others", async () => {
    const policy = await ofTemplate(
      { IpRangeBlacklist: ["192.0.2.7"] },
      { IpRangeBlacklist: ["192.0.2.9"], SourceVpcWhitelist: ["vpc-1", { Ref: "Endpoint" }] },
      { A: event("/a", "get", { RestApiId: { Ref: "Shop" } }) },
      { Endpoint: { Type: "String", Default: "vpce-2" } },
    );
    expect(policy).toEqual(
      policyOf(
        of({ Effect: "Allow" }),
        of({ Effect: "Deny", Condition: { IpAddress: { "aws:SourceIp": ["192.0.2.7", "192.0.2.9"] } } }),
        of({
          Effect: "Deny",
          Condition: { StringNotEquals: { "aws:SourceVpc": ["vpc-1"], "aws:SourceVpce": ["vpce-2"] } },
        }),
      ),
    );
  });

  test("that of an event is for its method alone, custom statements stay as they are", async () => {
    const custom = of({ Effect: "Allow", Resource: "execute-api:/prod/GET/*" });
    const own = {
      Auth: { ResourcePolicy: { AwsAccountWhitelist: ["111122223333"], IpRangeWhitelist: ["10.0.0.0/8"] } },
    };
    const policy = await ofTemplate({ CustomStatements: [custom] }, null, {
      A: event("/a/{id}/", "post", own),
      B: event("/b", "any"),
    });
    const there = { Resource: "execute-api:/*/POST/a/*" };
    expect(policy).toEqual(
      policyOf(
        custom,
        of({ Effect: "Allow", Principal: { AWS: ["111122223333"] }, ...there }),
        of({ Effect: "Allow", ...there }),
        of({ Effect: "Deny", ...there, Condition: { NotIpAddress: { "aws:SourceIp": ["10.0.0.0/8"] } } }),
      ),
    );
  });
});

test("what is set again stays one entry, whatever was taken out above it", () => {
  const map = new DraftMap().set("endpoint", "private").set("models", "one").set("routes", null);
  map.remove("endpoint");
  map.set("models", "two").set("routes", 1);
  expect(map.entries.map(({ name, value }) => [name, value])).toEqual([
    ["models", "two"],
    ["routes", 1],
  ]);
});
