import type { Parameter, RoutePath } from "../model/routes.js";
import { primitive } from "../model/type-builders.js";
import { nearest } from "../nearest.js";
import type { ParameterSyntax, RouteSyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";

/** Parameters of a route: the path's in its order (a string where nothing is said), then query and headers as declared. */
export function checkParametersOf(route: RouteSyntax, path: RoutePath, checking: Checking): readonly Parameter[] {
  return [
    ...pathParameters(route, path, checking),
    ...group("query", route.query, checking),
    ...group("header", route.headers, checking),
  ];
}

function pathParameters(route: RouteSyntax, path: RoutePath, checking: Checking): readonly Parameter[] {
  const names = path.segments.flatMap((segment) => (segment.kind === "static" ? [] : [segment.name]));
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) checking.report("repeated-parameter", route.key.span, { name });
    seen.add(name);
  }
  for (const declared of route.params) {
    if (!names.includes(declared.name.text)) {
      const near = nearest(declared.name.text, names);
      checking.report("unknown-path-parameter", declared.name.span, {
        name: declared.name.text,
        path: path.text,
        near,
      });
    } else if (declared.optional) {
      checking.report("optional-path-parameter", declared.name.span, { name: declared.name.text });
    }
  }
  return [...seen].map((name) => {
    const declared = route.params.find((parameter) => parameter.name.text === name);
    return {
      in: "path",
      name,
      type: (declared && typeOf(declared, checking)) ?? primitive("string"),
      required: true,
      description: declared?.description?.text,
    };
  });
}

function group(
  where: "query" | "header",
  declared: readonly ParameterSyntax[],
  checking: Checking,
): readonly Parameter[] {
  const taken = new Set<string>();
  return declared.flatMap((parameter) => {
    const { text, span } = parameter.name;
    const key = where === "header" ? text.toLowerCase() : text;
    if (taken.has(key)) checking.report("repeated-parameter", span, { name: text });
    taken.add(key);
    if (where === "header" && !/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(text)) {
      checking.report("bad-token", span, { what: "header", text });
      return [];
    }
    const type = typeOf(parameter, checking) ?? primitive("string");
    return [{ in: where, name: text, type, required: !parameter.optional, description: parameter.description?.text }];
  });
}

function typeOf({ type }: ParameterSyntax, { types, report }: Checking) {
  return type && types.resolveType(type.text, type.spanMap, report);
}
