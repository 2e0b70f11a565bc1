import { places } from "../mapping/expressions/index.js";
import { constantText } from "../model/expressions.js";
import type { Stage } from "../model/gateway-model.js";
import { nearest } from "../nearest.js";
import type { Span } from "../source.js";
import type { NamedText, StageSyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { readText } from "./expressions.js";
import { checkCount } from "./limits.js";

const variableName = /^[A-Za-z0-9_]{1,64}$/;

/** Names and values as AWS takes them (aws-behaviour.md section 19); a value of the environment is checked at start. */
export function checkVariables(variables: readonly NamedText[], checking: Checking): Stage["variables"] {
  const { report } = checking;
  const names = variables.map(({ name }) => name);
  const instead = "put what belongs together into one variable, or into the function's environment";
  checkCount(names, { most: 100, what: "variables of a stage", instead, canBeRaised: false }, report);
  return variables.flatMap(({ name, value }) => {
    if (!variableName.test(name.text)) {
      report("bad-stage-variable", name.span, { name: name.text });
      return [];
    }
    const text = readText(value, places.stageVariable, checking);
    if (text === undefined) return [];
    const isConstant = constantText(text) !== undefined;
    const written = text.parts.filter((part) => typeof part === "string").join("");
    const bad = /[^A-Za-z0-9._~:/?#&=,-]/.exec(written)?.[0];
    if (bad !== undefined || written.length > 512 || (isConstant && written === "")) {
      report("bad-stage-variable-value", value.span, { name: name.text, character: bad, length: written.length });
    }
    return [{ name: name.text, value: text }];
  });
}

/**
 * Every stage defines each stage variable that the file uses: a missing one would be the empty text on AWS, and an address
 * made of it a 500. What no stage defines is reported where it is used; what some stages lack, at these stages.
 */
export function checkVariableUses(checking: Checking): void {
  const { syntax, variables } = checking;
  const defined = new Map(syntax.stages.map((stage) => [stage, new Set(stage.variables.map(({ name }) => name.text))]));
  const all = new Set([...defined.values()].flatMap((names) => [...names]));
  const meant = new Set<string | undefined>();
  for (const [name, uses] of variables.all()) {
    if (all.has(name)) reportLacking(name, uses, defined, checking);
    else meant.add(reportUndefined(name, uses, all, checking));
  }
  reportUnused(checking, meant);
}

/** The variable that was probably meant. */
function reportUndefined(
  name: string,
  [first, ...others]: readonly Span[],
  all: ReadonlySet<string>,
  { syntax, report }: Checking,
): string | undefined {
  if (first === undefined) return undefined;
  const near = nearest(name, all);
  const notes = notesOf(others, "it is used here too");
  report("undefined-stage-variable", first, { name, near, hasStages: syntax.stages.length > 0 }, { notes });
  return near;
}

function reportLacking(
  name: string,
  uses: readonly Span[],
  defined: ReadonlyMap<StageSyntax, ReadonlySet<string>>,
  { report }: Checking,
): void {
  for (const [stage, names] of defined) {
    if (names.has(name)) continue;
    const near = nearest(name, names);
    report(
      "stage-lacks-variable",
      stage.name.span,
      { name, stage: stage.name.text, near },
      {
        notes: notesOf(uses, "it is used here"),
      },
    );
  }
}

/** A variable that only functions read is theirs to know, so without functions only it is certain that nobody reads it. */
function reportUnused({ syntax, variables, report }: Checking, meant: ReadonlySet<string | undefined>): void {
  const isOpen = variables.areOpen || syntax.websocket !== undefined || callsFunctions(syntax);
  if (isOpen) return;
  const seen = new Set<string>();
  for (const stage of syntax.stages) {
    for (const { name } of [...stage.variables, ...(stage.canary?.variables ?? [])]) {
      const isReported = seen.has(name.text) || meant.has(name.text) || !variableName.test(name.text);
      if (isReported || variables.all().has(name.text)) continue;
      seen.add(name.text);
      report("unused-stage-variable", name.span, { name: name.text });
    }
  }
}

function callsFunctions({ routes, authorizers }: Checking["syntax"]): boolean {
  return (
    routes.some(({ integration }) => integration === undefined || integration.kind === "lambda") ||
    authorizers.some(({ kind }) => kind === "lambda")
  );
}

function notesOf(spans: readonly Span[], message: string) {
  return spans.slice(0, 3).map((span) => ({ span, message }));
}
