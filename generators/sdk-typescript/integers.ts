import type { Type } from "../../src/model/types.js";
import type { Planned } from "../emit/code-literal.js";
import type { IntegerShapes } from "../emit/integer-shapes.js";
import type { SdkOperation } from "../sdk-shared/operation.js";
import type { SocketPlan } from "../sdk-shared/socket.js";

/** Shapes of the answers of an operation by status, `rest` those of all other statuses; undefined: there is no int64. */
export function answerShapes({ successes, errors, otherwise }: SdkOperation, { shapeOf }: IntegerShapes): Planned {
  const bodies = [
    ...successes.map(({ status, body }) => [String(status), [body]] as const),
    ...errors.map(({ status, declared }) => [String(status), declared] as const),
    ...(otherwise ? [["rest", [otherwise]] as const] : []),
  ];
  const shapes = bodies.flatMap(([status, types]): [string, Planned][] => {
    const [shape] = types.flatMap((type) => (typeof type === "object" ? (shapeOf(type) ?? []) : []));
    return shape ? [[status, shape]] : [];
  });
  return shapes.length > 0 ? Object.fromEntries(shapes) : undefined;
}

/** What the WebSocket runtime is told besides; undefined: there is no int64 in its messages. */
export function socketShapes(
  { routes, events }: SocketPlan,
  integers: IntegerShapes,
): Record<string, Planned> | undefined {
  const { shapeOf } = integers;
  const replies = named(
    routes.map(({ key, reply }) => [key, reply]),
    integers,
  );
  const told = named(
    events.map(({ name, type }) => [name, type]),
    integers,
  );
  const isSent = routes.some(({ message }) => message && shapeOf(message));
  if (!isSent && Object.keys({ ...replies, ...told }).length === 0) return undefined;
  return { replies, events: told };
}

/** Shapes of what is sent, by routes. */
export function messageShapes({ routes }: SocketPlan, integers: IntegerShapes): Record<string, Planned> {
  return named(
    routes.map(({ key, message }) => [key, message]),
    integers,
  );
}

function named(
  entries: readonly (readonly [string, Type | undefined])[],
  { shapeOf }: IntegerShapes,
): Record<string, Planned> {
  return Object.fromEntries(
    entries.flatMap(([name, type]): [string, Planned][] => {
      const shape = type && shapeOf(type);
      return shape ? [[name, shape]] : [];
    }),
  );
}
