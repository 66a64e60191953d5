// The page that describes a scenario's fields, made of the schema's own descriptions: scenarios/README.md.

import { scenarioJsonSchema } from "../../lib/scenario/scenario.ts";

/** What this file needs of a JSON Schema. */
interface Node {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Node[];
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly additionalProperties?: Node | false;
}

const HEAD = `# Scenario files

A scenario is a JSON file that says what to send, how fast and over which connections: \`loadgen run FILE\`. Those in this
folder go by their names (\`loadgen run checkout-flow\`), and \`loadgen run --list\` says what they show. Flags override a
file's fields: of several requests, each one's, and \`--url\` takes the place of \`baseUrl\`. With
\`"$schema": "./scenario.schema.json"\` in it, an editor completes and checks the file. What is wrong is named with its
path, line and column before the first request is sent, and the exit code is 2.

This page is written by \`node dist/tests/scenario/write_schema.js\` from the schema.

## Templates

URLs, header values and bodies are templates. An iteration is one request, or in a \`flow\` of \`sequence\` one pass
through the requests.

- \`{{name}}\`: a variable of \`variables\`, or a feeder's column, also as \`{{user.name}}\` with the feeder's \`as\`.
- \`{{index}}\`: the iteration's number, from 0.
- \`{{uuid}}\`: a random UUID, the same wherever it stands in one iteration.
- \`{{timestamp}}\`: Unix time in milliseconds.
- \`{{randomInt 1 100}}\`: a whole number between two, both included, drawn anew wherever it stands.
- \`\${NAME}\`: the environment's variable NAME, which must be set. Its value is in no plan, result, report or error.
- \`\\{{\` and \`\\\${\`: the signs themselves (in JSON their backslash is doubled).

What varies may not stand in a URL's scheme, host and port. Before the \`?\` a value may bring slashes and a query of its
own; behind it, a value is one value, percent-encoded. In \`bodyJson\` values are escaped. A value that no header may have,
such as one with a newline, is refused before the run. A request without anything that varies is encoded once.

## Fields

Durations are texts such as \`10s\`, \`500ms\` or \`1m30s\`, sizes numbers of bytes or texts such as \`16KiB\`. Every field may
be left out.
`;

/** The page, as it stands in scenarios/README.md. */
export function scenarioReference(): string {
  const lines: string[] = [HEAD];
  const root = scenarioJsonSchema() as Node;
  lines.push(...fieldsOf(root, ""), "");
  for (const [name, node] of Object.entries(root.properties!)) {
    const fields = node.properties ?? node.items?.properties;
    if (fields === undefined || name === "requests") continue;
    const prefix = node.items === undefined ? `${name}.` : `${name}[].`;
    const title = name === "request" ? "`request`, and each of `requests`" : `\`${name}\``;
    lines.push(`### ${title}`, "", node.items?.description ?? node.description!, "");
    lines.push(...fieldsOf(node.items ?? node, prefix), "");
  }
  return `${lines.join("\n").trimEnd()}\n`;
}

/** A line for each field; an object inside a section follows with its own. */
function fieldsOf(node: Node, prefix: string): string[] {
  return Object.entries(node.properties!).flatMap(([name, field]) => {
    const line = `- \`${prefix}${name}\` (${typeOf(field)}): ${field.description}`;
    const inner = prefix !== "" && field.properties !== undefined ? fieldsOf(field, `${prefix}${name}.`) : [];
    return [line, ...inner];
  });
}

function typeOf(node: Node): string {
  if (node.enum !== undefined) return node.enum.map((word) => `\`${word}\``).join(", ");
  if (node.anyOf !== undefined) return [...new Set(node.anyOf.map(typeOf))].join(" or ");
  if (node.pattern?.includes("us|ms|s|m|h") === true) return "duration";
  switch (node.type) {
    case "string":
      return "text";
    case "integer":
      return "whole number";
    case "boolean":
      return "true or false";
    case "array":
      return node.items?.properties === undefined ? "list" : "list of objects";
    case undefined:
      return "any JSON";
  }
  return node.type!;
}
