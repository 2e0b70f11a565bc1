import type { Messages, Registry } from "../state/state.js";
import type { ConnectionDescription, ConnectionTarget } from "./connections.js";

/** What State offers for connections of several nodes. */
export interface ConnectionState {
  readonly registry: Registry;
  readonly messages: Messages;
}

/** The connections that end at this node. */
export interface LocalConnections {
  post(target: ConnectionTarget, text: Buffer): boolean;
  get(target: ConnectionTarget): ConnectionDescription | undefined;
  delete(target: ConnectionTarget): boolean;
}

const topic = "websocket";
/** A node that does not answer for so long counts as gone, and its connections with it. */
const answerMs = 2000;

type Action = "post" | "get" | "delete";

/**
 * Connections that end at other nodes: the registry knows the node, which is asked. A question is one line of JSON and
 * the text behind it; an answer is JSON.
 */
export class RemoteConnections {
  readonly #stop: () => void;

  constructor(
    private readonly state: ConnectionState,
    private readonly local: LocalConnections,
  ) {
    this.#stop = state.messages.answer(topic, async (question) => this.#answer(question));
  }

  async post(target: ConnectionTarget, text: Buffer): Promise<boolean> {
    return (await this.#ask("post", target, text)) === true;
  }

  async get(target: ConnectionTarget): Promise<ConnectionDescription | undefined> {
    const found = await this.#ask("get", target, noBytes);
    return typeof found === "object" && found !== null ? (found as ConnectionDescription) : undefined;
  }

  async delete(target: ConnectionTarget): Promise<boolean> {
    return (await this.#ask("delete", target, noBytes)) === true;
  }

  close(): void {
    this.#stop();
  }

  async #ask(action: Action, target: ConnectionTarget, text: Buffer): Promise<unknown> {
    const { registry, messages } = this.state;
    const nodeId = await registry.find(target.connectionId);
    // What this node held it would have found itself.
    if (nodeId === undefined || nodeId === registry.nodeId) return undefined;
    const head = Buffer.from(`${JSON.stringify({ action, target })}\n`, "utf8");
    const answer = await messages.ask(nodeId, topic, Buffer.concat([head, text]), answerMs);
    return answer === undefined ? undefined : JSON.parse(answer.toString("utf8"));
  }

  #answer(question: Buffer): Buffer {
    const end = question.indexOf(0x0a);
    const { action, target } = JSON.parse(question.toString("utf8", 0, end)) as {
      readonly action: Action;
      readonly target: ConnectionTarget;
    };
    return Buffer.from(JSON.stringify(this.#carryOut(action, target, question.subarray(end + 1)) ?? null), "utf8");
  }

  #carryOut(action: Action, target: ConnectionTarget, text: Buffer): unknown {
    switch (action) {
      case "post":
        // The frame outlives the message that it came in.
        return this.local.post(target, Buffer.from(text));
      case "get":
        return this.local.get(target);
      case "delete":
        return this.local.delete(target);
    }
  }
}

const noBytes = Buffer.alloc(0);
