/**
 * Loaded into a program before anything else (`node --import`): it finds another time of day than the machine's, off by
 * `TEST_CLOCK_OFFSET` milliseconds. Programs that it starts find the machine's.
 */
const offset = Number(process.env['TEST_CLOCK_OFFSET']);

globalThis.Date = new Proxy(Date, {
  construct: (real, args, asked) => Reflect.construct(real, args.length === 0 ? [real.now() + offset] : args, asked),
  get: (real, name) => (name === 'now' ? () => real.now() + offset : Reflect.get(real, name)),
});
