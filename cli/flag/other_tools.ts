// Flags of other load generators and of curl that people's hands know, and what says the same here.

/** By the flag as it is typed there. */
const SAME_HERE: Readonly<Record<string, string>> = {
  "-X": "-m, --method",
  "--request": "-m, --method",
  "-z": "-d, --duration",
  "-q": "-r, --rps",
  "-R": "-r, --rps",
  "--query-per-second": "-r, --rps",
  "--overallRate": "-r, --rps",
  "--burst-rate": "--stage",
  "-j": "--json",
  "-A": "-H 'Accept: …'",
  "-T": "-H 'Content-Type: …'",
  "-D": "--body-file",
  "--data": "-b, --body",
  "--data-binary": "--body-file",
  "--input": "--body-file",
  "-p": "--pipeline",
  "--pipelining": "--pipeline",
  "--amount": "-n, --requests",
  "--vus": "-c, --connections",
  "--concurrency": "-c, --connections",
  "--threads": "-w, --workers",
  "--max-workers": "-w, --workers",
  "--latency-correction": "nothing: latency counts from the instant a request was due",
  "--no-keepalive": "--disable-keepalive",
  "--keepalive": "nothing: connections are kept, unless --disable-keepalive says otherwise",
  "--root-certs": "--cacert",
  "--socket-path": "--unix-socket",
  "--think": "--think-time",
};

/** What to give in place of another tool's flag; undefined: none is known. */
export function sameHere(flag: string): string | undefined {
  return Object.hasOwn(SAME_HERE, flag) ? SAME_HERE[flag] : undefined;
}
