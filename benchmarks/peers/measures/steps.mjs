import { bursts } from './burst.mjs';

/** Five steps in a row, each begun when the one before is on disk as done. */
export const run = (bench) => bursts(bench, 'steps', bench.options.workflows);
