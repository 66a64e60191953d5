// The states of a dial, and which may follow which.
//
//   resolving         the name is being looked up
//   connecting        one or more of its addresses are being connected to
//   securingProxy     the handshake with an https proxy
//   askingProxy       CONNECT or socks5 is under way
//   securing          the handshake with the target
//   done              the socket is somebody else's, or gone

import { moves } from "../loop_census.ts";

export const RESOLVING = 0;
export const CONNECTING = 1;
export const SECURING_PROXY = 2;
export const ASKING_PROXY = 3;
export const SECURING = 4;
export const DONE = 5;

export const DIAL_STATES: readonly string[] = [
  "resolving",
  "connecting",
  "securingProxy",
  "askingProxy",
  "securing",
  "done",
];

/** The transition table. */
export const DIAL_MOVES: readonly number[] = moves({
  [RESOLVING]: [CONNECTING, DONE],
  [CONNECTING]: [SECURING_PROXY, ASKING_PROXY, SECURING, DONE],
  [SECURING_PROXY]: [ASKING_PROXY, DONE],
  [ASKING_PROXY]: [SECURING, DONE],
  [SECURING]: [DONE],
}, DIAL_STATES.length);
