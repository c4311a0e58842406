export { type Category, CodedError, type CodedErrorDetails, EXIT_CODES } from './coded-error.ts';
export { chainOf, describeError, exitCodeOf } from './describe.ts';
export { type ErrorExtras, errorsOf } from './package-error.ts';
