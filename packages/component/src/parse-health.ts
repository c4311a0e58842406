import * as z from 'zod';
import type { HealthCheck, HealthRule } from './health.ts';
import { absolutePath } from './paths.ts';
import { commandLine, duration, integer, matching, text } from './scalars.ts';
import { problem, record, shortForm } from './validate.ts';

/** The `health` of a unit; what is not written has a default that suits a service that starts within half a minute. */
export function healthSchema() {
  return record({
    http: httpSchema.optional(),
    tcp: tcpSchema.optional(),
    dbus: busName.optional(),
    command: commandLine().optional(),
    timeout: duration().default(5_000),
    interval: duration().default(2_000),
    start_interval: duration().default(250),
    retries: integer(1, 100).default(3),
    start_period: duration({ orZero: true }).default(30_000),
    stable: duration({ orZero: true }).default(5_000),
    deadline: duration().default(300_000),
  }).transform((written, ctx): HealthRule => {
    const { timeout, interval, start_interval, retries, start_period, stable, deadline } = written;
    const checks = checksOf(written);
    if (checks.length > 1) {
      const kinds = checks.map(({ kind }) => kind).join(' and ');
      ctx.addIssue(problem('COMPONENT_BAD_VALUE', `a unit has one check, found ${kinds}`));
    }
    if (deadline <= start_period + stable) {
      const least = `start_period and stable (${start_period + stable} ms)`;
      const message = `expected a deadline longer than ${least}, found ${deadline} ms`;
      ctx.addIssue(problem('COMPONENT_BAD_VALUE', message, { hint: 'Write a longer deadline.' }));
    }
    return {
      check: checks[0],
      timeoutMs: timeout,
      intervalMs: interval,
      startIntervalMs: start_interval,
      retries,
      startPeriodMs: start_period,
      stableMs: stable,
      deadlineMs: deadline,
    };
  });
}

interface WrittenChecks {
  readonly http?: Omit<Extract<HealthCheck, { kind: 'http' }>, 'kind'> | undefined;
  readonly tcp?: Omit<Extract<HealthCheck, { kind: 'tcp' }>, 'kind'> | undefined;
  readonly dbus?: string | undefined;
  readonly command?: z.infer<ReturnType<typeof commandLine>> | undefined;
}

function checksOf({ http, tcp, dbus, command }: WrittenChecks): readonly HealthCheck[] {
  return [
    ...(http === undefined ? [] : [{ kind: 'http' as const, ...http }]),
    ...(tcp === undefined ? [] : [{ kind: 'tcp' as const, ...tcp }]),
    ...(dbus === undefined ? [] : [{ kind: 'dbus' as const, name: dbus }]),
    ...(command === undefined ? [] : [{ kind: 'command' as const, command: command.text, words: command.words }]),
  ];
}

// A unit's health is that of this host: nothing that another machine says ends a deployment here.
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const URL_EXPECTED = 'a URL on this host such as http://127.0.0.1:8080/health';
const url = text(URL_EXPECTED, 2048).transform((written, ctx) => {
  const parsed = URL.canParse(written) ? new URL(written) : undefined;
  const plain = parsed?.username === '' && parsed.password === '' && parsed.hash === '';
  if (parsed?.protocol === 'http:' && plain && LOOPBACK.test(parsed.hostname)) return parsed.href;
  ctx.addIssue({ code: 'custom', message: URL_EXPECTED });
  return z.NEVER;
});

const httpSchema = shortForm(
  'url',
  record({ url, socket: absolutePath().optional(), status: integer(100, 599).optional() }),
).transform(({ url, socket, status }) => ({ url, socket, status }));

const TCP_EXPECTED = 'an address and port on this host such as 127.0.0.1:5432';
const tcpSchema = text(TCP_EXPECTED).transform((written, ctx) => {
  const [, host = '', digits = ''] = /^(.+):(\d{1,5})$/.exec(written) ?? [];
  const port = Number(digits);
  if (LOOPBACK.test(host) && port > 0 && port < 65_536) return { host: host.replace(/^\[|\]$/g, ''), port };
  ctx.addIssue({ code: 'custom', message: TCP_EXPECTED });
  return z.NEVER;
});

// D-Bus specification, “Bus names”: well-known ones, 255 characters in all.
const busName = matching(
  /^(?=.{1,255}$)[A-Za-z_-][\w-]*(?:\.[A-Za-z_-][\w-]*)+$/,
  'a well-known bus name such as org.example.Service',
);
