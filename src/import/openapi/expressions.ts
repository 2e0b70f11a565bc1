/** Names that need no brackets, as the language's grammar has them. */
const plainName = /^[\w$](?:[\w.$-]*[\w$-])?$/;

/**
 * A parameter mapping of REST APIs (`method.request.header.X`, `'text'`) in the language's grammar. Undefined when the
 * grammar lacks it, such as a filter in a path; then it stays under aws-options.
 *
 * @see aws-behaviour.md section 12
 */
export function restExpression(text: string): string | undefined {
  const constant = /^'(.*)'$/s.exec(text)?.[1];
  if (constant !== undefined) return escaped(constant);
  const parameter = /^method\.request\.(header|querystring|path|multivalueheader|multivaluequerystring)\.(.+)$/.exec(
    text,
  );
  if (parameter) return `$request.${parameter[1]}${named(parameter[2] ?? "")}`;
  const header = /^integration\.response\.(header|multivalueheader)\.(.+)$/.exec(text);
  if (header) return `$response.${header[1]}${named(header[2] ?? "")}`;
  const body = /^(method\.request|integration\.response)\.body(.*)$/s.exec(text);
  if (body) return bodyExpression(body[1] === "method.request" ? "$request.body" : "$response.body", body[2] ?? "");
  const context = /^context\.([A-Za-z][\w.-]*)$/.exec(text)?.[1];
  if (context !== undefined) return `$context.${context}`;
  const variable = /^stageVariables\.(\w+)$/.exec(text)?.[1];
  return variable === undefined ? undefined : `$stageVariables.${variable}`;
}

/** The same of HTTP APIs, whose grammar the language has: `$request.header.x`, or text with `${request.path.x}`. */
export function httpExpression(text: string): string | undefined {
  return isKnown(text) ? text : undefined;
}

function isKnown(text: string): boolean {
  const inner =
    text.startsWith("$") && !text.startsWith("${")
      ? [text.slice(1)]
      : [...text.matchAll(/\$\{([^}]*)\}/g)].map(([, each]) => each ?? "");
  const whole =
    /^(?:request\.path|request\.(?:header|querystring|path)\.[\w.$-]+|(?:request|response)\.body[\w.[\]*$-]*|response\.(?:header\.[\w.$-]+|status)|context\.[\w.-]+|stageVariables\.\w+)$/;
  return (
    inner.every((each) => whole.test(each)) &&
    !text
      .replaceAll(/\$\{[^}]*\}/g, "")
      .slice(1)
      .includes("$")
  );
}

/** A literal text where the language reads expressions. */
export function escaped(text: string): string {
  return text.replaceAll("$", "$$$$");
}

/** A text in which API Gateway itself replaces `${stageVariables.x}`: that stays, other dollar signs are literal. */
export function withVariables(text: string): string {
  return text.replaceAll(/\$(?!\{stageVariables\.\w+\})/g, "$$$$");
}

function named(name: string): string {
  return plainName.test(name) ? `.${name}` : `["${name.replaceAll(/[\\"]/g, "\\$&")}"]`;
}

/** The tail of a JSONPath; filters, slices and `..` are beyond the grammar. */
function bodyExpression(root: string, tail: string): string | undefined {
  const isSimple = /^(?:\.[\p{L}\p{N}_$-]+|\[(?:\d{1,9}|\*)\]|\['[^'\\]+'\]|\["[^"\\]+"\])*$/u.test(tail);
  return isSimple ? root + tail : undefined;
}
