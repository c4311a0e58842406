import { query } from '@goldstream/cli';
import { EXIT_CODES } from '@goldstream/errors';
import { demandRoot } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { renderChecks } from '../verify/render-checks.ts';
import { verifyHost } from '../verify/verify-host.ts';
import { version } from './options.ts';

export const verify = query({
  name: 'verify',
  summary: 'Compare versions and the active deployment with what was recorded',
  examples: ['goldstream-receiver verify', 'goldstream-receiver verify v1.3.0 --deep'],
  arguments: {
    version: { ...version, optional: true, summary: 'version to verify (default: the active deployment and all)' },
  },
  options: { deep: { type: 'boolean', summary: 'read every byte and compare with the signed content digest' } },
  answer: async (wish, tools: Tools) => {
    demandRoot();
    return verifyHost(tools, wish);
  },
  render: renderChecks,
  exitCode: ({ ok }) => (ok ? 0 : EXIT_CODES.trust),
});
