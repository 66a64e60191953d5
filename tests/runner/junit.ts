// What a runner says in JUnit's XML, which all three runners write: node, deno and bun test.

import { SaxesParser } from "saxes";

/** A test that did not pass. */
export interface Failure {
  readonly test: string;
  /** The runner's words for why, without its indentation; perhaps empty. */
  readonly why: string;
}

/** What became of a file's tests. A skipped test has not passed: nothing passes because something was missing. */
export interface JunitReport {
  readonly passed: number;
  readonly failures: readonly Failure[];
}

/** Elements inside a test case that say that it did not pass. */
const NOT_PASSED: ReadonlySet<string> = new Set(["failure", "error", "skipped"]);

/** Reads a report. Throws where it is no well-formed XML, as of a runner that died while it wrote. */
export function parseJunit(xml: string): JunitReport {
  const failures: Failure[] = [];
  let passed = 0;
  let test: string | undefined;
  let why: string | undefined;
  /** In one line; the text that may follow says the same and more. */
  let message = "";
  const parser = new SaxesParser();
  const hear = (text: string): void => {
    if (why !== undefined) why += text;
  };
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("text", hear);
  parser.on("cdata", hear);
  parser.on("opentag", ({ name, attributes }) => {
    if (name === "testcase") [test, why] = [attributes.name ?? "", undefined];
    else if (test !== undefined && NOT_PASSED.has(name)) [why, message] = ["", attributes.message ?? name];
  });
  parser.on("closetag", ({ name }) => {
    if (name !== "testcase") return;
    if (why === undefined) passed += 1;
    else failures.push({ test: test!, why: why.trim() === "" ? message : why.trim() });
    test = why = undefined;
  });
  parser.write(xml).close();
  return { passed, failures };
}
