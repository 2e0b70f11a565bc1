import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AwsEmulator, type EmulatedAnswer, type EmulatedCall, startAwsEmulator } from "../support/aws-emulator.js";
import { type YamlGateway, yamlGateway } from "../support/yaml-gateway.js";

const yaml = `
gateway: deployed
functions:
  charge: { arn: "arn:aws:lambda:eu-central-1:123456789012:function:charge:\${stageVariables.alias}" }
routes:
  POST /charge/{id}: { params: { id: string }, lambda: charge }
  POST /custom:
    lambda: charge
    request: { headers: { X-Amz-Client-Context: $request.header.X-Context }, map: { amount: $request.body.amount } }
    responses:
      200: { map: { done: $response.body.ok } }
      402: { from: ".*declined.*", map: { message: $response.body.errorMessage } }
  POST /later:
    lambda: charge
    request: { headers: { X-Amz-Invocation-Type: Event }, map: { amount: 1 } }
    responses: { 202: { map: { queued: true } } }
  POST /here:
    lambda: local
    request: { headers: { X-Amz-Invocation-Type: Event, X-Amz-Client-Context: $request.header.X-Context }, map: { n: $request.body.n } }
    responses: { 202: { map: { queued: true } } }
stages: { dev: { variables: { alias: live } } }
`;

const local = `export const seen = globalThis.seenByLocal = [];
export const handler = async (event, context) => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  seen.push({ event, client: context.clientContext });
  if (event.n === 13) throw new Error("unlucky");
};`;

/** Functions that are called by Lambda's Invoke API, against one that verifies each signature. */
describe("deployed functions", () => {
  let aws: AwsEmulator;
  let gateway: YamlGateway;
  let answer: (call: EmulatedCall) => EmulatedAnswer;

  beforeAll(async () => {
    aws = await startAwsEmulator((call) => answer(call));
    gateway = await yamlGateway(yaml, { environment: aws.environment }, { "handlers/local.ts": local });
  });
  afterAll(async () => {
    expect(aws.refused).toEqual([]);
    await gateway?.close();
    gateway?.remove();
    await aws?.stop();
  });

  const lastCall = () => aws.calls.at(-1) as EmulatedCall;

  test("a proxy gets the event and answers with its result", async () => {
    answer = () => ({ body: '{"statusCode":201,"headers":{"X-A":"b"},"body":"made"}' });
    const made = await gateway.ask("POST /dev/charge/7?x=1", { amount: 3 });
    expect(made).toMatchObject({ status: 201, text: "made", headers: { "x-a": "b" } });
    const arn = encodeURIComponent("arn:aws:lambda:eu-central-1:123456789012:function:charge:live");
    expect(lastCall()).toMatchObject({
      service: "lambda",
      region: "eu-central-1",
      method: "POST",
      url: `/2015-03-31/functions/${arn}/invocations`,
    });
    expect(JSON.parse(lastCall().body.toString())).toMatchObject({
      resource: "/charge/{id}",
      pathParameters: { id: "7" },
      queryStringParameters: { x: "1" },
      body: '{"amount":3}',
    });
  });

  test.each([
    ["a function that failed", { headers: { "X-Amz-Function-Error": "Unhandled" }, body: '{"errorMessage":"x"}' }, 502],
    ["a result that is no answer", { body: '"text"' }, 502],
    ["a result that is no JSON", { body: "<html>" }, 502],
    ["no permission", { status: 403, headers: { "X-Amzn-ErrorType": "AccessDeniedException" } }, 500],
    ["no such function", { status: 404 }, 500],
  ])("%s", async (_name, given, status) => {
    answer = () => given;
    expect(await gateway.ask("POST /dev/charge/7", {})).toMatchObject({
      status,
      text: '{"message": "Internal server error"}',
    });
  });

  test("with templates the function gets what they make; its error selects the response", async () => {
    answer = () => ({ body: '{"ok":"yes"}' });
    const context = Buffer.from('{"custom":{"a":"1"}}').toString("base64");
    expect((await gateway.ask("POST /dev/custom", { amount: 5 }, ["X-Context", context])).json).toEqual({
      done: "yes",
    });
    expect(JSON.parse(lastCall().body.toString())).toEqual({ amount: 5 });
    expect(lastCall().headers["x-amz-client-context"]).toBe(context);
    answer = () => ({
      headers: { "X-Amz-Function-Error": "Handled" },
      body: '{"errorMessage":"card declined by bank","errorType":"E"}',
    });
    expect(await gateway.ask("POST /dev/custom", { amount: 5 })).toMatchObject({
      status: 402,
      json: { message: "card declined by bank" },
    });
  });

  test("an asynchronous invocation is accepted at once", async () => {
    answer = () => ({ status: 202, body: "" });
    expect(await gateway.ask("POST /dev/later", {})).toMatchObject({ status: 202, json: { queued: true } });
    expect(lastCall().headers["x-amz-invocation-type"]).toBe("Event");
  });

  test("in this process nobody waits for it either, and its failure is logged", async () => {
    const seen = () => (globalThis as { seenByLocal?: unknown[] }).seenByLocal ?? [];
    const context = Buffer.from('{"custom":1}').toString("base64");
    expect(await gateway.ask("POST /dev/here", { n: 1 }, ["X-Context", context])).toMatchObject({ status: 202 });
    expect(seen()).toEqual([]);
    expect((await gateway.ask("POST /dev/here", { n: 13 })).status).toBe(202);
    await expect.poll(() => seen()).toEqual([{ event: { n: 1 }, client: { custom: 1 } }, { event: { n: 13 } }]);
    await expect.poll(() => JSON.stringify(gateway.log)).toContain("unlucky");
  });
});
