import process from "node:process";
import type { StageRecord } from "../../deploy/stage-record.js";
import type { Gateway } from "../../host/gateway.js";
import type { Measures } from "../../observe/measures.js";
import { adminAnswer } from "../admin-answer.js";
import { refusal } from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";
import { MemoryStages } from "../memory-stages.js";
import { RequestFeed } from "../request-feed.js";
import type { StageRecords } from "../stage-records.js";
import {
  type Answered,
  type Collected,
  type FleetQuestion,
  type FromAgent,
  isFleetMessage,
  receivedRequest,
  sentAnswer,
  type ToAgent,
} from "./messages.js";

export interface AgentOptions {
  readonly gateway: () => Gateway | undefined;
  readonly measures: Measures | undefined;
  readonly exportApi?: AdminTarget["exportApi"];
  readonly sdk?: AdminTarget["sdk"];
  /** Stages that are kept elsewhere, and how they are followed at once. Default: what this process knows. */
  readonly projects?: ((onChange: (record: StageRecord) => void) => FollowedStages) | undefined;
}

export interface FollowedStages {
  readonly records: StageRecords;
  /** Of stages that no project keeps. */
  readonly others: MemoryStages;
  follow(): Promise<void>;
}

/** How often a process tells what it has counted, ms: so much is lost when it is killed. */
const tellMs = 1000;

const joinMs = 2000;

/** In a serving process of several: carries out what the admin port in the primary one is asked for. */
export class AdminAgent {
  /** An observer of the gateway. */
  readonly requests = new RequestFeed();
  readonly #target: AdminTarget;
  readonly #others: MemoryStages;
  readonly #follow: () => Promise<void>;
  readonly #timer: NodeJS.Timeout;
  #told = 0;
  #changed: StageRecord[] = [];
  #join: () => void = () => undefined;

  constructor(private readonly options: AgentOptions) {
    const { gateway, measures, exportApi, sdk } = options;
    const onChange = (record: StageRecord) => void this.#changed.push(record);
    const followed = options.projects?.(onChange);
    this.#others = followed?.others ?? new MemoryStages(gateway, onChange);
    this.#follow = followed === undefined ? async () => undefined : () => followed.follow();
    const stages = followed?.records ?? this.#others;
    this.#target = { gateway, measures, stages, requests: this.requests, exportApi, sdk };
    process.on("message", (message: unknown) => {
      if (isFleetMessage(message)) void this.#onQuestion(message.gatewayAdmin);
    });
    this.#timer = setInterval(() => this.#tellCounts(), tellMs).unref();
  }

  /** Takes over what the others have changed; from then on it is told. To be awaited before it listens. */
  join(): Promise<void> {
    return new Promise((resolve) => {
      // The primary process is not waited for longer: what projects keep is followed anyway.
      const timer = setTimeout(resolve, joinMs);
      this.#join = () => {
        clearTimeout(timer);
        resolve();
      };
      void this.#tell({ kind: "hello" });
    });
  }

  /** Tells the last counts; resolves when they are on their way. */
  close(): Promise<void> {
    clearInterval(this.#timer);
    return this.#tell({ kind: "counted", collected: this.#collect(0) });
  }

  async #onQuestion({ id, question }: ToAgent): Promise<void> {
    try {
      void this.#tell({ kind: "told", id, value: await this.#carryOut(question) });
    } catch (error) {
      void this.#tell({ kind: "failed", id, problem: error instanceof Error ? error.message : String(error) });
    }
  }

  async #carryOut(question: FleetQuestion): Promise<Answered | Collected | null> {
    switch (question.kind) {
      case "answer": {
        const request = receivedRequest(question.request);
        const answer = await Promise.resolve()
          .then(() => adminAnswer(this.#target, request))
          .catch(refusal);
        return { answer: sentAnswer(answer), records: this.#changed.splice(0) };
      }
      case "collect":
        return this.#collect(question.mostConnections);
      case "follow":
        for (const record of question.records) this.#others.adopt(record);
        await this.#follow();
        this.#join();
        return null;
    }
  }

  #collect(mostConnections: number): Collected {
    const { measures, gateway } = this.options;
    const requests = this.requests.since(this.#told);
    this.#told = this.requests.latest;
    const sockets = gateway()?.sockets;
    return {
      measures: measures?.take() ?? { unlocated: 0, droppedLines: 0, series: [], sockets: [] },
      requests,
      connections: mostConnections === 0 ? [] : (sockets?.list(mostConnections) ?? []),
      hasSockets: sockets !== undefined,
    };
  }

  #tellCounts(): void {
    // An empty one costs next to nothing.
    void this.#tell({ kind: "counted", collected: this.#collect(0) });
  }

  #tell(message: FromAgent): Promise<void> {
    return new Promise((resolve) => {
      if (process.send === undefined || !process.connected) return resolve();
      process.send({ gatewayAdmin: message }, undefined, {}, () => resolve());
    });
  }
}
