import process from "node:process";
import { renderText } from "../diagnostics/render.js";
import { outputFolder } from "./options.js";
import { findProject, readSource } from "./project.js";
import { renderProblems } from "./report.js";
import { storeOf } from "./stage-options.js";

/**
 * Builds a project and freezes it as `gateway deploy` does, for a process that serves meanwhile: CreateDeployment on the admin
 * port. Started with the project's folder; tells a `Frozen` over the channel.
 */

/** The id of the deployment, or what keeps it from being made. */
export type Frozen = { readonly id: string } | { readonly problem: string };

const mostText = 4000;

async function freezeFolder(folder: string): Promise<Frozen> {
  const { buildForDeployment, freeze } = await import("../deploy/freeze.js");
  const project = findProject(folder);
  const source = readSource(project);
  const folders = { projectDir: project.projectDir, outDir: outputFolder(project.projectDir, undefined) };
  const built = await buildForDeployment(source, folders);
  const { model, diagnostics, problems, files } = built;
  if (model === undefined || files.length === 0) {
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    const text = renderText(source, errors, { color: false }) + renderProblems(problems);
    return { problem: text.trim().slice(0, mostText) };
  }
  return freeze({ ...built, model }, storeOf(project), { source, folders, now: new Date() });
}

function tell(frozen: Frozen): void {
  const told = "id" in frozen ? { id: frozen.id } : frozen;
  process.send?.(told, undefined, {}, () => process.disconnect?.());
}

freezeFolder(process.argv[2] ?? ".").then(tell, (error: unknown) =>
  tell({ problem: error instanceof Error ? error.message : String(error) }),
);
