import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { packageRoot } from "../../cli/process/runtimes.ts";
import { renderSection } from "../../lib/report/painter.ts";
import type { Block, Prose, Section } from "../../lib/report/section.ts";
import { styleFor } from "../../lib/report/text/style.ts";
import { screenWidth } from "./screen.ts";

const style = styleFor({ columns: 80, color: false });
const colored = styleFor({ columns: 80, color: true });

const facts: Block = { kind: "facts", facts: [{ name: "offered", figure: "5" }] };
const table: Block = { kind: "table", columns: [{ name: "" }, { name: "p50" }], rows: [["look", "1 ms"]] };

function prose(text: string): Prose {
  return { kind: "prose", text, tone: "plain" };
}

function rendered(blocks: readonly Block[], title = "", columns = 80): string[] {
  return renderSection({ title, blocks }, columns, style);
}

test("painter: what stands under a title is moved in, and stands for itself without one", () => {
  assert.deepEqual(rendered([prose("It was so.")], "Verdict"), ["Verdict", "  It was so."]);
  assert.deepEqual(rendered([prose("It was so.")]), ["It was so."]);
});

test("painter: text follows text without a gap; figures have one on either side", () => {
  const phrases: Block = { kind: "phrases", phrases: ["node", "linux"], tone: "faint" };
  assert.deepEqual(rendered([prose("a"), prose("b"), phrases, facts, table, prose("c")]), [
    "a",
    "b",
    "node · linux",
    "",
    "offered  5",
    "",
    "       p50",
    "──────────",
    "look  1 ms",
    "",
    "c",
  ]);
});

test("painter: nothing comes between a headline and what it is about", () => {
  const headline: Block = { kind: "headline", text: "✗ LEAKING", tone: "bad" };
  assert.deepEqual(rendered([headline, facts]), ["✗ LEAKING", "offered  5"]);
  assert.deepEqual(rendered([facts, headline, prose("why")]), ["offered  5", "", "✗ LEAKING", "why"]);
  assert.deepEqual(renderSection({ title: "", blocks: [headline] }, 80, colored), [
    "\x1b[1m\x1b[31m✗ LEAKING\x1b[39m\x1b[22m",
  ]);
});

test("painter: a tone is a colour, line by line", () => {
  const warning: Block = { kind: "prose", text: "It was late", tone: "caution" };
  assert.deepEqual(renderSection({ title: "", blocks: [warning] }, 6, colored), [
    "\x1b[33mIt was\x1b[39m",
    "\x1b[33mlate\x1b[39m",
  ]);
});

test("painter: a mark stands beside its title, which loses its middle before the mark goes", () => {
  const remark: Section = {
    title: "results-of-monday",
    mark: { text: "✓ clean", tone: "good" },
    blocks: [prose("Why.")],
  };
  assert.deepEqual(renderSection(remark, 80, style), ["results-of-monday  ✓ clean", "  Why."]);
  assert.deepEqual(renderSection(remark, 18, style), ["resu…nday  ✓ clean", "  Why."]);
});

test("painter: prose is not wider than one likes to read, tables and pictures are", () => {
  const long = prose("I ".repeat(100).trim());
  assert.equal(screenWidth(rendered([long], "", 300).join("\n")), 109);
  assert.equal(screenWidth(rendered([long], "Title", 300).join("\n")), 109, "margin included");
  const bar = { from: "1", to: "2", unit: "ms", count: 1, figure: "1", share: "100 %", marks: [] };
  assert.ok(screenWidth(rendered([{ kind: "bars", bars: [bar] }], "Title", 300).join("\n")) > 250);
});

test("painter: wide characters take two columns", () => {
  assert.deepEqual(rendered([prose("負荷 試験")], "", 5), ["負荷", "試験"]);
  const wide: Block = { kind: "facts", facts: [{ name: "負荷", figure: "5" }, { name: "a", figure: "50" }] };
  assert.deepEqual(rendered([wide]), ["負荷   5", "a     50"]);
});

test("painter: whatever paints knows sections, and nothing of results", () => {
  const report = join(packageRoot, "lib", "report");
  const files = ["text", "chart"].flatMap((room) => readdirSync(join(report, room)).map((name) => join(room, name)));
  for (const file of [...files, "painter.ts"]) {
    const imports = readFileSync(join(report, file), "utf8").match(/from "\.[^"]+"/g) ?? [];
    assert.deepEqual(imports.filter((path) => /\/(result|load|section|comparison)\//.test(path)), [], file);
  }
});
