import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Deployment } from "../../runtime/deploy/artefact.js";
import type { GatewayModel } from "../model/gateway-model.js";
import { nearest } from "../nearest.js";
import { goneText, missingSeeds } from "../write/write-outputs.js";
import { UsageError } from "./exit-codes.js";
import type { CommandContext } from "./main.js";
import { outputFolder } from "./options.js";
import { type Project, readSource } from "./project.js";
import { countDiagnostics, type DiagnosticFormat, renderProblems, showDiagnostics } from "./report.js";
import { storeOf } from "./stage-options.js";

export interface Frozen {
  readonly deployment: Deployment;
  readonly model: GatewayModel;
}

/**
 * Builds a project, freezes the build and tries it in a process of its own. Undefined when there are mistakes or it
 * does not run, which has been told: nothing may point to it then.
 *
 * @throws UsageError when the file has no such stage
 */
export async function freezeProject(
  project: Project,
  { stage, format }: { readonly stage: string; readonly format: DiagnosticFormat },
  context: CommandContext,
): Promise<Frozen | undefined> {
  const { terminal } = context;
  const { buildForDeployment, freeze } = await import("../deploy/freeze.js");
  const { verifyArtefact } = await import("../../runtime/deploy/verify-artefact.js");
  const source = readSource(project);
  const folders = { projectDir: project.projectDir, outDir: outputFolder(project.projectDir, undefined) };
  const built = await buildForDeployment(source, folders);
  const shown = built.diagnostics.filter(({ severity }) => severity !== "info");
  await showDiagnostics(source, shown, format === "json" && shown.length === 0 ? "text" : format, context);
  if (built.problems.length > 0) terminal.error(renderProblems(built.problems));
  const { model } = built;
  if (model === undefined || built.files.length === 0) {
    terminal.error(
      `nothing was deployed: ${countDiagnostics(built.diagnostics) || "the gateway could not be bundled"}\n`,
    );
    return undefined;
  }
  refuseUnknownStage(stage, model, project);
  const [gone] = missingSeeds(built.files, folders);
  if (gone !== undefined) throw new UsageError(goneText(gone));
  for (const { path, kind } of built.files) {
    if (kind === "seed" && !existsSync(join(project.projectDir, path)))
      terminal.error(`warning: ${path} is not there; its stub is deployed\n`);
  }
  const store = storeOf(project);
  const deployment = await freeze({ ...built, model }, store, { source, folders, now: new Date() });
  const { problem, missing } = await verifyArtefact(store.bundleOf(deployment.id), [stage], store.moduleOf(deployment));
  if (problem !== undefined) {
    terminal.error(`nothing was deployed: the build does not run: ${problem}\n`);
    return undefined;
  }
  if (missing.length > 0) {
    terminal.error(
      `warning: not set here: ${missing.join(", ")}; the gateway that serves "${stage}" needs ${missing.length > 1 ? "them" : "it"}\n`,
    );
  }
  return { deployment, model };
}

function refuseUnknownStage(stage: string, { stages }: GatewayModel, project: Project): void {
  const names = stages.map(({ name }) => name);
  if (names.includes(stage)) return;
  const near = nearest(stage, names);
  const hint = near ? `did you mean "${near}"?` : `it has ${names.join(", ")}`;
  throw new UsageError(`${project.file} has no stage "${stage}"; ${hint}`);
}
