import assert from "node:assert/strict";
import test from "node:test";
import { Random } from "../../../lib/core/random.ts";
import { resolve } from "../../../lib/scenario/resolve.ts";
import type { Scenario } from "../../../lib/scenario/scenario.ts";
import { compileRequests } from "../../../lib/scenario/template/compile.ts";
import { type CompiledText, isConstant } from "../../../lib/scenario/template/compiled_text.ts";
import type { Iteration, TemplateInputs } from "../../../lib/scenario/template/scope.ts";

const USERS = { columns: ["name", "path", "q"], rows: [["Ada", "/a b/é?x=1", "a&b=ü/ +"], ["B", "plain", "2"]] };

const INPUTS: TemplateInputs = { environment: { SECRET: "hunter2", NEWLINE: "a\r\nb: c" }, feeds: [USERS] };

const FEEDERS: Scenario["feeders"] = [{ file: "users.csv", as: "user" }];

function compiled(request: Scenario["request"], more: Scenario = {}, inputs: TemplateInputs = INPUTS) {
  const plan = resolve({ feeders: FEEDERS!, baseUrl: "http://h:81/v1/", ...more, request: request! });
  return compileRequests(plan, inputs)[0]!;
}

function rendered(text: CompiledText, row = USERS.rows[0]!): string {
  const iteration: Iteration = { index: 7, uuid: "the-uuid", rows: [row], random: new Random(1) };
  return text.map((part) => typeof part === "string" ? part : part(iteration)).join("");
}

test("compile: a path counts from the base URL, constants are folded in, and a fragment is dropped", () => {
  const { url } = compiled({ url: "/x/{{v}}?k=${SECRET}#f{{index}}" }, { variables: { v: "a/b", unused: 1 } });
  assert.deepEqual(url, ["http://h:81/v1/x/a/b?k=hunter2"]);
});

test("compile: a URL's value brings a path and a query before the question mark, and is one value behind it", () => {
  assert.equal(rendered(compiled({ url: "/{{path}}" }).url), "http://h:81/v1/a%20b/%C3%A9?x=1");
  assert.equal(rendered(compiled({ url: "/{{path}}" }).url, USERS.rows[1]), "http://h:81/v1/plain");
  assert.equal(
    rendered(compiled({ url: "/s?q={{q}}&i={{index}}" }).url),
    "http://h:81/v1/s?q=a%26b%3D%C3%BC%2F%20%2B&i=7",
  );
});

test("compile: a whole URL may come from a variable or the environment", () => {
  const { url } = compiled({ url: "{{api}}/x/{{user.name}}" }, {
    baseUrl: "http://other/",
    variables: { api: "http://a:9" },
  });
  assert.equal(rendered(url), "http://a:9/x/Ada");
});

test("compile: headers, and bodies as text and as JSON", () => {
  const request = compiled({
    headers: { Authorization: "Bearer ${SECRET}", "X-User": "{{user.name}}-{{uuid}}" },
    bodyJson: { "a {{name}}": ['say "{{said}}"', "\\{{name}}", 3] },
  }, { variables: { said: 'one "two"\n' } });
  assert.deepEqual(request.headers.map(([name, value]) => [name, rendered(value)]), [
    ["Authorization", "Bearer hunter2"],
    ["X-User", "Ada-the-uuid"],
    ["Content-Type", "application/json"],
  ]);
  assert.deepEqual(JSON.parse(rendered(request.body as CompiledText)), {
    "a Ada": ['say "one "two"\n"', "{{name}}", 3],
  });
  assert.equal(rendered(compiled({ body: "{{user.q}} {{randomInt 5 5}}" }).body as CompiledText), "a&b=ü/ + 5");
});

test("compile: what has nothing in it that varies is constant", () => {
  const { url, headers, body } = compiled({ url: "/${SECRET}", headers: { a: "{{v}}" }, body: "b" }, {
    variables: { v: "1" },
  });
  for (const text of [url, headers[0]![1], body as CompiledText]) assert.ok(isConstant(text));
});

test("compile: what cannot be filled is named by its path, and no value of the environment is shown", () => {
  const header = "a header value without a newline or another control character";
  const rows = (value: string): TemplateInputs => ({
    ...INPUTS,
    feeds: [{ columns: ["name"], rows: [["fine"], [value]] }],
  });
  const cases: [request: Scenario["request"], more: Scenario, inputs: TemplateInputs, message: string][] = [
    [{ url: "/{{user.nam}}" }, {}, INPUTS, 'request.url: unknown variable "user.nam", did you mean user.name?'],
    [{ body: "${NOPE}" }, {}, INPUTS, "request.body: expected the environment variable NOPE to be set"],
    [
      {},
      { variables: { x: "${NOPE}" } },
      INPUTS,
      "variables.x: expected the environment variable NOPE to be set",
    ],
    [
      {},
      { variables: { x: "{{uuid}}" } },
      INPUTS,
      'variables.x: expected a text that takes values only from the environment, as in ${NAME}, got "{{uuid}}"',
    ],
    [{}, { variables: { name: "x" } }, INPUTS, "variables.name: expected another name: name is a feeder's column"],
    [{}, { variables: { uuid: "x" } }, INPUTS, "variables.uuid: expected another name: uuid is built in"],
    [
      { headers: { a: "x ${NEWLINE}" } },
      {},
      INPUTS,
      `request.headers.a: expected ${header} once its variables have values, got "x \${NEWLINE}"`,
    ],
    [
      { headers: { a: "{{name}}" } },
      {},
      rows("x\r\nb: c"),
      `feeders[0].file: expected ${header} in row 2, for request.headers.a`,
    ],
    [
      { headers: { host: "{{name}}" } },
      {},
      rows("a b"),
      "feeders[0].file: expected a host's name in row 2, for request.headers.host",
    ],
    [
      { headers: { Connection: "{{name}}" } },
      {},
      INPUTS,
      'request.headers.Connection: expected the same value for every request, got "{{name}}"',
    ],
    [
      { url: "http://{{name}}/" },
      {},
      INPUTS,
      'request.url: expected the same scheme, host and port for every request, got "http://{{name}}/"',
    ],
    [
      { url: "${SECRET}/x" },
      {},
      INPUTS,
      'request.url: expected http://host[:port]/path or https://… once its variables have values, got "${SECRET}/x"',
    ],
    [
      {},
      {},
      { ...INPUTS, feeds: [{ columns: ["name"], rows: [] }] },
      'feeders[0].file: expected a file with at least one row, got "users.csv"',
    ],
    [
      { body: "{{name}}" },
      { feeders: [...FEEDERS!, { file: "b.csv" }] },
      { ...INPUTS, feeds: [USERS, USERS] },
      'request.body: expected a feeder\'s name in front, as in {{users.name}}: two feeders have a column "name"',
    ],
  ];
  for (const [request, more, inputs, message] of cases) {
    assert.throws(() => compiled(request, more, inputs), { name: "UsageError", message });
  }
});
