import { inspectorFor } from './inspector.ts';
import { servePump } from './serve-pump.ts';

/* The module of a pump's thread. */

servePump(inspectorFor);
