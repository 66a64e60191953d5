import assert from "node:assert/strict";
import test from "node:test";
import { parseJunit } from "./junit.ts";

/** The same three tests as each runner writes them, cut to what counts. */
const REPORTS = {
  node: `<?xml version="1.0" encoding="utf-8"?>
<testsuites>
	<testcase name="passes" time="0.001" classname="test"/>
	<testcase name="fails &lt;&amp;&gt;" time="0.001" classname="test" failure="no">
		<failure type="testCodeFailure" message="no">[Error: no]</failure>
	</testcase>
	<testcase name="waits" time="0.001" classname="test"><skipped type="skipped" message="true"/></testcase>
	<!-- tests 3 -->
</testsuites>`,
  deno: `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="3" failures="1" errors="0" time="0.02">
  <testsuite name="./a.ts" tests="3" disabled="1" errors="0" failures="1">
    <testcase name="passes" classname="./a.ts" time="0.001" line="5" col="1"></testcase>
    <testcase name="fails &lt;&amp;&gt;" classname="./a.ts" time="0.001" line="11" col="1">
      <failure message="Uncaught Error: no">Error: no</failure>
    </testcase>
    <testcase name="waits" classname="./a.ts" time="0.000" line="12" col="1"><skipped/></testcase>
  </testsuite>
</testsuites>`,
  bun: `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="bun test" tests="3" assertions="0" failures="1" skipped="1" time="0.02">
  <testsuite name="a.ts" file="a.ts" tests="3" failures="1" skipped="1" time="0.01">
    <testcase name="passes" classname="" time="0.001" file="a.ts" line="5" assertions="0" />
    <testcase name="fails &lt;&amp;&gt;" classname="" time="0.001" file="a.ts" line="7" assertions="0">
      <failure type="AssertionError" />
    </testcase>
    <testcase name="waits" classname="" time="0" file="a.ts" line="9" assertions="0"><skipped /></testcase>
  </testsuite>
</testsuites>`,
};

for (const [runner, xml] of Object.entries(REPORTS)) {
  test(`junit: of ${runner}'s report, what passed is counted and the rest is named`, () => {
    const { passed, failures } = parseJunit(xml);
    assert.equal(passed, 1);
    assert.deepEqual(failures.map(({ test }) => test), ["fails <&>", "waits"]);
    assert.ok(failures.every(({ why }) => why !== ""));
  });
}

test("junit: a reason is the text, or else the message", () => {
  assert.equal(parseJunit(REPORTS.bun).failures[0]!.why, "failure");
  assert.equal(parseJunit(REPORTS.deno).failures[0]!.why, "Error: no");
  assert.equal(
    parseJunit(`<a><testcase name="t"><failure><![CDATA[1 < 2]]></failure></testcase></a>`).failures[0]!.why,
    "1 < 2",
  );
});

test("junit: a report that is cut off is an error", () => {
  assert.throws(() => parseJunit(REPORTS.bun.slice(0, 300)));
  assert.throws(() => parseJunit(""));
});
