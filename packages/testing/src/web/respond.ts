export { directory, type FileFacts, file, redirect, status, withoutRanges } from './honest-responders.ts';
export { announcing, answer, cutAfter, endless, gzipped, held, silent, trickling } from './hostile-responders.ts';
export { inTurn, type Responder, times } from './responder.ts';
