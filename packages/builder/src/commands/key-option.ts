/** How a command takes the keys that sign. */
export const keyOption = {
  type: 'string',
  repeatable: true,
  summary: 'sign with this key: fingerprint or user id; default: key of golden.yaml, or those that may sign',
} as const;
