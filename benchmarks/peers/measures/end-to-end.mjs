import { bursts } from './burst.mjs';

/** Jobs of one step that does nothing. */
export const run = (bench) => bursts(bench, 'nothing', bench.options.runs);
