import { parseTimeout } from '@goldstream/cli';

/** How long a source may give nothing, in milliseconds. */
export const timeoutOption = {
  type: 'parsed',
  parse: parseTimeout,
  placeholder: 'time',
  default: '5m',
  summary: 'how long to wait when nothing comes: 30s, 5m, 1h',
} as const;
