/** Milliseconds on the monotonic clock, which all processes of a machine share. */
export const now = () => Number(process.hrtime.bigint()) / 1e6;

export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Tries until it gets something that is not undefined; the last error is the cause where the patience ends. */
export async function eventually(what, milliseconds, attempt) {
  const deadline = now() + milliseconds;
  for (let cause; ; await sleep(20)) {
    try {
      const found = await attempt();
      if (found !== undefined) return found;
    } catch (error) {
      if (error.fatal) throw error;
      cause = error;
    }
    if (now() > deadline) throw new Error(`${what}: not within ${milliseconds / 1000} s`, { cause });
  }
}
