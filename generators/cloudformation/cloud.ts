import type { Text } from "../../src/model/expressions.js";
import type { GatewayModel, LambdaFunction } from "../../src/model/gateway-model.js";
import type { JsonValue } from "../../src/model/types.js";
import { integrationRoleArn, lambdaFunctionName } from "../emit/aws-names.js";
import { type JsonObject, objectOf } from "../emit/stable-json.js";
import { logicalName, sub, type Template } from "./template.js";

/** Place of the documents that the template holds: no account of anybody's, so that it is told from what a file says. */
export const nowhere = { region: "xx-nowhere-0", account: "000000000000" } as const;

/** A function of ours in a document, with its whole name: one may begin with another. */
const functionArn = new RegExp(`arn:aws:lambda:${nowhere.region}:${nowhere.account}:function:[A-Za-z0-9_-]+`, "g");

/**
 * Names of the cloud in texts that were written for one place: region, account and partition become pseudo parameters,
 * functions and roles what the template knows of them.
 */
export class Cloud {
  /** Values for `Fn::Sub`, by the name that stands in the text. */
  readonly values: Record<string, JsonValue> = {};
  readonly #functions = new Map<string, string>();
  readonly #role: string;
  usesRole = false;

  constructor(
    private readonly template: Template,
    private readonly model: GatewayModel,
  ) {
    this.#role = integrationRoleArn({ ...model, aws: nowhere });
    for (const declared of model.functions) {
      if (declared.code.kind === "arn") continue;
      const name = lambdaFunctionName(model.name, declared.name);
      this.#functions.set(`arn:aws:lambda:${nowhere.region}:${nowhere.account}:function:${name}`, declared.name);
    }
  }

  /** A text of a document as a value of the template. */
  text(text: string): JsonValue {
    const isPlaced = text.includes(nowhere.region) || text.includes(nowhere.account);
    if (!isPlaced && !text.includes("${")) return text;
    let out = text.replaceAll("${", "${!");
    if (isPlaced) {
      if (out.includes(this.#role)) this.usesRole = true;
      out = out
        .replaceAll(this.#role, "${IntegrationRole.Arn}")
        .replaceAll(functionArn, (arn) => {
          const name = this.#functions.get(arn);
          return name === undefined ? arn : `\${${this.functionValue(name)}}`;
        })
        .replaceAll(`arn:aws:apigateway:${nowhere.region}`, "arn:${AWS::Partition}:apigateway:${AWS::Region}")
        .replaceAll(nowhere.region, "${AWS::Region}")
        .replaceAll(nowhere.account, "${AWS::AccountId}");
    }
    return out === text ? text : sub(out, this.values);
  }

  /** Name of the `Fn::Sub` value that is a function's ARN: a parameter's, or that of the function of our name. */
  functionValue(name: string): string {
    const parameter = `${logicalName(name)}FunctionArn`;
    const value = `${logicalName(name)}Arn`;
    if (this.values[value] === undefined) {
      const named = lambdaFunctionName(this.model.name, name);
      this.template.parameter(parameter, {
        description: `ARN of the function ${name}, without alias; empty for ${named} of this account.`,
        preset: "",
      });
      const own = { "Fn::Sub": `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${named}` };
      this.values[value] = { "Fn::If": [this.template.given(parameter), { Ref: parameter }, own] };
    }
    return value;
  }

  /** A text of the file: `${env.X}` is a parameter. */
  fileText({ parts }: Text, isSecret = false): JsonValue {
    const text = parts.map((part) => {
      if (typeof part === "string") return part.replaceAll("${", "${!");
      if (part.kind !== "env") return `\${!stageVariables.${"name" in part ? part.name : ""}}`;
      return `\${${this.environment(part.name, isSecret)}}`;
    });
    const [only] = parts;
    if (parts.length === 1 && typeof only === "object" && only.kind === "env")
      return { Ref: this.environment(only.name, isSecret) };
    return sub(text.join(""));
  }

  /** Parameter for a variable of the gateway's environment. */
  environment(name: string, isSecret: boolean): string {
    const parameter = `Env${logicalName(...name.toLowerCase().split("_"))}`;
    this.template.parameter(parameter, { description: `What \${env.${name}} is on AWS.`, preset: undefined, isSecret });
    return parameter;
  }
}

/** A document with all its texts put into the cloud. Names of members stay as they are. */
export function inCloud(value: JsonValue, cloud: Cloud): JsonValue {
  if (typeof value === "string") return cloud.text(value);
  if (Array.isArray(value)) return value.map((item: JsonValue) => inCloud(item, cloud));
  if (typeof value !== "object" || value === null) return value;
  return objectOf(Object.entries(value as JsonObject).map(([name, member]) => [name, inCloud(member, cloud)] as const));
}

/** Qualifiers under which a function may be called: its aliases, or none. */
export function qualifiersOf({ code }: LambdaFunction): readonly (string | undefined)[] {
  return code.kind === "aliases" ? code.files.map(({ alias }) => alias) : [undefined];
}
