// What was changed by hand while the run went on.

import { formatSeconds } from "../../core/units.ts";
import type { Result } from "../../result/result.ts";
import { plain } from "../foreign_text.ts";
import type { Fact, Section } from "../section.ts";

/** A fact for each second with changes; undefined if nobody steered. */
export function changesSection({ series }: Result): Section | undefined {
  const facts = series.flatMap(({ second, changes }): Fact[] =>
    changes === undefined
      ? []
      : [{ name: `at ${formatSeconds(second)}`, figure: "", details: [plain(changes.join(", "))] }]
  );
  return facts.length === 0 ? undefined : { title: "Changed by hand", blocks: [{ kind: "facts", facts }] };
}
