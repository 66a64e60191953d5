import { SubjectProcess } from "./subject_process.ts";

/** A subject that gets a new process when its process dies: one program's crash is not the others'. */
export class LivingSubject {
  readonly name: string;
  readonly #executable: string;
  readonly #words: readonly string[];
  #process: SubjectProcess | undefined = undefined;

  constructor(name: string, executable: string, words: readonly string[]) {
    this.name = name;
    this.#executable = executable;
    this.#words = words;
  }

  /** The process of the moment. */
  get process(): SubjectProcess {
    if (this.#process === undefined || this.#process.death !== undefined) {
      this.#process = new SubjectProcess(this.name, this.#executable, this.#words);
    }
    return this.#process;
  }

  stop(): void {
    this.#process?.stop();
    this.#process = undefined;
  }
}
