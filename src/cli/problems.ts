import { DeployError } from "../../runtime/deploy/deploy-error.js";
import { OutputError } from "../model/output.js";
import { WriteError } from "../write/write-error.js";
import { UsageError } from "./exit-codes.js";

/** One line about what is neither a mistake in the file nor one of ours; undefined for everything else. */
export function worldlyProblem(error: unknown): string | undefined {
  const isWorldly = [UsageError, WriteError, OutputError, DeployError].some((kind) => error instanceof kind);
  if (isWorldly) return (error as Error).message;
  return systemProblem(error);
}

/** Problems of the world, by Node's codes. */
function systemProblem(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  // Writing to an open file names no path.
  if (error.code === "ENOSPC" || error.code === "EDQUOT")
    return `${"path" in error ? error.path : "a file"} cannot be written: the disk is full`;
  if (!("path" in error)) return undefined;
  const path = String(error.path);
  switch (error.code) {
    case "ENOENT":
      return `${path} does not exist`;
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return `${path} cannot be written or read: permission denied`;
    case "EISDIR":
      return `${path} is a folder`;
    case "ENOTDIR":
      return `${path} has a file where a folder should be`;
    default:
      return undefined;
  }
}
