import { answeredTypes, mapAnswers } from "../model/answers.js";
import { type Directions, directionsOf, requestName } from "../model/directions.js";
import type { GatewayModel } from "../model/gateway-model.js";
import { reachableModels } from "../model/type-questions.js";
import { type Model, noDocs, type Type } from "../model/types.js";
import type { Span } from "../source.js";
import type { Checking } from "./checking.js";

/**
 * What is `@readOnly` is answered and never sent, what is `@writeOnly` sent and never answered. So bodies and messages get a shape
 * for each direction: a model keeps its name for what is answered; what is sent is `<Model>Request`, where the two differ. All
 * outputs see two plain types, validators too: API Gateway knows no `readOnly` and would want it in requests.
 */
export function splitDirections(model: GatewayModel, checking: Checking): GatewayModel {
  const directions = directionsOf(model.models, [...sentTypes(model), ...answeredTypes(model)]);
  return directions ? splitBy(directions, model, checking) : model;
}

type Typed = Pick<GatewayModel, "routes" | "websocket">;

function sentTypes({ routes, websocket }: Typed): readonly Type[] {
  return [
    ...routes.flatMap(({ body }) => body?.type ?? []),
    ...(websocket?.routes ?? []).flatMap(({ body, bodies }) => bodies?.types.map(({ type }) => type) ?? body ?? []),
  ];
}

function splitBy(directions: Directions, model: GatewayModel, checking: Checking): GatewayModel {
  const { sent, answered, split } = directions;
  const types = new Map(model.models.map(({ name, type }) => [name, type]));
  const needed = reachableModels(sentTypes(model), (name) => types.get(name));
  reportTaken(model, split, needed, checking);
  const { routes, websocket } = mapAnswers(model, answered);
  return {
    ...model,
    models: model.models.flatMap((entry): Model[] => {
      const kept = shaped(entry, entry.name, answered(entry.type));
      const name = split.get(entry.name);
      if (name === undefined || !needed.has(entry.name)) return [kept];
      return [kept, shaped(entry, name, sent(entry.type))];
    }),
    routes: routes.map((route) => ({
      ...route,
      body: route.body && { ...route.body, type: sent(route.body.type) },
    })),
    websocket: websocket && {
      ...websocket,
      routes: websocket.routes.map((route) => ({
        ...route,
        body: route.body && sent(route.body),
        bodies: route.bodies && {
          ...route.bodies,
          types: route.bodies.types.map(({ key, type }) => ({ key, type: sent(type) })),
        },
      })),
    },
  };
}

function shaped(model: Model, name: string, type: Type): Model {
  const { docs } = model;
  // An example of the whole may show what is left out.
  const own = type === model.type || docs === noDocs ? docs : { ...docs, default: undefined, examples: [] };
  return { ...model, name, type, docs: own };
}

/** The name that a shape would have is a model's: told at the first body that needs the shape. */
function reportTaken(
  { models, routes, websocket }: GatewayModel,
  split: ReadonlyMap<string, string>,
  needed: ReadonlySet<string>,
  { syntax, report }: Checking,
): void {
  const types = new Map(models.map(({ name, type }) => [name, type]));
  const reaches = (type: Type | undefined, name: string) =>
    type !== undefined && reachableModels([type], (model) => types.get(model)).has(name);
  for (const [name, written] of split) {
    if (!needed.has(name) || written === requestName(name)) continue;
    const key = routes.find(({ body }) => reaches(body?.type, name))?.key;
    const message = websocket?.routes.find(({ body }) => reaches(body, name))?.key;
    const socket = syntax.websocket?.routes.find((route) => route.key.text === message);
    const span: Span | undefined =
      syntax.routes.find((route) => route.key.text === key)?.body?.span ??
      (socket?.body ?? socket?.bodies[0]?.type)?.span;
    if (span) report("request-shape-taken", span, { model: name, wanted: requestName(name), written });
  }
}
