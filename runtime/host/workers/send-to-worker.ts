/** What is needed of a `Worker` of `node:cluster`. */
interface Addressee<M> {
  isConnected(): boolean;
  send(message: M, callback: (error: Error | null) => void): unknown;
}

/** A process that is ending takes no more messages: what is on its way to it then is lost, and that ends nobody else. */
export function sendToWorker<M>(worker: Addressee<M>, message: M): void {
  if (worker.isConnected()) worker.send(message, () => undefined);
}
