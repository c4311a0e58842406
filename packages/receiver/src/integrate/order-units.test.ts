import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderUnits } from './order-units.ts';

describe('orderUnits', () => {
  it('puts what a unit is started after before it, also by way of others', () => {
    const after = new Map([
      ['vswitch', ['db', 'basic.target']],
      ['web', ['vswitch']],
    ]);
    expect(orderUnits(['web', 'db', 'vswitch'], after)).toEqual(['db', 'vswitch', 'web']);
  });

  it('keeps the order given where systemd has none', () => {
    expect(orderUnits(['c', 'a', 'b'], new Map([['a', ['network.target']]]))).toEqual(['c', 'a', 'b']);
  });

  it('names every unit once, whatever circles there are, and respects every order without one', () => {
    const unit = fc.constantFrom('a', 'b', 'c', 'd');
    fc.assert(
      fc.property(fc.uniqueArray(unit), fc.array(fc.tuple(unit, fc.array(unit))), (units, entries) => {
        const ordered = orderUnits(units, new Map(entries));
        expect([...ordered].sort()).toEqual([...units].sort());
        const acyclic = new Map(entries.map(([name, others]) => [name, others.filter((other) => other < name)]));
        const sorted = orderUnits(units, acyclic);
        for (const [name, others] of acyclic) {
          if (!sorted.includes(name)) continue;
          for (const other of others.filter((one) => sorted.includes(one))) {
            expect(sorted.indexOf(other)).toBeLessThan(sorted.indexOf(name));
          }
        }
      }),
    );
  });
});
