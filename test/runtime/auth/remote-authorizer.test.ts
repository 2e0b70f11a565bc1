import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import type { LambdaAuthorizerEntry } from "../../../runtime/auth/authorizer-entry.js";
import { lambdaAuthorizer } from "../../../runtime/auth/lambda/lambda-authorizer.js";
import { createGateway } from "../../../runtime/host/gateway.js";
import { invokeRemote } from "../../../runtime/integrations/invoke-remote.js";
import { testProgram, testRoute } from "../../support/program.js";

const arn = "arn:aws:lambda:eu-west-1:123456789012:function:check";
const statement = { Action: "execute-api:Invoke", Effect: "Allow", Resource: "*" };
const allow = { principalId: "p", policyDocument: { Version: "2012-10-17", Statement: [statement] } };

test("an authorizer that is a deployed function is called by the Invoke API, and fails closed", async () => {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { authorizationToken } = JSON.parse(Buffer.concat(chunks).toString()) as { authorizationToken: string };
    const fail = (errorMessage: string) =>
      response
        .writeHead(200, { "X-Amz-Function-Error": "Unhandled" })
        .end(JSON.stringify({ errorMessage, errorType: "Error" }));
    if (authorizationToken === "good") response.end(JSON.stringify(allow));
    else if (authorizationToken === "stranger") fail("Unauthorized");
    else if (authorizationToken === "broken") fail("no");
    else if (authorizationToken === "text") response.end("hello");
    else response.writeHead(404).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const authorizer: LambdaAuthorizerEntry = {
    kind: "lambda",
    name: "guard",
    type: "token",
    function: { functionName: "check", payloadFormat: "1.0", modules: new Map(), arn },
    invokeRemote,
    identity: [{ in: "header", name: "authorization" }],
    validation: undefined,
    ttlSeconds: 300,
    payloadFormat: "1.0",
    simpleResponses: false,
  };
  const route = testRoute("GET /x", async (x) => (await lambdaAuthorizer(x)) || x.answer(200, [], "in"), {
    authorizer,
  });
  const gateway = createGateway({
    program: testProgram([route]),
    environment: {
      AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "secret",
    },
    logger: { write: () => undefined },
  });
  const statusOf = async (token: string) =>
    (await gateway.inject({ path: "/dev/x", headers: ["Authorization", token] })).status;
  expect(await statusOf("good")).toBe(200);
  expect(await statusOf("stranger")).toBe(401);
  for (const token of ["broken", "text", "absent"]) expect([token, await statusOf(token)]).toEqual([token, 500]);
  await gateway.close({ drainMs: 0 });
  server.closeAllConnections();
  server.close();
});
