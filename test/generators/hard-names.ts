/** Words of Go, Java and Python, and names that their SDKs, libraries and runtimes have. */
const words = (
  "break default func interface select case defer go map struct chan else goto package switch const fallthrough if range type " +
  "continue for import return var any error string int64 nil iota len make append copy close delete panic context errors time json " +
  "abstract assert synchronized boolean do double implements protected throw byte enum instanceof extends int short try char final " +
  "static void class finally long float native super while _ true false null record sealed permits yield hashCode toString getClass " +
  "notify wait clone finalize equals builder build toJson CODEC values valueOf ordinal compareTo " +
  "False None True and as async await def del elif except from global in is lambda nonlocal not or pass raise with match self cls " +
  "print list dict str bytes object tuple id input models ops cast options timeout stage auth headers retries transport datetime " +
  "item answer args result given literal body method __init__ __class__ __dict__"
).split(" ");

/** Names of operations: the runtimes of the SDKs have all of them, or something that begins so. */
const operations = (
  "close text binary ping pong Order list map models ops errors cast str getClass notify wait clone hashCode toString builder " +
  "stage print open send request on events watch state range len type def from lambda nonlocal pass raise None_ self func go " +
  "select defer chan string error nil append new_ Client Some Static Null Names NamesClient aws_url url result plain"
).split(" ");

/** Types that libraries have by the same names, and those whose letters have no case. */
const models = (
  "Class Object String List Map Builder Error Client Option Optional Codec Json Long Exception ApiException ApiError Any None True Self " +
  "Type Params Date Order Ärger 名前 данные Δ Stage Auth Socket Event UnknownEvent Void Iterable Literal TypedDict Enum " +
  "Sequence Mapping Iterator Callable Override Integer Boolean Names NamesClient NamesSocket Some Null Static New CLOSE_CALL"
).split(" ");

const texts = [
  ...new Set([...words, "a b", "a-b", "a_b", "A_B", "aB", "", "1", "ä", "Ä", "名前", "日付", "+", "-", "*"]),
];
const quoted = (text: string) => JSON.stringify(text);

/** A file whose names are as bad as the language lets them be. */
export const hardNames = `
kind: http
models: |
  interface Everything { ${texts.map((text) => `${quoted(text)}?: string`).join("; ")} }
  type Words = ${texts.map(quoted).join(" | ")}
  type Alike = "words" | "WORDs" | "wor ds"
${models
  .map(
    (name) =>
      `  interface ${name} { a: string; A: string; a_b?: string; aB?: string; 'a-b'?: string; ä?: string; Ä?: string; 名前?: string; self?: ${name}; kind: 'is ${name}' }`,
  )
  .join("\n")}
  type OneOfThem = ${models.join(" | ")}
routes:
${operations
  .map((operation, at) => {
    const query = texts
      .filter((_, index) => index % 12 === at % 12)
      .map((text) => `${quoted(`${text || "empty"}?`)}: string`);
    const model = models[at % models.length];
    return `  GET /op${at}/{id}:
    operation: "${operation}"
    params: { id: string }
    query: { ${query.join(", ")}, cursor?: string }
    lambda: f
    paginate: { cursor: cursor, next: $response.body.next, items: $response.body.items }
    responses: { 200: "{ items: ${model}[]; next?: string }", 404: ${model} }`;
  })
  .join("\n")}
  POST /all: { operation: postAll, body: Everything, lambda: f, responses: { 200: Words, 201: Alike, 400: OneOfThem } }
  GET /kinds:
    operation: kinds
    lambda: f
    headers: { Accepting?: string }
    responses:
      200: { body: Order, alternatives: { text/csv: string, text/x.csv: string, application/vnd.a+json: "{ a: string }", application/pdf: binary } }
      202: { body: "{ later: string }", alternatives: { text/csv: string } }
      409: { body: Order, alternatives: { text/plain: string } }
  GET /kinds/csv: { operation: kinds_as_text_csv, lambda: f, responses: { 200: string } }
  POST /order: { operation: order_it, body: Order, lambda: f, responses: { 200: CLOSE_CALL } }
websocket:
  select: $request.body.action
  routes:
    $connect: { operation: whenOpened, lambda: f }
${[
  "class",
  "func",
  "def",
  "close",
  "connect",
  "open",
  "send",
  "request",
  "on",
  "events",
  "watch",
  "state",
  "String",
  "Order",
  "a b",
  "None",
]
  .map((key) =>
    `    '${key}': { body: "{ action: '${key}'; value: 名前 }", lambda: f, reply: 日付 }`.replace("日付", "Δ"),
  )
  .join("\n")}
  events: { Class: Order, Event: Event, UnknownEvent: 名前, Order: Order, order: Words, String: String, Closed: Everything }
`;
