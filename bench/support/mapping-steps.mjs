// The mapping steps of a route with bodies of 1 KB: template and parameters of the request, template, status and headers of the
// answer, without the call between them.
import { micro } from "./micro.mjs";
import { gatewayOf, load } from "./program.mjs";

const line = (at) => ({ sku: `SKU-${at}`, quantity: at, price: at + 0.5, note: 'Leave at "the" door' });
const bodyOf = (id) =>
  Buffer.from(JSON.stringify({ id, customer: "Ada", items: Array.from({ length: 14 }, (_, at) => line(at)) }));
const body = bodyOf("o-1");
const answer = bodyOf("o-2");

export async function measureSteps() {
  const { Exchange } = await load("runtime/http/exchange.js");
  const { customBody } = await load("runtime/integrations/custom-body.js");
  const { answerCustom } = await load("runtime/integrations/custom-answer.js");
  const { templateBody } = await load("runtime/integrations/template-body.js");
  const { withOverrides } = await load("runtime/integrations/overrides.js");
  const sources = await load("runtime/mapping/parameters.js");
  const { loadRule, loadText } = await load("scripts/vtl/load-rule.js");
  const { loadTemplate } = await load("scripts/vtl/load-template.js");

  const member = (...names) => names.map((name) => ({ kind: "member", name }));
  const reference = (kind, ...names) => ({ kind: "reference", reference: { kind, path: member(...names) } });
  const rule = (kind, more = []) => ({
    kind: "object",
    members: [
      { name: "id", value: reference(kind, "id") },
      { name: "who", value: reference(kind, "customer") },
      { name: "first", value: item(kind, 0, "sku") },
      { name: "price", value: item(kind, 3, "price") },
      ...more,
      { name: "from", value: { kind: "reference", reference: { kind: "context", path: ["identity", "sourceIp"] } } },
    ],
  });
  const item = (kind, index, name) => {
    const path = [...member("items"), { kind: "index", index }, ...member(name)];
    return { kind: "reference", reference: { kind, path } };
  };
  const list = (kind) => [{ name: "lines", value: reference(kind, "items") }];
  const vtl = `#set($o = $input.path('$')){"id":"$o.id","lines":[#foreach($i in $o.items){"sku":"$i.sku","n":$i.quantity}#if($foreach.hasNext),#end#end]}`;
  const headers = [
    { name: "X-Caller", source: sources.fromHeader("X-Tenant") },
    { name: "X-Stage", source: sources.fromContext("stage") },
  ];
  const mapped = (template, status) => ({
    status: 200,
    pattern: undefined,
    headers: [{ name: "X-Id", source: sources.fromContext("requestId") }],
    templates: new Map([["application/json", template]]),
    ...(status && { statusRule: templateBody(status) }),
  });
  const rules = {
    request: new Map([["application/json", templateBody(loadRule(rule("body")))]]),
    responses: [mapped(templateBody(loadRule(rule("responseBody"))))],
  };
  const ofStatus = loadText({
    kind: "default",
    ...reference("responseBody", "status"),
    otherwise: { kind: "constant", value: 200 },
  });
  const withStatus = { ...rules, responses: [mapped(templateBody(loadRule(rule("responseBody"))), ofStatus)] };
  const copying = {
    request: new Map([["application/json", templateBody(loadRule(rule("body", list("body"))))]]),
    responses: [mapped(templateBody(loadRule(rule("responseBody", list("responseBody")))))],
  };
  const template = templateBody(loadTemplate(vtl));
  const templates = { request: new Map([["application/json", template]]), responses: [mapped(template)] };

  const { live } = await gatewayOf([{ key: "POST /orders/{id}", run: () => true }]);
  const exchange = () => {
    const given = [
      "Host",
      "api.example.com",
      "Content-Type",
      "application/json",
      "X-Tenant",
      "acme",
      "Accept",
      "application/json",
    ];
    const x = new Exchange(live, "POST", "/dev/orders/42", "/orders/42", "", given, "192.0.2.1", Date.now(), {
      hasBody: true,
      send: () => undefined,
    });
    [x.stage] = live.stages.values();
    live.router.find("POST", "/orders/42", x);
    x.body = body;
    return x;
  };
  const steps =
    ({ request, responses }) =>
    (x) => {
      const sent = customBody(x, { templates: request });
      for (const { source } of withOverrides(headers, undefined, true)) source(x);
      answerCustom(x, { status: 200, headers: ["content-type", "application/json"], body: answer }, responses);
      return sent;
    };
  await micro(`mapping steps of a route, ${body.length} bytes in and out`, {
    "both bodies read as text and JSON, nothing mapped": () => [
      JSON.parse(body.toString("utf8")),
      JSON.parse(answer.toString("utf8")),
    ],
    "rules of five values": [exchange, steps(rules)],
    "rules of five values, and one for the status": [exchange, steps(withStatus)],
    "rules that copy a list of 14 items too": [exchange, steps(copying)],
    "templates with a loop over 14 items": [exchange, steps(templates)],
  });
}
