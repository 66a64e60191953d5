import process from "node:process";

/** The process's environment, where proxies are named. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;
