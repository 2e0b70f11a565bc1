import {
  boolean,
  byKind,
  byType,
  choice,
  duration,
  entries,
  integer,
  json,
  key,
  map,
  mapped,
  nameOf,
  number,
  on,
  oneOrMore,
  type Shape,
  text,
  written,
} from "../shape/index.js";
import type { Name } from "../tree.js";
import type {
  AuthSyntax,
  CorsSyntax,
  NamedNode,
  NamedText,
  TextValue,
  ThrottleSyntax,
  ValidateSyntax,
} from "../values-syntax.js";

/** Shapes that stand at more than one place of the language. */

/** A text that names something. */
export function name(expected: string): Shape<Name> {
  return mapped(text(expected), nameOf);
}

export function texts(expected: string): Shape<readonly TextValue[]> {
  return oneOrMore(text(expected), `${expected}, or a list`);
}

export function namedTexts(expected: string, item: Shape<TextValue>): Shape<readonly NamedText[]> {
  return entries(item, expected, (key, value) => (value ? { name: key, value } : undefined));
}

export function namedNodes(expected: string): Shape<readonly NamedNode[]> {
  return entries(json(), expected, (key, value) => (value ? { name: key, value } : undefined));
}

/** Stage variables: always texts, whatever they look like. */
export const variables = () => namedTexts("a map of stage variables", written("the value of a stage variable"));

export const throttle = (): Shape<ThrottleSyntax> =>
  map("a throttle", {
    rate: key(number({ min: 0 }), "Requests a second, in the long run.", { examples: [100] }),
    burst: key(integer(0), "Requests at once: the size of the token bucket. Left out, it is the rate, rounded up.", {
      examples: [200],
    }),
  });

const settings = {
  origins: key(texts("an origin"), 'Origins that may read answers. `"*"` is every origin.', {
    default: ["*"],
    examples: [["https://shop.example.com"]],
    on: on.restAndHttp,
  }),
  methods: key(texts("a method"), "Methods that a preflight allows. By default those that the path has.", {
    examples: [["GET", "POST"]],
    on: on.restAndHttp,
  }),
  headers: key(texts("a header"), "Request headers that a preflight allows.", {
    examples: [["Content-Type", "X-Request-Id"]],
    default: ["Content-Type", "X-Amz-Date", "Authorization", "X-Api-Key", "X-Amz-Security-Token"],
    on: on.restAndHttp,
  }),
  exposeHeaders: key(texts("a header"), "Response headers that scripts may read.", {
    examples: [["X-Amzn-ErrorType"]],
    default: [],
    on: on.restAndHttp,
  }),
  credentials: key(boolean(), "Whether cookies and other credentials may be sent. Not with the origin `*`.", {
    default: false,
    on: on.restAndHttp,
  }),
  maxAge: key(duration("s", { min: -1, max: 86_400 }), "Seconds that browsers may keep a preflight's answer.", {
    examples: [600],
    on: on.restAndHttp,
  }),
};

export function cors(): Shape<CorsSyntax> {
  const full = map("CORS settings", settings);
  return byKind<CorsSyntax>(
    {
      scalar: mapped(boolean("true, false or CORS settings"), (enabled, { span }) => ({ ...full.none(span), enabled })),
      map: mapped(full, (members) => ({ enabled: undefined, ...members })),
    },
    "CORS settings, true or false",
  );
}

export const corsAbout =
  "Cross-origin requests: preflights are answered by the gateway, and answers carry the headers. `true` allows every origin; `false` on a route switches it off. On REST, AWS adds no CORS header to proxy answers: the generated handler binder does.";

export const corsExamples = [{ origins: ["https://shop.example.com"] }];

export function auth(): Shape<AuthSyntax> {
  const authorizer = name("the name of an authorizer, iam or none");
  return byKind<AuthSyntax>(
    {
      scalar: mapped(authorizer, (value) => ({ name: value, scopes: [], span: value.span })),
      map: mapped(
        map(
          "an authorization",
          {
            name: key(authorizer, "Name of an authorizer.", { examples: ["customers"] }),
            scopes: key(texts("a scope"), "OAuth scopes, one of which the token must have.", {
              default: [],
              examples: [["orders/read"]],
              on: on.restAndHttp,
            }),
          },
          { required: ["name"] },
        ),
        ({ scopes, ...members }) => ({ ...members, scopes: scopes ?? [] }),
      ),
    },
    "the name of an authorizer, or a map with name and scopes",
  );
}

export function validate(): Shape<ValidateSyntax> {
  const words = choice(["all", "body", "parameters", "none", "strict"]);
  return byType<ValidateSyntax>(
    {
      boolean: mapped(boolean(), ({ value, span }) => ({ value: value ? "all" : "none", span })),
      other: words,
    },
    words.expected,
  );
}

export const validateAbout =
  "What is checked before the integration is called. `all`: the body against its type, and that required parameters are there, as AWS does; `body`, `parameters`: one of them; `none`. `strict` also checks the parameters' types, which only the generated gateway does.";

export const validateResponses = () => choice(["off", "warn", "fail"]);

export const validateResponsesAbout =
  "Whether answers are checked against their declared type, which only the generated gateway does: `warn` logs what is wrong, `fail` answers 500 instead. Bodies that would be streamed are held whole for it.";

export const timeout = () => duration("ms", { min: 1 });

export const timeoutAbout =
  "How long an integration may take: milliseconds as AWS's timeoutInMillis, or a duration such as 5s. AWS allows 50 ms to 29 s on REST APIs, up to 30 s on HTTP APIs.";

export const awsOptionsAbout = (where: string) =>
  `Options of API Gateway that have no key of their own, by the names that AWS's OpenAPI extensions give them, as members of ${where}.`;
