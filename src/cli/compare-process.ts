import process from "node:process";
import { DeploymentStore } from "../../runtime/deploy/store.js";
import { differencesOfFrozen, type FrozenStage } from "../deploy/compare-deployments.js";

/**
 * Says what differs between two deployments of a stage, for a process that serves meanwhile: the console shows it before a rollback.
 * Started with a `Task` as JSON; tells the result over the channel.
 */

interface Task {
  /** Of the deployments. */
  readonly folder: string;
  readonly stage: string;
  readonly before: FrozenStage;
  readonly after: FrozenStage;
}

const { folder, stage, before, after } = JSON.parse(process.argv[2] ?? "{}") as Task;
const told = await differencesOfFrozen(new DeploymentStore(folder), stage, before, after);
process.send?.(told, undefined, {}, () => process.disconnect?.());
