import { recordingRunner } from '@goldstream/testing';
import { describe, expect, it } from 'vitest';
import { systemBusFor } from './system-bus.ts';

describe('the system bus', () => {
  const runner = () => recordingRunner({ busctl: '' });

  it('is told to read its configuration again', async () => {
    const told = runner();
    await systemBusFor(told, '/', () => true).reloadConfig();
    expect(told.lines).toEqual([
      'busctl --system --quiet call org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus ReloadConfig',
    ]);
  });

  it('is not called for a tree, nor where none runs', async () => {
    const told = runner();
    await systemBusFor(told, '/mnt/host', () => true).reloadConfig();
    await systemBusFor(told, '/', () => false).reloadConfig();
    expect(told.lines).toEqual([]);
  });
});
