import { join } from "node:path";
import type { StageRecord } from "../../runtime/deploy/stage-record.js";
import { DeploymentStore } from "../../runtime/deploy/store.js";
import { UsageError } from "./exit-codes.js";
import type { Project } from "./project.js";

/** The deployments of a project. */
export function storeOf({ projectDir }: Pick<Project, "projectDir">): DeploymentStore {
  return new DeploymentStore(join(projectDir, ".gateway"));
}

/** @throws UsageError when nothing is deployed to the stage */
export function recordOf(store: DeploymentStore, stage: string): StageRecord {
  const record = store.stage(stage);
  if (record !== undefined) return record;
  const names = store.stageNames();
  const others = names.length > 0 ? `; deployed stages: ${names.join(", ")}` : "";
  throw new UsageError(`nothing is deployed to the stage "${stage}"${others}; gateway deploy --stage ${stage} does it`);
}

/** `name=value`, several times. @throws UsageError */
export function readVariables(texts: readonly string[]): Readonly<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const text of texts) {
    const equals = text.indexOf("=");
    const [name, value] = [text.slice(0, equals), text.slice(equals + 1)];
    if (equals < 1 || !/^[A-Za-z0-9_]{1,64}$/.test(name))
      throw new UsageError(`"${text}" is no name=value of a stage variable`);
    if (!/^[A-Za-z0-9._~:/?#&=,-]{1,512}$/.test(value)) {
      throw new UsageError(`the value of "${name}" must be 1 to 512 of A-Z a-z 0-9 . _ ~ : / ? # & = , -`);
    }
    variables[name] = value;
  }
  return variables;
}

/** For commander: a flag that may be repeated. */
export function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

export function now(): string {
  return new Date().toISOString();
}
