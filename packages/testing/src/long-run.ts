/** Whether the slow tests are wanted too (`scripts/test.sh --long`): for `test.runIf(LONG_RUN)`. */
export const LONG_RUN: boolean = process.env['GOLDSTREAM_LONG'] === '1';
