import assert from "node:assert/strict";
import test from "node:test";
import { parseTemplate, type TemplatePart } from "../../../lib/scenario/template/template.ts";

test("template: text, names, built-ins, the environment and escaped signs come apart", () => {
  const cases: [text: string, parts: TemplatePart[]][] = [
    ["", []],
    ["plain } }} { $ $x", ["plain } }} { $ $x"]],
    ["{{a}}", [{ kind: "name", name: "a" }]],
    ["x{{ user.first name }}y", ["x", { kind: "name", name: "user.first name" }, "y"]],
    ["{{index}}{{uuid}}{{timestamp}}", [{ kind: "index" }, { kind: "uuid" }, { kind: "timestamp" }]],
    ["{{randomInt -3  9}}", [{ kind: "randomInt", least: -3, most: 9 }]],
    ["Bearer ${API_KEY}", ["Bearer ", { kind: "environment", name: "API_KEY" }]],
    ["\\{{a}} \\${B}", ["{{a}} ${B}"]],
    ['{"a":{"b":{}}}', ['{"a":{"b":{}}}']],
  ];
  for (const [text, parts] of cases) assert.deepEqual(parseTemplate("f", text), parts, text);
});

test("template: what is malformed is named", () => {
  const cases: [text: string, problem: string][] = [
    ["a {{b", "expected {{name}}, or \\{{ for a literal {{"],
    ["{{a{b}}", "expected {{name}}, or \\{{ for a literal {{"],
    ["${MY-KEY}", "expected ${NAME} of letters, digits and _, or \\${ for a literal ${"],
    ["{{ }}", "expected a name between {{ and }}"],
    ["{{randomInt 5}}", 'expected {{randomInt LEAST MOST}} with two whole numbers, got "{{randomInt 5}}"'],
    ["{{randomInt 5 1}}", 'expected {{randomInt LEAST MOST}} with two whole numbers, got "{{randomInt 5 1}}"'],
  ];
  for (const [text, problem] of cases) {
    assert.throws(() => parseTemplate("request.url", text), { name: "UsageError", field: "request.url", problem });
  }
});
