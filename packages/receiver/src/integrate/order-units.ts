/**
 * Units in the order in which systemd starts them, as far as it has one; where it has none, or a circle, in the order
 * given. Pure.
 * @param after what each is started after, of these and of others
 */
export function orderUnits(units: readonly string[], after: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const ordered = new Set<string>();
  const visit = (unit: string, waiting: ReadonlySet<string>): void => {
    if (ordered.has(unit) || waiting.has(unit)) return;
    const before = new Set(after.get(unit));
    for (const other of units) if (before.has(other)) visit(other, new Set([...waiting, unit]));
    ordered.add(unit);
  };
  for (const unit of units) visit(unit, new Set());
  return [...ordered];
}
