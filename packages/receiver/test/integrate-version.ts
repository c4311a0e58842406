// Connects the version in a directory to the system it runs on, after what the last call connected.
// Usage: node --conditions=source integrate-version.ts VERSION-DIRECTORY STATE-FILE
import { readFile, writeFile } from 'node:fs/promises';
import { executePlan } from '@goldstream/plan';
import { systemBusFor, systemctlFor, systemRunner } from '@goldstream/system';
import { layoutOf } from '../src/host/layout.ts';
import { gatherSystem } from '../src/integrate/gather-system.ts';
import { integrationHandlers } from '../src/integrate/integration-handlers.ts';
import { placedBy } from '../src/integrate/integration-plan.ts';
import { planIntegration } from '../src/integrate/plan-integration.ts';
import { readComponents } from '../src/integrate/read-components.ts';
import { deploymentSite } from '../src/integrate/site.ts';
import { NOTHING_BEFORE } from '../src/integrate/system-facts.ts';

const [version = '', state = ''] = process.argv.slice(2);
const tools = { systemctl: systemctlFor(systemRunner, '/'), systemBus: systemBusFor(systemRunner, '/') };
const site = deploymentSite(layoutOf('/', 'op-dbus'));
const components = await readComponents(version);
const previous = await readFile(state, 'utf8').then(JSON.parse, () => NOTHING_BEFORE);
const plan = planIntegration({
  site,
  components,
  previous,
  system: await gatherSystem(tools, site, components, previous),
});
const steps = [...plan.before, ...plan.after, ...plan.gone];
await executePlan({ goal: 'connect', steps }, integrationHandlers(tools, site));
await writeFile(state, JSON.stringify(placedBy(plan, components)));
console.log([...steps.map(({ says }) => says), ...plan.notes].join('\n'));
