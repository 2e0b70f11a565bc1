import type ts from "typescript";
import type { TypeScript } from "../typescript/load.js";

/** What the event of an authorizer calls the ARN of the method that is being called. */
const arnNames = ["methodArn", "routeArn"];
/** Members of an event that tell the methods of a stage apart. */
const methodNames = [...arnNames, "httpMethod", "path", "rawPath", "resource", "routeKey"];

/**
 * Looks in the source of an authorizer's function for a policy that allows the method that is being called, and nothing
 * else: `Resource: event.methodArn`, also by way of a variable, a parameter of a function of the same file
 * (`generatePolicy("user", "Allow", event.methodArn)`), or `only:` of the generated binder.
 *
 * @param compiler  TypeScript, which the caller has loaded
 * @returns offset of each such value, in the order of the text
 */
export function calledMethodPolicies(compiler: TypeScript, fileName: string, text: string): readonly number[] {
  return new PolicySearch(
    compiler,
    compiler.createSourceFile(fileName, text, compiler.ScriptTarget.Latest, true),
  ).found();
}

class PolicySearch {
  readonly #initializers = new Map<string, ts.Expression[]>();
  readonly #bound = new Map<string, string>();
  /** Functions by name: names of their parameters in order. */
  readonly #parameters = new Map<string, readonly (string | undefined)[]>();
  readonly #calls = new Map<string, ts.CallExpression[]>();
  readonly #values: { readonly value: ts.Expression; readonly isOnly: boolean }[] = [];

  constructor(
    private readonly compiler: TypeScript,
    private readonly file: ts.SourceFile,
  ) {
    this.#visit(file);
  }

