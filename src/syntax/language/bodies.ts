import type { BodySyntax, ParameterSyntax } from "../route-syntax.js";
import { boolean, entries, key, map, mapped, prose, type Shape, typeOrMap, typeText } from "../shape/index.js";
import type { Name } from "../tree.js";
import type { TextValue } from "../values-syntax.js";
import { texts } from "./shared.js";

const parameterForm = map(
  "a parameter",
  {
    type: key(typeText(), "Type of the parameter.", { examples: ["integer"] }),
    description: key(prose(), "What the parameter means.", { examples: ["How many to list."] }),
  },
  {
    required: ["type"],
    synonyms: { schema: "type" },
    otherwise: {
      required: "a parameter is required unless its name ends in a question mark: `limit?: integer`",
      optional: "a question mark makes a parameter optional: `limit?: integer`",
      default: "models carry defaults: `/** @default 20 */ type Limit = integer`, and the parameter's type is Limit",
      enum: "its values are the type: `'new' | 'paid'`",
    },
  },
);

/** `limit?: integer`: a question mark makes it optional. */
export const parameters = (expected: string): Shape<readonly ParameterSyntax[]> =>
  entries(
    typeOrMap<{ readonly type: TextValue | undefined; readonly description: TextValue | undefined }>(
      mapped(typeText(), (type) => ({ type, description: undefined })),
      parameterForm,
    ),
    expected,
    (name, value, { span }) => ({
      name: withoutMark(name),
      optional: name.text.endsWith("?"),
      span,
      type: value?.type,
      description: value?.description,
    }),
    { names: { pattern: /^[^?\s][^?]*\??$/, wanted: "the name of a parameter" } },
  );

function withoutMark(name: Name): Name {
  if (!name.text.endsWith("?")) return name;
  const length = name.text.length - 1;
  return {
    text: name.text.slice(0, length),
    span: name.spanMap.toFile({ start: 0, end: length }),
    spanMap: name.spanMap,
  };
}

const bodyForm = map(
  "a body",
  {
    type: key(typeText(), "Type of the body.", { examples: ["NewOrder"] }),
    mediaTypes: key(texts("a media type"), "Content types that the body may have.", {
      examples: [["application/json", "application/vnd.api+json"]],
      default: ["application/json"],
    }),
    required: key(boolean(), "Whether a request without a body is refused, where bodies are validated.", {
      default: true,
    }),
  },
  { required: ["type"], synonyms: { contentType: "mediaTypes", contentTypes: "mediaTypes", mediaType: "mediaTypes" } },
);

export const bodyOfType = (type: TextValue): BodySyntax => ({
  type,
  span: type.span,
  mediaTypes: undefined,
  required: undefined,
});

export const body = (): Shape<BodySyntax> => typeOrMap(mapped(typeText(), bodyOfType), bodyForm);
