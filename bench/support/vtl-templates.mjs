// Five templates of the kinds that API Gateway's users write, each with the JavaScript that a person would write instead.
// `hand` gets what a gateway has at hand: the body as text, parameters as plain objects, $context, stage variables.

const order = JSON.stringify({
  id: "o-1",
  customer: { first: "Ada", last: "Lovelace", vip: true },
  items: [
    { sku: "A-1", qty: 2, price: 9.99 },
    { sku: "B-2", qty: 1, price: 100 },
    { sku: "C-3", qty: 5, price: 0.5 },
  ],
  note: 'Leave at "the" door',
  tags: ["new", "gift"],
});

const items = JSON.stringify({
  Count: 2,
  ScannedCount: 2,
  Items: [
    { id: { S: "1" }, title: { S: 'First "post"' }, likes: { N: "3" }, tags: { L: [{ S: "a" }, { S: "b" }] } },
    { id: { S: "2" }, title: { S: "Second" }, likes: { N: "0" }, tags: { L: [] } },
  ],
  LastEvaluatedKey: { id: { S: "2" } },
});

const params = {
  path: { id: "17" },
  querystring: { q: "red shoes", page: "2", "filter-by": "size" },
  header: { "Accept-Language": "en-GB;q=0.8", "X-Trace": "t-1", Host: "api.example.com", "User-Agent": "curl/8" },
};
const stageVariables = { table: "Orders-prod", queue: "jobs" };
const context = {
  apiId: "a1b2c3",
  httpMethod: "POST",
  stage: "prod",
  requestId: "r-1",
  resourcePath: "/orders/{id}",
  identity: { sourceIp: "192.0.2.1", userAgent: "curl/8" },
};

