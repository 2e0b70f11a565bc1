import type { OtherwiseSyntax, ResponseHeaderSyntax, ResponseSyntax } from "../route-syntax.js";
import {
  boolean,
  byKind,
  entries,
  isNothing,
  key,
  map,
  mapped,
  on,
  type Place,
  prose,
  type Shape,
  scalar,
  text,
  typeOrMap,
  typeText,
} from "../shape/index.js";
import type { Node } from "../tree.js";
import type { TextValue } from "../values-syntax.js";
import { bodyOfType } from "./bodies.js";
import { contentHandling, mappingFields, templatesOf } from "./integration.js";

const responseFields = {
  description: key(prose(), "When this answer is given.", { examples: ["There is no such order."] }),
  body: key(typeText(), "Type of the body.", { examples: ["Order"] }),
  mediaType: key(text("a media type"), "Content type of the body.", {
    examples: ["text/csv"],
    default: "application/json",
  }),
  headers: key(
    entries(
      byKind<Omit<ResponseHeaderSyntax, "name">>(
        {
          scalar: mapped(scalar("a value"), (short) => ({
            short,
            span: short.span,
            value: undefined,
            append: undefined,
            remove: undefined,
            type: undefined,
            description: undefined,
          })),
          map: mapped(
            map("a header", {
              value: key(scalar("a value"), "Value of the header, a constant or an expression.", {
                examples: ["$response.header.ETag"],
              }),
              append: key(scalar("a value"), "Value that joins those of the backend, on HTTP APIs.", {
                examples: ["$context.requestId"],
                on: on.http,
              }),
              remove: key(boolean(), "Whether the backend's header is taken out, on HTTP APIs.", {
                default: false,
                on: on.http,
              }),
              type: key(typeText(), "Type of the header, for documents and SDKs.", { default: "string" }),
              description: key(prose(), "What the header means."),
            }),
            (members) => ({ short: undefined, ...members }),
          ),
        },
        "a value, or a map with value and type",
      ),
      "a map of headers",
      (name, value, { span }) => ({
        short: undefined,
        value: undefined,
        append: undefined,
        remove: undefined,
        type: undefined,
        description: undefined,
        span,
        ...value,
        name,
      }),
    ),
    "Headers of the answer. A text is the header's value, a constant or an expression, where responses are mapped; where the integration is a proxy, which sets its headers itself, it is the header's type.",
    { default: {}, examples: [{ Location: "$response.header.Location" }] },
  ),
  status: key(
    scalar("a status or an expression"),
    "Status that is sent instead of this response's own, from a mapping rule: an expression that gives a whole number from 100 to 599. Where it gives none, the response keeps its own.",
    { examples: ["$response.body.error.status ?? 502"], on: on.rest },
  ),
  ...mappingFields,
  from: key(
    text("a regular expression"),
    "Which answers of the integration become this one: a Java regular expression that matches the backend's whole status, or the error message of a function. `default`: what no other response is for; `never`: documented only. A response without it is the default one; for HTTP and AWS integrations a 2xx response without it means 2\\d{2}, and what nothing matches is a 500.",
    { examples: ["5\\d{2}"], on: on.restAndWebSocket },
  ),
  contentHandling,
};

const rules = {
  atMostOne: [["map", "template"]],
  needs: { mediaType: ["body"] },
  synonyms: { schema: "body", type: "body", contentType: "mediaType", selectionPattern: "from", pattern: "from" },
} as const;

const alternatives = () =>
  key(
    entries(typeText(), "a map from media types to types", (mediaType, type) => ({ mediaType, type })),
    "Further content types that the answer may have, and the types of the body then: for documents, handlers and checks of answers. SDKs ask for the body's own.",
    { default: {}, examples: [{ "text/csv": "string" }], on: on.restAndHttp },
  );

const responseForm = map(
  "a response",
  { ...responseFields, alternatives: alternatives() },
  { ...rules, needs: { ...rules.needs, alternatives: ["body"] } },
);

/** Replies of WebSocket routes. */
const replyForm = map(
  "a response",
  {
    ...responseFields,
    templateSelection: key(
      text("an expression"),
      "Template selection expression: which entry of `templates` makes the reply; `$default` is for all others. It reads `${integration.response.statuscode}`, `.header.x`, `.multivalueheader.x` and `.body.x`, and `${request.body.x}` of the message. AWS documents all but `.body.x`.",
      { examples: ["${integration.response.header.kind}"], on: on.webSocket },
    ),
  },
  rules,
);

type LongForm = typeof responseForm | typeof replyForm;

/** `200: Order`, `204:` or the long form. */
const response = (form: LongForm): Shape<Answer> => {
  const long = typeOrMap(mapped(typeText(), shortAnswer), {
    ...form,
    read: (node, place) => longAnswer(form, node, place),
  });
  return {
    ...long,
    schema: () => ({ anyOf: [{ type: "null" }, long.schema()] }),
    read: (node, place) => (isNothing(node) ? noAnswer(node) : long.read(node, place)),
  };
};

const shortAnswer = (type: TextValue, node: Node): Answer => ({ ...noAnswer(node), body: bodyOfType(type) });

type Answer = Omit<ResponseSyntax, "status">;

function longAnswer(form: LongForm, node: Node, place: Place): Answer | undefined {
  const members = form.read(node, place);
  if (!members) return undefined;
  const { body: type, mediaType, headers, template, templates, status: statusRule, ...rest } = members;
  const body = type && { type, span: type.span, mediaTypes: mediaType && [mediaType], required: undefined };
  return { ...rest, body, statusRule, headers: headers ?? [], templates: templatesOf(template, templates) };
}

function noAnswer({ span }: Node): Answer {
  const nothing = {
    description: undefined,
    body: undefined,
    statusRule: undefined,
    map: undefined,
    from: undefined,
    contentHandling: undefined,
  };
  return { ...nothing, span, headers: [], templates: [] };
}

export const responses = (): Shape<readonly ResponseSyntax[]> => byStatus(responseForm);
/** Of WebSocket routes. */
export const replies = (): Shape<readonly ResponseSyntax[]> => byStatus(replyForm);

const byStatus = (form: LongForm): Shape<readonly ResponseSyntax[]> =>
  entries(
    response(form),
    "a map of responses",
    (name, value, node) => ({
      ...(value ?? noAnswer(node)),
      status: { value: Number(name.text), span: name.span },
    }),
    { names: { pattern: /^[1-5]\d\d$/, wanted: "a status from 100 to 599" } },
  );

/** `Problem`, or a map with body and description. */
export const otherwise = (): Shape<OtherwiseSyntax> =>
  typeOrMap<OtherwiseSyntax>(
    mapped(typeText(), (type) => ({ body: type, mediaType: undefined, description: undefined, span: type.span })),
    map(
      "a response",
      {
        description: key(prose(), "When this answer is given.", {
          examples: ["There is no such order."],
          on: on.restAndHttp,
        }),
        body: key(typeText(), "Type of the body.", { examples: ["Problem"], on: on.restAndHttp }),
        mediaType: key(text("a media type"), "Content type of the body.", {
          examples: ["text/csv"],
          default: "application/json",
          on: on.restAndHttp,
        }),
        alternatives: alternatives(),
      },
      { needs: { alternatives: ["body"] } },
    ),
  );
