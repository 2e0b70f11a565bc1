import { expect, test } from "vitest";
import { ownAnswers } from "../../../generators/docs/own-answers.js";
import { httpResponses, restResponses } from "../../../runtime/http/gateway-error-table.js";
import { modelOf } from "../../support/diagnose.js";

const file = (kind: string) => `gateway: a
kind: ${kind}
authorizers: { who: { lambda: w, type: request, identity: [$request.header.Authorization] } }
routes:
  POST /a: { auth: who, body: "{ a: string }", lambda: f }
  GET /b: { auth: iam, lambda: f }
`;

/** What the gateway says when nothing is customised, by status; of a long message the beginning. */
function said(table: typeof restResponses): ReadonlySet<string> {
  return new Set(
    Object.values(table).map(({ status, message, shape }) => `${status} ${shape.slice(2, 9)} ${message?.slice(0, 35)}`),
  );
}

test.each(["rest", "http"])("statuses and messages of a %s API are those that the gateway gives", async (kind) => {
  const answers = ownAnswers(await modelOf(file(kind)));
  expect(answers.length).toBeGreaterThan(6);
  const known = said(kind === "rest" ? restResponses : httpResponses);
  const unknown = answers.filter(({ status, sample }) => {
    const [[name = "", message]] = Object.entries(JSON.parse(sample)) as [[string, string | null]];
    return !known.has(`${status} ${name} ${message?.slice(0, 35)}`);
  });
  // The class of whatever a function does wrong has no message of its own.
  expect(unknown.map(({ status }) => status)).toEqual(kind === "rest" ? [502] : []);
});

test("a customised answer has the status and the body of its template", async () => {
  const text = `${file("rest")}errors: { UNAUTHORIZED: { status: 499, map: { problem: { code: 7 }, message: $context.error.message } } }\n`;
  const answers = ownAnswers(await modelOf(text));
  expect(answers.filter(({ status }) => status === 499)).toEqual([
    {
      status: 499,
      when: "The credential is missing, or not valid.",
      sample: '{"problem":{"code":0},"message":"Unauthorized"}',
    },
  ]);
});
