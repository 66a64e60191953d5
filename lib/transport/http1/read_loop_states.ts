/** What the census calls the states of a read loop; each is a state of one of its two machines, or stands for several. */
export const READ_LOOP_STATES: readonly string[] = [
  "idle",
  "awaitingHead",
  "awaitingBodyRead",
  "readingBody",
  "draining",
  "awaitingWrite",
  "closed",
];
