import { describe, expect, it } from 'vitest';
import { componentOf } from '../../test/integration-model.ts';
import { planFarm } from './plan-farm.ts';

const CORE = componentOf(
  'core-dbus',
  `files:
  - { path: bin/op-dbus, target: /usr/local/bin/op-dbus, type: symlink }
  - { path: etc/state.json, target: /etc/op-dbus/state.json, type: copy }
  - { path: web/, target: /srv/, type: directory }
`,
);

describe('planFarm', () => {
  it('leads from each system target into the tree beside the farm, and leaves out what is copied', () => {
    expect(planFarm([CORE])).toEqual([
      { path: 'usr/local/bin/op-dbus', text: '../../../../root/stage-1-core-dbus/bin/op-dbus' },
      { path: 'srv', text: '../root/stage-1-core-dbus/web' },
    ]);
  });

  it('is empty for components without files', () => {
    expect(planFarm([componentOf('empty', '')])).toEqual([]);
  });

  it('refuses two components that want one target', () => {
    expect(() => planFarm([CORE, componentOf('other', 'files: [{ path: x, target: /srv, type: copy }]\n', 2)])).toThrow(
      expect.objectContaining({ code: 'COMPONENT_TARGET_TWICE' }),
    );
  });
});