const javaEscapes = {
  "'": "\\'",
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\t": "\\t",
  "\r": "\\r",
  "\b": "\\b",
  "\f": "\\f",
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to escape.
const escaped = /['"\\\u0000-\u001f\u0080-\uffff]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const escapedAll = /['"\\\u0000-\u001f\u0080-\uffff]/g;
function escapeJavaScript(text) {
  if (!escaped.test(text)) return text;
  return text.replace(
    escapedAll,
    (char) => javaEscapes[char] ?? `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`,
  );
}

export const samples = [
  {
    name: "pass-through",
    template: `#set($allParams = $input.params())
{
"body-json" : $input.json('$'),
"params" : {
#foreach($type in $allParams.keySet())
    #set($params = $allParams.get($type))
"$type" : {
    #foreach($paramName in $params.keySet())
    "$paramName" : "$util.escapeJavaScript($params.get($paramName))"
        #if($foreach.hasNext),#end
    #end
}
    #if($foreach.hasNext),#end
#end
},
"stage-variables" : {
#foreach($key in $stageVariables.keySet())
"$key" : "$util.escapeJavaScript($stageVariables.get($key))"
    #if($foreach.hasNext),#end
#end
},
"context" : {
    "api-id" : "$context.apiId",
    "http-method" : "$context.httpMethod",
    "stage" : "$context.stage",
    "source-ip" : "$context.identity.sourceIp",
    "user-agent" : "$context.identity.userAgent",
    "request-id" : "$context.requestId",
    "resource-path" : "$context.resourcePath"
    }
}
`,
    body: order,
    hand(body, given) {
      let out = `{\n"body-json" : ${JSON.stringify(JSON.parse(body))},\n"params" : {\n`;
      const types = Object.keys(given.params);
      types.forEach((type, at) => {
        out += `"${type}" : {\n`;
        const names = Object.keys(given.params[type]);
        names.forEach((name, position) => {
          out += `        "${name}" : "${escapeJavaScript(given.params[type][name])}"\n        ${position + 1 < names.length ? "," : ""}`;
        });
        out += `    }\n    ${at + 1 < types.length ? "," : ""}`;
      });
      out += '},\n"stage-variables" : {\n';
      const keys = Object.keys(given.stageVariables);
      keys.forEach((key, at) => {
        out += `"${key}" : "${escapeJavaScript(given.stageVariables[key])}"\n    ${at + 1 < keys.length ? "," : ""}`;
      });
      const { context: c } = given;
      return `${out}},\n"context" : {\n    "api-id" : "${c.apiId}",\n    "http-method" : "${c.httpMethod}",\n    "stage" : "${c.stage}",\n    "source-ip" : "${c.identity.sourceIp}",\n    "user-agent" : "${c.identity.userAgent}",\n    "request-id" : "${c.requestId}",\n    "resource-path" : "${c.resourcePath}"\n    }\n}\n`;
    },
  },
  {
    name: "SOAP envelope",
    template: `#set($o = $input.path('$'))
<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
<CreateOrder><Id>$o.id</Id><Customer>$o.customer.first $!o.customer.last</Customer>
#foreach($i in $o.items)
<Item no="$foreach.count"><Sku>$i.sku</Sku><Qty>$i.qty</Qty></Item>
#end
</CreateOrder></soap:Body></soap:Envelope>
`,
    body: order,
    hand(body) {
      const o = JSON.parse(body);
      let out = `<?xml version="1.0" encoding="UTF-8"?>\n<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>\n<CreateOrder><Id>${o.id ?? ""}</Id><Customer>${o.customer?.first ?? ""} ${o.customer?.last ?? ""}</Customer>\n`;
      const list = o.items ?? [];
      for (let i = 0; i < list.length; i++) {
        out += `<Item no="${i + 1}"><Sku>${list[i].sku ?? ""}</Sku><Qty>${list[i].qty ?? ""}</Qty></Item>\n`;
      }
      return `${out}</CreateOrder></soap:Body></soap:Envelope>\n`;
    },
  },
  {
    name: "DynamoDB put",
    template: `#set($inputRoot = $input.path('$'))
{
  "TableName": "$stageVariables.table",
  "Item": {
    "id": { "S": "$context.requestId" },
    "first": { "S": "$inputRoot.customer.first" },
    "note": { "S": "$util.escapeJavaScript($inputRoot.note)" },
    "items": { "L": [
#foreach($item in $inputRoot.items)
      { "M": { "sku": { "S": "$item.sku" }, "qty": { "N": "$item.qty" } } }#if($foreach.hasNext),#end

#end
    ] }
  }
}`,
    body: order,
    hand(body, given) {
      const root = JSON.parse(body);
      let out = `{\n  "TableName": "${given.stageVariables.table}",\n  "Item": {\n    "id": { "S": "${given.context.requestId}" },\n    "first": { "S": "${root.customer?.first ?? ""}" },\n    "note": { "S": "${escapeJavaScript(root.note ?? "")}" },\n    "items": { "L": [\n`;
      const list = root.items ?? [];
      for (let i = 0; i < list.length; i++) {
        out += `      { "M": { "sku": { "S": "${list[i].sku ?? ""}" }, "qty": { "N": "${list[i].qty ?? ""}" } } }${i + 1 < list.length ? "," : ""}\n`;
      }
      return `${out}    ] }\n  }\n}`;
    },
  },
  {
    name: "DynamoDB response",
    template: `#set($root = $input.path('$'))
{
  "count": $root.Count,
  "posts": [
#foreach($i in $root.Items)
    { "id": "$i.id.S", "title": "$util.escapeJavaScript($i.title.S)", "likes": $i.likes.N, "tags": [#foreach($t in $i.tags.L)"$t.S"#if($foreach.hasNext), #end#end] }#if($foreach.hasNext),#end

#end
  ]#if($root.LastEvaluatedKey),
  "next": "$root.LastEvaluatedKey.id.S"#end

}`,
    body: items,
    hand(body) {
      const root = JSON.parse(body);
      let out = `{\n  "count": ${root.Count},\n  "posts": [\n`;
      const list = root.Items ?? [];
      for (let i = 0; i < list.length; i++) {
        const { id, title, likes, tags } = list[i];
        out += `    { "id": "${id.S}", "title": "${escapeJavaScript(title.S)}", "likes": ${likes.N}, "tags": [`;
        for (let t = 0; t < tags.L.length; t++) out += `"${tags.L[t].S}"${t + 1 < tags.L.length ? ", " : ""}`;
        out += `] }${i + 1 < list.length ? "," : ""}\n`;
      }
      out += "  ]";
      if (root.LastEvaluatedKey) out += `,\n  "next": "${root.LastEvaluatedKey.id.S}"`;
      return `${out}\n}`;
    },
  },
  {
    name: "MOCK",
    template: `{"statusCode": #if($input.params('id') == "17")200#{else}404#end, "stage": "$context.stage"}`,
    body: "",
    hand(_body, given) {
      const { path, querystring, header } = given.params;
      const id = path.id ?? querystring.id ?? header.id ?? "";
      return `{"statusCode": ${id === "17" ? 200 : 404}, "stage": "${given.context.stage}"}`;
    },
  },
];

export const given = { params, stageVariables, context };
