import type { Words } from './split-words.ts';

/**
 * When a unit counts as healthy. Beside `check` it must be active, and stay so. The words are those of the health
 * checks of OCI images (`HEALTHCHECK` of Dockerfile(5)); `stable` and `deadline` are ours.
 */
export interface HealthRule extends HealthTiming {
  /** Undefined: the unit's own state decides alone. */
  readonly check: HealthCheck | undefined;
}

/** How often and how long is looked. All times in milliseconds. */
export interface HealthTiming {
  /** An answer that takes longer is none. */
  readonly timeoutMs: number;
  /** Between two looks. */
  readonly intervalMs: number;
  /** Between two looks during the start period: how soon it is noticed that a unit is up. */
  readonly startIntervalMs: number;
  /** Failures in a row that make it unhealthy. */
  readonly retries: number;
  /** Failures before the first success do not count for so long. */
  readonly startPeriodMs: number;
  /** How long it must be well without a break before it is trusted. */
  readonly stableMs: number;
  /** Who is not trusted by then is unhealthy, whatever it waits for: the limit of everything above. */
  readonly deadlineMs: number;
}

/** A question that a healthy unit answers. */
export type HealthCheck =
  /** A GET that is answered with `status`, or with any 2xx; redirects are answers like others. */
  | {
      readonly kind: 'http';
      /** `http:` on a loopback address. */
      readonly url: string;
      /** Absolute path of a unix socket that is asked instead of the URL's address. */
      readonly socket: string | undefined;
      readonly status: number | undefined;
    }
  /** A connection that is accepted. A socket that systemd holds accepts whether the service is well or not. */
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  /** A well-known name on the system bus that has an owner. */
  | { readonly kind: 'dbus'; readonly name: string }
  /** A command that ends with 0. */
  | { readonly kind: 'command'; readonly command: string; readonly words: Words };
