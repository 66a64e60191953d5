// k6's script: URL, CONNECTIONS, SECONDS, RPS (0: as fast as it can) and CLOSE come from -e.

import http from "k6/http";

const { URL, CONNECTIONS, SECONDS, RPS, CLOSE } = __ENV;
const duration = `${SECONDS}s`;
const connections = Number(CONNECTIONS);

export const options = {
  discardResponseBodies: true,
  insecureSkipTLSVerify: true,
  noConnectionReuse: CLOSE !== "",
  scenarios: {
    loop: Number(RPS) > 0
      ? {
        executor: "constant-arrival-rate",
        rate: Number(RPS),
        timeUnit: "1s",
        duration,
        preAllocatedVUs: connections,
      }
      : { executor: "constant-vus", vus: connections, duration },
  },
};

export default function () {
  http.get(URL);
}

export function handleSummary({ metrics }) {
  return { stdout: `RATE ${metrics.http_reqs.values.rate}\n` };
}
