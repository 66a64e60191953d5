// The result file's JSON Schema, for those who read results without this library.

import { z } from "zod";
import { resultSchema } from "./result.ts";

/** JSON Schema (draft 2020-12) of `loadgen/result@1`, as it stands in `result.schema.json`. Further fields are allowed. */
export function resultJsonSchema(): Record<string, unknown> {
  // As input: what may be in a file. As output, zod would close every object to the fields that later versions add.
  const { $schema, ...schema } = z.toJSONSchema(resultSchema, { io: "input" });
  return { $schema, title: "loadgen/result@1", description: "The result of one loadgen run.", ...schema };
}
