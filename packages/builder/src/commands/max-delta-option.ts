/** How a command takes the largest incremental allowed. */
export const maxDeltaOption = {
  type: 'size',
  summary: 'compressed bytes no incremental may exceed; default: budget of golden.yaml',
} as const;
