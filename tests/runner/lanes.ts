/** Does jobs in their order, as many at a time as there are lanes; resolves when all are done. */
export async function inLanes<Job>(
  jobs: readonly Job[],
  lanes: number,
  work: (job: Job) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < jobs.length) await work(jobs[next++]!);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
