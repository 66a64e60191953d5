// This project's side of the comparison: reads commands as JSON lines, plays them on a Transport of the program's own,
// and answers each `report` with what the program's requests have come to. subject.go does the same on Go's.

import process from "node:process";
import { createInterface } from "node:readline";
import type { Command } from "./subject_process.ts";
import { SubjectProgram } from "./subject_program.ts";

const programs = new Map<number, SubjectProgram>();

process.on("uncaughtException", (error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});

createInterface({ input: process.stdin }).on("line", (line) => {
  const command = JSON.parse(line) as Command;
  if (command.op === "open") {
    programs.set(command.run, new SubjectProgram(command.options, command.ports));
    return;
  }
  const program = programs.get(command.run)!;
  if (command.op === "end") {
    program.end();
    return;
  }
  if (command.op === "report") {
    process.stdout.write(`${JSON.stringify({ run: command.run, report: program.report() })}\n`);
    return;
  }
  if (command.op === "forget") programs.delete(command.run);
  else program.play(command.step);
}).on("close", () => process.exit(0));
