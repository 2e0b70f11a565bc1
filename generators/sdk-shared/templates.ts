import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { GenerateOptions, OutputFile } from "../../src/model/output.js";
import type { SdkLanguage } from "../../src/model/sdk.js";
import { renderTemplate } from "../emit/text-template.js";

/**
 * The files of a package after the user's own were laid over them (`sdk: templates`): `<language>/<path>` takes the place of the
 * generated file or stands beside the others, as it is; with `.hbs` behind its name it is rendered first, with the data of
 * `templateData` and the generated text as `generated`.
 */
export async function withTemplates(
  files: readonly OutputFile[],
  language: SdkLanguage,
  model: GatewayModel,
  { templates = new Map() }: Pick<GenerateOptions, "templates">,
): Promise<readonly OutputFile[]> {
  const out = new Map(files.map((file) => [file.path, file]));
  for (const [path, text] of templates) {
    if (!path.startsWith(`${language}/`)) continue;
    const own = path.slice(language.length + 1);
    const target = own.replace(/\.hbs$/, "");
    const data = { ...templateData(model), generated: String(out.get(target)?.content ?? "") };
    const content = own === target ? text : await renderTemplate(path, text, data);
    out.set(target, { path: target, content, kind: "generated" });
  }
  return [...out.values()];
}

/** What a template may say of the API. Texts are as the file has them: a template that writes code quotes them itself. */
function templateData({ name, version, description, sdk, routes, models, stages }: GatewayModel): object {
  return {
    name,
    version,
    description: description ?? "",
    license: sdk.license ?? "",
    packageVersion: sdk.version,
    stages: stages.map((stage) => stage.name),
    models: models.map((model) => ({ name: model.name, description: model.docs.description ?? "" })),
    operations: routes.map(({ operation, key, method, path, summary, description: about, deprecated, tags }) => ({
      operation,
      route: key,
      method,
      path: path.text,
      summary: summary ?? "",
      description: about ?? "",
      deprecated,
      tags,
    })),
  };
}
