// Templates: text with {{names}} and ${ENVIRONMENT} variables in it. This file knows their form, not what they stand for.
//
//   {{name}}            a variable, or a feeder's column
//   {{index}} {{uuid}} {{timestamp}} {{randomInt 1 100}}
//   ${NAME}             the environment variable NAME
//   \{{ and \${         the signs themselves

import { UsageError } from "../usage_error.ts";

/** A piece of a template that stands for something. */
export type Expression =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "environment"; readonly name: string }
  | { readonly kind: "index" | "uuid" | "timestamp" }
  | { readonly kind: "randomInt"; readonly least: number; readonly most: number };

export type TemplatePart = string | Expression;

/** The names that templates have of themselves. */
export const BUILT_INS = ["index", "uuid", "timestamp", "randomInt"] as const;

/** An escaped sign, or the beginning of an expression with as much of it as is well-formed. */
const SIGN = /\\(\{\{|\$\{)|\{\{([^{}]*)\}\}|\$\{([A-Za-z_]\w*)\}|\{\{|\$\{/g;

/** Cuts a template into its parts. Throws a `UsageError` that names `field` if an expression is malformed. */
export function parseTemplate(field: string, text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let literal = "";
  let end = 0;
  for (const match of text.matchAll(SIGN)) {
    const [whole, escaped, expression, environment] = match;
    literal += text.slice(end, match.index);
    end = match.index + whole.length;
    if (escaped !== undefined) {
      literal += escaped;
      continue;
    }
    if (literal !== "") parts.push(literal);
    literal = "";
    if (environment !== undefined) parts.push({ kind: "environment", name: environment });
    else if (expression !== undefined) parts.push(parseExpression(field, expression.trim()));
    else throw new UsageError(field, `expected ${MEANT[whole]}, or \\${whole} for a literal ${whole}`);
  }
  literal += text.slice(end);
  if (literal !== "") parts.push(literal);
  return parts;
}

const MEANT: Readonly<Record<string, string>> = {
  "{{": "{{name}}",
  "${": "${NAME} of letters, digits and _",
};

function parseExpression(field: string, text: string): Expression {
  const [first = "", ...rest] = text.split(/\s+/);
  switch (first) {
    case "":
      throw UsageError.expected(field, "a name between {{ and }}");
    case "index":
    case "uuid":
    case "timestamp":
      if (rest.length > 0) break;
      return { kind: first };
    case "randomInt": {
      const [least = NaN, most = NaN] = rest.map((word) => /^-?\d+$/.test(word) ? Number(word) : NaN);
      if (rest.length !== 2 || !Number.isSafeInteger(least) || !Number.isSafeInteger(most) || least > most) {
        throw UsageError.expected(field, "{{randomInt LEAST MOST}} with two whole numbers", `{{${text}}}`);
      }
      return { kind: "randomInt", least, most };
    }
  }
  return { kind: "name", name: text };
}
