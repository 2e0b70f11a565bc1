import cluster from "node:cluster";

/**
 * Node ends a process of a cluster at once when its primary is gone, by `process.exit`: requests under way would be cut.
 * After this call it leaves that to the process, which drains on `disconnect`.
 */
export function outlivePrimary(): void {
  if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true;
}
