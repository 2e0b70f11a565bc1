import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runJsonSchemaVectors } from "../../scripts/vectors/json-schema.js";

const shared = process.env.GATEWAY_SHARED ?? fileURLToPath(new URL("../../../shared", import.meta.url));
const folder = `${shared}/vectors/json-schema-draft4`;
const isThere = existsSync(folder);

test.skipIf(!isThere && !process.env.CI)(
  `JSON Schema draft-04 suite${isThere ? "" : " (absent: set GATEWAY_SHARED)"}`,
  () => {
    const { passed, failed, known } = runJsonSchemaVectors(folder);
    expect(failed).toEqual([]);
    expect(known).toHaveLength(1);
    expect(passed).toBeGreaterThan(700);
  },
);