  found(): readonly number[] {
    const wrong = this.#values.filter(({ value, isOnly }) =>
      isOnly ? this.#namesCalledMethod(value) : this.#isCalledMethod(value, 0),
    );
    return wrong.map(({ value }) => value.getStart(this.file)).sort((a, b) => a - b);
  }

  #visit(node: ts.Node): void {
    const { compiler } = this;
    if (compiler.isVariableDeclaration(node)) this.#declare(node);
    else if (compiler.isFunctionDeclaration(node) && node.name) this.#define(node.name.text, node);
    else if (compiler.isParameter(node)) this.#bind(node.name);
    else if (compiler.isCallExpression(node) && compiler.isIdentifier(node.expression))
      append(this.#calls, node.expression.text, node);
    else this.#collect(node);
    compiler.forEachChild(node, (child) => this.#visit(child));
  }

  #declare({ name, initializer }: ts.VariableDeclaration): void {
    const { compiler } = this;
    if (!compiler.isIdentifier(name)) this.#bind(name);
    else if (initializer === undefined) return;
    else if (compiler.isArrowFunction(initializer) || compiler.isFunctionExpression(initializer))
      this.#define(name.text, initializer);
    else append(this.#initializers, name.text, initializer);
  }

  #define(name: string, { parameters }: ts.SignatureDeclarationBase): void {
    const names = parameters.map(({ name: of }) => (this.compiler.isIdentifier(of) ? of.text : undefined));
    this.#parameters.set(name, names);
  }

  /** `{ methodArn }` and `{ methodArn: arn }`. */
  #bind(name: ts.BindingName): void {
    if (!this.compiler.isObjectBindingPattern(name)) return;
    for (const { propertyName, name: own } of name.elements) {
      if (!this.compiler.isIdentifier(own)) continue;
      const from = propertyName && this.compiler.isIdentifier(propertyName) ? propertyName.text : own.text;
      this.#bound.set(own.text, from);
    }
  }

  /** Values of `Resource` in statements that allow, and of `only`. */
  #collect(node: ts.Node): void {
    const { compiler } = this;
    if (compiler.isPropertyAssignment(node) || compiler.isShorthandPropertyAssignment(node)) {
      const name = nameOf(node.name);
      const value = compiler.isPropertyAssignment(node) ? node.initializer : node.name;
      if (name === "only") this.#values.push({ value, isOnly: true });
      else if (name === "Resource" && !this.#isDeny(node.parent)) this.#values.push({ value, isOnly: false });
    } else if (
      compiler.isBinaryExpression(node) &&
      node.operatorToken.kind === compiler.SyntaxKind.EqualsToken &&
      compiler.isPropertyAccessExpression(node.left) &&
      node.left.name.text === "Resource"
    ) {
      this.#values.push({ value: node.right, isOnly: false });
    }
  }

  /** A statement that only ever denies lets nobody in. */
  #isDeny(statement: ts.ObjectLiteralExpression): boolean {
    const { compiler } = this;
    return statement.properties.some(
      (member) =>
        compiler.isPropertyAssignment(member) &&
        nameOf(member.name) === "Effect" &&
        compiler.isStringLiteral(member.initializer) &&
        member.initializer.text === "Deny",
    );
  }

  /** Whether a value is the ARN of the called method, and no more. */
  #isCalledMethod(given: ts.Expression, depth: number): boolean {
    const { compiler } = this;
    const value = this.#bare(given);
    if (depth > 8) return false;
    if (compiler.isPropertyAccessExpression(value)) return arnNames.includes(value.name.text);
    if (compiler.isElementAccessExpression(value))
      return compiler.isStringLiteral(value.argumentExpression) && arnNames.includes(value.argumentExpression.text);
    if (compiler.isArrayLiteralExpression(value))
      return value.elements.length > 0 && value.elements.every((item) => this.#isCalledMethod(item, depth + 1));
    if (compiler.isTemplateExpression(value)) {
      const [only, ...others] = value.templateSpans;
      const isBare = value.head.text === "" && only?.literal.text === "" && others.length === 0;
      return isBare && only !== undefined && this.#isCalledMethod(only.expression, depth + 1);
    }
    if (compiler.isConditionalExpression(value))
      return this.#isCalledMethod(value.whenTrue, depth + 1) && this.#isCalledMethod(value.whenFalse, depth + 1);
    return compiler.isIdentifier(value) && this.#isNameOfCalledMethod(value, depth);
  }

  #isNameOfCalledMethod(identifier: ts.Identifier, depth: number): boolean {
    const name = identifier.text;
    const around = this.#functionWith(identifier, name);
    if (around !== undefined) {
      const calls = this.#calls.get(around.name) ?? [];
      return calls.some((call) => {
        const argument = call.arguments[around.at];
        return argument !== undefined && this.#isCalledMethod(argument, depth + 1);
      });
    }
    const bound = this.#bound.get(name);
    if (bound !== undefined) return arnNames.includes(bound);
    const values = this.#initializers.get(name) ?? [];
    return values.length > 0 && values.every((value) => this.#isCalledMethod(value, depth + 1));
  }

  /** The named function around a place that has a parameter of this name, and which of its parameters that is. */
  #functionWith(place: ts.Node, name: string): { readonly name: string; readonly at: number } | undefined {
    const { compiler } = this;
    for (let node: ts.Node = place; node.parent !== undefined; node = node.parent) {
      const owner = compiler.isFunctionDeclaration(node)
        ? node.name?.text
        : compiler.isVariableDeclaration(node) && compiler.isIdentifier(node.name)
          ? node.name.text
          : undefined;
      const at = owner === undefined ? -1 : (this.#parameters.get(owner)?.indexOf(name) ?? -1);
      if (owner !== undefined && at >= 0) return { name: owner, at };
    }
    return undefined;
  }

  /** Whether what `only` says depends on the request that is decided about. */
  #namesCalledMethod(value: ts.Expression): boolean {
    const { compiler } = this;
    const isOfMethod = (node: ts.Node): boolean => {
      if (compiler.isPropertyAccessExpression(node) && methodNames.includes(node.name.text)) return true;
      if (compiler.isIdentifier(node) && this.#isNameOfMethod(node)) return true;
      return compiler.forEachChild(node, (child) => isOfMethod(child) || undefined) ?? false;
    };
    return isOfMethod(value);
  }

  #isNameOfMethod({ text: name, parent }: ts.Identifier): boolean {
    if (this.compiler.isPropertyAccessExpression(parent) && parent.name.text === name) return false;
    const bound = this.#bound.get(name);
    if (bound !== undefined) return methodNames.includes(bound);
    const values = (this.#initializers.get(name) ?? []).map((value) => this.#bare(value));
    return values.some(
      (value) => this.compiler.isPropertyAccessExpression(value) && methodNames.includes(value.name.text),
    );
  }

  /** Without parentheses, `as`, `!` and `satisfies`. */
  #bare(value: ts.Expression): ts.Expression {
    const { compiler } = this;
    return compiler.isParenthesizedExpression(value) ||
      compiler.isAsExpression(value) ||
      compiler.isNonNullExpression(value) ||
      compiler.isSatisfiesExpression(value)
      ? this.#bare(value.expression)
      : value;
  }
}

function nameOf(name: ts.PropertyName): string | undefined {
  return "text" in name ? name.text : undefined;
}

function append<V>(map: Map<string, V[]>, key: string, value: V): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
