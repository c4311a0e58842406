import type { Timespec } from '../attribute-value.ts';

/** A time as strftime's `%FT%T%z` in UTC: 2026-11-22T03:11:41+0000. Any 64-bit second has one. */
export function renderTime({ seconds }: Timespec): string {
  const ofDay = Number(BigInt.asUintN(64, ((seconds % DAY) + DAY) % DAY));
  // 2^63 seconds are 2^47 days.
  const days = Number((seconds - BigInt(ofDay)) / DAY);
  const clock = [ofDay / 3600, (ofDay / 60) % 60, ofDay % 60].map((part) => twoDigits(Math.floor(part)));
  return `${renderDate(days)}T${clock.join(':')}+0000`;
}

const DAY = 86_400n;
const DAYS_IN_400_YEARS = 146_097;
/** From 0000-03-01 to 1970-01-01. */
const DAYS_BEFORE_1970 = 719_468;

/** Days since 1970 in the Gregorian calendar, counted in years that begin in March, so that leap days end them. */
function renderDate(days: number): string {
  const era = Math.floor((days + DAYS_BEFORE_1970) / DAYS_IN_400_YEARS);
  const ofEra = days + DAYS_BEFORE_1970 - era * DAYS_IN_400_YEARS;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${year}-${twoDigits(month)}-${twoDigits(day)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
