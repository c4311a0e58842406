import { describe, expect, it } from 'vitest';
import { parseComponentManifest, persists } from './index.ts';

const manifest = (component: string, ...entries: readonly string[]) =>
  parseComponentManifest(
    `stage: 1\ncomponent: ${component}\nversion: 1.0.0\ndescription: A demo\npersist:\n${entries.map((entry) => `  - ${entry}\n`).join('')}`,
    `${component}/manifest.yaml`,
  );

describe('persists', () => {
  it('knows whose state is whose, also where paths are alike', () => {
    const found = persists([
      manifest('core', '{ name: db, path: var/db }', '{ name: db-log, path: var/db-log }'),
      manifest('web', '{ name: sessions, path: var/db }'),
    ]);
    expect(
      [...found].map(
        ([
          name,
          {
            manifest: { component },
            entry,
          },
        ]) => [name, component, entry.path],
      ),
    ).toEqual([
      ['db', 'core', 'var/db'],
      ['db-log', 'core', 'var/db-log'],
      ['sessions', 'web', 'var/db'],
    ]);
  });

  it('refuses one name in two components, and says where both are', () => {
    const both = [manifest('core', '{ name: db, path: var/db }'), manifest('web', '{ name: db, path: data }')];
    expect(() => persists(both)).toThrowError(
      expect.objectContaining({
        code: 'COMPONENT_PERSIST_TWICE',
        message: 'web/manifest.yaml:6:5: the name db is kept by core at core/manifest.yaml:6:5 already',
      }),
    );
  });
});
